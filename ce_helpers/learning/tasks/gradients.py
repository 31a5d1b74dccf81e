"""Questions of 06_gradients, and its code exercises."""

import math

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.questions import Mistake, Numbers, Question, loss_mistakes
from ce_helpers.learning.tasks.common import options
from ce_helpers.learning.tasks.gradients_exercises import EXERCISES
from ce_helpers.live.numbers import computed

__all__ = ["EXERCISES", "QUESTIONS"]
ANIMALS = np.array([[3.0, 1.0, 0.5]], np.float32)  # (1, C): cat, dog, bird; the target is dog


def largest_gain(numbers: Numbers) -> Question:
    """The gradient fades as p comes close to y."""
    count = 8
    logits, losses = ANIMALS, []
    for _ in range(count + 1):
        steps = cross_entropy_steps(logits, [1])
        losses.append(steps.loss)
        logits = logits - steps.grad
    gains = -np.diff(losses)
    named = {
        "the first": "",
        "one in the middle": "Look at the line of the loss: where is it steepest?",
        "the last": "By then p is close to y. What is left of the gradient?",
        "none, they gain alike": "The arrows change from step to step. So do the gains.",
    }
    answer = [*named][0 if gains.argmax() == 0 else 2 if gains.argmax() == count - 1 else 1]
    start, first, *_, before, end = map(computed, losses)
    return Question(
        f"A model takes {count} steps down its gradient, all with one learning rate, and a wrong "
        "answer becomes a right one. Which step lowers the loss the most?",
        answer,
        f"From logits [3, 1, 0.5] it brings the loss from {start} to {first}, and the eighth step "
        f"from {before} to {end}. As p comes close to y, the gradient fades, and so do the gains.",
        (
            "Watch the bars of the gradient from step to step.",
            "A step is learning rate times gradient. When is the gradient largest?",
        ),
        *options(numbers, named),
    )


def target_slope(numbers: Numbers) -> Question:
    """The target's gradient is p − 1."""
    percent = numbers.pick(25, [*range(5, 50, 5), *range(55, 100, 5)])
    p = percent / 100
    logits = np.log([[p, 1 - p]])  # (1, 2); softmax gives p back
    slope = cross_entropy_steps(logits, [0]).grad[0, 0].item()
    return Question(
        f"Softmax gives the target p = {p:g}. What is the gradient of the loss on the target's "
        "logit?",
        slope,
        f"It is p − y with y = 1: {p:g} − 1.",
        (
            "What is the target's y in the one-hot row?",
            "The gradient is p − y. Raising the target's logit lowers the loss: which sign is it?",
        ),
        (
            Mistake(-slope, "The size is right. Does the loss rise or fall with this logit?"),
            Mistake(p, "That would be the gradient on another class's logit, where y is 0."),
            Mistake(-p, "The sign is right. How far is p from y?"),
            Mistake(-math.log(p), "That is the loss. The gradient says how fast it changes."),
            Mistake(
                -1 / p,
                "That is the slope of −log p over p. Softmax stands between p and the logit.",
            ),
            Mistake(
                p * (1 - p), "That is how fast p grows with its logit. The loss is −log of it."
            ),
        ),
    )


def sum_after_step(numbers: Numbers) -> Question:
    """The gradient sums to 0, so a step leaves the sum of the logits."""
    logits = numbers.logits([[4, 3, 2]], low=2)  # (1, 3)
    rate = numbers.pick(2, range(2, 6))
    target = numbers.pick(2, range(1, 3))
    steps = cross_entropy_steps(logits, [target])
    stepped = steps.logits - np.float32(rate) * steps.grad
    total, rise = stepped.sum().item(), -rate * steps.grad[0, target].item()
    shown = ", ".join(f"{logit:g}" for logit in logits[0])
    return Question(
        f"The logits are `[{shown}]`, the target is class {target}. After one step with learning "
        f"rate {rate}: what do the three logits sum to?",
        total,
        "The gradient sums to 0, so what the target gains the others lose, and the sum stays.",
        (
            "You need no softmax here. What do the entries of p − y sum to?",
            "The p have the same sum as y. So how much does a step add to all logits together?",
        ),
        (
            Mistake(total + rise, "That counts how far the target rises. The others fall."),
            Mistake(total - rise, "That counts how far the others fall. The target rises."),
            Mistake(total + rate, "The step is learning rate × (y − p). You added y alone."),
            Mistake(total - rate, "The step is learning rate × (y − p). You took p alone."),
            Mistake(1, "Probabilities have a fixed sum. Logits may have any."),
            Mistake(0, "That is what the gradient sums to. How does it change the logits?"),
        ),
    )


def row_share(numbers: Numbers) -> Question:
    """The mean divides each row's gradient."""
    count = numbers.pick(4, range(2, 11))
    batch = np.repeat(ANIMALS, count, axis=0)
    share = cross_entropy_steps(batch, [1] * count).grad[0, 1].item()
    alone = cross_entropy_steps(ANIMALS, [1]).grad[0, 1].item()
    return Question(
        f"Alone, a sample of three classes has a gradient of {computed(alone)} on its target's "
        f"logit. Now it is one of {count} samples in a batch, and the loss is their mean. What is "
        "that gradient now?",
        share,
        "The mean divides the sum of the losses by the number of samples, and with it each row's "
        f"gradient: p − y over {count}.",
        (
            "Write the loss as a sum, divided. Which of its terms depend on this logit?",
            "One term depends on it. By what is it divided?",
        ),
        (
            Mistake(alone, "That is what `sum` gives. What does the mean do?"),
            Mistake(-share, "The size is right. Does the loss rise or fall with this logit?"),
            Mistake(alone / 3, "That divides by the classes. The mean is over the samples."),
            Mistake(share / 3, "That divides by the number of logits. The mean counts losses."),
            Mistake(alone * count, "That is larger than alone. A mean divides."),
        ),
    )


def large_temperature(numbers: Numbers) -> Question:
    """A blind guess."""
    num_classes = numbers.pick(3, range(4, 13))
    loss = cross_entropy_steps(np.zeros((1, num_classes)), [0]).loss.item()
    return Question(
        f"There are {num_classes} classes. All logits are divided by a temperature T, and T grows "
        "without limit. To which number does the loss of each sample go, right or wrong?",
        loss,
        f"All logits go to 0, so each class gets 1/{num_classes}: a blind guess, and minus its log "
        f"is ln {num_classes}.",
        (
            "What becomes of the gaps between the logits?",
            "With no gaps left, which probability does each class get?",
        ),
        (
            *loss_mistakes(loss),
            Mistake(0, "That would take a p of 1. Does dividing bring the logits apart?"),
            Mistake(num_classes, "That is how many classes share. What does each one hold?"),
        ),
    )


def smoothed_pull(numbers: Numbers) -> Question:
    """Above the smoothed y the target is pushed down."""
    num_classes = numbers.pick(3, range(3, 6))
    p = numbers.pick(0.99, (0.96, 0.97, 0.98, 0.99))
    logits = np.log([[p, *[(1 - p) / (num_classes - 1)] * (num_classes - 1)]])
    slope = cross_entropy_steps(logits, [0], label_smoothing=0.1).grad[0, 0].item()
    y = p - slope
    return Question(
        f"`label_smoothing=0.1` with {num_classes} classes, and the target holds p = {p}. What is "
        "the gradient on its logit?",
        slope,
        f"The target's y is 0.9 + 0.1/{num_classes} = {y:.4f}, and p is larger. The gradient is "
        "above 0, so a step pushes the target's logit down.",
        (
            "A tenth of y is taken off and spread evenly over all classes. What is left for the "
            "target?",
            "The gradient is p − y, as before, with that y.",
        ),
        (
            Mistake(p - 1, "That is without smoothing. What is the target's y here?"),
            Mistake(p - 0.9, "The tenth is spread over all classes. The target gets a share back."),
            Mistake(-slope, "The size is right. Which is larger, p or y?"),
            Mistake(y, "That is y. How far is p from it?"),
            Mistake(p - 0.1 / num_classes, "That takes the y of another class."),
        ),
    )


def frozen(numbers: Numbers) -> Question:
    """A sure softmax has almost no slope."""
    logit = numbers.pick(10, range(9, 16))
    logits = torch.tensor([[logit, 0.0, 0.0, 0.0]])
    with torch.enable_grad():
        leaf = logits.clone().requires_grad_()
        loss = cross_entropy(torch.softmax(leaf, dim=1), torch.tensor([1]))
    largest = torch.autograd.grad(loss, leaf)[0].abs().max().item()
    named = {
        "1, as before": (2, "Softmax stands between. How much does it change when its logits do?"),
        "about 0.5": (0.7, "That is where softmax is unsure. This one is sure."),
        "about 0.05": (0.1, "The surer a softmax is, the flatter it is. This one is very sure."),
        "less than 0.001": (0.001, ""),
    }
    answer = min((name for name in named if largest < named[name][0]), key=lambda n: named[n][0])
    return Question(
        f"The model is sure and wrong: the logits are `[{logit}, 0, 0, 0]`, the target is class 1. "
        "The largest gradient is 1, as it should be. Someone adds a softmax before "
        "`cross_entropy`. How large is it now?",
        answer,
        f"It is {largest:.1e}. A softmax that is sure hardly changes when its logits do, and "
        "nothing behind it can bring that back.",
        (
            "p of class 0 is nearly 1. Move its logit by 1: by how much does p change?",
            "What cross entropy asks for is multiplied by the slope of that softmax.",
        ),
        *options(numbers, {name: hint for name, (_, hint) in named.items()}),
    )


QUESTIONS = (
    largest_gain,
    target_slope,
    sum_after_step,
    row_share,
    large_temperature,
    smoothed_pull,
    frozen,
)
