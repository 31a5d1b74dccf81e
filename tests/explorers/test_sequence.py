"""The sequence explorer, held to torch: places, moved logits, models."""

import math
import random

import pytest
import torch
from torch.nn.functional import cross_entropy

from ce_helpers import SequenceExplorer
from ce_helpers.letters import VOCABULARY, encode

TEXT = encode("the harbour was quiet.\nnora kept the light.")


def tables():
    draw = torch.Generator().manual_seed(0)
    return {"one": 3 * torch.randn(32, 32, generator=draw), "none": torch.zeros(32, 32)}


@pytest.fixture
def explorer():
    explorer = SequenceExplorer(tables(), TEXT, VOCABULARY)
    yield explorer
    assert explorer.error is None


def told(explorer, **message):
    """What the browser sends."""
    explorer.view._handle_custom_msg({"n": "a:1", **message}, [])


def assert_consistent(explorer):
    """What is sent is what torch says of the table that the explorer holds."""
    values, place = explorer.view.answer["values"], explorer.place_slider.value
    losses = cross_entropy(explorer.table[TEXT[:-1]], TEXT[1:], reduction="none")
    assert torch.equal(explorer.losses, losses)
    assert values["losses"] == losses.tolist()
    assert values["mean"] == explorer.mean.item() == pytest.approx(losses.mean().item())
    assert values["perplexity"] == pytest.approx(math.exp(losses.mean()))
    assert values["bits"] == pytest.approx(losses.mean().item() / math.log(2))
    row = explorer.table[TEXT[place - 1]]
    assert values["logits"] == row[values["rows"]].tolist()
    assert [slider.value for slider in explorer.logit_sliders] == pytest.approx(values["logits"])
    assert values["rows"][values["target"]] == TEXT[place]
    probs = torch.softmax(row, dim=0)
    assert values["others_p"] == pytest.approx(1 - probs[values["rows"]].sum().item(), abs=1e-6)
    rest = [c for c in range(32) if c not in values["rows"]]
    assert values["others"] == pytest.approx(row[rest].exp().sum().log().item(), rel=1e-5)
    assert values["same"][1:] == (TEXT[:-1] == TEXT[place - 1]).int().tolist()
    dark = [k + 1 for k, loss in enumerate(losses.tolist()) if loss > math.log(32)]
    assert values["dark"] == dark


def test_it_begins_where_the_model_was_least_ready(explorer):
    assert explorer.place_slider.value == 1 + int(explorer.losses.argmax())
    assert_consistent(explorer)


def test_the_target_and_the_four_largest_others_have_a_bar(explorer):
    for place in (1, 7, len(TEXT) - 1):
        explorer.choose(place)
        row, rows = explorer.table[TEXT[place - 1]], explorer.view.answer["values"]["rows"]
        others = [c for c in row.argsort(descending=True).tolist() if c != TEXT[place]][:4]
        assert sorted(rows) == sorted([*others, int(TEXT[place])])
        assert row[rows].tolist() == sorted(row[rows].tolist(), reverse=True)
        assert_consistent(explorer)


def test_a_moved_logit_belongs_to_all_places_with_the_same_letter_before(explorer):
    explorer.choose(2)  # e after h
    before = explorer.losses
    told(explorer, controls={"logits.0": -5.0})
    moved = (explorer.losses != before).nonzero()[:, 0].tolist()
    assert {int(TEXT[k]) for k in moved} == {int(TEXT[1])}
    assert moved == [k for k in range(len(TEXT) - 1) if TEXT[k] == TEXT[1]]
    assert_consistent(explorer)
    rows = explorer.view.answer["values"]["rows"]
    told(explorer, controls={"logits.1": 4.0})
    assert explorer.view.answer["values"]["rows"] == rows  # never sorted while held
    told(explorer, controls={"place": 9})
    assert_consistent(explorer)


def test_models_and_reset(explorer):
    told(explorer, controls={"logits.0": 9.0})
    told(explorer, controls={"model": 1})
    assert explorer.table.abs().sum() == 0
    assert explorer.mean.item() == pytest.approx(math.log(32))
    assert_consistent(explorer)
    told(explorer, load="reset")
    assert torch.equal(explorer.table, tables()["one"])
    assert explorer.model_buttons.index == 0
    assert_consistent(explorer)


def test_any_moves_in_any_order(explorer):
    dice = random.Random(5)
    for _ in range(60):
        name = dice.choice(["place", "model", *(f"logits.{k}" for k in range(5))])
        value = {"place": dice.randrange(len(TEXT)), "model": dice.randrange(2)}
        told(explorer, controls={name: value.get(name, round(dice.uniform(-9, 9), 1))})
        assert_consistent(explorer)


def test_the_text_tells_the_mean_with_two_digits(explorer):
    assert f"one: mean loss {explorer.mean:.2g}, perplexity " in explorer.text()
    assert explorer.picture().png()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("given", "ids", "words"),
    [
        ({"a": torch.zeros(3, 32)}, TEXT, r"table 'a' has shape \(3, 32\); 32 letters need"),
        (tables(), TEXT[:1], r"ids have shape \(1,\); expected 2 to 64 letters"),
        (tables(), torch.zeros(65).long(), r"ids have shape \(65,\); expected 2 to 64"),
        (tables(), torch.tensor([0, 32]), r"ids hold \[0, 32\]; expected indices from 0 to 31"),
    ],
)
def test_what_does_not_fit_is_refused(given, ids, words):
    with pytest.raises(ValueError, match=words):
        SequenceExplorer(given, ids, VOCABULARY)
