"""A question to commit to: the browser asks and judges, and what was answered is noted here."""

import functools
import textwrap

import anywidget
import traitlets

from ce_helpers.learning import record
from ce_helpers.learning.questions import Numbers, Question
from ce_helpers.learning.tasks import find_question
from ce_helpers.live.guarded import GuardedWidget
from ce_helpers.live.modules import module, style

UNANSWERED = {"events": [], "lines": [], "status": "open"}


@functools.cache
def ask(key: str) -> "QuestionWidget":
    """The question of this key; the same widget each time, so what was answered stays.

    Args:
        key: its name, for example "equal_logits".

    Raises:
        ValueError: there is no such question.
    """
    return QuestionWidget(find_question(key)(Numbers()), key)


class QuestionView(anywidget.AnyWidget):
    """All that is seen; `answered` holds what the reader did, and what questions.js said to it."""

    _esm = module("questions.js")
    _css = style()
    question = traitlets.Dict().tag(sync=True)
    answered = traitlets.Dict(UNANSWERED).tag(sync=True)


class QuestionWidget(GuardedWidget):
    """A question with a field or choices, and buttons to check, to get a hint and the answer.

    The first guess is noted; each later one is judged in the browser, at once and without a kernel.

    Args:
        question: what is asked.
        key: under which name the answer is noted.

    Example:
        >>> widget = QuestionWidget(Question("Softmax gives 0.5. The loss?", 0.6931, "", (), ()))
        >>> print(widget.text())
        Softmax gives 0.5. The loss?
        not answered yet
    """

    def __init__(self, question: Question, key: str = "") -> None:
        super().__init__()
        self._question, self._key = question, key
        self.view = QuestionView(question=question.described())
        self.view.observe(self.guarded(self._note), "answered")
        self.children = [self.view, self._error_line]

    def text(self) -> str:
        """The question, its choices and how far the reader got, try by try."""
        lines = textwrap.wrap(self._question.text.replace("`", ""), 90)
        lines += [f"  - {choice}" for choice in self._question.choices]
        answered = [_written(line) for line in self.view.answered["lines"]]
        return "\n".join([*lines, *(answered or ["not answered yet"])])

    def page_state(self) -> dict:
        """All that a page without a kernel needs, as JSON: what `ask` of questions.js takes."""
        return {"question": self.view.question, "events": self.view.answered["events"]}

    def _note(self) -> None:
        answered = self.view.answered
        tries = [_named(line) for line in answered["lines"] if "given" in line]
        record.note(self._key, answered["status"], ", ".join(tries))


def _named(line: dict) -> str:
    """What stands before a line: guess, hint or answer, what was typed, right or wrong."""
    sign = {"right": "✓", "wrong": "✗"}.get(line.get("verdict", ""), "")
    return " ".join(filter(None, (line["label"], line.get("given"), sign)))


def _written(line: dict) -> str:
    words = line.get("strong", "") + line["words"]
    return f"{_named(line)}: {words}".removesuffix(": ").replace("`", "")
