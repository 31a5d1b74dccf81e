import inspect
import re
import runpy

import pytest

from ce_helpers.learning.questions import Numbers
from ce_helpers.learning.tasks import NOTEBOOKS, questions_of
from ce_helpers.learning.worksheet import worksheet

TEMPLATES = [item for notebook in NOTEBOOKS for item in questions_of(notebook).items()]


def test_the_key_answers_each_question():
    asked, key = worksheet(7).split("# Answer key of worksheet 7\n")
    questions = re.findall(r"^\*\*(\d+)\.\*\* ", asked, re.M)
    answers = re.findall(r"^\*\*(\d+)\.\*\* (.+)$", key, re.M)
    numbers = [str(i + 1) for i in range(len(TEMPLATES))]
    assert questions == [number for number, _ in answers] == numbers
    for (name, template), (_, told) in zip(TEMPLATES, answers, strict=True):
        question = template(Numbers(f"7 {name}"))
        assert question.text in asked
        answer = told.removesuffix(f". {question.reason}")
        if question.choices:
            letter, chosen = answer.split(") ", 1)
            assert f"- {letter}) {chosen}" in asked
            assert question.answer.removesuffix(".") == chosen
        else:
            assert float(answer) == pytest.approx(question.answer, rel=0.005)


def test_the_questions_do_not_show_the_reasons():
    asked = worksheet(7).split("# Answer key")[0]
    for name, template in TEMPLATES:
        assert template(Numbers(f"7 {name}")).reason not in asked


def test_a_seed_gives_the_same_sheet_and_another_seed_another(capsys, monkeypatch):
    def printed(*arguments):
        monkeypatch.setattr("sys.argv", ["worksheet", *arguments])
        runpy.run_path(inspect.getfile(worksheet), run_name="__main__")
        return capsys.readouterr().out

    assert printed("--seed", "7") == worksheet(7)
    assert worksheet(7) != worksheet(8).replace("worksheet 8", "worksheet 7")
    assert printed() == worksheet(0)


def test_a_sheet_may_be_of_some_notebooks_and_two_seeds_are_parallel_forms():
    forms = [worksheet(seed, ["01", "03"]).split("# Answer key")[0] for seed in (11, 12)]
    count = len(questions_of("01")) + len(questions_of("03"))
    for form in forms:
        assert re.findall(r"^## (.+)$", form, re.M) == ["Single sample", "Batched"]
        assert len(re.findall(r"^\*\*\d+\.\*\* ", form, re.M)) == count
    with pytest.raises(ValueError, match="notebook is '99'"):
        worksheet(11, ["99"])


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_who_saw_one_form_does_not_know_the_other(notebook):
    forms = [worksheet(seed, [notebook]).split("# Answer key")[0] for seed in (11, 12)]
    one, other = (re.findall(r"^\*\*\d+\.\*\* (.+)$", form, re.M) for form in forms)
    assert 2 * sum(a == b for a, b in zip(one, other, strict=True)) < len(one)
