"""Questions and code exercises of 05_floating_point."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import (
    LARGE_LOGITS,
    logits_and_target,
    normal,
    summed,
    unreduced,
)
from ce_helpers.learning.ways import by_hand

STEP = 2.0**-23  # from 1 to the next larger float32


def rounded_sum(numbers: Numbers) -> Question:
    """A small loss is a whole number of steps."""
    exact = numbers.pick(2.6, (1.7, 3.6, 4.3, 5.7, 6.2, 7.8, 8.4, 9.7))
    logits = np.array([[0, np.log(exact * STEP)]], dtype=np.float32)
    loss = cross_entropy_steps(logits, [0]).loss.item()
    down, up = np.floor(exact), np.ceil(exact)
    return Question(
        f"The largest logit is the target's, and after it is subtracted the exact sum of exp is "
        f"1 + {exact} · 2⁻²³. What loss does float32 give?",
        loss,
        f"The nearest float32 is {round(loss / STEP)} steps above 1, and the log of 1 plus a "
        "little is that little.",
        (
            "Between 1 and 2 float32 knows numbers in steps of 2⁻²³. Which is nearest to the sum?",
            "The loss is the log of that sum, and log(1 + x) is x when x is tiny.",
        ),
        (
            Mistake(exact * STEP, "That is the exact loss. Is there a float32 at that sum?"),
            Mistake(down * STEP, "That is rounded down. The nearest float32 is on the other side."),
            Mistake(up * STEP, "That is rounded up. The nearest float32 is on the other side."),
            Mistake(round(exact), "Those are the steps. How many nats is a step worth?"),
            Mistake(STEP, "That is one step. The sum lies further above 1."),
            Mistake(0, "That comes out below half a step. The sum lies further above 1."),
            Mistake(round(exact) * 2.0**-52, "That is float64's step. Float32 has a larger one."),
            Mistake(round(exact) * 2.0**-10, "That is float16's step. Float32 has a smaller one."),
        ),
    )


def gap_of_200(numbers: Numbers) -> Question:
    """A probability becomes 0, a log-probability does not."""
    gap = numbers.pick(200, range(110, 400, 10))
    steps = cross_entropy_steps(np.array([[0, gap]], dtype=np.float32), [0])
    with np.errstate(divide="ignore"):
        by_softmax = -np.log(steps.probs[0, 0])
    answer = f"{by_softmax:g} and {steps.loss:g}"
    hints = {
        f"{gap} and {gap}": "On paper, yes. How small a probability can float32 hold?",
        f"18.42 and {gap}": "That is the patched log. Here nothing is added to p.",
        f"inf and {gap}": "",
        f"nan and {gap}": "nan comes from inf / inf. Here the log of one number is taken.",
        "inf and inf": "`cross_entropy` subtracts the largest logit and forms no probability.",
    }
    return Question(
        f"In float32 the logits are `[0, {gap}]`, and the target is class 0. What do "
        "`−log(softmax)` and `cross_entropy` give, in this order?",
        answer,
        f"exp(−{gap}) is far below the smallest float32, so p is 0 and −log(p) is inf. "
        f"`cross_entropy` computes 0 − {gap} − log 1 and turns the sign.",
        (
            "Softmax must store the probability exp(−gap) in a float32. Does it fit?",
            "Which of the two forms a probability on the way?",
        ),
        tuple(Mistake(text, hint) for text, hint in hints.items()),
        choices=numbers.order(hints),
    )


def other_patch(numbers: Numbers) -> Question:
    """What is added inside the log is the largest loss."""
    digits = numbers.pick(6, (4, 5, 7, 9, 10, 12))
    p = cross_entropy_steps(np.array([[0, 200]], dtype=np.float32), [0]).probs[0, 0]
    limit = -np.log(p + 10.0**-digits).item()
    return Question(
        f"Someone adds another small number: `−log(p + 1e-{digits})`, in float32. What loss comes "
        "out when p has become 0?",
        limit,
        f"Only the small number is left, and −log(1e-{digits}) is {digits} · ln 10. No sample can "
        "cost more, however wrong.",
        (
            "Put p = 0 into the formula. What is left inside the log?",
            "The field reads ln, powers and a minus sign.",
        ),
        (
            Mistake(-np.log(1e-8), "That is where 1e-8 stops. Here another number is added."),
            Mistake(digits, "That is log base 10. Losses use ln, the natural log."),
            Mistake(limit / np.log(2), "That is measured in bits. Losses use ln."),
            Mistake(-limit, "A loss is never negative here. Look at the sign before the log."),
            Mistake(10.0**-digits, "That is what is left inside the log. Take minus its log."),
        ),
    )


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
QUESTIONS = (rounded_sum, gap_of_200, other_patch)
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
