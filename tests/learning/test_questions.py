import math

import numpy as np
import pytest

from ce_helpers.learning.questions import Mistake, Numbers, Question, loss_mistakes

BLIND = Question("Ten equal logits?", math.log(10), "−ln(1/10).", (), loss_mistakes(math.log(10)))
COUNT = Question("How many?", 16384, "128².", (), (Mistake(4, "Those are classes."),), exact=True)
CHOICE = Question("Which?", "b", "It is b.", (), (Mistake("a", "Not a."),), choices=("a", "b"))


@pytest.mark.parametrize("typed", ["2.3026", "2.30", "2.303", "ln 10", "-log(0.1)", "2,3026 nats"])
def test_three_significant_digits_are_enough(typed):
    assert BLIND.judge(typed).status == "right"
    assert BLIND.judge(typed).message == "−ln(1/10)."


@pytest.mark.parametrize(
    "typed, hint",
    [
        ("-2.3026", "never negative"),
        ("3.32", "not log base 2"),
        ("1", "log base 10"),
        ("0.1", "the target's probability"),
        ("2.4", "Close. Give three significant digits"),
        ("7", "another number"),
    ],
)
def test_each_known_mistake_has_its_own_hint(typed, hint):
    verdict = BLIND.judge(typed)
    assert verdict.status == "wrong"
    assert hint in verdict.message


@pytest.mark.parametrize("typed", ["", "  ", None, "abc", "nan", "-inf", "1e999", "\x00", "2.3.4"])
def test_rubbish_is_not_judged(typed):
    assert BLIND.judge(typed).status == "open"
    assert COUNT.judge(typed).status == "open"


def test_a_count_must_be_exact():
    assert COUNT.judge("16384").status == "right"
    assert COUNT.judge("128*128").status == "right"
    assert COUNT.judge("16400").status == "wrong"
    assert COUNT.judge("4").message == "Those are classes."
    assert "whole number" in COUNT.judge("0.5").message
    assert COUNT.shown_answer == "16384"


def test_a_choice():
    assert CHOICE.judge(None).status == "open"
    assert CHOICE.judge("a").message == "Not a."
    assert CHOICE.judge("b").status == "right"
    assert CHOICE.reveal().message == "b. It is b."


def test_a_mistake_that_gives_the_right_number_is_none():
    question = Question("?", 1.0, "", (), (Mistake(1.001, "wrong"), Mistake(2, "twice")))
    assert [mistake.answer for mistake in question.mistakes] == [2]
    assert question.judge("1.001").status == "right"


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
