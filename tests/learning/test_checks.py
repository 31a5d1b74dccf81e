"""The checks as learners meet them: their own wrong code, written in other words than ours."""

import pytest
import torch
from torch.nn import functional

from ce_helpers import check
from ce_helpers.learning import record

ATTEMPTS = {
    "loss_from_probs(probs, target)": [
        ("return probs[target].log()", "A sign is missing"),
        ("p = probs[target]\nreturn p", "What turns it into a loss"),
        ("return -(probs + 0).log()", "Only the target's counts"),
        ("return -torch.log(probs).sum() / len(probs)", "averages over the classes"),
        ("return F.cross_entropy(probs[None], target[None])", "are probabilities already"),
        ("return -torch.log(probs[probs.argmax()])", "largest probability"),
        ("return -torch.log(probs[target]).item()", "Leave out `.item()`"),
    ],
    "log_softmax_by_hand(logits)": [
        ("e = logits.exp()\nreturn (e / e.sum(1, keepdim=True)).log()", "exp overflows"),
        ("return F.softmax(logits, -1).log()", "stay with logs"),
        ("s = logits - logits.max(0).values\nreturn s - s.exp().sum(0).log()", "along the samples"),
        ("s = logits - logits.max()\nreturn s - s.exp().sum(1, keepdim=True).log()", "Each row"),
        ("return F.softmax(logits, 1)", "The log is missing"),
        ("s = logits - logits.max(1).values\nreturn s", "the result at [0, 0]"),
    ],
    "pixel_loss(logits, target, row, column)": [
        ("return F.cross_entropy(logits, target, reduction='none')[0, column, row]", "places"),
        ("return F.cross_entropy(logits, target)", "mean over all pixels"),
        ("return F.cross_entropy(logits, target, reduction='none')", "Pick one"),
        ("return F.cross_entropy(logits[:, :, row, column], target[:, row, column], "
         "reduction='none')", "batch dimension still there"),
        ("return logits[0, :, row, column].log_softmax(0)[target[0, row, column]]", "A sign"),
    ],
    "loss_map(logits, target)": [
        ("return F.cross_entropy(logits, target)", "That is the mean"),
        ("return -F.log_softmax(logits, 3).gather(1, target[:, None])[:, 0]", "a row of pixels"),
        ("return F.nll_loss(F.softmax(logits, 1), target, reduction='none')", "log is missing"),
        ("return -F.log_softmax(logits, 1).gather(1, target[:, None])", "still there, with size 1"),
        ("return F.log_softmax(logits, 1).gather(1, target[:, None])[:, 0]", "A sign is missing"),
        ("return -F.log_softmax(logits, 1).gather(1, target)", "as many dimensions"),
    ],
    "mean_by_hand(loss)": [
        ("return torch.sum(loss)", "That is the sum"),
        ("return loss.sum() / loss.shape[0]", "the samples alone"),
        ("return loss.mean(0)", "`dim=0` averages"),
        ("return torch.max(loss)", "largest loss"),
        ("return loss.sum() / loss.size(-1)", "the last size alone"),
    ],
    "token_loss(logits, target)": [
        ("return F.cross_entropy(logits, target)", "takes `dim=1`, the tokens"),
        ("N, T, C = logits.shape\nreturn F.cross_entropy(logits.view(N, C, T), target)", "mix"),
        ("return F.cross_entropy(logits.mT, target, reduction='sum')", "sum over the tokens"),
        ("return F.cross_entropy(logits.mT, target, reduction='none')", "losses of all tokens"),
        ("return F.cross_entropy(logits.view(-1, logits.shape[-1]), target)", "a flat target"),
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(record, "_best", {})


def written(signature, body):
    names = {"torch": torch, "F": functional}
    exec(f"def {signature}:\n    " + body.replace("\n", "\n    "), names)
    return names[signature.partition("(")[0]]


@pytest.mark.parametrize(
    "signature, body, hint",
    [(signature, *attempt) for signature, made in ATTEMPTS.items() for attempt in made],
)
def test_a_wrong_attempt_is_told_its_cause(signature, body, hint):
    key = signature.partition("(")[0]
    verdict = check(key, written(signature, body))
    assert verdict.status == "wrong"
    assert hint in verdict.message
    assert record.status_of(key) == "wrong"


@pytest.mark.parametrize("signature", ATTEMPTS)
def test_an_untouched_cell_is_not_answered_yet(signature):
    key = signature.partition("(")[0]
    for body in ("...", '"""What to do."""\n...'):
        assert check(key, written(signature, body)).status == "open"
    assert record.status_of(key) == "open"


def test_a_right_answer_is_noted():
    assert check("mean_by_hand", lambda loss: loss.sum() / loss.numel()).status == "right"
    assert record.status_of("mean_by_hand") == "right"
    assert check("mean_by_hand", None).status == "wrong"
    assert record.status_of("mean_by_hand") == "right"


def test_an_unknown_exercise_is_refused():
    with pytest.raises(ValueError, match="no exercise 'nothing'; expected one of loss_from_probs"):
        check("nothing", torch.mean)
