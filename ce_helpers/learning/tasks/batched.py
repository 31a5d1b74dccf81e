"""Questions and code exercises of 03_batched."""

import itertools

import numpy as np
from torch.nn.functional import cross_entropy

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import classes, normal, softmax_twice, summed, unreduced
from ce_helpers.learning.ways import by_hand


def one_bad_element(numbers: Numbers) -> Question:
    """The mean divides by samples times positions."""
    samples = numbers.pick(2, range(3, 7))
    positions = numbers.pick(3, range(7, 11))
    bad = numbers.pick(12, range(8, 25))
    logits = np.zeros((samples, 2, positions), dtype=np.float32)
    logits[:, 0] = 100  # class 0 is sure, and the target
    logits[0, :, 0] = 0, bad
    target = np.zeros((samples, positions), dtype=np.int64)
    mean = cross_entropy_steps(logits, target).loss.item()
    total = cross_entropy_steps(logits, target, reduction="sum").loss.item()
    return Question(
        f"A batch has {samples} samples with {positions} positions each. One element has a loss "
        f"of {bad}, all others have 0. What does `cross_entropy` return by default?",
        mean,
        f"The mean divides by the number of elements, {samples} × {positions}.",
        (
            "The default is the mean. What does it divide by?",
            "Each sample has a loss at each of its positions. How many losses are there in all?",
        ),
        (
            Mistake(total, "That is the sum. The default is the mean."),
            Mistake(total / samples, "That divides by the samples. Positions count as well."),
            Mistake(total / positions, "That divides by the positions. Samples count as well."),
            Mistake(
                total / logits.size,
                "That divides by the number of logits. Each element has one loss, not one for "
                "each class.",
            ),
            Mistake(0, "The mean is 0 only if every loss is."),
        ),
    )


def largest_share(numbers: Numbers) -> Question:
    """The loss of a sample is how far its target lies below the top."""
    gap = numbers.pick(7, range(5, 10))
    rows = ([4, 0, 0], [gap + 1, 1, 0], [0, 0, 0], [20, 0, 19])
    targets = (0, 1, 2, 2)
    hints = (
        "Its target has the largest logit. That sample costs little.",
        "",
        "Equal logits are a blind guess, at a modest price. Another target lies far below.",
        "The logits are large, but only their differences count.",
    )
    order = numbers.pick((2, 0, 3, 1), itertools.permutations(range(4)))
    rows, targets, hints = ([given[i] for i in order] for given in (rows, targets, hints))
    losses = cross_entropy_steps(np.array(rows, dtype=np.float32), targets, reduction="none").loss
    dominant = int(losses.argmax())
    names = tuple(f"sample {i}: {row}, target {targets[i]}" for i, row in enumerate(rows))
    return Question(
        "Four samples, three classes. Which sample makes up most of the mean loss?",
        names[dominant],
        f"Its target lies {gap} below the largest logit. The four losses are "
        f"{', '.join(f'{loss:.4f}' for loss in losses)}.",
        (
            "In which samples is the target's logit the largest? They cost little.",
            "For the others: how far is the target below the largest logit?",
        ),
        tuple(Mistake(names[i], hint) for i, hint in enumerate(hints)),
        choices=names,
    )


def classes_last(numbers: Numbers) -> Question:
    """The classes must stand at dim 1."""
    samples = numbers.pick(2, range(3, 7))
    tokens = numbers.pick(7, range(7, 12))
    num_classes = numbers.pick(50, range(20, 60, 10))
    logits = normal((samples, tokens, num_classes)).numpy()  # (N, T, C)
    target = classes((samples, tokens), num_classes).numpy()  # (N, T)
    flat = cross_entropy_steps(logits.reshape(-1, num_classes), target.reshape(-1)).loss
    calls = {
        "cross_entropy(logits, target)": (
            lambda: cross_entropy_steps(logits, target),
            f"It would take the {tokens} tokens for classes, and refuse the target's shape.",
        ),
        "cross_entropy(logits.transpose(1, 2), target)": (
            lambda: cross_entropy_steps(logits.transpose(0, 2, 1), target),
            "",
        ),
        f"cross_entropy(logits.view({samples}, {num_classes}, {tokens}), target)": (
            lambda: cross_entropy_steps(logits.reshape(samples, num_classes, tokens), target),
            "The shape fits, but `view` only cuts the same row of numbers anew: it mixes tokens.",
        ),
        f"cross_entropy(logits.view(-1, {num_classes}), target)": (
            lambda: cross_entropy_steps(logits.reshape(-1, num_classes), target),
            "Flat logits need a flat target.",
        ),
    }
    answer = next(text for text, (call, _) in calls.items() if _gives(call, flat))
    return Question(
        f"A language model gives logits `({samples}, {tokens}, {num_classes})`: {samples} texts, "
        f"{tokens} tokens, {num_classes} classes. The target is `({samples}, {tokens})`. "
        "Which call is right?",
        answer,
        "It moves the classes to `dim=1`, and each token keeps its own logits.",
        (
            "At which dimension does PyTorch look for the classes?",
            "Changing the order of dimensions is not the same as cutting a row of numbers anew.",
        ),
        tuple(Mistake(text, hint) for text, (_, hint) in calls.items()),
        choices=numbers.order(calls),
    )


def _gives(call, loss) -> bool:
    try:
        return bool(np.isclose(call().loss, loss))
    except ValueError:
        return False


def mean_by_hand(loss):
    """Divide the sum by the number of losses."""
    return loss.sum() / loss.numel()


def token_loss(logits, target):
    """Move the classes to dim 1."""
    return cross_entropy(logits.transpose(1, 2), target)


def _token_losses(logits, target):
    return cross_entropy(logits.transpose(1, 2), target, reduction="none")


def _loss_cases():
    return [(normal(shape).abs(),) for shape in ((2, 2), (5,), (3, 4), (2, 3, 4), (1, 6, 2, 3))]


def _token_cases():
    shapes = ((1, 3, 3), (2, 5, 4), (3, 2, 6), (4, 4, 4), (1, 6, 2))  # (N, T, C)
    return [(normal(shape), classes(shape[:2], shape[2])) for shape in shapes]


QUESTIONS = (one_bad_element, largest_share, classes_last)
EXERCISES = (
    Exercise(
        mean_by_hand,
        _loss_cases,
        (
            summed(
                lambda loss: loss,
                "That is the sum. It is still to be divided by how many losses there are.",
            ),
            CodeMistake(
                lambda loss: loss.sum() / len(loss),
                "`len(loss)` counts the samples alone. The positions count as well.",
            ),
            CodeMistake(
                lambda loss: loss.sum() / loss.shape[-1],
                "That divides by the last size alone. All sizes count.",
            ),
            CodeMistake(
                lambda loss: loss.mean(dim=0),
                "`dim=0` averages over the samples alone. One number is asked for.",
            ),
            CodeMistake(
                lambda loss: loss.sum(dim=0) / len(loss),
                "`dim=0` averages over the samples alone. One number is asked for.",
            ),
            CodeMistake(
                lambda loss: loss.mean(dim=-1),
                "`dim=-1` averages over the last dimension alone. One number is asked for.",
            ),
            CodeMistake(
                lambda loss: loss.max(),
                "That is the largest loss. The mean takes all of them.",
            ),
            CodeMistake(
                lambda loss: -loss.mean(),
                "These are losses already, with their minus. No second one is needed.",
            ),
        ),
        "The mean counts every element, positions included.",
        by_hand("But torch took the mean. Divide a `sum` by a count.", "mean", "nansum"),
    ),
    Exercise(
        token_loss,
        _token_cases,
        (
            CodeMistake(
                cross_entropy,
                "PyTorch takes `dim=1`, the tokens, for the classes. Where T = C it does so "
                "without an error.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(
                    logits.reshape(len(logits), logits.shape[2], logits.shape[1]), target
                ),
                "`view` and `reshape` cut the same row of numbers anew and mix the tokens. "
                "Dimensions change places with another call.",
            ),
            unreduced(
                _token_losses,
                "Those are the losses of all tokens. One number, the mean, is asked for.",
            ),
            summed(_token_losses, "That is the sum over the tokens. The mean is asked for."),
            CodeMistake(
                lambda logits, target: cross_entropy(logits.flatten(0, 1), target),
                "Flat logits (N·T, C) need a flat target (N·T).",
            ),
            softmax_twice(token_loss, dim=2),
            CodeMistake(
                lambda logits, target: _token_losses(logits, target).sum() / len(logits),
                "That divides by the texts alone. Every token counts.",
            ),
        ),
        "The classes stand at dim 1, also where T = C.",
    ),
)  # fmt: skip
