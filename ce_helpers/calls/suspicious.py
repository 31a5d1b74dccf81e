"""What runs in torch without an error and is likely wrong: rules that look for evidence.

Each rule takes a `Call` that torch accepts, and returns None or what it saw and the line that
mends it. A rule speaks only where the values leave little doubt.
"""

import math

import torch

from ce_helpers.calls.shapes import ONE_SAMPLE, classes_last, without

FLOAT_TYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
CHANCE = 1e-5  # rules stay silent where ordinary values could look like this more often


def sums_to_one(values, dim, tolerance) -> torch.Tensor:
    """Which rows along `dim` hold no negative number and sum to 1; nan is in no such row."""
    rows = values.detach().double()
    return (rows >= 0).all(dim) & ((rows.sum(dim) - 1).abs() <= tolerance)


def softmax_came_before(logits, dim) -> bool:
    """Whether all rows along `dim` sum to 1 as closely as softmax leaves them.

    One row of float32 is evidence enough. float16 and bfloat16 are coarse, so a sum may be 1 by
    chance, and more rows are asked for. A row of zeros and a one says nothing: people write it.
    """
    if logits.shape[dim] < 2 or not logits.numel():
        return False
    # Rounding adds up with C, in float32 or better: at 32000 classes, sums are 30 eps off.
    eps = torch.finfo(logits.dtype).eps
    tolerance = 4 * eps + logits.shape[dim] / 500 * min(eps, torch.finfo(torch.float32).eps)
    if not sums_to_one(logits, dim, tolerance).all():
        return False
    telling_rows = int(((logits > 0) & (logits < 1)).any(dim).sum())
    return (2 * tolerance) ** telling_rows <= CHANCE


def is_normalized(logits, dim) -> bool:
    """Whether the rows along `dim` are what softmax or log_softmax returns."""
    if softmax_came_before(logits, dim):
        return True
    return bool((logits <= 0).all()) and softmax_came_before(logits.detach().exp(), dim)


def is_distribution(target, dim) -> bool:
    """Whether a target holds probabilities along `dim`, within what rounding leaves."""
    tolerance = 5e-3
    if target.is_floating_point():
        tolerance = max(tolerance, 2 * torch.finfo(target.dtype).eps)
    return bool(sums_to_one(target, dim, tolerance).all())


def classes_elsewhere(call):
    """Logits that are normalized along another dimension than the one that torch reads as C."""
    if len(call.shape) < 3 or not call.logits.numel() or is_normalized(call.logits, 1):
        return None
    for dim in (len(call.shape) - 1, 0):
        if without(call.shape, dim) != call.target.shape or call.shape[dim] < 2:
            continue
        if is_normalized(call.logits, dim):
            seen = (
                f"logits of shape {call.shape} hold probabilities, or their logs, along dim {dim} "
                f"and not along dim 1. torch runs, and takes dim 1, of size {call.shape[1]}, for "
                "the classes"
            )
            return seen, classes_last(call.shape) if dim else ONE_SAMPLE
    return None


def one_class(call):
    """C is 1, so that softmax is always 1; or 0."""
    if call.shape[call.dim] == 0:
        seen = f"logits of shape {call.shape} have no classes. torch runs, and nothing is learned"
        return seen, "# the class dimension needs 2 classes or more"
    if call.shape[call.dim] > 1:
        return None
    seen = (
        f"logits of shape {call.shape} have C = 1. torch runs, and the loss is always 0: softmax "
        "over one class is 1. For two classes and one logit, a logit of 0 for class 0 makes it two"
    )
    return seen, two_classes(call)


def two_classes(call) -> str:
    """The line that makes one logit two, so that softmax of the second is its sigmoid."""
    two_logits = f"torch.cat([torch.zeros_like(logits), logits], {call.dim})"
    if call.has_indices:
        return f"logits = {two_logits}"
    return f"logits, target = {two_logits}, torch.cat([1 - target, target], {call.dim})"


def no_distribution(call):
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
    guess, remedy = _meant_target(call, lowest)
    return seen + guess, remedy


def _meant_target(call, lowest) -> tuple[str, str]:
    """What a target that is no distribution was meant to be, and the line that makes it so."""
    target, dim, last = call.target.detach(), call.dim, call.target.ndim - 1
    rows = target.movedim(dim, -1)  # (N, d1…dK, C)
    is_empty = (rows == 0).all(-1)  # (N, d1…dK)
    fill = "[x.movedim(1, -1)[target.movedim(1, -1).any(-1)] for x in (logits, target)]"
    choices = (
        (
            is_distribution(call.logits, dim),
            ". logits do sum to 1: the two are swapped",
            "logits, target = target, logits",
        ),
        (
            last > 1 and is_distribution(target, last),
            f". They do along dim {last}, so the classes come last",
            "logits, target = logits.movedim(-1, 1), target.movedim(-1, 1)",
        ),
        (
            is_distribution(target.double().exp(), dim),
            ". These are logs of probabilities",
            "target = target.exp()",
        ),
        (lowest < 0, ". If these are logits too", f"target = target.softmax({dim})"),
        (
            dim and is_empty.any() and not is_empty.all() and is_distribution(rows[~is_empty], -1),
            ". Rows of zeros add no loss, but the mean counts them",
            f"logits, target = {fill}",
        ),
        (
            target.isfinite().all() and not is_empty.any(),
            "",
            f"target = target / target.sum({dim}, keepdim=True)",
        ),
    )
    nothing = ("", "# give one class index for each element, or probabilities that sum to 1")
    return next(((guess, line) for fits, guess, line in choices if fits), nothing)


def softmax_twice(call):
    """Probabilities given as logits: cross_entropy applies softmax once more."""
    if not softmax_came_before(call.logits, call.dim):
        return None
    num_classes = call.shape[call.dim]
    floor = math.log(1 + (num_classes - 1) / math.e)
    seen = (
        f"logits are from 0 to 1 and sum to 1 along dim {call.dim}, as after softmax. torch runs "
        f"and applies softmax again: the loss cannot fall below {floor:.4f} at C = {num_classes}. "
        "Leave the first softmax out, or give the log"
    )
    return seen, "logits = logits.log()"


def not_finite(call):
    """Logits that are nan or inf turn the loss into nan."""
    if not call.logits.numel() or not (call.logits.isnan() | call.logits.isposinf()).any():
        return None
    seen = "logits hold nan or inf. torch runs, and the loss is nan"
    return seen, "# look where they come from: (logits.isnan() | logits.isposinf()).nonzero()"


def masked_class(call):
    """A logit of -inf takes its class out, which the target may not ask for."""
    target, dim = call.target, call.dim
    if not call.logits.numel() or not (masked := call.logits.detach().isneginf()).any():
        return None
    if masked.all(dim).any():
        seen = "every logit of an element is -inf. torch runs, and the loss is nan"
        return seen, f"# leave a class to choose: logits.isneginf().all({dim}).nonzero()"
    finite = "logits = logits.clamp(min=torch.finfo(logits.dtype).min / 2)"
    if not call.has_indices:
        seen = "a logit is -inf and target holds probabilities. torch runs: 0 times inf is nan"
        return seen, finite
    if call.label_smoothing > 0:
        seen = "a logit is -inf and label_smoothing gives its class a share: the loss is inf"
        return seen, "label_smoothing = 0.0"
    counted = target.long() != call.ignore_index
    index = torch.where(counted, target, 0).long().reshape(call.element_shape).unsqueeze(dim)
    on_target = masked.gather(dim, index).squeeze(dim)
    if (on_target & counted.reshape(call.element_shape)).any():
        seen = "the logit of a target class is -inf. torch runs, and the loss is inf"
        return seen, "# do not mask the target class: logits.isneginf().nonzero()"
    return None


def mean_over_nothing(call):
    """The mean divides by 0."""
    if call.reduction != "mean":
        return None
    target, keep = call.target, 'reduction = "sum"'
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


def odd_keywords(call):
    """Keywords that torch takes, though not as they read."""
    if not call.label_smoothing >= 0:
        seen = f"label_smoothing={call.label_smoothing} is below 0 or nan. torch runs and takes it"
        return f"{seen} as 0", "label_smoothing = 0.0"
    if call.reduction == "elementwise_mean":
        return "reduction='elementwise_mean' is an old name for 'mean'", 'reduction = "mean"'
    return None


# softmax_twice comes late: the log of a probability that is 0 is no mistake of the reader's.
RULES = (
    classes_elsewhere, one_class, no_distribution, not_finite, masked_class, softmax_twice,
    mean_over_nothing, odd_keywords,
)  # fmt: skip
