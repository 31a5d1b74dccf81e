"""How long a notebook takes, by one rule, so that nobody guesses; and how much there is to read.

- Text, folded or not, and questions: 130 words a minute. English prose is read aloud at 183 and in
  silence at 238 on average, more slowly by those who learnt English later (Brysbaert 2019, a review
  of 190 studies); here symbols and new words stand between, so it is seven tenths of the former.
- Code: 4 seconds a line. Opening a folded output: 15 seconds.
- Answering a question: 1 minute. Judging a card: ¾ of one. Moving an explorer: 1½ minutes.
- An exercise: 4 minutes, and 1 for each line of its solution.

What is done rather than read is estimated; nobody stood beside a class with a watch. Who does
changes the numbers below, and `make test` says which titles then tell other minutes.

Usage: python -m tools.minutes
"""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import find_question

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
WORDS_A_MINUTE = 130
LINE, FOLD, QUESTION, CARD, EXPLORER = 4 / 60, 0.25, 1.0, 0.75, 1.5
EXERCISE, SOLUTION_LINE = 4.0, 1.0
SOLUTION = re.compile(r"```python\n(.*?)```", re.S)


class Minutes(NamedTuple):
    """What a notebook takes, in minutes, and how long it is."""

    lesson: int
    exercises: int
    cells: int
    words: int


def minutes(notebook: nbformat.NotebookNode) -> Minutes:
    """Applies the rule to an executed notebook."""
    lesson = exercises = 0.0
    words = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            solutions = SOLUTION.findall(cell.source)
            count = len(SOLUTION.sub("", cell.source).split())
            words += count
            if solutions:
                lines = sum(len(text.strip().splitlines()) - 1 for text in solutions)
                work = EXERCISE * len(solutions) + SOLUTION_LINE * lines
                exercises += count / WORDS_A_MINUTE + work
            else:
                lesson += count / WORDS_A_MINUTE
        elif "check(" not in cell.source:
            lesson += _of_code(cell)
    return Minutes(round(lesson), round(exercises), len(notebook.cells), words)


def _of_code(cell) -> float:
    if asked := re.match(r'ask\("(\w+)"\)', cell.source):
        question = find_question(asked[1])(Numbers())
        text = " ".join([question.text, *question.choices, question.reason])
        return QUESTION + len(text.split()) / WORDS_A_MINUTE
    shown = [output.get("data", {}) for output in cell.outputs]
    cards = re.match(r"(\d+) cards:", "".join(data.get("text/plain", "") for data in shown))
    extra = EXPLORER * any("image/png" in data for data in shown)
    extra += FOLD * ("reveal(" in cell.source) + CARD * int(cards[1] if cards else 0)
    return LINE * len(cell.source.splitlines()) + extra


if __name__ == "__main__":
    print(f"{'notebook':24} minutes   cells  words")
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        found = minutes(nbformat.read(path, 4))
        time = f"{found.lesson} + {found.exercises}"
        print(f"{path.stem:24} {time:8} {found.cells:6} {found.words:6}")
