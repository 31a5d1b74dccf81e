"""Questions and code exercises of 06_gradients."""

import math

import numpy as np
import torch
from torch.nn.functional import cross_entropy, one_hot

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import LARGE_LOGITS, logits_and_target, softmax_twice
from ce_helpers.learning.ways import AUTOGRAD, by_hand


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


def gradient_by_hand(logits, target):
    """Softmax minus one-hot for each row, divided by N."""
    probs = torch.softmax(logits, dim=1)
    return (probs - one_hot(target, num_classes=logits.shape[1])) / len(logits)


def one_step(logits, target, learning_rate):
    """The gradient from autograd, then against it."""
    leaf = logits.clone().requires_grad_()
    cross_entropy(leaf, target).backward()
    return logits - learning_rate * leaf.grad


def _cases():
    shapes = ((4, 3), (1, 4), (3, 3), (2, 5), (5, 7))
    return [*map(logits_and_target, shapes), (LARGE_LOGITS, torch.tensor([1, 2]))]


def _step_cases():
    rates = (0.5, 1.0, 0.1, 3.0, 10.0, 1.5)
    return [(*case, rate) for case, rate in zip(_cases(), rates, strict=True)]


def _p_minus_y(logits, target):
    return torch.softmax(logits, dim=1) - one_hot(target, logits.shape[1])


def _gradient(loss_of):
    """A function of logits and target that returns autograd's gradient of this loss."""

    def gradient(logits, target):
        leaf = logits.clone().requires_grad_()
        return torch.autograd.grad(loss_of(leaf, target), leaf)[0]

    return gradient


GRADIENT = _gradient(cross_entropy)
TWICE = softmax_twice(cross_entropy, dim=1)

QUESTIONS = (target_slope, sum_after_step)
EXERCISES = (
    Exercise(
        gradient_by_hand,
        _cases,
        (
            CodeMistake(
                _p_minus_y,
                "Each row is right for its own loss. The loss is the mean over the batch.",
            ),
            CodeMistake(
                lambda logits, target: -GRADIENT(logits, target),
                "Each sign is turned round. Is the slope on the target's logit above or below 0?",
            ),
            CodeMistake(
                lambda logits, target: -_p_minus_y(logits, target),
                "Each sign is turned round, and the mean over the batch is missing.",
            ),
            CodeMistake(
                lambda logits, target: _p_minus_y(logits, target) / logits.numel(),
                "That divides by the number of logits. The mean counts losses: one for each row.",
            ),
            CodeMistake(
                lambda logits, target: _p_minus_y(logits, target) / logits.shape[1],
                "That divides by the classes. The mean is over the samples.",
            ),
            CodeMistake(
                lambda logits, target: torch.softmax(logits, dim=1) / len(logits),
                "That is p alone, divided by N. The target's entry needs something else.",
            ),
            CodeMistake(
                lambda logits, target: torch.softmax(logits, dim=1),
                "Those are the probabilities. What is right is still to be subtracted.",
            ),
            CodeMistake(
                lambda logits, target: (
                    torch.softmax(logits, dim=0) - one_hot(target, logits.shape[1])
                ) / len(logits),
                "The softmax runs along the samples. The classes are `dim=1`.",
            ),
            CodeMistake(
                lambda logits, target: (
                    torch.exp(logits) / torch.exp(logits).sum(dim=1, keepdim=True)
                    - one_hot(target, logits.shape[1])
                ) / len(logits),
                "exp overflows at large logits. `torch.softmax` subtracts the largest one first.",
            ),
            CodeMistake(
                lambda logits, target: (
                    _p_minus_y(logits, target) * one_hot(target, logits.shape[1]) / len(logits)
                ),
                "Only the target's column is filled. The loss depends on the other logits too: "
                "they stand in the sum of exp.",
            ),
            CodeMistake(_gradient(TWICE.function), TWICE.hint),
            CodeMistake(
                cross_entropy,
                "That is the loss, one number. Its gradient has one for each logit.",
            ),
        ),
        "What the model says, minus what is right, shared out over the batch.",
        by_hand("But autograd took the gradient. Write it down from the probabilities.", AUTOGRAD),
    ),
    Exercise(
        one_step,
        _step_cases,
        (
            CodeMistake(
                lambda logits, target, rate: logits + rate * GRADIENT(logits, target),
                "That goes with the gradient, to where the loss rises.",
            ),
            CodeMistake(
                lambda logits, target, rate: logits - GRADIENT(logits, target),
                "The learning rate is not used.",
            ),
            CodeMistake(
                lambda logits, target, rate: logits - rate * _p_minus_y(logits, target),
                "That is the step of `sum`: it is N times too long. The loss is the mean.",
            ),
            CodeMistake(
                lambda logits, target, rate: GRADIENT(logits, target),
                "That is the gradient. The logits after the step are asked for.",
            ),
            CodeMistake(
                lambda logits, target, rate: rate * GRADIENT(logits, target),
                "That is learning rate × gradient. The logits are still to be moved by it.",
            ),
            CodeMistake(
                lambda logits, target, rate: -rate * GRADIENT(logits, target),
                "That is the step alone. The logits after it are asked for.",
            ),
            CodeMistake(
                lambda logits, target, rate: (
                    torch.softmax(logits, dim=1) - rate * GRADIENT(logits, target)
                ),
                "The step starts from the probabilities. The logits are what moves.",
            ),
            CodeMistake(
                lambda logits, target, rate: (
                    logits - rate * _gradient(TWICE.function)(logits, target)
                ),
                TWICE.hint,
            ),
            CodeMistake(
                lambda logits, target, rate: logits - rate * cross_entropy(logits, target),
                "That subtracts the loss, the same number from each logit. Softmax would not "
                "notice. Each logit has a slope of its own.",
            ),
            CodeMistake(
                lambda logits, target, rate: logits.clone(),
                "Those are the logits as they were given. No step was taken.",
            ),
        ),
        "Against the gradient, as far as the learning rate says.",
        by_hand("But this task is to let autograd take the gradient.", needs=(AUTOGRAD,)),
    ),
)  # fmt: skip
