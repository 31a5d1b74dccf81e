"""Class indices: their type, their values, and what else such numbers may mean."""

from collections.abc import Iterator

import torch

from ce_helpers.calls.binary import binary_loss, holds_answers, holds_chances
from ce_helpers.calls.call import Call, Remedy, Seen, mend
from ce_helpers.calls.evidence import is_distribution
from ce_helpers.calls.shapes import ids_of_colors, is_mask

VOID = 255  # what masks often hold where no class is known
MOST_GRAYS = 16  # classes that a mask may hold as shades of gray


def wrong_target_type(call: Call) -> Seen | None:
    """Probabilities that are not floating point, or indices that are not int64."""
    if not call.has_indices:
        return _wrong_type_of_probabilities(call)
    target = call.target
    if target.dtype == torch.int64 or (target.dtype == torch.uint8 and not _refuses_uint8(call)):
        return None
    seen = f"class indices must be int64, but target is {target.dtype}"
    if target.dtype == torch.uint8:
        seen += ", which torch takes only without d1…dK and without smoothing of a weighted mean"
    if call.num_classes == 1 and holds_chances(target):
        return f"{seen}. There is one logit for each answer", binary_loss(call)
    if target.dtype.is_floating_point or target.is_complex():
        return _float_indices(call, seen)
    return seen, mend("target = target.long()", target=target.long())


def _wrong_type_of_probabilities(call: Call) -> Seen | None:
    target = call.target
    if target.dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        return None
    seen = (
        f"target has the shape of logits, {call.shape}, so it holds probabilities, which must "
        f"be floating point, but it is {target.dtype}"
    )
    if target.is_complex():
        return seen, mend("target = target.real", target=target.real)
    if target.ndim == 4 and is_mask(call, 1) and not is_distribution(target, 1):
        return seen, ids_of_colors(call, 1)
    as_floats = mend("target = target.float()", target=target.float())
    if target.is_floating_point() or not holds_answers(target) or call.num_classes == 1:
        return seen, as_floats
    yes = target.sum(call.dim)
    if (yes > 1).any() or (not call.dim and not yes):
        return f"{seen}. Several answers of one element are yes", binary_loss(call)
    if not call.dim:
        seen += ". It is one sample's one-hot row, or each logit's own yes or no"
        return seen, as_floats + binary_loss(call)
    return seen, as_floats


def _refuses_uint8(call: Call) -> bool:
    """uint8 works for logits of shape (C) and (N, C), or where there is nothing to read."""
    if len(call.shape) > 2:
        return call.target.numel() > 0 or call.reduction == "none"
    mean = call.reduction in ("mean", "elementwise_mean")
    smoothed = call.label_smoothing > 0 and call.weight is not None
    return mean and smoothed and call.target.numel() > 0


def _float_indices(call: Call, seen: str) -> Seen:
    """Whole numbers become int64; of fractions only their use tells what they are."""
    target, line = call.target, "target"
    if target.is_complex():
        if target.imag.any():
            return seen, mend("# a complex number is no class index")
        target, line = target.real, "target.real"
    values = target.detach().double()
    if not values.isfinite().all():
        return f"{seen} and holds nan or inf", mend("# find them: (~target.isfinite()).nonzero()")
    if (values == values.round()).all() and not (values.abs() >= 2.0**63).any():
        return seen, mend(f"target = {line}.long()", target=target.long())
    seen += ", and holds fractions, which .long() would cut off"
    readings = tuple(_fractions(call, values)) if line == "target" else ()
    return seen, readings or mend("# find them: (target != target.round()).nonzero()")


def _fractions(call: Call, values: torch.Tensor) -> Iterator[Remedy]:
    if not holds_chances(values):
        return
    ids = values * VOID
    coarse = VOID * 2 * torch.finfo(call.target.dtype).eps
    if coarse < 0.5 and ((ids - ids.round()).abs() <= coarse + 1e-9).all():
        found = ids.round().unique().long().tolist()
        if all(value < call.num_classes or value == VOID for value in found) or _gray(call, found):
            line = "target = (target * 255).round().long()  # if loading divided ids by 255"
            yield Remedy(line, {"target": (call.target * VOID).round().long()})
    if call.num_classes == 2:
        target, dim = call.target, call.dim
        line = f"target = torch.stack([1 - target, target], {dim})"
        both = torch.stack([1 - target, target], dim)
        yield Remedy(f"{line}  # if these are chances of class 1", {"target": both})


def wrong_index(call: Call) -> Seen | None:
    """Class indices outside [0, C) that are not ignored."""
    if not call.has_indices:
        return None
    target, num_classes = call.target, call.num_classes
    indices = target.detach().long()
    counted = indices[indices != call.ignore_index]
    values = counted.unique().tolist()
    bad = [value for value in values if not 0 <= value < num_classes]
    if not bad:
        return None
    seen = (
        f"target holds {', '.join(map(str, bad[:5]))}{', …' if len(bad) > 5 else ''}, but with "
        f"C = {num_classes} an index must be from 0 to {num_classes - 1}, or "
        f"ignore_index={call.ignore_index}"
    )
    if num_classes == 1 and bad == [1]:
        return f"{seen}. One logit cannot tell two classes apart", binary_loss(call)
    for reading in (_signs, _gray, _padding, _one_too_high, _at_ends):
        if found := reading(call, values):
            return f"{seen}. {found[0]}", found[1]
    return seen, mend(f"# find them: ((target < 0) | (target >= {num_classes})).nonzero()")


def _signs(call: Call, values: list[int]) -> Seen | None:
    if call.num_classes != 2 or values != [-1, 1]:
        return None
    classes = mend("target = (target + 1) // 2", target=(call.target + 1) // 2)
    return "They are the two classes, or −1 marks padding", (*classes, ignore(call, -1))


def _gray(call: Call, values: list[int]) -> Seen | None:
    """Classes stored as shades from black, 0, to white, 255."""
    step = VOID / max(call.num_classes - 1, 1)
    shades = [round(value / step) for value in values]
    near = all(abs(value - k * step) < 1 for value, k in zip(values, shades, strict=True))
    # without a shade between them, 0 and 255 are two classes, or one class and what has none
    enough = call.num_classes == 2 or len(values) > 2
    if values[-1] != VOID or not near or not enough or not 2 <= call.num_classes <= MOST_GRAYS:
        return None
    if call.num_classes == 2:
        two = mend("target = target // 255", target=call.target // VOID)
        why = "They are two classes as black and white, or 255 marks what has no class"
        return f"{why}: then class 0 is the only one", (*two, ignore(call, VOID))
    line = f"target = (target / {step:.8g}).round().long()"
    target = (call.target / float(f"{step:.8g}")).round().long()
    return "They are classes as shades of gray from 0 to 255", mend(line, target=target)


def _padding(call: Call, values: list[int]) -> Seen | None:
    padding = [value for value in values if value < 0 or value == VOID > call.num_classes]
    if len(padding) != 1:
        return None
    return f"If {padding[0]} marks padding, ignore it", (ignore(call, padding[0]),)


def _one_too_high(call: Call, values: list[int]) -> Seen | None:
    """The single index C: classes counted from 1, or an id of its own for padding."""
    high = call.num_classes
    if values[-1] != high or values[0] < 0:
        return None
    padding = ignore(call, high)
    if values[0] == 0:
        more = Remedy(f"# if {high} is a class, logits need {high + 1} classes")
        return f"0 is a class, so {high} is padding, or a class too many", (padding, more)
    line, target = "target = target - 1", call.target - 1
    if (is_ignored := call.target == call.ignore_index).any():
        line = "target = torch.where(target == ignore_index, target, target - 1)"
        target = torch.where(is_ignored, call.target, target)
    from_one = Remedy(line, {"target": target})
    if _stands_at_ends(call.target, high):
        why = f"{high} stands at the ends of rows and marks padding, or classes are counted from 1"
        return why, (padding, from_one)
    why = f"The classes are counted from 1: 0 does not occur. Or {high} marks padding"
    return why, (from_one, padding)


def _at_ends(call: Call, values: list[int]) -> Seen | None:
    """A single id far above the classes, where rows end."""
    high = values[-1]
    if len(values) < 2 or values[-2] >= call.num_classes or not _stands_at_ends(call.target, high):
        return None
    return f"{high} stands at the ends of rows, as padding does", (ignore(call, high),)


def _stands_at_ends(target: torch.Tensor, value: int) -> bool:
    """Whether a value fills the last or the first places of rows, and no others."""
    if target.ndim != 2:
        return False
    found = (target == value).long()
    # ones that begin a row are what the running minimum leaves
    return any(torch.equal(rows, rows.cummin(1).values) for rows in (found, found.flip(1)))


def ignore(call: Call, value: int) -> Remedy:
    """Ignores one value, also where another one is ignored already."""
    indices = call.target.detach().long()
    if not (indices == call.ignore_index).any():
        return Remedy(f"ignore_index = {value}", {"ignore_index": value})
    line = f"target = target.long().masked_fill(target == {value}, {call.ignore_index})"
    filled = indices.masked_fill(call.target == value, call.ignore_index)
    return Remedy(line, {"target": filled})
