"""Questions with a right answer, known mistakes and hints; the numbers are computed, not typed."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ce_helpers.formatting import format_number
from ce_helpers.live.values import plain

CLOSE_ENOUGH = 0.005  # relative: what rounding to three significant digits may cost
NEARLY = 0.05
NOTED = "Noted. Now find out: move the picture or compute it, then answer again."


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people do give, and what puts them right without giving it away.

    Args:
        answer: the wrong number, or the wrong choice.
        hint: a sentence or two; `code` stands between backticks.
    """

    answer: float | str
    hint: str


@dataclass(frozen=True)
class Question:
    """One question; without `choices` it asks for a number.

    Args:
        text: the question; `code` stands between backticks.
        answer: the right number, or the right one of `choices`.
        reason: why it is right; shown with the answer.
        hints: given one after another, on request.
        mistakes: known wrong answers; each wrong choice has one.
        choices: what to choose from; empty for a number.
        exact: the number is a count, and rounding it is wrong.

    Raises:
        ValueError: the answer is not among the choices, or a wrong choice has no mistake.
    """

    text: str
    answer: float | str
    reason: str
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    choices: tuple[str, ...] = ()
    exact: bool = False

    def __post_init__(self) -> None:
        # With other numbers a mistake may happen to give the right one.
        kept = tuple(wrong for wrong in self.mistakes if wrong.answer != self.answer)
        object.__setattr__(self, "mistakes", kept)
        known = sorted([self.answer, *(wrong.answer for wrong in kept)]) if self.choices else []
        if known != sorted(self.choices):
            raise ValueError(f"choices are {self.choices}; expected the answer and each mistake")

    @property
    def shown_answer(self) -> str:
        """The right answer as it is written."""
        if self.choices:
            return str(self.answer)
        return str(int(self.answer)) if self.exact else format_number(self.answer)

    def described(self) -> dict:
        """All that the browser needs to ask and to judge, as JSON; infinite answers are words.

        An answer is right, or a mistake, within its relative `tolerance`; the first that fits
        counts.

        Example:
            >>> half = Question("Softmax gives 0.5. The loss?", 0.6931, "It is −ln 0.5.", (), ())
            >>> half.described()["accepted"]
            {'answer': 0.6931, 'tolerance': 0.005}
        """
        tolerance = 0 if self.choices or self.exact else CLOSE_ENOUGH
        mistakes = [(wrong.answer, tolerance, wrong.hint) for wrong in self.mistakes]
        if tolerance:
            mistakes.append((self.answer, NEARLY, "Close. Give three significant digits."))
        return plain({
            "text": self.text,
            "choices": self.choices,
            "accepted": {"answer": self.answer, "tolerance": tolerance},
            "shown": self.shown_answer.removesuffix("."),
            "reason": self.reason,
            "hints": self.hints,
            "mistakes": [
                {"answer": answer, "tolerance": near, "hint": hint}
                for answer, near, hint in mistakes
            ],
            "noted": NOTED,
            "choose": "Choose one of the answers first.",
            "whole": "A count is a whole number. A hint may help." if self.exact else "",
            "other": "That is another number. Take a hint, or compute it step by step.",
        })  # fmt: skip


class Numbers:
    """The numbers in a question: the notebook's, or with a seed fresh ones of the same kind.

    Args:
        seed: None for the notebook's numbers.

    Example:
        >>> Numbers().pick(10, range(3, 13)), Numbers("7").pick(10, range(3, 13))
        (10, 12)
    """

    def __init__(self, seed: str | None = None) -> None:
        self._random = None if seed is None else random.Random(seed)

    def pick(self, shown: Any, options: Iterable) -> Any:
        """`shown` in the notebook, else one of `options`."""
        return shown if self._random is None else self._random.choice(list(options))

    def order(self, choices: Iterable[str]) -> tuple[str, ...]:
        """The choices in their order in the notebook, else in another."""
        choices = list(choices)
        return tuple(
            choices if self._random is None else self._random.sample(choices, len(choices))
        )

    def logits(self, shown: list, low: int = -3, high: int = 9) -> np.ndarray:
        """Whole-numbered logits, float32, in the shape of `shown`."""
        shown = np.array(shown, dtype=np.float32)
        if self._random is None:
            return shown
        drawn = [self._random.randint(low, high) for _ in range(shown.size)]
        return np.array(drawn, dtype=np.float32).reshape(shown.shape)


Template = Callable[[Numbers], Question]


def loss_mistakes(loss: float) -> tuple[Mistake, ...]:
    """What people get for the loss of one element when one step of the rule goes wrong.

    Args:
        loss: the right one, in nats.
    """
    loss = float(loss)
    return (
        Mistake(-loss, "A loss is never negative. Look at the sign before the log."),
        Mistake(loss / math.log(2), "That is measured in bits. Losses use ln, not log base 2."),
        Mistake(loss / math.log(10), "That is log base 10. Losses use ln, the natural log."),
        Mistake(math.exp(-loss), "That is the target's probability. One step is missing after it."),
    )
