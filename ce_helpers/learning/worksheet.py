"""The notebooks' questions on paper, with fresh numbers and an answer key for the teacher.

Usage: python -m ce_helpers.learning.worksheet --seed 7 > worksheet.md
"""

import argparse
import string
from collections.abc import Sequence

from ce_helpers.learning.questions import Numbers, Question
from ce_helpers.learning.tasks import NOTEBOOKS, questions_of


def worksheet(seed: int, notebooks: Sequence[str] = tuple(NOTEBOOKS)) -> str:
    """Questions in Markdown, then the key; a seed gives the same numbers each time.

    Args:
        seed: any whole number. Two seeds are parallel forms: the same questions, other numbers.
        notebooks: by their two digits; all of them if left out.

    Raises:
        ValueError: there is no such notebook.

    Example:
        >>> print(worksheet(7).splitlines()[0])
        # Cross entropy: worksheet 7
    """
    asked = [f"# Cross entropy: worksheet {seed}", "Losses are in nats, log is the natural log."]
    key = [f"# Answer key of worksheet {seed}"]
    number = 0
    for notebook in notebooks:
        questions = questions_of(notebook)
        module = NOTEBOOKS[notebook].__name__.rpartition(".")[2]
        asked.append(f"## {module.replace('_', ' ').capitalize()}")
        for name, template in questions.items():
            number += 1
            question = template(Numbers(f"{seed} {name}"))
            asked.append("\n".join([f"**{number}.** {question.text}", *_lettered(question)]))
            key.append(f"**{number}.** {_answer(question)}. {question.reason}")
    return "\n\n".join([*asked, *key]) + "\n"


def _lettered(question: Question) -> list[str]:
    """The choices with letters, each on a line of its own."""
    choices = [f"- {letter}) {text}" for letter, text in _letters(question)]
    return ["", *choices] if choices else []


def _answer(question: Question) -> str:
    letter = next((letter for letter, text in _letters(question) if text == question.answer), None)
    shown = question.shown_answer.removesuffix(".")
    return f"{letter}) {shown}" if letter else shown


def _letters(question: Question) -> list[tuple[str, str]]:
    return list(zip(string.ascii_lowercase, question.choices, strict=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Print a worksheet in Markdown, key at the end.")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other numbers")
    parser.add_argument(
        "--notebooks", nargs="+", default=list(NOTEBOOKS), choices=list(NOTEBOOKS),
        metavar="NN", help="whose questions, for example 01 02 03; all if left out",
    )  # fmt: skip
    given = parser.parse_args()
    print(worksheet(given.seed, given.notebooks), end="")
