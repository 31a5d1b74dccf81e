"""Questions and code exercises of 02_spatial_outputs."""

import torch
from torch.nn.functional import cross_entropy

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import (
    forgot_minus,
    logits_and_target,
    softmax_twice,
    summed,
    unreduced,
)
from ce_helpers.learning.tasks.spatial_questions import QUESTIONS
from ce_helpers.learning.ways import by_hand

__all__ = ["EXERCISES", "QUESTIONS"]


def pixel_loss(logits, target, row, column):
    """Read one pixel's logits through the sheets."""
    return cross_entropy(logits[0, :, row, column], target[0, row, column])


def loss_map(logits, target):
    """Take log_softmax along the classes, and pick the target's at each pixel."""
    log_probs = torch.log_softmax(logits, dim=1)
    return -log_probs.gather(1, target.unsqueeze(1)).squeeze(1)


def _pixel_cases():
    sizes_and_pixels = (((4, 6, 5), (2, 4)), ((4, 3, 3), (0, 2)), ((2, 5, 7), (4, 1)),
                        ((3, 3, 3), (2, 0)))  # fmt: skip
    return [(*logits_and_target((1, *size)), *pixel) for size, pixel in sizes_and_pixels]


def _map_cases():
    shapes = ((1, 4, 3, 3), (2, 3, 4, 5), (5, 2, 4, 4), (3, 3, 3, 3), (2, 7, 1, 6))
    return [logits_and_target(shape) for shape in shapes]


def _picked(values, target):
    return -values.gather(1, target.unsqueeze(1)).squeeze(1)


EXERCISES = (
    Exercise(
        pixel_loss,
        _pixel_cases,
        (
            CodeMistake(
                lambda logits, target, row, column: pixel_loss(
                    logits.transpose(2, 3), target.transpose(1, 2), row, column
                ),
                "Row and column have changed places. The row comes first, as H does in the shape.",
            ),
            CodeMistake(
                lambda logits, target, row, column: cross_entropy(
                    logits[0, row, column], target[0, row, column]
                ),
                "`logits[0, row, column]` takes `row` for a class. The colon stands at dim 1.",
            ),
            CodeMistake(
                lambda logits, target, row, column: cross_entropy(logits, target),
                "That is the mean over all pixels. One pixel is asked for.",
            ),
            unreduced(
                lambda logits, target, row, column: loss_map(logits, target),
                "Those are the losses of all pixels. Pick one of them.",
            ),
            CodeMistake(
                lambda logits, target, row, column: loss_map(logits, target)[:, row, column],
                "Right, but with the batch dimension still there. Sample 0 is asked for.",
            ),
            forgot_minus(pixel_loss),
            softmax_twice(pixel_loss, dim=1),
        ),
        "One pixel is one small vector of logits.",
    ),
    Exercise(
        loss_map,
        _map_cases,
        (
            forgot_minus(loss_map),
            CodeMistake(
                lambda logits, target: loss_map(logits, target).unsqueeze(1),
                "The class dimension is still there, with size 1. `squeeze(1)` removes it.",
            ),
            CodeMistake(
                lambda logits, target: loss_map(logits, target).mean(),
                "That is the mean. A map keeps one loss per pixel.",
            ),
            summed(loss_map, "That is the sum. A map keeps one loss per pixel."),
            CodeMistake(
                lambda logits, target: _picked(torch.log_softmax(logits, dim=-1), target),
                "The softmax runs along a row of pixels. The classes are `dim=1`, not the last.",
            ),
            CodeMistake(
                lambda logits, target: _picked(torch.log_softmax(logits, dim=0), target),
                "The softmax runs along the samples. The classes are `dim=1`.",
            ),
            CodeMistake(
                _picked,
                "Those are logits with a minus. The log of softmax comes first.",
            ),
            CodeMistake(
                lambda logits, target: _picked(torch.softmax(logits, dim=1), target),
                "Those are probabilities. The log is missing.",
            ),
            CodeMistake(
                lambda logits, target: -torch.log_softmax(logits, dim=1).gather(1, target),
                "`gather` wants an index with as many dimensions as the logits: give the target a "
                "class dimension of size 1 with `unsqueeze(1)`.",
            ),
            CodeMistake(
                lambda logits, target: -torch.log_softmax(logits, dim=1)[:, target],
                "`[:, target]` takes every pixel's class at every pixel. `gather` takes each at "
                "its own place.",
            ),
            CodeMistake(
                lambda logits, target: -torch.log_softmax(logits, dim=1).max(dim=1).values,
                "That reads the most probable class. The target may be another.",
            ),
        ),
        "One softmax and one loss per pixel.",
        by_hand(
            "But the task asks for `torch.log_softmax` and `gather`, not for torch's own loss.",
            "nll_loss",
            needs=("_log_softmax", "gather"),
        ),
    ),
)
