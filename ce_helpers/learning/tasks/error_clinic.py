"""Questions of 07_error_clinic, and its code exercises."""

import numpy as np

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import options
from ce_helpers.learning.tasks.error_clinic_exercises import EXERCISES

__all__ = ["EXERCISES", "QUESTIONS"]


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
    hints = {
        name: f"It raises: without dim 1 the logits leave {(size[0], size[2])}, and the target is "
        f"{size[:2]}."
        for name, size in named.items()
    }
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
        *options(numbers, hints),
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
        *options(numbers, {name: hint for name, (_, hint) in named.items()}),
    )


def second_softmax(numbers: Numbers) -> Question:
    """Probabilities are at most 1 apart."""
    num_classes = numbers.pick(10, range(5, 13))
    rivals = num_classes - 1
    perfect = np.eye(num_classes, dtype=np.float32)[:1]  # (1, C): p of a perfect answer
    floor = cross_entropy_steps(perfect, [0]).loss.item()
    return Question(
        f"A model for {num_classes} classes ends in a softmax, and `cross_entropy` takes another. "
        "What is the lowest loss that it can reach?",
        floor,
        f"A perfect answer is 1 for the target and 0 for the {rivals} others. The second softmax "
        f"makes e / (e + {rivals}) of it, and minus its log is {floor:.4f}.",
        (
            "What does the first softmax give for a perfect answer?",
            "Give those numbers to `cross_entropy`, as if they were logits.",
        ),
        (
            Mistake(0, "A perfect answer is a row of one 1 and many 0. Softmax that once more."),
            Mistake(np.log(num_classes), "That is a blind guess. A perfect answer is better."),
            Mistake(np.log(1 + 3 / np.e), "That is the floor with four classes."),
            Mistake(np.log(1 + num_classes / np.e), "The target is no rival of itself."),
            Mistake(np.exp(-floor), "That is what the target gets. Take minus its log."),
            Mistake(1, "Is the target's exp, over the sum, 1/e?"),
        ),
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
    cause, sign, reason, _ = numbers.pick(causes[-1], causes)
    return Question(
        f"The loss of a model with {num_classes} classes {sign}. What is the cause?",
        cause,
        reason,
        (
            "Go through the causes one by one: what would each do to a perfect answer?",
            "And to a hopeless one, or to a batch without anything to learn?",
        ),
        *options(numbers, {other: hint for other, _, _, hint in causes}),
    )


def _runs(logits: np.ndarray, target: np.ndarray) -> bool:
    try:
        cross_entropy_steps(logits, target)
    except (TypeError, ValueError):
        return False
    return True


QUESTIONS = (equal_sizes, silent_target, second_softmax, symptom)
