"""One minus sign: − in words and formulas, the keyboard's in code font, as Python reads it.

Exponents keep torch's way of printing: 1.1921e-07.
"""

import re

import nbformat
import pytest

from ce_helpers.learning.cards import CARDS
from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import NOTEBOOKS as WITH_TASKS
from ce_helpers.learning.tasks import exercises_of, questions_of
from tests.test_notebooks import NOTEBOOKS

# Formulas, fenced code, tags and links are no words.
NO_WORDS = re.compile(r"\$\$?.+?\$\$?|^```.*?^```|<[^>]*>|\]\([^)]*\)", re.S | re.M)
CODE = re.compile(r"``.+?``|`[^`]+`")
LISTED = re.compile(r"\[[^\[\]]*\]")  # numbers as Python prints them
KEYBOARD = re.compile(r"(?<![\w.)\]])-(?=[\w(.√])|(?<= )-(?= )")


def wrong(text: str) -> list[str]:
    """Minus signs of the other kind, with what follows."""
    text = NO_WORDS.sub("", text)
    code = [found for found in CODE.findall(text) if "−" in found]
    words = LISTED.sub("", CODE.sub("", text))
    return code + [words[found.start() :][:12] for found in KEYBOARD.finditer(words)]


def texts_of(question) -> list[str]:
    mistakes = [mistake.hint for mistake in question.mistakes]
    choices = [choice for choice in question.choices if "cross_entropy(" not in choice]  # code
    return [question.text, question.reason, *question.hints, *choices, *mistakes]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks(path):
    cells = nbformat.read(path, 4).cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert not [found for text in texts for found in wrong(text)]


@pytest.mark.parametrize("number", WITH_TASKS)
def test_questions_and_exercises(number):
    questions = [template(Numbers()) for template in questions_of(number).values()]
    texts = [text for question in questions for text in texts_of(question)]
    for exercise in exercises_of(number).values():
        texts += [exercise.praise, *(mistake.hint for mistake in exercise.mistakes)]
    assert not [found for text in texts for found in wrong(text)]


@pytest.mark.parametrize("key", CARDS)
def test_cards(key):
    assert not wrong(CARDS[key].wish) + wrong(CARDS[key].reason)


@pytest.mark.parametrize("text", ["it is -1", "a - b", "`−log(p)`", "(-3)", "-log p"])
def test_the_other_sign_is_noticed(text):
    assert wrong(text)


@pytest.mark.parametrize(
    "text", ["−1", "1.1921e-07", "`-0.`", "log-sum-exp", "$a - b$", "[2, -1]", "a − b"]
)
def test_the_right_one_is_not(text):
    assert not wrong(text)
