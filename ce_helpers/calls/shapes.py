"""Shapes of logits and target that do not go together, and the lines that make them fit."""

import math
from collections.abc import Iterator
from fractions import Fraction

import torch

from ce_helpers.calls.binary import binary_loss, holds_chances
from ce_helpers.calls.call import Call, Remedy, mend, without
from ce_helpers.calls.evidence import is_distribution


def misfit(call: Call) -> str:
    """The sentence on a target that has neither the shape of logits nor that shape without C."""
    return (
        f"logits of shape {call.shape} need class indices of shape {call.element_shape} or "
        f"probabilities of shape {call.shape}, but target has shape {tuple(call.target.shape)}"
    )


def classes_last(call: Call) -> tuple[Remedy, ...]:
    """Moves the classes of logits from the last dimension to dim 1."""
    moved = call.logits.movedim(-1, 1)
    if len(call.shape) == 3:
        return mend("logits = logits.transpose(1, 2)", logits=moved)
    return mend("logits = logits.movedim(-1, 1)", logits=moved)


def one_sample(call: Call) -> tuple[Remedy, ...]:
    """Gives one sample without N a batch dimension."""
    return mend(
        "logits, target = logits.unsqueeze(0), target.unsqueeze(0)",
        logits=call.logits.unsqueeze(0),
        target=call.target.unsqueeze(0),
    )


def mend_shapes(call: Call) -> tuple[Remedy, ...]:
    """The lines that make logits and class indices fit, the likeliest first; one for each reading.

    A reading that gives indices without a class is left out, unless all do.

    Shape:
        logits (C), (N, C) or (N, C, d1…dK); target another than (), (N) or (N, d1…dK).

    Example:
        >>> call = Call(torch.zeros(2, 5, 4), torch.zeros(2, 5), None, -100, "mean", 0.0)
        >>> mend_shapes(call)[0].line
        'logits = logits.transpose(1, 2)'
    """
    kinds = [readings for kind in KINDS if (readings := tuple(kind(call)))]
    fitting = [tuple(remedy for remedy in kind if _fit(call, remedy)) for kind in kinds]
    return next(filter(None, (*fitting, *kinds)), ())


def _fit(call: Call, remedy: Remedy) -> bool:
    """Whether every index has a class after a remedy; what may be padding or a color is let be."""
    if remedy.is_place or remedy.loss is not None:
        return True
    mended = call.after(remedy)
    if not mended.has_indices or mended.target.is_complex() or not mended.target.numel():
        return True
    indices = mended.target.detach().double()
    counted = indices[(indices != call.ignore_index) & (indices >= 0)]
    return not counted.numel() or bool(counted.max() < mended.num_classes)


def _one_dimension_too_many(call: Call) -> tuple[Remedy, ...]:
    target, given, elements = call.target, tuple(call.target.shape), call.element_shape
    if len(call.shape) == 1 and target.numel() == call.logits.numel() and holds_chances(target):
        return binary_loss(call)
    if given[1:2] == (1,) and without(given, 1) == elements:
        return mend("target = target.squeeze(1)", target=target.squeeze(1))
    if given[-1:] == (1,) and given[:-1] == elements:
        return mend("target = target.squeeze(-1)", target=target.squeeze(-1))
    if math.prod(given) == 1 and math.prod(elements) == 1:
        return mend(f"target = target.reshape({elements})", target=target.reshape(elements))
    return ()


def _dimensions_elsewhere(call: Call) -> Iterator[Remedy]:
    logits, target, shape, given = call.logits, call.target, call.shape, tuple(call.target.shape)
    ndim, elements = len(shape), call.element_shape
    if ndim > 2 and given == shape[:-1]:
        yield from classes_last(call)
    if ndim > 2 and given == shape[1:]:
        yield from one_sample(call)
    if ndim > 2 and given == (1, *shape[1:]):
        yield from mend("logits = logits.unsqueeze(0)", logits=logits.unsqueeze(0))
    if shape[0] == 1 and given == elements[1:]:
        yield from mend("target = target.unsqueeze(0)", target=target.unsqueeze(0))
    if ndim == 2 and len(given) != 1 and math.prod(given) == shape[0]:
        yield from mend("target = target.reshape(-1)", target=target.reshape(-1))
    if ndim > 2 and given == (math.prod(shape[:-1]),):
        yield from mend("logits = logits.flatten(0, -2)", logits=logits.flatten(0, -2))
    if ndim == 2 and given == shape[1:]:
        yield from mend("logits = logits.T", logits=logits.T)
    if ndim == 2:
        yield from _shifts(call)


def _shifts(call: Call) -> Iterator[Remedy]:
    """A target one token longer or shorter: a language model's logits are for the next token."""
    shape, given = call.shape, tuple(call.target.shape)
    if (
        len(shape) not in (2, 3)
        or len(given) != len(shape) - 1
        or given[:-1] != shape[: len(given) - 1]
    ):
        return
    for dim, move in ((-2, ".transpose(1, 2)"), (-1, "")) if len(shape) == 3 else ((0, ""),):
        moved = call.logits.transpose(1, 2) if move else call.logits
        tokens = ":, " * (len(given) - 1)
        if given[-1] == shape[dim] + 1:
            line = f"target = target[{tokens}1:]"
            line = f"logits, target = logits{move}, target[{tokens}1:]" if move else line
            changed = {"logits": moved} if move else {}
            yield Remedy(
                f"{line}  # if target begins with the model's first input",
                {**changed, "target": call.target[..., 1:]},
            )
        if given[-1] == shape[dim] - 1 and dim:
            cut = "[:, :-1].transpose(1, 2)" if move else "[..., :-1]"
            line = f"logits = logits{cut}  # if the last logits have no next token"
            yield Remedy(line, {"logits": moved[..., :-1]})
    if len(shape) == 2 and given[0] == shape[0] + 1:
        yield from _first_ones(call)


def _another_size(call: Call) -> tuple[Remedy, ...]:
    shape, given, elements = call.shape, tuple(call.target.shape), call.element_shape
    if len(given) != len(elements) or not elements:
        return ()
    if given[1:] == elements[1:]:
        return _first_ones(call)
    if given[0] != shape[0]:
        return ()
    if len(shape) not in (4, 5) or not all(shape + given):
        return ()
    if given[1:] == elements[:0:-1] and len(shape) == 4:
        return mend("target = target.transpose(1, 2)", target=call.target.transpose(1, 2))
    is_last = len({Fraction(b, a) for a, b in zip(shape[1:-1], given[1:], strict=True)}) == 1
    if is_last or not _is_scaled(shape[2:], given[1:]):
        return ()
    line = f"logits = torch.nn.functional.interpolate(logits, size={given[1:]})"
    return mend(line, logits=torch.nn.functional.interpolate(call.logits, size=given[1:]))


def _first_ones(call: Call) -> tuple[Remedy, ...]:
    n = min(len(call.logits), len(call.target))
    line = f"logits, target = logits[:{n}], target[:{n}]  # only if the first {n} belong together"
    return mend(line, logits=call.logits[:n], target=call.target[:n])


def _is_scaled(size: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether one image may be the other made larger or smaller, rounded to whole pixels."""
    lowest = max((b - 1) / a for a, b in zip(size, other, strict=True))
    return lowest < min((b + 1) / a for a, b in zip(size, other, strict=True))


def _classes_last_in_target(call: Call) -> tuple[Remedy, ...]:
    given = tuple(call.target.shape)
    fits = len(given) == len(call.shape) > 2 and (given[0], given[-1], *given[1:-1]) == call.shape
    if fits and is_distribution(call.target, -1):
        return mend("target = target.movedim(-1, 1)", target=call.target.movedim(-1, 1))
    return ()


def _colors(call: Call) -> tuple[Remedy, ...]:
    return next((ids_of_colors(call, dim) for dim in (1, 3) if is_mask(call, dim)), ())


def is_mask(call: Call, dim: int) -> bool:
    """Whether target has three colors along `dim` where it should have one index."""
    target = tuple(call.target.shape)
    return target[dim : dim + 1] == (3,) and without(target, dim) == call.element_shape


def ids_of_colors(call: Call, dim: int) -> tuple[Remedy, ...]:
    """Makes class ids of an RGB mask.

    Its one channel, if that stands there three times over, or else one id for each color.
    """
    target = call.target
    if (target == target.narrow(dim, 0, 1)).all():
        return mend(f"target = target.select({dim}, 0)", target=target.select(dim, 0))
    colors = target.movedim(dim, -1).reshape(-1, 3)
    return mend(
        f"target = target.movedim({dim}, -1).reshape(-1, 3).unique(dim=0, return_inverse=True)[1]"
        f".reshape({call.element_shape})  # ids in the order of the sorted colors",
        target=colors.unique(dim=0, return_inverse=True)[1].reshape(call.element_shape),
    )


# The first kind that has a reading which fits; within a kind, all that fit.
KINDS = (
    _one_dimension_too_many,
    _dimensions_elsewhere,
    _shifts,
    _another_size,
    _classes_last_in_target,
    _colors,
)
