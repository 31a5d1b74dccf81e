"""The question of 08_training on curves: which bug made one?"""

from ce_helpers.learning.questions import Numbers, Question
from ce_helpers.learning.tasks.common import options

# What each bug shows, what that tells, and what is said to who takes another for it.
CURVES = {
    "softmax twice": (
        "its loss stops at 0.77, and its accuracy is that of the healthy run",
        "The second softmax is given numbers at most 1 apart, so p cannot come near 1. Their order "
        "stays.",
        "Then the loss would stop above the healthy one, and the accuracy be as good.",
    ),
    "labels off by one": (
        "its loss is that of the healthy run, and its accuracy is 0.09",
        "It learns well what it is told, and that is another class each time.",
        "Then the accuracy would be below a blind guess.",
    ),
    "labels shuffled": (
        "its loss stays where it began, at ln 3",
        "In shuffled labels there is nothing to learn, and the best answer is a blind guess.",
        "Then the loss would stay at ln 3.",
    ),
    "one class weighted 0": (
        "its loss is below that of the healthy run, and so is its accuracy, 0.60",
        "A class that costs nothing leaves the mean: fewer and easier points are counted.",
        "Then the loss would end below the healthy one, and the accuracy too.",
    ),
    "first weights × 1000": (
        "its loss begins at 18 and is still above 4 at the end",
        "Large first weights make a model sure before it has learnt anything.",
        "That one starts far above ln 3.",
    ),
}


def card_one(numbers: Numbers) -> Question:
    """A loss below the healthy one is no better model; on other sheets, another bug."""
    bug = numbers.pick("one class weighted 0", CURVES)
    which = numbers.pick("Card 1", ("A training in three classes",))
    seen, reason, _ = CURVES[bug]
    return Question(
        f"{which}: {seen}. Which bug?",
        bug,
        reason,
        (
            "Look at its start, at its end, and at the accuracy beside it.",
            "A blind guess costs ln 3 and is right in one third of the cases. Compare with that, "
            "and with the healthy run.",
        ),
        *options(numbers, {bug: hint for bug, (_, _, hint) in CURVES.items()}),
    )
