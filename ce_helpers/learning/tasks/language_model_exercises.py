"""Code exercises of 09_language_model."""

import torch
from torch.nn.functional import cross_entropy

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import classes, normal


def next_token_loss(logits, ids):
    """What each place says of the next one: all but the last logits, all but the first ids."""
    return cross_entropy(logits[:, :-1].transpose(1, 2), ids[:, 1:])


def accumulated_loss(logits, target):
    """The sums of all micro-batches, divided by how many targets there are in all."""
    return sum_of_losses(logits, target) / (target != -100).sum()


def sum_of_losses(logits, target):
    """Of micro-batches (B, N, C): the sum over all that count."""
    return cross_entropy(logits.flatten(0, 1), target.flatten(), reduction="sum")


def _cases():
    shapes = ((2, 5, 3), (1, 4, 4), (3, 6, 5), (2, 3, 3))
    return [(normal(shape), classes(shape[:2], shape[2])) for shape in shapes]


def _ignored_cases():
    found = []
    for shape in ((2, 4, 3), (3, 5, 4), (2, 3, 3), (4, 2, 5)):
        target = classes(shape[:2], shape[2])
        target[0, 1:] = -100  # a micro-batch with few targets
        found.append((normal(shape), target))
    return found


EXERCISES = (
    Exercise(
        next_token_loss,
        _cases,
        (
            CodeMistake(
                lambda logits, ids: cross_entropy(logits.transpose(1, 2), ids),
                "Each place is asked for itself. What comes next stands one place further.",
            ),
            CodeMistake(
                lambda logits, ids: cross_entropy(logits[:, 1:].transpose(1, 2), ids[:, :-1]),
                "That asks each place for the one before. The model is to look ahead.",
            ),
            CodeMistake(
                lambda logits, ids: cross_entropy(logits[:, :-2].transpose(1, 2), ids[:, 2:]),
                "That shifts twice. The next token is one place ahead.",
            ),
            CodeMistake(
                lambda logits, ids: cross_entropy(logits[:, :-1], ids[:, 1:]),
                "The classes must stand at `dim=1`.",
            ),
            CodeMistake(
                lambda logits, ids: cross_entropy(
                    logits[:, :-1].transpose(1, 2), ids[:, 1:], reduction="sum"
                ),
                "That is the sum. The mean over all places is asked for.",
            ),
            CodeMistake(
                lambda logits, ids: cross_entropy(
                    torch.softmax(logits[:, :-1], dim=2).transpose(1, 2), ids[:, 1:]
                ),
                "Softmax runs twice: `cross_entropy` takes logits.",
            ),
        ),
        "The last logits have nothing to predict, and the first token is predicted by none.",
    ),
    Exercise(
        accumulated_loss,
        _ignored_cases,
        (
            CodeMistake(
                lambda logits, target: torch.stack(
                    [cross_entropy(*pair) for pair in zip(logits, target, strict=True)]
                ).mean(),
                "That is the mean of the means: a micro-batch with few targets weighs too much.",
            ),
            CodeMistake(
                lambda logits, target: sum_of_losses(logits, target) / target.numel(),
                "That counts the ignored places too.",
            ),
            CodeMistake(sum_of_losses, "That is the sum. By how many losses is it to be divided?"),
            CodeMistake(
                lambda logits, target: sum_of_losses(logits, target) / len(target),
                "That divides by the micro-batches. Divide by the targets that count.",
            ),
        ),
        "Sums, divided once by the count of all: any cut into micro-batches gives the same.",
    ),
)
