"""Questions and code exercises of 01_single_sample."""

import torch

from ce_helpers.learning.exercises import CodeMistake, Exercise
from ce_helpers.learning.tasks.common import LARGE_LOGITS, forgot_minus, normal
from ce_helpers.learning.tasks.single_sample_questions import QUESTIONS
from ce_helpers.learning.ways import by_hand

__all__ = ["EXERCISES", "QUESTIONS"]


def loss_from_probs(probs, target):
    """Pick the target's probability, then take minus its log."""
    return -torch.log(probs[target])


def log_softmax_by_hand(logits):
    """Subtract each row's largest logit, then the log of the sum of exp."""
    shifted = logits - logits.max(dim=1, keepdim=True).values
    return shifted - torch.log(torch.exp(shifted).sum(dim=1, keepdim=True))


def _probs_cases():
    sizes_and_targets = ((4, 3), (4, 0), (3, 1), (7, 4), (2, 0), (10, 9))
    cases = [
        (torch.softmax(normal((num_classes,)), dim=0), torch.tensor(target))
        for num_classes, target in sizes_and_targets
    ]
    return [*cases, (torch.tensor([1.0, 1e-30, 0.0]), torch.tensor(1))]


def _logits_cases():
    shapes = ((1, 4), (2, 4), (4, 2), (3, 3), (5, 7))
    return [*((normal(shape),) for shape in shapes), (LARGE_LOGITS,)]


NO_SHIFT = (
    "exp overflows at large logits, and log(0) is −inf. Subtract each row's largest logit first, "
    "and stay with logs."
)
WHOLE_SHIFT = (
    "One maximum of the whole tensor is too large for some rows: all their exp become 0. "
    "Each row needs its own."
)

EXERCISES = (
    Exercise(
        loss_from_probs,
        _probs_cases,
        (
            forgot_minus(loss_from_probs),
            CodeMistake(
                lambda probs, target: probs[target],
                "That is the target's probability itself. What turns it into a loss?",
            ),
            CodeMistake(
                lambda probs, target: 1 - probs[target],
                "1 − p is near 0 when the model is right, but cross entropy takes a log.",
            ),
            CodeMistake(
                lambda probs, target: -torch.log2(probs[target]),
                "That is in bits. `torch.log` is the natural log, `torch.log2` is not.",
            ),
            CodeMistake(
                lambda probs, target: -torch.log10(probs[target]),
                "That is log base 10. `torch.log` is the natural log.",
            ),
            *(
                CodeMistake(
                    lambda probs, target, added=added: -torch.log(probs[target] + added),
                    "What is added inside the log hides how wrong a confident mistake is.",
                )
                for added in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
            ),
            CodeMistake(
                lambda probs, target: -torch.log(probs.max()),
                "That reads the largest probability. The target's class may have another.",
            ),
            CodeMistake(
                lambda probs, target: -torch.log(probs),
                "That gives a number for each class. Only the target's counts.",
            ),
            CodeMistake(
                lambda probs, target: -torch.log(probs).mean(),
                "That averages over the classes. Only the target's counts.",
            ),
            CodeMistake(
                lambda probs, target: -torch.log_softmax(probs, dim=0)[target],
                "`probs` are probabilities already. Another softmax makes them almost equal.",
            ),
        ),
        "The loss is −log of one probability.",
    ),
    Exercise(
        log_softmax_by_hand,
        _logits_cases,
        (
            CodeMistake(
                lambda logits: torch.log_softmax(logits, dim=0),
                "The softmax runs along the samples. The classes are `dim=1`.",
            ),
            CodeMistake(
                lambda logits: logits - torch.log(torch.exp(logits).sum(dim=1)),
                "`sum(dim=1)` drops the dimension, so that it meets the classes or nothing at "
                "all. `keepdim=True` keeps it.",
            ),
            CodeMistake(lambda logits: torch.log(torch.softmax(logits, dim=1)), NO_SHIFT),
            CodeMistake(
                lambda logits: torch.log(
                    torch.exp(logits) / torch.exp(logits).sum(dim=1, keepdim=True)
                ),
                NO_SHIFT,
            ),
            CodeMistake(
                lambda logits: logits - torch.log(torch.exp(logits).sum(dim=1, keepdim=True)),
                NO_SHIFT,
            ),
            CodeMistake(
                lambda logits: (logits - logits.max()) - torch.log(
                    torch.exp(logits - logits.max()).sum(dim=1, keepdim=True)
                ),
                WHOLE_SHIFT,
            ),
            CodeMistake(
                lambda logits: torch.softmax(logits, dim=1),
                "These are probabilities. The log is missing.",
            ),
            CodeMistake(
                lambda logits: -torch.log_softmax(logits, dim=1),
                "The log of a probability is 0 or negative. The minus belongs to the loss.",
            ),
            CodeMistake(
                lambda logits: torch.exp(logits - logits.max(dim=1, keepdim=True).values),
                "These are the exp alone. They are not yet divided by their sum.",
            ),
            CodeMistake(
                lambda logits: logits - logits.max(dim=1, keepdim=True).values,
                "The shift is right. The log of the sum of exp is still to be subtracted.",
            ),
        ),
        "Logs all the way, and no number that overflows.",
        by_hand(
            "But torch took the log of softmax, or the log of the sum of exp. Use only `max`, "
            "`exp`, `sum` and `log`.",
            "_log_softmax",
            "logsumexp",
        ),
    ),
)  # fmt: skip
