"""Logits that are the output of something: softmax, its log, a sigmoid. Rules, and a note."""

import math

import torch

from ce_helpers.calls.call import Call, Seen, mend
from ce_helpers.calls.evidence import (
    are_percentages,
    is_normalized,
    keeps_digits,
    log_softmax_came_before,
    sigmoid_came_before,
    softmax_came_before,
)

# no chance has lost its digits, so that the line undoes what was done
EXACT = "; while it is there, the line below gives the same numbers"


def softmax_twice(call: Call) -> Seen | None:
    """Probabilities given as logits: cross_entropy applies softmax once more."""
    logits, dim = call.logits, call.dim
    if not softmax_came_before(logits, dim):
        return None
    seen = (
        f"logits are from 0 to 1 and sum to 1 along dim {dim}, as after softmax. torch runs "
        f"and applies softmax again: the loss cannot fall below {_floor(call, 1):.4f} at "
        f"C = {call.num_classes}. Take the first softmax away"
    )
    if not keeps_digits(logits):
        seen += ", where it is: a probability that became 0 has lost its logit"
        return seen, mend("# take the softmax away: what stands before it are the logits")
    return seen + EXACT, mend("logits = logits.log()", logits=logits.log())


def percentages(call: Call) -> Seen | None:
    """Probabilities in percent given as logits."""
    logits, dim = call.logits, call.dim
    if not are_percentages(logits, dim):
        return None
    seen = (
        f"logits are from 0 to 100 and sum to 100 along dim {dim}, as percentages do. torch runs "
        "and takes softmax of them. Give what stood before the first softmax"
    )
    if not keeps_digits(logits):
        return seen, mend("# take the softmax and the factor away: before them are the logits")
    return seen + EXACT, mend("logits = (logits / 100).log()", logits=(logits / 100).log())


def negative_log_softmax(call: Call) -> Seen | None:
    """Losses of all classes given as logits: the largest becomes the most probable."""
    logits, dim = call.logits, call.dim
    if not (logits >= 0).all() or not log_softmax_came_before(-logits, dim):
        return None
    seen = (
        f"logits are −log_softmax along dim {dim}: what is least probable is the largest. torch "
        "runs, and learns the opposite"
    )
    return seen, mend("logits = -logits", logits=-logits)


def softmax_elsewhere(call: Call) -> Seen | None:
    """Softmax or its log along a dimension that does not hold the classes."""
    logits = call.logits
    if is_normalized(logits, call.dim):
        return None
    for dim in range(logits.ndim):
        if dim != call.dim and is_normalized(logits, dim):
            seen = (
                f"logits of shape {call.shape} went through softmax or its log along dim {dim}, "
                f"and the classes are at dim {call.dim}. torch runs, and the logits are lost"
            )
            return seen, mend("# take that softmax away: what stands before it are the logits")
    return None


def sigmoid_before(call: Call) -> Seen | None:
    """So many numbers from 0 to 1 that a sigmoid made them."""
    logits = call.logits
    if call.num_classes < 2 or not sigmoid_came_before(logits):
        return None
    if any(is_normalized(logits, dim) for dim in range(logits.ndim)):
        return None
    seen = (
        f"all {logits.numel()} logits are from 0 to 1, as after a sigmoid. torch runs and applies "
        f"softmax: at C = {call.num_classes} the loss cannot fall below {_floor(call, 1):.4f}. "
        "If several classes may be true at once, take the binary loss; if not, no sigmoid"
    )
    if not keeps_digits(logits, 1 - logits):
        return seen, mend("# take the sigmoid away: what stands before it are the logits")
    return seen + EXACT, mend("logits = torch.logit(logits)", logits=torch.logit(logits))


def _floor(call: Call, gap: float) -> float:
    """The lowest loss where no logit is further than `gap` above the others, in nats."""
    return math.log(1 + (call.num_classes - 1) * math.exp(-gap))


def equal_logits(call: Call) -> str | None:
    """Worth knowing, and no fault: a new head gives all classes the same logit."""
    logits, dim = call.logits, call.dim
    if call.num_classes < 2 or not logits.numel() or not logits.isfinite().all():
        return None
    if not torch.equal(logits.amax(dim), logits.amin(dim)):
        return None
    return (
        "All logits of each element are equal: a blind guess, whose loss is ln C = "
        f"{math.log(call.num_classes):.4f}. A new head may be like that."
    )


SIGHTS = (softmax_twice, percentages, negative_log_softmax, softmax_elsewhere, sigmoid_before)
