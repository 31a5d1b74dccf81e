"""What torch refuses: rules on types, shapes and values, in the order in which to mend them.

Each rule takes a `Call` and returns None or what it saw and the line that mends it. The rules
follow what torch does, not its messages. They differ from `arguments`, which refuses a few calls
that torch takes, and takes a few that torch refuses.
"""

import numpy as np
import torch

from ce_helpers.calls.shapes import misfit, without
from ce_helpers.calls.suspicious import FLOAT_TYPES, is_distribution, two_classes
from ce_helpers.calls.target_shape import ids_of_colors, is_mask, line_for_target

EXPECTED = {
    "logits": "a float tensor of shape (C), (N, C) or (N, C, d1…dK)",
    "target": "class indices of shape (), (N) or (N, d1…dK), or probabilities of logits' shape",
    "weight": "a float tensor of shape (C), or None",
}
REDUCTIONS = ("mean", "sum", "none", "elementwise_mean")  # the last one is an old name


def no_tensor(call):
    """NumPy arrays, lists, numbers and rubbish in the place of a tensor."""
    for name, expected in EXPECTED.items():
        value = getattr(call, name)
        if value is None and name == "weight":
            continue
        if isinstance(value, torch.Tensor):
            if value.is_nested:
                return f"{name} is a nested tensor", f"# {name} must be {expected}"
            if value.layout != torch.strided:
                return f"{name} is not a dense tensor", f"{name} = {name}.to_dense()"
            continue
        seen = f"{name} is of type {type(value).__name__}, and torch takes only tensors"
        return seen, _line_to_tensor(call, name, value) or f"# {name} must be {expected}"
    return None


def _line_to_tensor(call, name, value):
    """The first line that makes a tensor of `value`, or None."""
    lines = [f"{name} = torch.tensor({name})"]
    if isinstance(value, np.ndarray):
        # from_numpy cannot take a reversed array; a copy can be taken.
        makers = (f"torch.from_numpy({name})", f"torch.from_numpy({name}.copy())")
        lines = [f"{name} = {maker}" for maker in makers]
    elif isinstance(value, list | tuple) and value and isinstance(value[0], torch.Tensor):
        lines = [f"{name} = torch.stack({name})"]
    for line in lines:
        try:
            call.mended(line)
        except Exception:  # whatever a foreign object raises, it is no tensor
            continue
        return line
    return None


def wrong_keyword(call):
    """Keywords of the wrong type, or outside their range."""
    reduction, ignore_index = call.reduction, call.ignore_index
    if not isinstance(reduction, str) or reduction not in REDUCTIONS:
        known = isinstance(reduction, str) and reduction.lower() in REDUCTIONS
        seen = f"reduction is {reduction!r}, and must be 'mean', 'sum' or 'none'"
        return seen, f'reduction = "{reduction.lower() if known else "mean"}"'
    smoothing = call.label_smoothing
    if not isinstance(smoothing, int | float | np.floating | np.integer):
        kind = type(smoothing).__name__
        return f"label_smoothing is of type {kind}, not a number", "label_smoothing = 0.0"
    if smoothing > 1:
        seen = f"label_smoothing is {smoothing}, and must be from 0 to 1"
        return seen, "label_smoothing = 0.1  # or any other number from 0 to 1"
    is_int = isinstance(ignore_index, int | np.integer) and not isinstance(ignore_index, bool)
    if not is_int or not -(2**63) <= ignore_index < 2**63:
        seen = f"ignore_index is {ignore_index!r}, and must be an int of 64 bits"
        whole = isinstance(ignore_index, float | np.floating) and float(ignore_index).is_integer()
        return seen, f"ignore_index = {int(ignore_index) if whole and not is_int else -100}"
    return None


def wrong_logits(call):
    """Logits without a class dimension, or that are not floating point."""
    logits, target = call.logits, call.target
    if not call.shape:
        return "logits are one number of shape ()", f"# logits must be {EXPECTED['logits']}"
    if _is_swapped(call):
        seen = (
            f"logits have shape {call.shape} and type {logits.dtype}, target has shape "
            f"{tuple(target.shape)} and type {target.dtype}: the two are swapped"
        )
        return seen, "logits, target = target, logits"
    # Without a single number, torch does not reach the code that refuses the type.
    if logits.dtype in FLOAT_TYPES or (not call.has_indices and not logits.numel()):
        return None
    line = "logits = logits.real" if logits.is_complex() else "logits = logits.float()"
    return f"logits are {logits.dtype}, and softmax takes only floating point", line


def _is_swapped(call):
    logits, target = call.logits, call.target
    if target.dtype not in FLOAT_TYPES or not target.ndim:
        return False
    dim = 0 if target.ndim == 1 else 1
    if without(tuple(target.shape), dim) == call.shape:
        return True
    # One-hot rows and logits have one shape: the integers are the rows.
    is_float = logits.is_floating_point() or logits.is_complex()
    if call.has_indices or is_float or not target.numel():
        return False
    return not is_distribution(target, dim)


def wrong_target_shape(call):
    """A target that has neither the shape of logits nor that shape without C."""
    target = tuple(call.target.shape)
    if not call.has_indices or target == call.element_shape:
        return None
    if len(call.shape) == 1 and target == (1,) and not call.label_smoothing > 0:
        return None
    line = line_for_target(call) or f"# target must be {EXPECTED['target']}"
    return misfit(call.shape, target), line


def wrong_target_type(call):
    """Indices that are not int64, or probabilities that are not floating point."""
    target = call.target
    if not call.has_indices:
        if target.dtype in FLOAT_TYPES:
            return None
        seen = (
            f"target has the shape of logits, {call.shape}, so it holds probabilities, which must "
            f"be floating point, but it is {target.dtype}"
        )
        numbers = target.real if target.is_complex() else target
        mask = target.ndim == 4 and is_mask(call, 1) and not is_distribution(numbers, 1)
        line = "target = target.real" if target.is_complex() else "target = target.float()"
        return seen, ids_of_colors(call, 1) if mask else line
    if target.dtype == torch.int64 or (target.dtype == torch.uint8 and not _refuses_uint8(call)):
        return None
    seen = f"class indices must be int64, but target is {target.dtype}"
    if target.dtype == torch.uint8:
        seen += ", which torch takes only without d1…dK and without smoothing of a weighted mean"
    return seen, f"target = target{'.real' if target.is_complex() else ''}.long()"


def _refuses_uint8(call):
    """uint8 works for logits of shape (C) and (N, C), or where there is nothing to read."""
    if len(call.shape) > 2:
        return call.target.numel() > 0 or call.reduction == "none"
    mean = call.reduction in ("mean", "elementwise_mean")
    smoothed = call.label_smoothing > 0 and call.weight is not None
    return mean and smoothed and call.target.numel() > 0


def no_classes(call):
    """No class to choose. With 0 or 2 dimensions after C, torch asks only what is not ignored."""
    if call.shape[call.dim] or not call.has_indices or not call.target.numel():
        return None
    if len(call.shape) in (1, 2, 4):
        return None
    return f"logits of shape {call.shape} have no classes", "# C must be 2 or more"


def wrong_index(call):
    """Class indices outside [0, C) that are not ignored."""
    if not call.has_indices:
        return None
    num_classes = call.shape[call.dim]
    target = call.target.detach().long()
    ignored = target == call.ignore_index
    counted = target[~ignored]
    bad = counted[(counted < 0) | (counted >= num_classes)].unique().tolist()
    if not bad:
        return None
    seen = (
        f"target holds {', '.join(map(str, bad[:5]))}{', …' if len(bad) > 5 else ''}, but with "
        f"C = {num_classes} an index must be from 0 to {num_classes - 1}, or "
        f"ignore_index={call.ignore_index}"
    )
    if num_classes == 1 and bad == [1]:
        return f"{seen}. One logit cannot tell two classes apart", two_classes(call)
    padding = [value for value in bad if value < 0 or value == 255]
    if len(padding) == 1:
        value, line = padding[0], f"ignore_index = {padding[0]}"
        if ignored.any():
            line = f"target = target.long().masked_fill(target == {value}, {call.ignore_index})"
        return f"{seen}. If {value} marks padding, ignore it", line
    if bad == [num_classes] and counted.min() >= 1:
        line = "target = target - 1"
        if ignored.any():
            line = "target = torch.where(target == ignore_index, target, target - 1)"
        return f"{seen}. The classes are counted from 1", line
    return seen, f"# find them: ((target < 0) | (target >= {num_classes})).nonzero()"


def index_to_ignore(call):
    """ignore_index from 0 on together with probabilities."""
    if call.has_indices or call.ignore_index < 0:
        return None
    seen = f"ignore_index={call.ignore_index} works only with class indices, not probabilities"
    return seen, "ignore_index = -100"


def wrong_weight(call):
    """A weight of the wrong shape, or of another type than logits."""
    weight, num_classes = call.weight, call.shape[call.dim]
    if weight is None:
        return None
    # Without smoothing, indices with d1…dK read a weight of any shape as a flat one.
    flat = call.has_indices and len(call.shape) > 2 and not call.label_smoothing > 0
    if weight.numel() != num_classes or (weight.ndim != 1 and not flat):
        seen = f"weight has shape {tuple(weight.shape)}, and must have shape ({num_classes},)"
        if weight.numel() == num_classes:
            return seen, "weight = weight.reshape(-1)"
        return seen, f"# weight needs one number for each of the {num_classes} classes"
    if call.has_indices and weight.dtype != call.logits.dtype:
        seen = f"weight is {weight.dtype}, and must be as logits, {call.logits.dtype}"
        real = ".real" if weight.is_complex() else ""
        return seen, f"weight = weight{real}.to(logits.dtype)"
    return None


RULES = (
    no_tensor, wrong_keyword, wrong_logits, wrong_target_shape, wrong_target_type, no_classes,
    wrong_index, index_to_ignore, wrong_weight,
)  # fmt: skip
