"""A question to commit to: type or choose, check, take a hint, see the answer."""

import functools
import textwrap
from collections.abc import Callable

import ipywidgets as widgets

from ce_helpers.learning import record
from ce_helpers.learning.questions import Numbers, Question
from ce_helpers.learning.tasks import find_question
from ce_helpers.learning.verdicts import Verdict
from ce_helpers.live.guarded import GuardedWidget
from ce_helpers.markup import as_html, tag
from ce_helpers.style import QUIET, RIGHT_COLOR

STYLE = f"""<style>
.ce-question {{ border: 1px solid var(--jp-border-color2, #ccc); border-radius: 6px;
  padding: 10px 14px; }}
.ce-question .widget-html-content {{ line-height: 1.4; font-size: 14px; }}
.ce-question .widget-radio-box label {{ font-size: 14px; }}
.ce-question button:focus-visible, .ce-question input:focus-visible {{
  outline: 2px solid {QUIET}; outline-offset: 1px; }}
.ce-question .ce-check {{ background: {RIGHT_COLOR}; color: white; }}
</style>"""


@functools.cache
def ask(key: str) -> "QuestionWidget":
    """The question of this key; the same widget each time, so what was typed stays.

    Args:
        key: its name, for example "equal_logits".

    Raises:
        ValueError: there is no such question.
    """
    return QuestionWidget(find_question(key)(Numbers()), key)


class QuestionWidget(GuardedWidget):
    """A question with a field or choices, and buttons to check, to get a hint and the answer.

    Enter in the field checks; Tab, Space and the arrow keys reach the rest.

    Args:
        question: what is asked.
        key: under which name the answer is noted.

    Example:
        >>> widget = QuestionWidget(Question("Softmax gives 0.5. The loss?", 0.6931, "", (), ()))
        >>> widget.give("0.693")
        >>> widget.verdict.status
        'right'
    """

    remedy = "Press Check again."

    def __init__(self, question: Question, key: str = "") -> None:
        super().__init__()
        self.question = question
        self.verdict: Verdict | None = None
        self.hints_shown = 0
        self._key = key
        self._entered = False
        self.add_class("ce-question")
        self._make_controls()
        self._show()

    def give(self, answer: str | None) -> None:
        """Types or chooses `answer` and presses Check."""
        self.field.value = answer
        self.check_button.click()

    def text(self) -> str:
        """The question, its choices and how far the reader got."""
        lines = textwrap.wrap(self.question.text.replace("`", ""), 90)
        lines += [f"  - {choice}" for choice in self.question.choices]
        status = "not answered yet" if self.verdict is None else repr(self.verdict)
        return "\n".join([*lines, status])

    def _make_controls(self) -> None:
        self.field = self._make_field()
        self.check_button = self._button("Check", self._check)
        self.check_button.add_class("ce-check")
        self.hint_button = self._button("Hint", self._give_hint)
        self.answer_button = self._button("Show answer", self._reveal)
        buttons = [self.check_button, self.hint_button, self.answer_button]
        question = widgets.HTML(tag("b", as_html(self.question.text)))
        self._verdict_line, self._hint_lines = widgets.HTML(), widgets.HTML()
        self.children = [
            question,
            *([self.field, widgets.HBox(buttons)] if self.question.choices else [
                widgets.HBox([self.field, *buttons])
            ]),
            self._verdict_line,
            self._hint_lines,
            self._error_line,
            widgets.HTML(STYLE, layout={"display": "none"}),
        ]  # fmt: skip

    def _make_field(self) -> widgets.RadioButtons | widgets.Text:
        if self.question.choices:
            return widgets.RadioButtons(
                options=self.question.choices, value=None, layout={"width": "auto"}
            )
        field = widgets.Text(
            placeholder="a number", continuous_update=False, layout={"width": "160px"}
        )
        # Enter sends first a message and then the text, if that is new; leaving the field sends
        # the text alone, and is no answer yet.
        enter = self.guarded(self._enter)
        field.on_msg(lambda _, content, __: content.get("event") == "submit" and enter(content))
        field.observe(self.guarded(self._receive), names="value")
        return field

    def _button(self, description: str, callback: Callable[[], None]) -> widgets.Button:
        button = widgets.Button(description=description, layout={"width": "auto"})
        button.on_click(self.guarded(callback))
        return button

    def _enter(self) -> None:
        self._check()
        self._entered = True

    def _receive(self) -> None:
        if self._entered:
            self._check()

    def _check(self) -> None:
        self._entered = False
        self._conclude(self.question.judge(self.field.value))

    def _give_hint(self) -> None:
        self._entered = False
        self.hints_shown = min(self.hints_shown + 1, len(self.question.hints))
        self._show()

    def _reveal(self) -> None:
        self._entered = False
        self._conclude(self.question.reveal())

    def _conclude(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self._show()
        record.note(self._key, verdict.status)

    def _show(self) -> None:
        shown, hints = self.hints_shown, self.question.hints
        is_next = shown < len(hints)
        self.hint_button.description = (
            f"Hint {shown + 1} of {len(hints)}" if is_next else "No more hints"
        )
        self.hint_button.disabled = not is_next
        _fill(self._verdict_line, "" if self.verdict is None else self.verdict._repr_html_())
        lines = [
            tag("div", tag("b", f"Hint {i}."), " ", as_html(hint), role="status")
            for i, hint in enumerate(hints[:shown], start=1)
        ]
        _fill(self._hint_lines, "".join(lines))
        self._show_error(None)

    def _show_error(self, error: Exception | None) -> None:
        super()._show_error(error)
        _fill(self._error_line, self._error_line.value)


def _fill(line: widgets.HTML, text: str) -> None:
    """Shows the text; an empty line takes no room."""
    line.value = text
    line.layout.display = None if text else "none"
