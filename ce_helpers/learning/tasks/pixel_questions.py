"""Questions of 02_spatial_outputs about pixels."""

import numpy as np
import torch

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.images import brightness_call
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import options


def softmax_size(numbers: Numbers) -> Question:
    """One softmax takes one number per class."""
    shape = _image_shape(numbers)
    samples, num_classes, height, width = shape
    steps = _blank_steps(shape)
    return Question(
        f"A network gives logits of shape `{shape}`. How many numbers go into one softmax?",
        steps.logits.size // steps.sum_exp.size,
        f"Softmax runs along `dim=1`, over the {num_classes} classes, once for each pixel of "
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
        *options(numbers, {str(shape): hint for shape, hint in hints.items()}),
    )


def share_of_wrong(numbers: Numbers) -> Question:
    """Few wrong pixels make most of the loss."""
    sharpness = numbers.pick(40, (24, 28, 32, 36))
    _, logits, target = brightness_call(sharpness)
    loss = torch.nn.functional.cross_entropy(logits, target, reduction="none")
    wrong = logits.argmax(dim=1) != target
    percent = 100 * wrong.float().mean().item()
    share = 100 * (loss[wrong].sum() / loss.sum()).item()
    hints = {
        f"{percent:.0f}%": "That is so if all pixels cost alike. Do they?",
        "25%": "A wrong pixel costs many times what a right one does.",
        f"{share:.0f}%": "",
        "95%": "The right ones are not sure, so each costs a little. There are many of them.",
    }
    return Question(
        f"A model of an image has logits −{sharpness} · (brightness − level)². {wrong.sum():,} of "
        f"{target.numel():,} pixels, {percent:.0f}%, are wrong. How much of the loss is theirs?",
        f"{share:.0f}%",
        f"A wrong pixel costs {loss[wrong].mean():.4f} on average, a right one "
        f"{loss[~wrong].mean():.4f}.",
        (
            f"A wrong pixel costs about {loss[wrong].mean() / loss[~wrong].mean():.0f} times what "
            "a right one does.",
            "Weigh the two groups: how many, times what one costs.",
        ),
        *options(numbers, hints),
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
