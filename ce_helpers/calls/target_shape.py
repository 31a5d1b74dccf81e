"""What class indices of the wrong shape were likely meant to be: the line that makes them fit."""

from ce_helpers.calls.shapes import line_for_shapes, without
from ce_helpers.calls.suspicious import is_distribution


def line_for_target(call) -> str | None:
    """The likeliest line that makes logits and class indices fit, by shapes and values, or None."""
    if line := line_for_shapes(call.shape, tuple(call.target.shape)):
        return line
    if _is_one_hot_last(call, call.shape, tuple(call.target.shape)):
        return "target = target.movedim(-1, 1)"
    return next((ids_of_colors(call, dim) for dim in (1, 3) if is_mask(call, dim)), None)


def _is_one_hot_last(call, shape, target):
    fits = len(target) == len(shape) > 2 and (target[0], target[-1], *target[1:-1]) == shape
    return fits and is_distribution(call.target, -1)


def is_mask(call, dim) -> bool:
    """Whether target has three colors along `dim` where it should have one index."""
    target = tuple(call.target.shape)
    return target[dim : dim + 1] == (3,) and without(target, dim) == call.element_shape


def ids_of_colors(call, dim) -> str:
    """The line for class ids from an RGB mask.

    Its one channel, if that stands there three times over, or else one id for each color.
    """
    if (call.target == call.target.narrow(dim, 0, 1)).all():
        return f"target = target.select({dim}, 0)"
    ids = f"target.movedim({dim}, -1).reshape(-1, 3).unique(dim=0, return_inverse=True)[1]"
    return f"target = {ids}.reshape({call.element_shape})  # ids in the order of the sorted colors"
