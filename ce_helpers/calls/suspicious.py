"""What runs in torch without an error and is likely wrong: rules that look for evidence.

Each rule takes a `Call` that torch accepts. A rule speaks only where the values leave little doubt.
"""

from dataclasses import replace

import torch

from ce_helpers.calls import outputs
from ce_helpers.calls.binary import binary_loss, holds_answers, holds_chances
from ce_helpers.calls.call import Call, Rule, Seen, mend, without
from ce_helpers.calls.evidence import is_distribution, is_normalized
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
        "over one class is 1. One output for each answer of yes and no has a loss of its own"
    )
    if not holds_chances(call.target):
        return seen, mend("# C must be 2 or more")
    return seen, binary_loss(call)


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
        drop = mend(
            f"logits, target = {line}", **dict(zip(("logits", "target"), kept, strict=True))
        )
        if not holds_answers(target):
            return ". Rows of zeros add no loss, but the mean counts them", drop
        why = (
            ". Rows of zeros add no loss, but the mean counts them: leave them out, or if each "
            "class is a yes or no of its own, take the binary loss"
        )
        return why, drop + binary_loss(call)
    if not dim and holds_answers(target):
        return ". Each logit has a yes or no of its own", binary_loss(call)
    if dim and not is_empty.all() and holds_answers(target) and (rows.sum(-1) > 1).any():
        return ". Several classes of one element are true: each is a yes or no", binary_loss(call)
    if target.isfinite().all() and not is_empty.any():
        line = f"target = target / target.sum({dim}, keepdim=True)"
        shares = mend(line, target=target / target.sum(dim, keepdim=True))
        if not holds_chances(target):
            return "", shares
        why = ". If the classes exclude one another these are shares of a whole, otherwise chances"
        is_more = (rows.double().sum(-1) > 1.01).any()  # several may be true at once
        return why, binary_loss(call) + shares if is_more else shares + binary_loss(call)
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


def odd_weight(call: Call) -> Seen | None:
    """A weight that is negative or no number: torch multiplies with it all the same."""
    weight = call.weight
    if weight is None or (weight.isfinite() & (weight >= 0)).all():
        return None
    place = mend("# find them: (~weight.isfinite() | (weight < 0)).nonzero()")
    return "weight holds nan, inf or a number below 0. torch runs with it", place


def too_large_for_half(call: Call) -> Seen | None:
    """Losses that float16 or bfloat16 cannot add up, where float32 can."""
    logits, half = call.logits, (torch.float16, torch.bfloat16)
    if logits.dtype not in half or not logits.numel():
        return None
    wide = replace(call, logits=logits.float())
    line, new = "logits = logits.float()", {"logits": wide.logits}
    if call.weight is not None:
        wide = replace(wide, weight=call.weight.float())
        line, new = (
            "logits, weight = logits.float(), weight.float()",
            {**new, "weight": wide.weight},
        )
    narrow_loss, wide_loss = (_loss(each).flatten() for each in (call, wide))
    off = (narrow_loss - wide_loss).abs()
    wrong = wide_loss.isfinite() & ~((off <= 0.1 * wide_loss.abs()) | (off <= 0.01))
    if not wrong.any():
        return None
    narrow, right = narrow_loss[wrong][0], wide_loss[wrong][0]
    seen = (
        f"in {logits.dtype} the loss is {narrow:.4g}, where float32 gives {right:.4g}: losses were "
        "added up in a type that is too small for their sum"
    )
    return seen, mend(line, **new)


def _loss(call: Call) -> torch.Tensor:
    with torch.no_grad():
        return torch.nn.functional.cross_entropy(
            call.logits,
            call.target,
            weight=call.weight,
            ignore_index=int(call.ignore_index),
            reduction=call.reduction,
            label_smoothing=float(call.label_smoothing),
        ).double()


# What logits were comes late: the log of a probability that is 0 is no mistake of the reader's.
RULES = tuple(
    Rule(sees, "suspicious")
    for sees in (
        classes_elsewhere,
        one_class,
        no_distribution,
        not_finite,
        masked_class,
        odd_weight,
        *outputs.SIGHTS,
        mean_over_nothing,
        too_large_for_half,
    )
)
