"""What a task asks of the way to its result is looked at, whatever form the shortcut has."""

import pytest
import torch
from torch import nn

from ce_helpers.learning.tasks import find_exercise

F = nn.functional


def softly(probs, target, added=1e-8):
    return -torch.log(probs[target] + added)


def by_gradient_of(loss):
    return lambda logits, target: torch.func.grad(lambda x: loss(x, target))(logits)


def hand_loss(logits, target):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_probs = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_probs[torch.arange(len(target)), target].sum() / len(target)


def after_backward(logits, target, loss=F.cross_entropy):
    leaf = logits.clone().requires_grad_()
    loss(leaf, target).backward()
    return leaf.grad


def flat_gather(logits, target):
    log_probs = logits.log_softmax(1).movedim(1, -1)  # (N, H, W, C)
    return -torch.take_along_dim(log_probs, target.unsqueeze(-1), -1).squeeze(-1)


# exercise: functions with right numbers that torch gave, and others that went the way
ASKED = {
    "log_softmax_by_hand": [
        lambda logits: torch.log_softmax(logits, dim=1),
        nn.LogSoftmax(dim=1),
        lambda logits: logits - logits.logsumexp(dim=1, keepdim=True),
        lambda logits: -F.cross_entropy(
            logits[:, :, None].expand(-1, -1, logits.shape[1]),
            torch.arange(logits.shape[1]).expand(logits.shape), reduction="none",
        ),
    ],
    "loss_map": [
        lambda logits, target: F.cross_entropy(logits, target, reduction="none"),
        lambda logits, target: nn.NLLLoss(reduction="none")(logits.log_softmax(1), target),
        lambda logits, target: F.cross_entropy(logits, target, reduction="none")
        + 0 * logits.gather(1, target[:, None])[:, 0],
    ],
    "mean_by_hand": [
        torch.mean, lambda loss: loss.mean(), torch.nanmean, lambda loss: loss.flatten().mean(0),
        lambda loss: F.l1_loss(loss, torch.zeros_like(loss)),
    ],
    "weighted_mean": [
        F.cross_entropy,
        lambda logits, target, weight: nn.CrossEntropyLoss(weight)(logits, target),
        lambda logits, target, weight: F.nll_loss(logits.log_softmax(1), target, weight),
    ],
    "log_sum_exp": [torch.logsumexp, lambda logits, dim: logits.logsumexp(dim)],
    "gradient_by_hand": [
        after_backward,
        lambda logits, target: after_backward(logits, target, hand_loss),
        by_gradient_of(F.cross_entropy),
        by_gradient_of(hand_loss),
        lambda logits, target: torch.func.jacfwd(lambda x: hand_loss(x, target))(logits),
        lambda logits, target: torch.autograd.functional.jacobian(
            lambda x: hand_loss(x, target), logits
        ),
    ],
    "one_step": [
        lambda logits, target, rate: logits
        - rate * (logits.softmax(1) - F.one_hot(target, logits.shape[1])) / len(logits),
    ],
}  # fmt: skip
WENT = {
    "loss_map": [flat_gather],
    "mean_by_hand": [lambda loss: sum(loss.flatten()) / loss.numel()],
    "weighted_mean": [
        lambda logits, target, weight: F.cross_entropy(logits, target, weight, reduction="sum")
        / weight[target].sum(),
        lambda *given: F.cross_entropy(*given, reduction="none").mean() / given[2][given[1]].mean(),
    ],
    "log_sum_exp": [
        lambda logits, dim: (logits - (m := logits.amax(dim, keepdim=True))).exp().sum(dim).log()
        + m.squeeze(dim),
    ],
    "gradient_by_hand": [
        lambda logits, target: (
            logits.log_softmax(1).exp() - torch.eye(logits.shape[1])[target]
        ) / len(logits),
    ],
    "one_step": [
        lambda logits, target, rate: logits
        - rate * torch.func.grad(lambda x: F.cross_entropy(x, target))(logits),
    ],
}  # fmt: skip
each = [(key, place) for key, functions in ASKED.items() for place in range(len(functions))]
went = [(key, place) for key, functions in WENT.items() for place in range(len(functions))]


@pytest.mark.parametrize(("key", "place"), each)
def test_torchs_own_answer_is_not_taken_for_a_way_by_hand(key, place):
    exercise = find_exercise(key)
    verdict = exercise.judge(ASKED[key][place])
    assert verdict.status == "wrong"
    assert verdict.message == f"The numbers are right. {exercise.way.told}"


@pytest.mark.parametrize(("key", "place"), went)
def test_another_way_that_keeps_the_condition_passes(key, place):
    assert find_exercise(key).judge(WENT[key][place]).status == "right"


@pytest.mark.parametrize("added", [1e-12, 1e-8])
def test_what_is_added_inside_the_log_is_noticed(added):
    exercise = find_exercise("loss_from_probs")
    for function in (
        lambda probs, target: softly(probs, target, added),
        lambda probs, target: -probs.clamp(min=added).log()[target],
    ):
        verdict = exercise.judge(function)
        assert verdict.status == "wrong"
        assert verdict.message.startswith("What is added inside the log")
