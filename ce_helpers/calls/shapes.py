"""Shapes of logits and target: what PyTorch wants, and the line that makes others fit."""

import math

ONE_SAMPLE = "logits, target = logits.unsqueeze(0), target.unsqueeze(0)"


def without(shape, dim) -> tuple[int, ...]:
    """A shape with one dimension left out."""
    return tuple(shape[:dim] + shape[dim + 1 :])


def classes_last(shape) -> str:
    """The line that moves the classes of logits from the last dimension to dim 1."""
    return (
        "logits = logits.transpose(1, 2)" if len(shape) == 3 else "logits = logits.movedim(-1, 1)"
    )


def misfit(shape, target) -> str:
    """The sentence on logits of one shape and a target of another that does not go with it.

    Args:
        shape: of logits, (C), (N, C) or (N, C, d1…dK).
        target: the shape of the target.
    """
    elements = without(shape, int(len(shape) > 1))
    return (
        f"logits of shape {shape} need class indices of shape {elements} or "
        f"probabilities of shape {shape}, but target has shape {target}"
    )


def line_for_shapes(shape, target) -> str | None:
    """The likeliest line that makes logits and class indices fit, by their shapes, or None.

    Args:
        shape: of logits, (C), (N, C) or (N, C, d1…dK).
        target: the shape of the target, another than (), (N) or (N, d1…dK).

    Example:
        >>> line_for_shapes((2, 5, 4), (2, 5))
        'logits = logits.transpose(1, 2)'
    """
    ndim = len(shape)
    elements = without(shape, int(ndim > 1))  # (), (N) or (N, d1…dK)
    sizes_fit = ndim - 1 == len(target) and target[:1] == shape[:1]
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
        (ndim > 2 and target == (math.prod(shape[:-1]),), "logits = logits.flatten(0, -2)"),
        (ndim == 2 and target == shape[1:], "logits = logits.T"),
        (
            len(target) == len(elements) > 0 and target[1:] == elements[1:],
            _first_samples(min([shape[0], *target[:1]])),
        ),
        (
            3 <= ndim <= 5 and all(shape + target) and sizes_fit,
            f"logits = torch.nn.functional.interpolate(logits, size={target[1:]})",
        ),
    )
    return next((line for fits, line in choices if fits), None)


def _first_samples(fewer: int) -> str:
    line = f"logits, target = logits[:{fewer}], target[:{fewer}]"
    return f"{line}  # only if the first {fewer} belong together"
