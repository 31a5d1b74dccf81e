"""Questions and code exercises of 04_mean_and_weights."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import (
    classes,
    forgot_minus,
    logits_and_target,
    normal,
    summed,
    unreduced,
)
from ce_helpers.learning.ways import OF_MEAN, by_hand


def two_weights(numbers: Numbers) -> Question:
    """The mean divides by the targets' weights."""
    losses = np.array([numbers.pick(2, range(1, 4)), numbers.pick(4, range(5, 9))], float)
    weight = np.array([numbers.pick(1, range(1, 3)), numbers.pick(5, range(6, 9)), 3], float)
    target = [0, 2]
    logits = _logits_of_loss(losses, target)
    steps = cross_entropy_steps(logits, target, weight=weight)
    total = steps.numerator.item()
    return Question(
        f"Two samples have the losses {losses[0]:g} and {losses[1]:g}, before any weight. Their "
        f"targets are class 0 and class 2, and `weight = {weight.astype(int).tolist()}`. What does "
        "`cross_entropy` return by default?",
        steps.loss.item(),
        f"{weight[0]:g} · {losses[0]:g} + {weight[2]:g} · {losses[1]:g} = {total:g} stands above "
        f"the line, {weight[0]:g} + {weight[2]:g} below it.",
        (
            "The default is the mean: a sum of weighted losses above a line. What is below it?",
            "Which weight belongs to which sample? Each target picks one.",
        ),
        (
            Mistake(total / 2, "That divides by the number of samples. Weights stand there too."),
            Mistake(total, "That is what stands above the line. The mean divides it."),
            Mistake(losses.mean(), "That is the mean without weights."),
            Mistake(
                total / weight.sum(),
                "That divides by the weights of all classes. Class 1 is nobody's target.",
            ),
            Mistake(total / 3, "That divides by the number of classes."),
            Mistake(
                (weight[:2] @ losses / weight[:2].sum()).item(),
                "That takes the weights in their order. Each target picks its own.",
            ),
            Mistake(
                losses.sum() / steps.denominator,
                "Below the line that is right. Above it each loss has its weight as well.",
            ),
        ),
    )


def lone_sample(numbers: Numbers) -> Question:
    """With one sample the weight cancels."""
    loss = numbers.pick(1.5, (0.4, 0.6, 1.2, 1.6, 2.2, 2.4))
    heavy = numbers.pick(7, range(3, 10))
    weight = np.array([1, 1, heavy], float)
    logits = _logits_of_loss(np.array([loss]), [2])
    steps = cross_entropy_steps(logits, [2], weight=weight)
    return Question(
        f"A batch holds one sample. Its loss is {loss:g} before any weight, and the weight of its "
        f"target is {heavy}. What does `cross_entropy` return by default?",
        steps.loss.item(),
        f"{heavy} · {loss:g} stands above the line and {heavy} below it: the weight cancels.",
        (
            "Write it as a fraction. What stands above the line, and what below?",
            "The mean divides by the sum of the targets' weights. Here there is one target.",
        ),
        (
            Mistake(steps.numerator.item(), "That is what `sum` gives. The mean divides it."),
            Mistake(loss / heavy, "That is divided by the weight, but the weight is above too."),
            Mistake(heavy, "That is the weight. Where is the loss?"),
            Mistake(
                steps.numerator.item() / weight.sum(),
                "That divides by the weights of all classes. Only targets count.",
            ),
        ),
    )


def all_ignored(numbers: Numbers) -> Question:
    """The mean over nothing is 0 / 0."""
    samples = numbers.pick(5, range(2, 12))
    num_classes = numbers.pick(3, range(2, 12))
    blank = np.zeros((samples, num_classes), dtype=np.float32)
    loss = cross_entropy_steps(blank, [-100] * samples).loss
    # what is said to come out, as a number, and the hint for it
    claims = {
        "0": (0, "That is what `sum` gives. The mean divides it by something."),
        f"ln {num_classes}": (
            np.log(num_classes),
            "That is a blind guess. Here no guess counts at all.",
        ),
        "inf": (np.inf, "Something above 0 would be inf. What stands above the line here?"),
        "nan": (np.nan, ""),
    }
    answer = next(text for text in claims if np.isclose(claims[text][0], loss, equal_nan=True))
    return Question(
        f"A batch has {samples} samples and {num_classes} classes. Every target is −100, the "
        "default `ignore_index`. What does `cross_entropy` return by default?",
        answer,
        "Nothing is left above the line, and no weight below it: 0 / 0.",
        (
            "Write it as a fraction. What is left above the line, and what below?",
            "Which float is neither a number nor infinite?",
        ),
        tuple(Mistake(text, hint) for text, (_, hint) in claims.items()),
        choices=numbers.order(claims),
    )


def _logits_of_loss(losses: np.ndarray, target: list[int]) -> np.ndarray:
    """Logits (N, 3) of samples with these losses, in nats: log(1 + 2 · (e^loss − 1) / 2)."""
    logits = np.repeat(np.log(np.expm1(losses) / 2)[:, None], 3, axis=1)
    logits[np.arange(len(target)), target] = 0
    return logits


def weighted_mean(logits, target, weight):
    """Divide the weighted losses by the targets' weights."""
    losses = cross_entropy(logits, target, weight=weight, reduction="none")
    return losses.sum() / weight[target].sum()


def counted_mean(logits, target, ignore_index):
    """Divide by how many count, or by 1 where none does."""
    total = cross_entropy(logits, target, ignore_index=ignore_index, reduction="sum")
    count = (target != ignore_index).sum()
    return total / count.clamp(min=1)


def _weighted_cases():
    shapes = ((5, 3), (1, 4), (4, 4), (2, 3, 4), (3, 5, 2, 2))
    return [(*logits_and_target(shape), 0.5 + normal((shape[1],)).abs()) for shape in shapes]


def _ignoring_cases():
    shapes_and_values = (((5, 3), -100), ((1, 4), -100), ((4, 4), 0), ((2, 3, 4), 255),
                         ((3, 5, 2, 2), -1))  # fmt: skip
    cases = [
        (logits, target.masked_fill(classes(target.shape, 2) == 0, value), value)
        for (logits, target), value in ((logits_and_target(s), v) for s, v in shapes_and_values)
    ]
    return [*cases, (normal((3, 2)), torch.full((3,), -100), -100)]


def _without_position(logits, target, ignore_index):
    kept = torch.arange(len(target)) != ignore_index
    return cross_entropy(logits[kept], target[kept])


def _weighted(logits, target, weight):
    return cross_entropy(logits, target, weight=weight, reduction="none")


def _counted(logits, target, ignore_index):
    return cross_entropy(logits, target, ignore_index=ignore_index, reduction="none")


QUESTIONS = (two_weights, lone_sample, all_ignored)
EXERCISES = (
    Exercise(
        weighted_mean,
        _weighted_cases,
        (
            CodeMistake(
                lambda *case: _weighted(*case).mean(),
                "That divides by how many losses there are. What does each sample add below the "
                "line?",
            ),
            CodeMistake(
                lambda *case: _weighted(*case).sum() / len(case[1]),
                "That divides by the samples. Weights, and positions too, belong below the line.",
            ),
            CodeMistake(
                lambda *case: _weighted(*case).sum() / case[2].sum(),
                "That divides by each class's weight once. A class counts as often as it is a "
                "target.",
            ),
            CodeMistake(
                lambda logits, target, weight: cross_entropy(
                    logits, target, reduction="sum"
                ) / weight[target].sum(),
                "Below the line that is right. Above it the losses have no weights.",
            ),
            CodeMistake(
                lambda logits, target, weight: (
                    weight[target] * _weighted(logits, target, weight)
                ).sum() / weight[target].sum(),
                "The weight enters twice above the line: these losses have it already.",
            ),
            summed(
                _weighted,
                "That is what stands above the line. It is still to be divided.",
            ),
            unreduced(
                _weighted,
                "Those are the weighted losses of all elements. One number is asked for.",
            ),
            CodeMistake(
                lambda logits, target, weight: cross_entropy(logits, target),
                "That is the mean without weights.",
            ),
            forgot_minus(weighted_mean),
        ),
        "Each element counts as much as its target's weight, above and below the line.",
        by_hand(
            'But torch divided. Take `reduction="none"` or `"sum"` from it, and divide yourself.',
            "nll_loss" + OF_MEAN,
        ),
    ),
    Exercise(
        counted_mean,
        _ignoring_cases,
        (
            CodeMistake(
                lambda logits, target, ignore_index: cross_entropy(
                    logits, target, ignore_index=ignore_index
                ),
                "Right while something counts. Where nothing does this is 0 / 0; a sum has no such "
                "trouble.",
            ),
            CodeMistake(
                lambda *case: _counted(*case).mean(),
                "Ignored elements add nothing above the line, but here they count below it.",
            ),
            CodeMistake(
                lambda *case: _counted(*case).sum() / len(case[1]),
                "That divides by the samples, the ignored ones too, and forgets the positions.",
            ),
            summed(
                _counted,
                "That is the sum. It is still to be divided by how many elements count.",
            ),
            CodeMistake(
                lambda logits, target, ignore_index: (
                    _counted(logits, target, ignore_index).sum()
                    / ((target != ignore_index).sum() + 1)
                ),
                "One more below the line mends the empty batch and spoils all others.",
            ),
            CodeMistake(
                lambda logits, target, ignore_index: (
                    _counted(logits, target, ignore_index).sum()
                    / (target == ignore_index).sum().clamp(min=1)
                ),
                "That counts what is ignored. Count the others.",
            ),
            CodeMistake(
                lambda logits, target, ignore_index: cross_entropy(logits, target),
                "`cross_entropy` was not told what to ignore. By itself it ignores −100 alone.",
            ),
            CodeMistake(
                _without_position,
                "`ignore_index` is a value of the target, not a position in the batch.",
            ),
        ),
        "It divides by what counts, and an empty batch costs 0.",
    ),
)  # fmt: skip
