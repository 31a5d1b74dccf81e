import json

import pytest

from ce_helpers.learning.cards import CARDS, GROUPS, OUTCOMES, RAISES, RIGHT, WRONG, Card
from ce_helpers.learning.clinic import ErrorClinic, described


@pytest.fixture
def clinic():
    return ErrorClinic()


def judge(deck, **judged):
    """What the browser sends: all that was judged so far."""
    deck.view.set_state({"judged": {**deck.view.judged, **judged}})


def test_a_card_says_torchs_own_words_why_and_the_remedy():
    card = described("target_column", CARDS["target_column"])
    for part in ("RuntimeError: ", "squeeze(1)", "tensor(0.9062)", "diagnose", "(3, 1)"):
        assert part in card["html"]
    right, *wrong = card["said"]
    assert right == "You are right. The installed torch answers:"
    assert wrong == ["Not quite: it raises. The installed torch answers:"] * 2


def test_every_card_is_answered_to_every_outcome():
    for key, card in CARDS.items():
        told = described(key, card)
        assert [said.startswith("You are right") for said in told["said"]] == [
            outcome == card.outcome for outcome in OUTCOMES
        ]
        assert "Traceback" not in told["html"] and card.reason.split()[0] in told["html"]
        assert ("Error: " in told["html"]) >= (card.outcome == RAISES)
        assert told["code"].endswith(card.call)


def test_a_card_judged_again_counts_once_and_as_judged_last(clinic):
    deck = clinic.deck("shape")
    judge(deck, target_column=RIGHT)
    assert clinic.progress() == "1 of 30 cards answered, 0 judged rightly."
    judge(deck, target_column=RAISES)
    assert clinic.progress() == deck.view.progress == "1 of 30 cards answered, 1 judged rightly."
    judge(deck, two_positions=WRONG)
    assert clinic.progress() == "2 of 30 cards answered, 1 judged rightly."
    assert deck.error is None


def test_all_decks_share_one_count(clinic):
    decks = [clinic.deck(group) for group in GROUPS]
    for deck in decks:
        judge(deck, **{card["key"]: card["outcome"] for card in deck.view.cards})
        assert deck.error is None
    assert {deck.view.progress for deck in decks} == {"30 of 30 cards answered, 30 judged rightly."}
    assert sorted(card["key"] for deck in decks for card in deck.view.cards) == sorted(CARDS)


def test_the_text_without_a_kernel_lists_the_calls(clinic):
    data, _ = clinic.deck("value")._repr_mimebundle_()
    assert data["text/plain"].startswith("9 cards: raises, runs and is wrong")
    assert "F.nll_loss(torch.softmax(logits, dim=1), target)" in data["text/plain"]
    several = clinic.deck("training").text()  # lines of one call stand below each other
    assert "\n  loss = F.cross_entropy(logits, target)\n  loss.backward()\n" in several


def test_a_page_without_a_kernel_gets_all_as_json(clinic):
    state = clinic.deck("type").page_state()
    assert json.loads(json.dumps(state, allow_nan=False)) == state
    assert state["outcomes"] == list(OUTCOMES) and state["judged"] == {}


def test_an_unknown_group_is_refused(clinic):
    with pytest.raises(ValueError, match="no group 'shapes'; the groups are shape, type"):
        clinic.deck("shapes")


def test_what_a_card_shows_is_escaped():
    card = Card("shape", "a < b", "logits = 1", "'<b>'", RIGHT, "1 < 2")
    html = described("mine", card)["html"]
    assert "&lt;b&gt;" in html and "1 &lt; 2" in html and "<b>" not in html


def test_an_error_in_the_kernel_is_shown(clinic, monkeypatch):
    deck = clinic.deck("shape")
    monkeypatch.setattr(clinic, "record", lambda *_: 1 / 0)
    judge(deck, target_column=RAISES)
    assert isinstance(deck.error, ZeroDivisionError)
    assert "ZeroDivisionError" in deck._error_line.value
