"""Shapes of logits and target that do not go together, and the lines that make them fit."""

import math

import torch

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
    """The likeliest line that makes logits and class indices fit; empty where none does.

    Shape:
        logits (C), (N, C) or (N, C, d1…dK); target another than (), (N) or (N, d1…dK).

    Example:
        >>> call = Call(torch.zeros(2, 5, 4), torch.zeros(2, 5), None, -100, "mean", 0.0)
        >>> mend_shapes(call)[0].line
        'logits = logits.transpose(1, 2)'
    """
    logits, target = call.logits, call.target
    shape, given, elements = call.shape, tuple(target.shape), call.element_shape
    ndim = len(shape)
    if given[1:2] == (1,) and without(given, 1) == elements:
        return mend("target = target.squeeze(1)", target=target.squeeze(1))
    if given[-1:] == (1,) and given[:-1] == elements:
        return mend("target = target.squeeze(-1)", target=target.squeeze(-1))
    if math.prod(given) == 1 and math.prod(elements) == 1:
        return mend(f"target = target.reshape({elements})", target=target.reshape(elements))
    if ndim > 2 and given == shape[:-1]:
        return classes_last(call)
    if ndim > 2 and given == shape[1:]:
        return one_sample(call)
    if ndim > 2 and given == (1, *shape[1:]):
        return mend("logits = logits.unsqueeze(0)", logits=logits.unsqueeze(0))
    if shape[0] == 1 and given == elements[1:]:
        return mend("target = target.unsqueeze(0)", target=target.unsqueeze(0))
    if ndim == 2 and math.prod(given) == shape[0]:
        return mend("target = target.reshape(-1)", target=target.reshape(-1))
    if ndim > 2 and given == (math.prod(shape[:-1]),):
        return mend("logits = logits.flatten(0, -2)", logits=logits.flatten(0, -2))
    if ndim == 2 and given == shape[1:]:
        return mend("logits = logits.T", logits=logits.T)
    if len(given) == len(elements) > 0 and given[1:] == elements[1:]:
        n = min(shape[0], given[0])
        line = (
            f"logits, target = logits[:{n}], target[:{n}]  # only if the first {n} belong together"
        )
        return mend(line, logits=logits[:n], target=target[:n])
    sizes_fit = len(given) == ndim - 1 and given[0] == shape[0]
    if 3 <= ndim <= 5 and sizes_fit and all(shape + given):
        line = f"logits = torch.nn.functional.interpolate(logits, size={given[1:]})"
        return mend(line, logits=torch.nn.functional.interpolate(logits, size=given[1:]))
    if _is_one_hot_last(call):
        return mend("target = target.movedim(-1, 1)", target=target.movedim(-1, 1))
    return next((ids_of_colors(call, dim) for dim in (1, 3) if is_mask(call, dim)), ())


def _is_one_hot_last(call: Call) -> bool:
    given = tuple(call.target.shape)
    fits = len(given) == len(call.shape) > 2 and (given[0], given[-1], *given[1:-1]) == call.shape
    return fits and is_distribution(call.target, -1)


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
