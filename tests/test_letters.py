import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from ce_helpers import letters

BLIND = math.log(32)


def next_letter_loss(table):
    ids = letters.encode(letters.TEXT)
    return cross_entropy(table[ids[:-1]], ids[1:]).item()


@pytest.fixture(scope="module")
def trained():
    return letters.train_bigram(
        lambda logits, target: cross_entropy(logits.transpose(1, 2), target), *letters.windows()
    )


def test_the_text_is_as_the_lesson_says():
    lines = letters.TEXT.splitlines()
    assert len(lines) == 18
    assert 290 <= len(letters.TEXT.split()) <= 320
    assert set(letters.TEXT) == set(letters.VOCABULARY)
    assert len(letters.VOCABULARY) == 32
    assert letters.decode(letters.encode(letters.TEXT)) == letters.TEXT


def test_a_strange_letter_is_refused_by_name():
    with pytest.raises(ValueError, match=r"text holds \['A', 'é'\]; expected small letters"):
        letters.encode("A café")


def test_windows_are_shifted_by_one():
    inputs, target = letters.windows()
    assert inputs.shape == target.shape
    assert inputs.shape[1] == 32
    assert inputs[:, 1:].equal(target[:, :-1])
    assert letters.decode(target[-1]) == letters.TEXT[-32:]


def test_padding_fills_more_than_half_of_the_sentences():
    padded, is_real = letters.sentences()
    assert padded.shape == is_real.shape == (18, 192)
    assert padded[~is_real].eq(letters.PAD).all()
    assert letters.decode(padded[is_real]) == letters.TEXT
    assert 0.5 < 1 - is_real.float().mean().item() < 0.6


def test_counting_cannot_be_beaten_and_training_comes_near(trained):
    lowest = next_letter_loss(letters.counted_bigram())
    assert lowest < next_letter_loss(trained) < lowest + 0.02
    assert lowest < 2.1


def test_training_without_the_shift_learns_to_repeat():
    inputs, _ = letters.windows()
    table = letters.train_bigram(
        lambda logits, target: cross_entropy(logits.transpose(1, 2), target), inputs, inputs
    )
    assert cross_entropy(table, torch.arange(32)).item() < 0.01
    assert next_letter_loss(table) > 2 * BLIND
    assert len(set(letters.write(table, 20, "h"))) == 1


def test_training_on_the_wrong_dimension_stands_at_a_blind_guess():
    inputs, target = letters.windows()
    table = letters.train_bigram(cross_entropy, inputs, target)
    assert cross_entropy(table[inputs], target).item() == pytest.approx(BLIND, abs=0.05)


def test_the_model_writes_what_resembles_the_text(trained):
    written = letters.write(trained)
    assert len(written) == 60
    assert written == letters.write(trained)
    counted = letters.counted_bigram()
    ids = letters.encode("\n" + written)
    assert counted[ids[:-1], ids[1:]].isfinite().float().mean() > 0.9


def test_float16_cannot_hold_a_mask_of_minus_a_billion():
    """As the lesson says where it masks a class."""
    masked = torch.tensor([True, False])
    with pytest.raises(RuntimeError, match="overflow"):
        torch.zeros(2).half().masked_fill(masked, -1e9)
    assert torch.zeros(2).half().masked_fill(masked, -torch.inf).isinf()[0]


def test_four_ways_to_a_perplexity_differ_in_the_order_that_the_lesson_shows():
    padded, is_real = letters.sentences()
    given, asked = padded[:, :-1], padded[:, 1:].masked_fill(~is_real[:, 1:], -100)
    table = letters.train_bigram(
        lambda logits, target: cross_entropy(logits.transpose(1, 2), target), given, asked
    )
    losses = cross_entropy(table[given].transpose(1, 2), asked, reduction="none")
    real = asked != -100
    means = losses.sum(dim=1) / real.sum(dim=1)
    right, of_each = losses[real].mean().exp(), losses[real].exp().mean()
    found = [right, means.mean().exp(), means.exp().mean(), of_each]
    assert found == sorted(found)
    assert len({round(value.item(), 1) for value in found}) == 4
    padding_counts = letters.train_bigram(
        lambda logits, target: cross_entropy(logits.transpose(1, 2), target), given, padded[:, 1:]
    )
    low = cross_entropy(padding_counts[given].transpose(1, 2), padded[:, 1:])
    assert low < 0.5 * losses[real].mean()
