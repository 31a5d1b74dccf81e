"""Code exercises of 07_error_clinic."""

import torch
from torch.nn.functional import cross_entropy

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import classes, normal, softmax_twice, summed, unreduced


def image_loss(logits, target):
    """Move the classes to dim 1, and keep the order of rows and columns."""
    return cross_entropy(logits.movedim(-1, 1), target)


def text_loss(logits, target):
    """Move the classes to dim 1, and leave the padding out."""
    return cross_entropy(logits.transpose(1, 2), target, ignore_index=-1)


def _image_cases():
    shapes = ((1, 3, 3, 3), (2, 4, 5, 3), (3, 2, 2, 6), (4, 4, 4, 4), (1, 1, 6, 2))  # (N, H, W, C)
    return [(normal(shape), classes(shape[:3], shape[3])) for shape in shapes]


def _text_cases():
    shapes = ((2, 4, 4), (1, 3, 3), (2, 5, 4), (3, 2, 6), (4, 4, 4), (1, 6, 2))  # (N, T, C)
    return [
        (normal(shape), classes(shape[:2], shape[2]).masked_fill(_is_padding(shape[:2]), -1))
        for shape in shapes
    ]


def _is_padding(shape):
    """From the end of each text: one token less in each text, down to one that is left."""
    samples, tokens = shape
    lengths = (tokens - torch.arange(samples)).clamp(min=1)  # (N)
    return torch.arange(tokens) >= lengths[:, None]  # (N, T)


def _image_losses(logits, target):
    return cross_entropy(logits.movedim(-1, 1), target, reduction="none")


def _text_losses(logits, target):
    return cross_entropy(logits.transpose(1, 2), target, ignore_index=-1, reduction="none")


MIXED = (
    "`view` and `reshape` cut the same row of numbers anew and mix the elements. Dimensions change "
    "places with another call."
)
EXERCISES = (
    Exercise(
        image_loss,
        _image_cases,
        (
            CodeMistake(
                cross_entropy,
                "PyTorch takes `dim=1`, the rows of the image, for the classes. Where C = H = W it "
                "does so without an error.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(
                    logits.reshape(len(logits), logits.shape[3], *logits.shape[1:3]), target
                ),
                MIXED,
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(logits.transpose(1, 3), target),
                "The classes are at `dim=1` now, but H and W have changed places. Where H = W "
                "nothing raises.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(logits.permute(0, 2, 3, 1), target),
                "That moves H to the end, the other way round. The classes are to come to the "
                "front.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(logits.flatten(0, 2), target),
                "Flat logits (N·H·W, C) need a flat target (N·H·W).",
            ),
            unreduced(_image_losses),
            summed(_image_losses),
            CodeMistake(
                lambda logits, target: _image_losses(logits, target).sum() / len(logits),
                "That divides by the images alone. Every pixel counts.",
            ),
            softmax_twice(image_loss, dim=-1),
        ),
        "The classes stand at dim 1, and H still comes before W.",
    ),
    Exercise(
        text_loss,
        _text_cases,
        (
            CodeMistake(
                lambda logits, target: cross_entropy(logits, target, ignore_index=-1),
                "PyTorch takes `dim=1`, the tokens, for the classes. Where T = C it does so "
                "without an error.",
            ),
            CodeMistake(
                cross_entropy,
                "Two things are to be mended: where the classes stand, and the −1 in the target.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(logits.transpose(1, 2), target),
                "The classes are at `dim=1` now. But −1 is no class, and by itself "
                "`cross_entropy` ignores −100 alone.",
            ),
            CodeMistake(
                lambda logits, target: text_loss(logits, target.clamp(min=0)),
                "That makes padding a token of class 0. It should not count at all.",
            ),
            CodeMistake(
                lambda logits, target: _text_losses(logits, target).mean(),
                "Padding adds nothing above the line, but here it counts below it.",
            ),
            CodeMistake(
                lambda logits, target: torch.stack(
                    [text_loss(logits[[n]], target[[n]]) for n in range(len(logits))]
                ).mean(),
                "That is a mean of means: a token of a short text counts more than others.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(
                    logits.reshape(len(logits), logits.shape[2], logits.shape[1]), target,
                    ignore_index=-1,
                ),
                MIXED,
            ),
            summed(_text_losses),
            unreduced(_text_losses),
            softmax_twice(text_loss, dim=2),
        ),
        "The classes stand at dim 1, and padding counts neither above nor below the line.",
    ),
)  # fmt: skip
