"""Code exercises of 05_floating_point."""

import torch
from torch.nn.functional import cross_entropy

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import (
    LARGE_LOGITS,
    logits_and_target,
    normal,
    summed,
    unreduced,
)
from ce_helpers.learning.ways import by_hand


def log_sum_exp(logits, dim):
    """Subtract the largest logit, and add it again at the end."""
    largest = logits.max(dim=dim, keepdim=True).values
    return (logits - largest).exp().sum(dim=dim).log() + largest.squeeze(dim)


def loss_from_half(logits, target):
    """Go to float32 first."""
    return cross_entropy(logits.float(), target)


def _sum_cases():
    shapes_and_dims = (((2, 4), 1), ((4,), 0), ((4, 2), 0), ((3, 3), -1), ((2, 3, 5), 1),
                       ((2, 3, 4, 2), 2))  # fmt: skip
    return [*((normal(shape), dim) for shape, dim in shapes_and_dims), (LARGE_LOGITS, 1)]


def _half_cases():
    far_ahead = torch.tensor([[8.0, 0.0], [9.0, 0.0]])
    far_behind = torch.tensor([[0.0, 200.0]])
    cases = [logits_and_target(shape) for shape in ((5, 3), (1, 4), (4, 4), (2, 3, 4))]
    cases += [(far_behind, torch.tensor([0])), (far_ahead, torch.tensor([0, 0]))]
    return [(logits.half(), target) for logits, target in cases]


def _losses_in_float32(logits, target):
    return cross_entropy(logits.float(), target, reduction="none")


def _picked_mean(values, target):
    return values.gather(1, target.unsqueeze(1)).mean()


STILL_HALF = (
    "The loss is computed in float16: three digits at best, and 0 for a target well ahead. A cast "
    "after that brings no digit back."
)
EXERCISES = (
    Exercise(
        log_sum_exp,
        _sum_cases,
        (
            CodeMistake(
                lambda logits, dim: logits.exp().sum(dim=dim).log(),
                "exp overflows at large logits, and log(0) is −inf. Lower the logits before exp.",
            ),
            CodeMistake(
                lambda logits, dim: torch.logsumexp(
                    logits - logits.max(dim=dim, keepdim=True).values, dim
                ),
                "That is the result for the lowered logits. By how much is it too small?",
            ),
            CodeMistake(
                lambda logits, dim: (logits - logits.max()).exp().sum(dim=dim).log() + logits.max(),
                "One maximum of the whole tensor is too large for some rows: all their exp become "
                "0. Each sum needs its own.",
            ),
            CodeMistake(
                lambda logits, dim: torch.logsumexp(logits, dim, keepdim=True),
                "The summed dimension is still there, with size 1.",
            ),
            CodeMistake(
                lambda logits, dim: (
                    logits - logits.max(dim=dim).values
                ).exp().sum(dim=dim).log() + logits.max(dim=dim).values,
                "`max(dim=dim)` drops the dimension, so that it meets another one or nothing at "
                "all. `keepdim=True` keeps it.",
            ),
            CodeMistake(
                lambda logits, dim: logits.exp().sum(dim=dim),
                "That is the sum of exp. The log is missing, and exp overflows.",
            ),
            CodeMistake(
                lambda logits, dim: logits.max(dim=dim).values,
                "That is the largest logit alone. The others add something.",
            ),
            CodeMistake(
                lambda logits, dim: torch.logsumexp(logits, 1),
                "That sums along `dim=1`, whatever `dim` is.",
            ),
            CodeMistake(
                lambda logits, dim: torch.logsumexp(logits, -1),
                "That sums along the last dimension, whatever `dim` is.",
            ),
            CodeMistake(
                lambda logits, dim: torch.logsumexp(logits, tuple(range(logits.ndim))),
                "That sums over everything. Only `dim` is summed.",
            ),
            CodeMistake(
                torch.log_softmax,
                "That is log softmax. Only what it subtracts is asked for.",
            ),
        ),
        "No exp above 1, and no sum below 1.",
        by_hand(
            "But torch took the log of the sum of exp. Use only `max`, `exp`, `sum` and `log`.",
            "_log_softmax",
            "logsumexp",
        ),
    ),
    Exercise(
        loss_from_half,
        _half_cases,
        (
            CodeMistake(cross_entropy, STILL_HALF),
            CodeMistake(lambda logits, target: cross_entropy(logits, target).float(), STILL_HALF),
            CodeMistake(
                lambda logits, target: cross_entropy(
                    torch.log_softmax(logits, dim=1).float(), target
                ),
                "log_softmax has run in float16 by then. The cast comes too late.",
            ),
            CodeMistake(
                lambda logits, target: -_picked_mean(torch.softmax(logits, dim=1).log(), target),
                "Softmax in float16 rounds small probabilities to 0, and −log(0) is inf.",
            ),
            CodeMistake(
                lambda logits, target: -_picked_mean(
                    torch.softmax(logits, dim=1).float().log(), target
                ),
                "Softmax has run in float16, where small probabilities become 0. The cast comes "
                "too late.",
            ),
            CodeMistake(
                lambda logits, target: -_picked_mean(
                    torch.softmax(logits.float(), dim=1).log(), target
                ),
                "The type is right, but a probability is formed. Far enough behind it is 0 in "
                "float32 too.",
            ),
            CodeMistake(
                lambda logits, target: -_picked_mean(
                    torch.log(torch.softmax(logits.float(), dim=1) + 1e-8), target
                ),
                "The type is right, but the patch stops the loss at 18.42.",
            ),
            summed(
                _losses_in_float32,
                "The digits are there, but that is the sum. The mean is asked for.",
            ),
            unreduced(
                _losses_in_float32,
                "The digits are there, but those are the losses of all elements.",
            ),
            CodeMistake(
                lambda logits, target: cross_entropy(logits.float(), target.float()),
                "The target holds class indices, and those stay integers.",
            ),
        ),
        "What float16 has not rounded away, float32 keeps.",
    ),
)  # fmt: skip
