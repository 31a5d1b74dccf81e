import pytest

from ce_helpers.learning.cards import CARDS, OUTCOMES, RAISES, RIGHT, WRONG, Card
from ce_helpers.learning.clinic import ErrorClinic, answer_lines


@pytest.fixture
def clinic():
    return ErrorClinic()


def test_a_right_answer_is_told_with_torchs_own_words_and_the_remedy(clinic):
    deck = clinic.deck("shape")
    deck.outcome_buttons[RAISES].click()
    for part in ("You are right", "RuntimeError: ", "squeeze(1)", "tensor(0.9062)", "diagnose"):
        assert part in deck.answer.value
    assert clinic.progress_line.value == "1 of 26 cards answered, 1 judged rightly."
    assert deck.error is None


def test_a_wrong_answer_can_be_given_again_and_the_last_one_counts(clinic):
    deck = clinic.deck("shape")
    deck.outcome_buttons[RIGHT].click()
    assert "Not quite: it raises" in deck.answer.value
    assert clinic.progress() == "1 of 26 cards answered, 0 judged rightly."
    deck.outcome_buttons[RAISES].click()
    assert clinic.progress() == "1 of 26 cards answered, 1 judged rightly."


def test_turning_cards(clinic):
    deck = clinic.deck("type")
    assert deck.previous_button.disabled
    seen = [deck.key]
    while not deck.next_button.disabled:
        deck.outcome_buttons[WRONG].click()
        deck.next_button.click()
        assert deck.answer.value == ""
        assert all(button.button_style == "" for button in deck.outcome_buttons.values())
        seen.append(deck.key)
    assert seen == [key for key, card in CARDS.items() if card.group == "type"]
    deck.previous_button.click()
    assert deck.key == seen[-2]
    assert deck.error is None


def test_all_decks_share_one_count(clinic):
    for group in ("shape", "type", "value", "averaging"):
        deck = clinic.deck(group)
        while True:
            deck.outcome_buttons[CARDS[deck.key].outcome].click()
            assert "You are right" in deck.answer.value
            if deck.next_button.disabled:
                break
            deck.next_button.click()
        assert deck.error is None
    assert clinic.progress() == "26 of 26 cards answered, 26 judged rightly."


def test_every_answer_to_every_card_is_a_few_lines():
    for card in CARDS.values():
        for outcome in OUTCOMES:
            text = "\n".join(line for line, _ in answer_lines(card, outcome))
            assert text.count("\n") <= 12
            assert "Traceback" not in text


def test_the_text_without_a_kernel_lists_the_calls(clinic):
    data, _ = clinic.deck("value")._repr_mimebundle_()
    assert data["text/plain"].startswith("9 cards: raises, runs and is wrong")
    assert "F.nll_loss(torch.softmax(logits, dim=1), target)" in data["text/plain"]


def test_an_unknown_group_is_refused(clinic):
    with pytest.raises(ValueError, match="no group 'shapes'; the groups are shape, type"):
        clinic.deck("shapes")


def test_what_a_card_shows_is_escaped(clinic, monkeypatch):
    card = Card("shape", "a < b", "logits = 1", "logits < 2", RIGHT, "1 < 2")
    monkeypatch.setitem(CARDS, "target_column", card)
    deck = clinic.deck("shape")
    deck.outcome_buttons[RIGHT].click()
    assert "a &lt; b" in deck.question.value and "logits &lt; 2" in deck.question.value
    assert "1 &lt; 2" in deck.answer.value


def test_an_error_in_a_button_is_shown(clinic, monkeypatch):
    deck = clinic.deck("shape")
    monkeypatch.setattr(clinic, "record", lambda *_: 1 / 0)
    deck.outcome_buttons[RAISES].click()
    assert isinstance(deck.error, ZeroDivisionError)
    assert "ZeroDivisionError" in deck._error_line.value
