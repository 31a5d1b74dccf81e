"""The question widget: what a reader types and presses, and what is told."""

import pytest

from ce_helpers import ask
from ce_helpers.learning import record
from ce_helpers.learning.question_widget import QuestionWidget
from ce_helpers.learning.questions import Mistake, Question
from ce_helpers.saving import CAN_GO

QUESTION = Question(
    "Softmax gives `0.5`.\nThe loss?", 0.6931, "It is −ln 0.5.", ("Take the log.", "Which sign?"),
    (Mistake(1, "Not log base 2."),),
)  # fmt: skip
CHOICE = Question("Which?", "b", "It is b.", ("One.",), (Mistake("a", "Not a."),), ("a", "b"))


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(record, "_best", {})


@pytest.fixture
def widget():
    widget = QuestionWidget(QUESTION, "half")
    yield widget
    assert widget.error is None


def press_enter(widget, typed=None):
    """What the browser sends: a message at once, then the text if it is new."""
    widget.field._handle_custom_msg({"event": "submit"}, [])
    if typed is not None:
        widget.field.set_state({"value": typed})


def shown(widget):
    return widget._verdict_line.value + widget._hint_lines.value + widget._error_line.value


def test_wrong_then_a_hint_then_right(widget):
    assert shown(widget) == ""
    widget.give("1")
    assert "<b>Not yet.</b> Not log base 2." in shown(widget)
    assert record.status_of("half") == "wrong"
    widget.hint_button.click()
    assert "<b>Hint 1.</b> Take the log." in shown(widget)
    assert "Not log base 2." in shown(widget)
    widget.give("ln 2")
    assert "<b>Right.</b> It is −ln 0.5." in shown(widget)
    assert record.status_of("half") == "right"


def test_hints_come_one_by_one_and_end(widget):
    descriptions = []
    for _ in range(4):
        descriptions.append(widget.hint_button.description)
        widget.hint_button.click()
    assert descriptions == ["Hint 1 of 2", "Hint 2 of 2", "No more hints", "No more hints"]
    assert widget.hint_button.disabled
    assert shown(widget).count("<b>Hint") == 2


def test_the_answer_is_shown_on_request_and_noted_as_shown(widget):
    widget.answer_button.click()
    assert "<b>Answer:</b> 0.6931. It is −ln 0.5." in shown(widget)
    widget.give("0.693")
    assert record.status_of("half") == "shown"


def test_enter_checks_what_was_typed(widget):
    press_enter(widget, "1")
    assert widget.verdict.message == "Not log base 2."
    press_enter(widget, "0.693")
    assert widget.verdict.status == "right"


def test_enter_checks_again_what_was_typed_before(widget):
    widget.field.set_state({"value": "0.693"})
    press_enter(widget)
    assert widget.verdict.status == "right"


def test_leaving_the_field_is_no_answer_yet(widget):
    widget.field.set_state({"value": "0.6"})
    assert widget.verdict is None
    press_enter(widget, "1")
    widget.field.set_state({"value": "0.69"})
    assert widget.verdict.message == "Not log base 2."
    widget.check_button.click()
    assert widget.verdict.status == "right"


@pytest.mark.parametrize("typed", ["", "  ", "abc", "nan", "1e999", "<b>x</b>", "__import__('os')"])
def test_rubbish_gets_a_sentence_and_stays_in_the_field(widget, typed):
    widget.give(typed)
    assert widget.verdict.status == "open"
    assert "<b>Not answered yet.</b>" in shown(widget)
    assert "<b>x</b>" not in shown(widget)
    assert widget.field.value == typed
    assert record.status_of("half") == "open"


def test_a_choice_is_judged_on_check_alone():
    widget = QuestionWidget(CHOICE, "which")
    widget.check_button.click()
    assert widget.verdict.status == "open"
    widget.field.value = "a"
    assert widget.verdict.status == "open"
    widget.check_button.click()
    assert widget.verdict.message == "Not a."
    widget.give("b")
    assert widget.verdict.status == "right"
    assert widget.error is None


def test_the_text_tells_question_choices_and_verdict(widget):
    assert widget.text() == "Softmax gives 0.5. The loss?\nnot answered yet"
    widget.give("1")
    assert widget.text().endswith("The loss?\nNot yet. Not log base 2.")
    assert QuestionWidget(CHOICE).text() == "Which?\n  - a\n  - b\nnot answered yet"
    data, metadata = widget._repr_mimebundle_()
    assert data["text/plain"] == widget.text()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "image/png" not in data and metadata == CAN_GO


def test_running_the_cell_again_keeps_what_was_typed():
    ask("equal_logits").give("2.3")
    again = ask("equal_logits")
    assert again.field.value == "2.3"
    again.give("ln 10")
    assert again.verdict.status == "right"
    assert record.status_of("equal_logits") == "right"
    ask.cache_clear()


def test_an_unknown_question_is_refused():
    with pytest.raises(ValueError, match="no question 'nothing'; expected one of lower_target"):
        ask("nothing")


def test_an_error_in_a_callback_is_shown_stored_and_cleared(monkeypatch):
    widget = QuestionWidget(QUESTION)
    monkeypatch.setattr(Question, "judge", lambda *_: 1 / 0)
    widget.give("1")
    assert isinstance(widget.error, ZeroDivisionError)
    assert "ZeroDivisionError: division by zero Press Check again." in shown(widget)
    monkeypatch.undo()
    widget.check_button.click()
    assert widget.error is None
    assert "role=\"alert\"" not in shown(widget)  # fmt: skip


def test_an_empty_line_takes_no_room(widget):
    lines = widget._verdict_line, widget._hint_lines, widget._error_line
    assert [line.layout.display for line in lines] == ["none"] * 3
    widget.give("1")
    assert [line.layout.display for line in lines] == [None, "none", "none"]
