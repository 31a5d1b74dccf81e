import pytest

from ce_helpers import check, progress
from ce_helpers.learning import record
from ce_helpers.learning.progress import Progress
from ce_helpers.learning.question_widget import QuestionWidget
from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import find_question


@pytest.fixture
def line(monkeypatch):
    monkeypatch.setattr(record, "_best", {})
    monkeypatch.setattr(record, "_listeners", [])
    line = Progress("03")
    yield line
    assert line.error is None


def test_it_starts_with_all_open(line):
    assert line.text() == (
        "Questions: 0 of 3 right. Exercises: 0 of 2 right.\n"
        "Open: one_bad_element, largest_share, classes_last, mean_by_hand, token_loss."
    )
    assert line._repr_mimebundle_()[0]["text/plain"] == line.text()


def test_it_follows_answers_without_running_its_cell_again(line):
    question = QuestionWidget(find_question("one_bad_element")(Numbers()), "one_bad_element")
    question.view.set_state({"answered": {"events": [], "lines": [], "status": "wrong"}})
    assert "Questions: 0 of 3" in line._line.value
    question.view.set_state({"answered": {"events": [], "lines": [], "status": "right"}})
    assert "Questions: 1 of 3 right. Exercises: 0 of 2 right." in line._line.value
    check("mean_by_hand", lambda loss: loss.sum() / loss.numel())
    assert "Exercises: 1 of 2 right." in line._line.value
    record.note("largest_share", "shown")
    assert "Open: classes_last, token_loss.<br>Shown: largest_share.</div>" in line._line.value


def test_all_right_leaves_one_line(line):
    for key in ("one_bad_element", "largest_share", "classes_last", "mean_by_hand", "token_loss"):
        record.note(key, "right")
    assert line.text() == "Questions: 3 of 3 right. Exercises: 2 of 2 right."


def test_the_cell_run_again_gives_the_same_line():
    assert progress("01") is progress("01")
    with pytest.raises(ValueError, match="notebook is '1'; expected one of 01"):
        progress("1")
