"""Questions and code exercises of 02_spatial_outputs."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.questions import Mistake, Numbers, Question, loss_mistakes
from ce_helpers.learning.tasks.common import (
    forgot_minus,
    logits_and_target,
    softmax_twice,
    summed,
    unreduced,
)
from ce_helpers.learning.ways import by_hand


def softmax_size(numbers: Numbers) -> Question:
    """One softmax takes one number per class."""
    shape = _image_shape(numbers)
    samples, num_classes, height, width = shape
    steps = _blank_steps(shape)
    return Question(
        f"A network gives logits of shape `{shape}`. How many numbers go into one softmax?",
        steps.logits.size // steps.sum_exp.size,
        f"Softmax runs along `dim=1`, through the {num_classes} sheets, once for each pixel of "
        "each sample.",
        (
            "What does each of the four sizes count?",
            "Probabilities of one pixel sum to 1 over the classes.",
        ),
        (
            Mistake(samples, "That counts the samples. Softmax never mixes them."),
            Mistake(height, "That runs along one side of the image. Look for the classes."),
            Mistake(width, "That runs along one side of the image. Look for the classes."),
            Mistake(height * width, "That is how many softmaxes one sample has."),
            Mistake(samples * height * width, "That is how many softmaxes there are."),
            Mistake(steps.logits.size, "Those are all the logits. They form many softmaxes."),
        ),
        exact=True,
    )


def loss_shape(numbers: Numbers) -> Question:
    """The loss has the target's shape."""
    shape = _image_shape(numbers)
    samples, num_classes, height, width = shape
    target_shape = (samples, height, width)
    hints = {
        shape: f"Softmax gives {num_classes} numbers per pixel, but the loss reads one of them.",
        target_shape: "",
        (height, width): "The samples are still there: nothing has been averaged.",
        (samples,): "The pixels are still there: nothing has been averaged.",
        (): 'That is what `reduction="mean"` gives. Here nothing has been averaged.',
    }
    answer = str(_blank_steps(shape).loss.shape)
    return Question(
        f"Logits have shape `{shape}`, the target `{target_shape}`. Which shape has the loss with "
        '`reduction="none"`?',
        answer,
        "There is one loss for each pixel of each sample. The class dimension is gone.",
        ("How many losses does one pixel have?", "Compare with the shape of the target."),
        tuple(Mistake(str(wrong), hint) for wrong, hint in hints.items()),
        choices=numbers.order(map(str, hints)),
    )


def second_position(numbers: Numbers) -> Question:
    """Read one position through the sheets, not along a sheet."""
    logits = numbers.logits([[[2, 0], [0, 3], [1, 1]]], low=0, high=4)
    target = np.array([[numbers.pick(0, range(3)), numbers.pick(2, range(3))]])
    losses = cross_entropy_steps(logits, target, reduction="none").loss[0]
    c = target[0, 1]
    along_sheet = cross_entropy_steps(logits[0, [c]], [1]).loss.item()
    shown = ", ".join(str([[int(x) for x in row] for row in sheets]) for sheets in logits)
    return Question(
        f"`logits = [{shown}]` has shape `(1, 3, 2)`, and `target = {target.tolist()}`. "
        "What is the loss at position 1?",
        losses[1].item(),
        f"The three logits are `{[int(x) for x in logits[0, :, 1]]}`, the second number of each "
        f"sheet, and the target is class {c}.",
        (
            "Position 1 is `logits[0, :, 1]`: one number from each of the three sheets.",
            "The loss is log(sum of exp) − target's logit, with these three numbers.",
        ),
        (
            Mistake(losses[0].item(), "That is position 0. Positions count from 0."),
            Mistake(
                along_sheet,
                "That softmax runs along one sheet, over the positions. It must run through them.",
            ),
            Mistake(losses.mean().item(), "That is the mean of both positions."),
            Mistake(losses.sum().item(), "That is the sum of both positions."),
            *loss_mistakes(losses[1]),
        ),
    )


def _image_shape(numbers: Numbers) -> tuple[int, ...]:
    sides = (16, 24, 32, 48)
    return (
        numbers.pick(8, range(2, 10)),
        numbers.pick(21, range(11, 16)),
        numbers.pick(64, sides),
        numbers.pick(64, sides),
    )


def _blank_steps(shape):
    target = np.zeros((shape[0], *shape[2:]), dtype=np.int64)
    return cross_entropy_steps(np.zeros(shape, dtype=np.float32), target, reduction="none")


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


QUESTIONS = (second_position, softmax_size, loss_shape)
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
