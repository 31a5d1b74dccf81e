"""What runs in torch without an error and is likely wrong: rules that look for evidence.

Each rule takes a `Call` that torch accepts. A rule speaks only where the values leave little doubt.
"""

import math

import torch

from ce_helpers.calls.call import Call, Remedy, Rule, Seen, mend, without
from ce_helpers.calls.evidence import is_distribution, is_normalized, softmax_came_before
from ce_helpers.calls.shapes import classes_last, one_sample


def classes_elsewhere(call: Call) -> Seen | None:
    """Logits that are normalized along another dimension than the one that torch reads as C."""
    if len(call.shape) < 3 or not call.logits.numel() or is_normalized(call.logits, 1):
        return None
    for dim in (len(call.shape) - 1, 0):
        if without(call.shape, dim) != tuple(call.target.shape) or call.shape[dim] < 2:
            continue
        if is_normalized(call.logits, dim):
            seen = (
                f"logits of shape {call.shape} hold probabilities, or their logs, along dim {dim} "
                f"and not along dim 1. torch runs, and takes dim 1, of size {call.shape[1]}, for "
                "the classes"
            )
            return seen, classes_last(call) if dim else one_sample(call)
    return None


def one_class(call: Call) -> Seen | None:
    """C is 1, so that softmax is always 1."""
    if call.num_classes > 1:
        return None
    seen = (
        f"logits of shape {call.shape} have C = 1. torch runs, and the loss is always 0: softmax "
        "over one class is 1. For two classes and one logit, a logit of 0 for class 0 makes it two"
    )
    return seen, two_classes(call)


def two_classes(call: Call) -> tuple[Remedy, ...]:
    """Makes one logit two, so that softmax of the second is its sigmoid."""
    logits, target, dim = call.logits, call.target, call.dim
    line = f"torch.cat([torch.zeros_like(logits), logits], {dim})"
    two_logits = torch.cat([torch.zeros_like(logits), logits], dim)
    if call.has_indices:
        return mend(f"logits = {line}", logits=two_logits)
    return mend(
        f"logits, target = {line}, torch.cat([1 - target, target], {dim})",
        logits=two_logits,
        target=torch.cat([1 - target, target], dim),
    )


def no_distribution(call: Call) -> Seen | None:
    """A float target of the shape of logits is read as probabilities, and never validated."""
    if call.has_indices or not call.target.numel() or is_distribution(call.target, call.dim):
        return None
    target, dim = call.target, call.dim
    sums = target.detach().double().sum(dim)
    lowest, low, high = (float(x) for x in (target.min(), sums.min(), sums.max()))
    seen = (
        f"target has the shape of logits, {call.shape}, so torch reads probabilities along dim "
        f"{dim}. It runs and does not check them: the lowest is {lowest:.4g}, and they sum to "
        f"{low:.4g} to {high:.4g}, not to 1"
    )
    guess, remedies = _meant_target(call, lowest)
    return seen + guess, remedies


def _meant_target(call: Call, lowest: float) -> Seen:
    """What a target that is no distribution was meant to be, and the line that makes it so."""
    logits, target, dim, last = call.logits, call.target, call.dim, call.target.ndim - 1
    rows = target.detach().movedim(dim, -1)  # (N, d1…dK, C)
    is_empty = (rows == 0).all(-1)  # (N, d1…dK)
    if is_distribution(logits, dim):
        swap = mend("logits, target = target, logits", logits=target, target=logits)
        return ". logits do sum to 1: the two are swapped", swap
    if last > 1 and is_distribution(target, last):
        return f". They do along dim {last}, so the classes come last", mend(
            "logits, target = logits.movedim(-1, 1), target.movedim(-1, 1)",
            logits=logits.movedim(-1, 1),
            target=target.movedim(-1, 1),
        )
    if is_distribution(target.double().exp(), dim):
        logs = mend("target = target.exp()", target=target.exp())
        return ". These are logs of probabilities", logs
    if lowest < 0:
        softmax = mend(f"target = target.softmax({dim})", target=target.softmax(dim))
        return ". If these are logits too", softmax
    if dim and 0 < is_empty.sum() < is_empty.numel() and is_distribution(rows[~is_empty], -1):
        line = "[x.movedim(1, -1)[target.movedim(1, -1).any(-1)] for x in (logits, target)]"
        kept = (x.movedim(1, -1)[~is_empty] for x in (logits, target))
        return ". Rows of zeros add no loss, but the mean counts them", mend(
            f"logits, target = {line}", **dict(zip(("logits", "target"), kept, strict=True))
        )
    if target.isfinite().all() and not is_empty.any():
        line = f"target = target / target.sum({dim}, keepdim=True)"
        return "", mend(line, target=target / target.sum(dim, keepdim=True))
    return "", mend("# give one class index for each element, or probabilities that sum to 1")


def not_finite(call: Call) -> Seen | None:
    """Logits that are nan or inf turn the loss into nan."""
    if not call.logits.numel() or not (call.logits.isnan() | call.logits.isposinf()).any():
        return None
    seen = "logits hold nan or inf. torch runs, and the loss is nan"
    place = "# look where they come from: (logits.isnan() | logits.isposinf()).nonzero()"
    return seen, mend(place)


def masked_class(call: Call) -> Seen | None:
    """A logit of -inf takes its class out, which the target may not ask for."""
    target, dim = call.target, call.dim
    if not call.logits.numel() or not (masked := call.logits.detach().isneginf()).any():
        return None
    if masked.all(dim).any():
        seen = "every logit of an element is -inf. torch runs, and the loss is nan"
        return seen, mend(f"# leave a class to choose: logits.isneginf().all({dim}).nonzero()")
    if not call.has_indices:
        seen = "a logit is -inf and target holds probabilities. torch runs: 0 times inf is nan"
        finite = call.logits.clamp(min=torch.finfo(call.logits.dtype).min / 2)
        line = "logits = logits.clamp(min=torch.finfo(logits.dtype).min / 2)"
        return seen, mend(line, logits=finite)
    if call.label_smoothing > 0:
        seen = "a logit is -inf and label_smoothing gives its class a share: the loss is inf"
        return seen, mend("label_smoothing = 0.0", label_smoothing=0.0)
    counted = target.long() != call.ignore_index
    index = torch.where(counted, target, 0).long().reshape(call.element_shape).unsqueeze(dim)
    on_target = masked.gather(dim, index).squeeze(dim)
    if (on_target & counted.reshape(call.element_shape)).any():
        seen = "the logit of a target class is -inf. torch runs, and the loss is inf"
        return seen, mend("# do not mask the target class: logits.isneginf().nonzero()")
    return None


def softmax_twice(call: Call) -> Seen | None:
    """Probabilities given as logits: cross_entropy applies softmax once more."""
    if not softmax_came_before(call.logits, call.dim):
        return None
    floor = math.log(1 + (call.num_classes - 1) / math.e)
    seen = (
        f"logits are from 0 to 1 and sum to 1 along dim {call.dim}, as after softmax. torch runs "
        f"and applies softmax again: the loss cannot fall below {floor:.4f} at "
        f"C = {call.num_classes}. Leave the first softmax out, or give the log"
    )
    return seen, mend("logits = logits.log()", logits=call.logits.log())


def mean_over_nothing(call: Call) -> Seen | None:
    """The mean divides by 0."""
    if call.reduction != "mean":
        return None
    target, keep = call.target, mend('reduction = "sum"', reduction="sum")
    if not target.numel():
        return f"target of shape {tuple(target.shape)} is empty: the mean is nan", keep
    if not call.has_indices:
        return None
    counted = target.long()[target.long() != call.ignore_index]
    if not counted.numel():
        seen = f"every target is ignore_index={call.ignore_index}. torch runs: the mean is nan"
        return f"{seen}, the sum is 0", keep
    if call.weight is not None and not call.weight.detach().flatten()[counted].any():
        return "weight is 0 for every target. torch runs: the mean is nan, the sum 0", keep
    return None


# softmax_twice comes late: the log of a probability that is 0 is no mistake of the reader's.
RULES = tuple(
    Rule(sees, "suspicious")
    for sees in (
        classes_elsewhere,
        one_class,
        no_distribution,
        not_finite,
        masked_class,
        softmax_twice,
        mean_over_nothing,
    )
)
