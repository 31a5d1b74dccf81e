"""A target beside the tokens that went in: no shift, two shifts, and no false alarm."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from ce_helpers.calls.diagnose import diagnose
from tests.calls.test_rules_against_torch import run_remedies

C = 32
G = torch.Generator().manual_seed(9)
TOKENS = torch.randint(C, (3, 12), generator=G)
LOGITS = torch.randn(3, C, 12, generator=G)


def found(logits, target, inputs, **keywords):
    diagnosis = diagnose(logits, target, inputs=inputs, **keywords)
    return [finding.message.partition(":")[0] for finding in diagnosis.findings]


@pytest.mark.parametrize("give", [lambda t: t, torch.Tensor.numpy, torch.Tensor.tolist])
def test_no_shift_is_named_and_its_line_gives_the_loss_of_the_next_token(give):
    diagnosis = diagnose(LOGITS, TOKENS, inputs=give(TOKENS))
    (finding,) = diagnosis.findings
    assert finding.kind == "suspicious"
    assert finding.message.startswith("target equals inputs")
    after = run_remedies(diagnosis, LOGITS, TOKENS)
    expected = functional.cross_entropy(LOGITS[..., :-1], TOKENS[:, 1:])
    assert functional.cross_entropy(after["logits"], after["target"]) == expected
    assert found(after["logits"], after["target"], TOKENS) == []


def test_no_shift_is_named_in_every_layout():
    last = LOGITS.transpose(1, 2)  # (N, T, C)
    (shape, shift) = diagnose(last, TOKENS, inputs=TOKENS).findings
    assert "transpose" in shape.remedy and shift.message.startswith("target equals")
    flat = found(last.flatten(0, 1), TOKENS.flatten(), TOKENS)
    assert flat == ["target equals inputs"]
    assert found(last[0], TOKENS[0], TOKENS[0]) == ["target equals inputs"]
    padded = TOKENS.masked_fill(torch.arange(12) > 8, -100)
    assert found(LOGITS, padded, TOKENS) == ["target equals inputs"]


@pytest.mark.parametrize("length", [12, 10])
def test_two_shifts_are_named(length):
    target = torch.full_like(TOKENS, -100)
    target[:, :10] = TOKENS[:, 2:]
    diagnosis = diagnose(LOGITS[..., :length], target[:, :length], inputs=TOKENS)
    (finding,) = diagnosis.findings
    assert "shifted twice" in finding.message
    assert finding.remedy.startswith("# shift once")


@pytest.mark.parametrize("length", [11, 12])
def test_the_right_shift_is_in_order(length):
    target = torch.full_like(TOKENS, -100)
    target[:, :11] = TOKENS[:, 1:]
    assert found(LOGITS[..., :length], target[:, :length], TOKENS) == []
    assert found(LOGITS[..., :11], TOKENS[:, 1:], TOKENS[:, :-1]) == []


def test_no_false_alarm_on_texts_of_few_tokens_or_other_targets(cases):
    random = np.random.default_rng(9)
    for _ in range(300 * cases):
        words, length = random.integers(1, 6), random.integers(2, 9)
        tokens = torch.from_numpy(random.integers(0, words, (random.integers(1, 4), length + 1)))
        logits = torch.randn(len(tokens), 6, int(length), generator=G)
        assert found(logits, tokens[:, 1:], tokens) == []
        assert found(logits, tokens[:, 1:], tokens[:, :-1]) == []
        other = torch.from_numpy(random.integers(0, 6, (len(tokens), length)))
        if not torch.equal(other, tokens[:, :-1]):
            assert found(logits, other, tokens) == []


@pytest.mark.parametrize(
    "inputs",
    [torch.zeros(3, 12), torch.zeros(2, 5).long(), "text", object(), torch.zeros(()).long(),
     torch.zeros(3, 12, 4).long(), torch.zeros(3, 12, device="meta").long(), [[1], [2, 3]]],
)  # fmt: skip
def test_inputs_that_cannot_be_compared_are_a_note(inputs):
    diagnosis = diagnose(LOGITS, TOKENS, inputs=inputs)
    assert diagnosis.findings == ()
    assert "were not compared" in diagnosis.notes[0]


def test_nothing_is_guessed_without_inputs():
    copies = functional.one_hot(TOKENS, C).movedim(-1, 1) * 9.0 + LOGITS
    assert diagnose(copies, TOKENS).findings == ()
