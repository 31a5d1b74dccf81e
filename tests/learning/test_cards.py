"""Every card's claim, held against the installed torch."""

import re

import nbformat
import numpy as np
import pytest
import torch

from ce_helpers import cross_entropy_steps
from ce_helpers.learning.cards import CARDS, GROUPS, OUTCOMES, RAISES, RIGHT, WRONG
from tests.test_notebooks import NOTEBOOKS
from tests.test_predictions import section, visible

(NOTEBOOK,) = [path for path in NOTEBOOKS if path.stem == "07_error_clinic"]

# A word of what torch says; loose, since wording changes between releases.
ERRORS = {
    "target_column": "target",
    "mask_channel": "target",
    "channels_last": "size",
    "integer_one_hot": "probabilities|floating",
    "module_built": "ambiguous|bool",
    "numpy_log": "numpy",
    "target_from_one": "out of bounds",
}
# What was wished, computed another way: by hand in NumPy, from the wish.
THREE = np.array([[2.0, 0, 0], [0, 2, 0], [0, 0, 2]])
TWO = [[2.0, 0], [2, 0]]


def steps(logits, target, **keywords):
    return cross_entropy_steps(np.array(logits, np.float32), np.array(target), **keywords)


WISHED = {
    "target_column": lambda: steps(THREE, [0, 1, 1]).loss,
    "two_positions": lambda: [[3.7192e-03, 8.0037e00]],
    "square_tokens": lambda: steps([[5, 0, 0], [5, 0, 0], [0, 0, 5]], [0, 0, 2]).loss,
    "one_image": lambda: steps([[3, -3], [-3, 3], [3, -3], [-3, 3]], [0, 1, 0, 1]).loss,
    "mask_channel": lambda: np.log(2),
    "channels_last": lambda: np.log(4),
    "integer_one_hot": lambda: steps(THREE[:2], [0, 2]).loss,
    "float_one_hot": lambda: steps(THREE[:2], [0, 2]).loss,
    "module_built": lambda: steps(THREE[:2], [0, 2]).loss,
    "numpy_log": lambda: steps([[4, 3, 2, 10]], [3]).loss,
    "target_from_one": lambda: steps(THREE, [0, 1, 2]).loss,
    "softmax_first": lambda: steps([[4, 3, 2, 10]], [3]).loss,
    "log_softmax_first": lambda: steps([[4, 3, 2, 10]], [3]).loss,
    "nll_of_probs": lambda: steps([[4, 3, 2, 10]], [3]).loss,
    "log_of_p_plus": lambda: 104,
    "minus_zero": lambda: [0],
    "masked_row": lambda: steps([[1, 2, 3]], [0]).loss,
    "large_negative_mask": lambda: steps([[1, 2]], [0], label_smoothing=0.1).loss,
    "target_is_input": lambda: steps([[0, 0, 9], [9, 0, 0]], [0, 1]).loss,
    "mean_of_perplexities": lambda: np.exp(2.5),
    "weighted_mean": lambda: np.mean([1, 3] * steps(TWO, [0, 1]).per_element_loss),
    "one_hot_weights": lambda: np.mean([1, 3] * steps(TWO, [0, 1]).per_element_loss),
    "ignored_sample": lambda: steps([[0, 1], [1, 0]], [1, 0]).loss,
    "smoothed_weight": lambda: steps([[2, 0]], [0], label_smoothing=0.1).loss,
    "micro_batches": lambda: steps([[3, 0], [3, 0], [3, 0], [0, 3]], [0, 0, 0, 0]).loss,
    "all_ignored": lambda: 0,
    "no_zero_grad": lambda: steps([[0.5, -0.5]], [0]).grad,
    "accuracy_off_by_one": lambda: 1,
    "weight_of_zero": lambda: np.average(
        steps([[2, 0, 0], [0, 2, 0], [2, 0, 0]], [0, 1, 2]).per_element_loss,
        weights=[1 / 60, 1 / 30, 1],
    ),
    "sum_at_a_lower_rate": lambda: -0.3 * steps(np.zeros((4, 2)), [0, 1, 1, 1]).grad,
}


@pytest.fixture(params=CARDS)
def key(request):
    return request.param


def test_there_are_cards_of_each_group_and_outcome():
    assert len(CARDS) == 30
    assert {card.group for card in CARDS.values()} == set(GROUPS)
    outcomes = [card.outcome for card in CARDS.values()]
    assert all(outcomes.count(outcome) >= 4 for outcome in OUTCOMES)


def test_torch_does_what_the_card_says(key):
    card = CARDS[key]
    if card.outcome == RAISES:
        with pytest.raises(Exception) as raised:
            card.run(card.call)
        assert re.search(ERRORS[key], str(raised.value), re.IGNORECASE)
        return
    given = np.asarray(card.run(card.call))
    agrees = np.allclose(given, WISHED[key](), rtol=1e-4, atol=1e-6)
    assert agrees == (card.outcome == RIGHT)


def test_the_remedy_gives_what_was_wished(key):
    card = CARDS[key]
    assert bool(card.remedy) == (card.outcome != RIGHT)
    if card.remedy:
        mended = card.run(card.remedy).detach().numpy()
        assert mended == pytest.approx(WISHED[key](), rel=1e-4, abs=1e-6)


def telling(card):
    """Functions that the remedy needs and the call has not: whoever reads of one knows enough."""
    called = set(re.findall(r"(\w+)\(", card.remedy)) - set(re.findall(r"\w+", card.call))
    common = {"CrossEntropyLoss", "cross_entropy", "sum", "mean", "all"}  # words of any lesson
    return called - common


def test_no_card_is_told_before_it_is_judged(key):
    """Neither by what is wanted nor by a comment."""
    card = CARDS[key]
    comments = re.findall(r"#(.+)", card.setup)
    for text in (card.wish, *comments):
        assert not telling(card) & set(re.findall(r"\w+", text.lower())), text
        assert not any(outcome in text for outcome in (*OUTCOMES, "error")), text


def test_nor_by_the_text_around_its_deck():
    cells = nbformat.read(NOTEBOOK, 4).cells
    assert f"judge {len(CARDS)} calls" in cells[0].source
    for group in GROUPS:
        index = next(k for k, cell in enumerate(cells) if f'deck("{group}")' in cell.source)
        words = set()
        for cell in section(cells, index):
            words |= set(re.findall(r"\w+", visible(cell.source).lower()))
        for key, card in CARDS.items():
            assert card.group != group or not words & telling(card), key


def test_diagnose_agrees_with_the_card(key):
    card = CARDS[key]
    diagnosis = card.diagnosis()
    if diagnosis is None:
        return
    kinds = {finding.kind for finding in diagnosis.findings}
    assert ("raises" in kinds) == (card.outcome == RAISES)
    assert not kinds or card.outcome != RIGHT


def test_the_cards_that_diagnose_sees():
    seen = {key for key, card in CARDS.items() if (d := card.diagnosis()) and d.findings}
    assert seen == {
        "target_column", "mask_channel", "channels_last", "integer_one_hot", "target_from_one",
        "softmax_first", "all_ignored", "masked_row",
    }  # fmt: skip


def test_the_numbers_in_the_reasons_are_true():
    floor = np.log(1 + 3 / np.e)
    assert f"{floor:.4f}" in CARDS["softmax_first"].reason
    assert f"{-np.log(1e-8):.2f}" in CARDS["log_of_p_plus"].reason
    assert f"{np.exp(-104.0):.0e}" in CARDS["minus_zero"].reason
    right = CARDS["accuracy_off_by_one"]
    assert f"# {right.run('loss').item():.4f}" in right.setup
    one_sample = torch.nn.CrossEntropyLoss(torch.tensor([2.0]), torch.tensor([0]))
    assert isinstance(one_sample, torch.nn.Module)
    assert CARDS["module_built"].outcome == RAISES and CARDS["all_ignored"].outcome == WRONG
