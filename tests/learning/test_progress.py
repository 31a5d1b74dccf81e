import pytest

from ce_helpers import check, progress
from ce_helpers.learning import record
from ce_helpers.learning.progress import Progress
from ce_helpers.learning.question_widget import QuestionWidget
from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import exercises_of, find_question, questions_of

ASKED, CODED = questions_of("03"), list(exercises_of("03"))
COUNT = len(ASKED)


@pytest.fixture
def line(monkeypatch):
    monkeypatch.setattr(record, "_best", {})
    monkeypatch.setattr(record, "_tries", {})
    monkeypatch.setattr(record, "_listeners", [])
    line = Progress("03")
    yield line
    assert line.error is None


def test_it_starts_with_all_open(line):
    first, *lines = line.text().splitlines()
    assert first == f"Questions: 0 of {COUNT} right. Exercises: 0 of 2 right."
    texts = [template(Numbers()).text for template in ASKED.values()]
    assert lines == [
        *(f"Open: {' '.join(text.split())}".replace("`", "") for text in texts),
        *(f"Open: {key}" for key in CODED),
    ]  # fmt: skip
    assert line._repr_mimebundle_()[0]["text/plain"] == line.text()


def test_it_follows_answers_without_running_its_cell_again(line):
    question = QuestionWidget(find_question("one_bad_element")(Numbers()), "one_bad_element")
    guess = {"label": "guess", "given": "12", "verdict": "wrong", "words": "No."}
    second = {"label": "", "given": "2", "verdict": "right", "words": "Yes."}
    for lines, status in (([guess], "guessed"), ([guess, second], "right")):
        answered = {"events": [], "lines": lines, "status": status}
        question.view.set_state({"answered": answered})
    assert f"Questions: 1 of {COUNT} right. Exercises: 0 of 2 right." in line._counts.value
    text = " ".join(find_question("one_bad_element")(Numbers()).text.split()).replace("`", "")
    assert f"\nRight: {text} – guess 12 ✗, 2 ✓\n" in line.text()
    assert "guess 12 ✗, 2 ✓</li>" in line._list.value
    check("mean_by_hand", lambda loss: loss.sum() / loss.numel())
    assert "Exercises: 1 of 2 right." in line._counts.value
    assert "<li>Right: <code>mean_by_hand</code></li>" in line._list.value
    record.note("largest_share", "shown")
    assert "<li>Shown: " in line._list.value and "\nShown: " in line.text()


def test_all_right(line):
    for key in (*ASKED, *CODED):
        record.note(key, "right")
    first, *lines = line.text().splitlines()
    assert first == f"Questions: {COUNT} of {COUNT} right. Exercises: 2 of 2 right."
    assert all(each.startswith("Right: ") for each in lines)


def test_the_cell_run_again_gives_the_same_line():
    assert progress("01") is progress("01")
    with pytest.raises(ValueError, match="notebook is '1'; expected one of 01"):
        progress("1")
