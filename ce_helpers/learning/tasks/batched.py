"""Questions and code exercises of 03_batched."""

from torch.nn.functional import cross_entropy

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.batch_questions import QUESTIONS
from ce_helpers.learning.tasks.common import classes, normal, softmax_twice, summed, unreduced
from ce_helpers.learning.ways import by_hand

__all__ = ["EXERCISES", "QUESTIONS"]


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
