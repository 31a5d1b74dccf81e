"""Questions and code exercises of 07_error_clinic."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import classes, normal, softmax_twice, summed, unreduced


def equal_sizes(numbers: Numbers) -> Question:
    """Only T = C hides that the classes are last."""
    samples = numbers.pick(4, range(2, 6))
    tokens = numbers.pick(7, range(6, 10))
    num_classes = numbers.pick(10, range(10, 14))
    sizes = (
        (samples, tokens, num_classes),
        (samples, samples, num_classes),
        (samples, tokens, tokens),
        (samples, tokens, samples),
    )
    named = {f"logits {size}, target {size[:2]}": size for size in sizes}
    answer = next(
        name
        for name, size in named.items()
        if _runs(np.zeros(size, dtype=np.float32), np.zeros(size[:2], dtype=np.int64))
    )
    return Question(
        "Texts come as `(N, T, C)`, classes last, and someone calls "
        "`F.cross_entropy(logits, target)` on them. Which sizes give a number, and a wrong one?",
        answer,
        "PyTorch takes T for the classes and expects a target `(N, C)`. Where T = C, the target "
        "`(N, T)` has that shape.",
        (
            "Which dimension does PyTorch take for the classes?",
            "Strike that dimension out of the logits' shape. What is left is the target's.",
        ),
        tuple(
            Mistake(
                name,
                "It raises: without dim 1 the logits leave "
                f"{(size[0], size[2])}, and the target is {size[:2]}.",
            )
            for name, size in named.items()
        ),
        choices=numbers.order(named),
    )


def silent_target(numbers: Numbers) -> Question:
    """Probabilities are never checked."""
    num_classes = numbers.pick(3, range(3, 6))
    value = numbers.pick(5, range(2, 9))
    rows = [[value, -1, *[0] * (num_classes - 2)], [2] * num_classes]
    logits = np.zeros((2, num_classes), dtype=np.float32)
    hints = (
        (np.array([0, num_classes]), "Indices are checked: the largest is C − 1."),
        (np.array([0, 1], np.float32), "One number per sample is a class index: an integer."),
        (np.array([[0], [1]]), "It has neither the logits' shape nor one number per sample."),
        (np.array(rows, np.float32), ""),
        (np.array(rows), "It is read as probabilities, and those must be floating point."),
    )
    named = {str(target.tolist()): (target, hint) for target, hint in hints}
    answer = next(name for name, (target, _) in named.items() if _runs(logits, target))
    return Question(
        f"The logits have shape `{logits.shape}`. None of these is a proper target. Which one "
        "does `cross_entropy` take without a word?",
        answer,
        "It has the logits' shape and is floating point, so it is read as probabilities. PyTorch "
        "does not check that they are positive or sum to 1.",
        (
            "The shape decides: indices, probabilities or neither.",
            "Of indices PyTorch checks type and range. What does it check of probabilities?",
        ),
        tuple(Mistake(name, hint) for name, (_, hint) in named.items()),
        choices=numbers.order(named),
    )


def symptom(numbers: Numbers) -> Question:
    """Each mistake has its sign."""
    num_classes = numbers.pick(5, range(3, 13))
    floor = cross_entropy_steps(np.eye(num_classes, dtype=np.float32)[:1], [0]).loss
    limit = -np.log(1e-8)
    ignored = cross_entropy_steps(np.zeros((2, num_classes), np.float32), [-100, -100]).loss
    # the cause, what it shows, why, and the hint to someone who takes it for another's cause
    causes = (
        (
            "The model ends in a softmax, and CrossEntropyLoss takes another.",
            f"falls to {floor:.4f} and no lower, though every answer is right",
            "Probabilities are at most 1 apart, so after a second softmax the target gets at most "
            f"e / (e + {num_classes - 1}). A perfect answer still costs minus the log of that.",
            "That keeps a perfect answer from a loss near 0.",
        ),
        (
            "nll_loss is given probabilities.",
            "is negative from the first step on",
            "nll_loss takes log-probabilities and turns the target's sign. With probabilities that "
            "lies between −1 and 0.",
            "That only turns the sign of a probability. Which sign has the loss then?",
        ),
        (
            "The loss is written as −log(p + 1e-8).",
            f"never exceeds {limit:.2f}, however wrong an answer is",
            "Once p is 0, −log(1e-8) is all that is left.",
            "That cuts off the largest losses. Where is this loss cut off, if at all?",
        ),
        (
            "Every target of a batch is ignored.",
            f"is {ignored} in a few batches, and the gradients are 0 there",
            "Nothing is left above the line, and nothing below it: 0 / 0.",
            "That divides nothing by nothing. What does it give?",
        ),
    )
    cause, sign, reason, _ = numbers.pick(causes[0], causes)
    return Question(
        f"The loss of a model with {num_classes} classes {sign}. What is the cause?",
        cause,
        reason,
        (
            "Go through the causes one by one: what would each do to a perfect answer?",
            "And to a hopeless one, or to a batch without anything to learn?",
        ),
        tuple(Mistake(other, hint) for other, _, _, hint in causes),
        choices=numbers.order(other for other, *_ in causes),
    )


def _runs(logits: np.ndarray, target: np.ndarray) -> bool:
    try:
        cross_entropy_steps(logits, target)
    except (TypeError, ValueError):
        return False
    return True


def mend_channels_last(logits, target):
    """Move the classes to dim 1, and keep the order of rows and columns."""
    return cross_entropy(logits.movedim(-1, 1), target)


def mend_sequence(logits, target):
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
QUESTIONS = (equal_sizes, silent_target, symptom)
EXERCISES = (
    Exercise(
        mend_channels_last,
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
            softmax_twice(mend_channels_last, dim=-1),
        ),
        "The classes stand at dim 1, and H still comes before W.",
    ),
    Exercise(
        mend_sequence,
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
                lambda logits, target: mend_sequence(logits, target.clamp(min=0)),
                "That makes padding a token of class 0. It should not count at all.",
            ),
            CodeMistake(
                lambda logits, target: _text_losses(logits, target).mean(),
                "Padding adds nothing above the line, but here it counts below it.",
            ),
            CodeMistake(
                lambda logits, target: torch.stack(
                    [mend_sequence(logits[[n]], target[[n]]) for n in range(len(logits))]
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
            softmax_twice(mend_sequence, dim=2),
        ),
        "The classes stand at dim 1, and padding counts neither above nor below the line.",
    ),
)  # fmt: skip
