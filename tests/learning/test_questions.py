import json
import math

import numpy as np
import pytest

from ce_helpers.learning.questions import Mistake, Numbers, Question, loss_mistakes

CHOICE = Question("Which?", "b.", "It is b.", (), (Mistake("a", "Not a."),), choices=("a", "b."))


def test_a_number_is_accepted_within_three_digits_and_nearly_gets_a_word():
    told = Question("?", math.log(10), "−ln(1/10).", (), loss_mistakes(math.log(10))).described()
    assert told["accepted"] == {"answer": math.log(10), "tolerance": 0.005}
    assert told["shown"] == "2.3026"
    assert told["mistakes"][0] == {
        "answer": -math.log(10), "tolerance": 0.005,
        "hint": "A loss is never negative. Look at the sign before the log.",
    }  # fmt: skip
    assert told["mistakes"][-1] == {
        "answer": math.log(10), "tolerance": 0.05, "hint": "Close. Give three significant digits.",
    }  # fmt: skip
    assert told["whole"] == ""


def test_a_count_and_a_choice_are_exact():
    count = Question("How many?", 16384, "128².", (), (Mistake(4, "Classes."),), exact=True)
    assert count.described()["accepted"] == {"answer": 16384, "tolerance": 0}
    assert count.described()["shown"] == "16384"
    assert "whole number" in count.described()["whole"]
    assert CHOICE.described()["accepted"] == {"answer": "b.", "tolerance": 0}
    assert CHOICE.described()["shown"] == "b"
    assert len(CHOICE.described()["mistakes"]) == 1


def test_a_description_is_json_and_infinite_answers_are_words():
    told = Question(
        "?", np.float32(np.inf), "", ("One.",), (Mistake(-math.inf, "No."),)
    ).described()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert (told["accepted"]["answer"], told["mistakes"][0]["answer"]) == ("inf", "-inf")
    assert told["shown"] == "inf"


def test_a_mistake_that_gives_the_right_number_is_none():
    question = Question("?", 1.0, "", (), (Mistake(1.0, "wrong"), Mistake(2, "twice")))
    assert [mistake.answer for mistake in question.mistakes] == [2]


def test_choices_without_a_hint_or_an_answer_are_refused():
    with pytest.raises(ValueError, match="expected the answer and each mistake"):
        Question("?", "b", "", (), (), choices=("a", "b"))
    with pytest.raises(ValueError, match="expected the answer and each mistake"):
        Question("?", "c", "", (), (Mistake("a", ""), Mistake("b", "")), choices=("a", "b"))


def test_numbers_are_the_notebooks_or_fresh_and_the_same_for_a_seed():
    shown = [[1.0, 2.0, 3.0]]
    assert Numbers().pick(7, range(3)) == 7
    assert Numbers().logits(shown).tolist() == shown
    assert Numbers().order("abc") == ("a", "b", "c")
    drawn = [(Numbers(seed).logits(shown, low=-2, high=9), Numbers(seed).order("abcdefgh"))
             for seed in ("1", "1", "2")]  # fmt: skip
    assert np.array_equal(drawn[0][0], drawn[1][0]) and drawn[0][1] == drawn[1][1]
    assert drawn[0][1] != drawn[2][1] and sorted(drawn[2][1]) == list("abcdefgh")
    assert drawn[0][0].shape == (1, 3) and drawn[0][0].dtype == np.float32
    assert {Numbers(str(seed)).pick(7, range(3)) for seed in range(50)} == {0, 1, 2}
    many = Numbers("3").logits([[0] * 500], low=-2, high=9)
    assert (many.min(), many.max()) == (-2, 9)
