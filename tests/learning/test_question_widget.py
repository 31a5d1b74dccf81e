"""The question widget: what the browser tells of a reader's answers is kept, told and noted."""

import json

import pytest

from ce_helpers import ask
from ce_helpers.learning import record
from ce_helpers.learning.question_widget import QuestionWidget
from ce_helpers.learning.questions import Mistake, Question
from ce_helpers.saving import CAN_GO

QUESTION = Question(
    "Softmax gives `0.5`.\nThe loss?", 0.6931, "It is −ln 0.5.", ("Take the log.", "Which sign?"),
    (Mistake(1, "Not log base `2`."),),
)  # fmt: skip
CHOICE = Question("Which?", "b", "It is b.", ("One.",), (Mistake("a", "Not a."),), ("a", "b"))
GUESS = {"label": "guess", "given": "1", "words": "Noted."}
LINES = [
    {"label": "guess", "given": "1", "verdict": "wrong", "words": "Not log base `2`."},
    {"label": "hint 1", "words": "Take the log."},
    {"label": "", "given": "ln 2", "verdict": "right", "words": "It is −ln 0.5."},
]
EVENTS = [{"given": "1"}, {"hint": 0}, {"given": "ln 2"}]


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(record, "_best", {})
    monkeypatch.setattr(record, "_tries", {})


@pytest.fixture
def widget():
    widget = QuestionWidget(QUESTION, "half")
    yield widget
    assert widget.error is None


def answer(widget, lines, status, events=EVENTS):
    """What the browser sends."""
    answered = {"events": events, "lines": lines, "status": status}
    widget.view.set_state({"answered": answered})


def test_what_was_answered_is_noted_with_every_try(widget):
    answer(widget, [GUESS], "guessed")
    assert (record.status_of("half"), record.tries_of("half")) == ("guessed", "guess 1")
    answer(widget, LINES, "right")
    assert (record.status_of("half"), record.tries_of("half")) == ("right", "guess 1 ✗, ln 2 ✓")
    answer(widget, [], "open")  # asked again
    assert record.status_of("half") == "right"


def test_the_text_tells_question_choices_and_every_line(widget):
    assert widget.text() == "Softmax gives 0.5. The loss?\nnot answered yet"
    answer(widget, LINES, "right")
    assert widget.text() == (
        "Softmax gives 0.5. The loss?\nguess 1 ✗: Not log base 2.\nhint 1: Take the log.\n"
        "ln 2 ✓: It is −ln 0.5."
    )
    choice = QuestionWidget(CHOICE)
    assert choice.text() == "Which?\n  - a\n  - b\nnot answered yet"
    answer(choice, [{"label": "answer", "strong": "b. ", "words": "It is b."}], "shown")
    assert choice.text().endswith("\nanswer: b. It is b.")
    data, metadata = widget._repr_mimebundle_()
    assert data["text/plain"] == widget.text()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "image/png" not in data and metadata == CAN_GO


def test_a_page_without_a_kernel_gets_question_and_events_as_json(widget):
    answer(widget, LINES, "right")
    state = widget.page_state()
    assert state == {"question": QUESTION.described(), "events": EVENTS}
    assert json.loads(json.dumps(state, allow_nan=False)) == state


def test_running_the_cell_again_keeps_what_was_answered():
    answer(ask("equal_logits"), LINES, "right")
    assert ask("equal_logits").view.answered["events"] == EVENTS
    assert record.status_of("equal_logits") == "right"
    ask.cache_clear()


def test_an_unknown_question_is_refused():
    with pytest.raises(ValueError, match="no question 'nothing'; expected one of reach_16"):
        ask("nothing")


def test_an_error_in_a_callback_is_shown_and_stored(monkeypatch):
    widget = QuestionWidget(QUESTION)
    monkeypatch.setattr(record, "note", lambda *_: 1 / 0)
    answer(widget, LINES, "right")
    assert isinstance(widget.error, ZeroDivisionError)
    assert "ZeroDivisionError: division by zero Run the cell again." in widget._error_line.value
