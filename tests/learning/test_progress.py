import pytest

from ce_helpers import check, progress
from ce_helpers.learning import record
from ce_helpers.learning.progress import Progress
from ce_helpers.learning.question_widget import QuestionWidget
from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import exercises_of, find_question, questions_of

ASKED, CODED = list(questions_of("03")), list(exercises_of("03"))
COUNT = len(ASKED)


@pytest.fixture
def line(monkeypatch):
    monkeypatch.setattr(record, "_best", {})
    monkeypatch.setattr(record, "_listeners", [])
    line = Progress("03")
    yield line
    assert line.error is None


def test_it_starts_with_all_open(line):
    assert line.text() == (
        f"Questions: 0 of {COUNT} right. Exercises: 0 of 2 right.\n"
        f"Open: {', '.join([*ASKED, *CODED])}."
    )
    assert line._repr_mimebundle_()[0]["text/plain"] == line.text()


def test_it_follows_answers_without_running_its_cell_again(line):
    question = QuestionWidget(find_question("one_bad_element")(Numbers()), "one_bad_element")
    question.view.set_state({"answered": {"events": [], "lines": [], "status": "wrong"}})
    assert f"Questions: 0 of {COUNT}" in line._line.value
    question.view.set_state({"answered": {"events": [], "lines": [], "status": "right"}})
    assert f"Questions: 1 of {COUNT} right. Exercises: 0 of 2 right." in line._line.value
    check("mean_by_hand", lambda loss: loss.sum() / loss.numel())
    assert "Exercises: 1 of 2 right." in line._line.value
    record.note("largest_share", "shown")
    assert "classes_last, rise_to_even, token_loss.<br>Shown: largest_share.</div>" in (
        line._line.value
    )


def test_all_right_leaves_one_line(line):
    for key in (*ASKED, *CODED):
        record.note(key, "right")
    assert line.text() == f"Questions: {COUNT} of {COUNT} right. Exercises: 2 of 2 right."


def test_the_cell_run_again_gives_the_same_line():
    assert progress("01") is progress("01")
    with pytest.raises(ValueError, match="notebook is '1'; expected one of 01"):
        progress("1")
