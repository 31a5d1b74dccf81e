"""The notebooks' questions on paper, with fresh numbers and an answer key for the teacher.

Usage: python -m ce_helpers.learning.worksheet --seed 7 > worksheet.md
"""

import argparse
import string

from ce_helpers.learning.questions import Numbers, Question
from ce_helpers.learning.tasks import NOTEBOOKS, questions_of


def worksheet(seed: int) -> str:
    """All questions in Markdown, then the key; a seed gives the same numbers each time.

    Args:
        seed: any whole number.

    Example:
        >>> print(worksheet(7).splitlines()[0])
        # Cross entropy: worksheet 7
    """
    asked = [f"# Cross entropy: worksheet {seed}", "Losses are in nats, log is the natural log."]
    key = [f"# Answer key of worksheet {seed}"]
    number = 0
    for notebook, tasks in NOTEBOOKS.items():
        asked.append(f"## {tasks.__name__.rpartition('.')[2].replace('_', ' ').capitalize()}")
        for name, template in questions_of(notebook).items():
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
    print(worksheet(parser.parse_args().seed), end="")
