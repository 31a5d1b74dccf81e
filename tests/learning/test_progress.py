import pytest

from ce_helpers import check, progress
from ce_helpers.learning import record
from ce_helpers.learning.progress import Progress
from ce_helpers.learning.question_widget import QuestionWidget
from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import find_question, questions_of


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
    assert first == "Questions: 0 of 3 right. Exercises: 0 of 2 right."
    texts = [template(Numbers()).text for template in questions_of("03").values()]
    assert lines == [
        *(f"Open: {' '.join(text.split())}".replace("`", "") for text in texts),
        "Open: mean_by_hand", "Open: token_loss",
    ]  # fmt: skip
    assert line._repr_mimebundle_()[0]["text/plain"] == line.text()


def test_it_follows_answers_without_running_its_cell_again(line):
    question = QuestionWidget(find_question("one_bad_element")(Numbers()), "one_bad_element")
    guess = {"label": "guess", "given": "12", "verdict": "wrong", "words": "No."}
    second = {"label": "", "given": "2", "verdict": "right", "words": "Yes."}
    for lines, status in (([guess], "guessed"), ([guess, second], "right")):
        answered = {"events": [], "lines": lines, "status": status}
        question.view.set_state({"answered": answered})
    assert "Questions: 1 of 3 right. Exercises: 0 of 2 right." in line._counts.value
    text = " ".join(find_question("one_bad_element")(Numbers()).text.split()).replace("`", "")
    assert f"\nRight: {text} – guess 12 ✗, 2 ✓\n" in line.text()
    assert "guess 12 ✗, 2 ✓</li>" in line._list.value
    check("mean_by_hand", lambda loss: loss.sum() / loss.numel())
    assert "Exercises: 1 of 2 right." in line._counts.value
    assert "<li>Right: <code>mean_by_hand</code></li>" in line._list.value
    record.note("largest_share", "shown")
    assert "<li>Shown: " in line._list.value and "\nShown: " in line.text()


def test_all_right(line):
    for key in ("one_bad_element", "largest_share", "classes_last", "mean_by_hand", "token_loss"):
        record.note(key, "right")
    first, *lines = line.text().splitlines()
    assert first == "Questions: 3 of 3 right. Exercises: 2 of 2 right."
    assert all(each.startswith("Right: ") for each in lines)


def test_the_cell_run_again_gives_the_same_line():
    assert progress("01") is progress("01")
    with pytest.raises(ValueError, match="notebook is '1'; expected one of 01"):
        progress("1")
