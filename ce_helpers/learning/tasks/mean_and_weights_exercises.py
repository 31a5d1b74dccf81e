"""Code exercises of 04_mean_and_weights."""

import torch
from torch.nn.functional import cross_entropy

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import (
    classes,
    forgot_minus,
    logits_and_target,
    normal,
    summed,
    unreduced,
)
from ce_helpers.learning.ways import OF_MEAN, by_hand


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
