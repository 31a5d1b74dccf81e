"""What class indices of the wrong shape were likely meant to be: the line that makes them fit."""

import math

from ce_helpers.suspicious import ONE_SAMPLE, classes_last, is_distribution, without


def line_for_shape(call) -> str | None:
    """The likeliest line that makes the shapes of logits and class indices fit, or None."""
    shape, target, elements = call.shape, tuple(call.target.shape), call.element_shape
    ndim = len(shape)
    rows, last = math.prod(shape[:-1]), len(target) - 1
    colors = next((ids_of_colors(call, dim) for dim in (1, 3) if is_mask(call, dim)), "")
    choices = (
        (target[1:2] == (1,) and without(target, 1) == elements, "target = target.squeeze(1)"),
        (target[-1:] == (1,) and target[:-1] == elements, "target = target.squeeze(-1)"),
        (
            math.prod(target) == 1 and math.prod(elements) == 1,
            f"target = target.reshape({elements})",
        ),
        (ndim > 2 and target == shape[:-1], classes_last(shape)),
        (ndim > 2 and target == shape[1:], ONE_SAMPLE),
        (ndim > 2 and target == (1, *shape[1:]), "logits = logits.unsqueeze(0)"),
        (shape[0] == 1 and target == elements[1:], "target = target.unsqueeze(0)"),
        (ndim == 2 and math.prod(target) == shape[0], "target = target.reshape(-1)"),
        (ndim > 2 and target == (rows,), "logits = logits.flatten(0, -2)"),
        (_is_one_hot_last(call, shape, target), "target = target.movedim(-1, 1)"),
        (bool(colors), colors),
        (ndim == 2 and target == shape[1:], "logits = logits.T"),
        (len(target) == len(elements) > 0 and target[1:] == elements[1:], _first_samples(call)),
        (
            3 <= ndim <= 5 and all(shape + target) and target[:1] == shape[:1] and last == ndim - 2,
            f"logits = torch.nn.functional.interpolate(logits, size={target[1:]})",
        ),
    )
    return next((line for fits, line in choices if fits), None)


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


def _first_samples(call):
    fewer = min([*call.shape[:1], *call.target.shape[:1]])
    line = f"logits, target = logits[:{fewer}], target[:{fewer}]"
    return f"{line}  # only if the first {fewer} belong together"
