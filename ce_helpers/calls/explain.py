"""A call of cross entropy as a table to read: every step with its real numbers."""

from collections.abc import Sequence
from typing import Any, SupportsFloat

import numpy as np

from ce_helpers.calls.call import read_class_names
from ce_helpers.calls.explained import Explanation, Mean
from ce_helpers.calls.steps import CrossEntropySteps, cross_entropy_steps
from ce_helpers.formatting import format_number, format_numbers, shortest

MOST_ROWS = 12  # of the table: one for each class
MOST_ELEMENTS = 6  # below the table: one by one


def explain(
    logits: object,
    target: object,
    *,
    weight: object = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
    element: int | tuple[int, ...] | None = None,
    class_names: Sequence[str] | None = None,
) -> Explanation:
    """Explains one call step by step: one element's classes, then how the losses become one number.

    Shape:
        as `cross_entropy_steps`.

    Args:
        logits: as `cross_entropy_steps`, like the next five.
        target: class indices or probabilities.
        weight: how much each class counts.
        ignore_index: the target value that adds nothing.
        reduction: "mean", "sum" or "none".
        label_smoothing: the part of each target that is spread over all classes.
        element: the index of the element whose classes are shown, as an int or a tuple; the one
            with the largest loss if left out.
        class_names: one name per class; "class 0", "class 1", … if left out.

    Raises:
        TypeError, ValueError: as `cross_entropy_steps`; an element or names that do not fit.

    Example:
        >>> print(explain([[4.0, 10.0]], [0]).lines[-1])
        mean = 6.0025 ÷ 1 = 6.0025
    """
    steps = cross_entropy_steps(
        logits,
        target,
        weight=weight,
        ignore_index=ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )
    if steps.per_element_loss.size == 0:
        mean = _mean(steps, ()) if reduction == "mean" else None
        lines = _last_lines(steps, reduction, (), mean)
        return Explanation("There is no element.", ("class",), (), (), (), tuple(lines), mean)
    index = _read_element(element, steps)
    names = read_class_names(class_names, len(steps.weight))
    columns = _columns(steps, index, names, weight is not None)
    kept = _kept_classes(steps, index)
    left_out = len(names) - len(kept)
    more = [f"{left_out} classes with smaller probabilities are left out of the table, and are in "
            "its sums."] if left_out else []  # fmt: skip
    target = _target_class(steps, index) if _of(steps.mask, index) else None
    mean = _mean(steps, index) if reduction == "mean" else None
    return Explanation(
        _title(steps, index, None if target is None else names[target], chosen=element is not None),
        tuple(columns),
        tuple(zip(*([column[c] for c in kept] for column in columns.values()), strict=True)),
        tuple(c == target for c in kept),
        _sums(steps, index, tuple(columns)),
        (*more, *_element_lines(steps, index, mean), *_last_lines(steps, reduction, index, mean)),
        mean,
    )


def _read_element(element: object, steps: CrossEntropySteps) -> tuple[int, ...]:
    losses = steps.per_element_loss
    if element is None:
        return tuple(map(int, np.unravel_index(np.argmax(np.nan_to_num(losses)), losses.shape)))
    index = element if isinstance(element, tuple) else (element,)
    for part in index:
        if isinstance(part, bool) or not isinstance(part, int | np.integer):
            raise TypeError(f"element is {element!r}; expected an int or a tuple of ints.")
    fits = len(index) == losses.ndim and all(
        0 <= part < size for part, size in zip(index, losses.shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"element is {element!r}; expected an index into losses of shape {losses.shape}."
        )
    return tuple(map(int, index))


def _of(values: np.ndarray, index: tuple[int, ...]) -> np.ndarray:
    """One element's part: its number, or its C numbers where there is a class dimension."""
    if values.ndim == len(index):
        return values[index]
    whole: tuple[Any, ...] = (*index[:1], slice(None), *index[1:])
    return values[whole]


def _target_class(steps: CrossEntropySteps, index: tuple[int, ...]) -> int:
    """The class index, or the class with the largest probability."""
    return int(np.argmax(_of(steps.target_probs, index)))


def _kept_classes(steps: CrossEntropySteps, index: tuple[int, ...]) -> list[int]:
    probs = _of(steps.probs, index)
    if len(probs) <= MOST_ROWS:
        return list(range(len(probs)))
    largest = np.argsort(-np.nan_to_num(probs), kind="stable")[: MOST_ROWS - 1]
    return sorted({*map(int, largest), _target_class(steps, index)})


def _columns(
    steps: CrossEntropySteps, index: tuple[int, ...], names: list[str], has_weight: bool
) -> dict[str, list[str]]:
    """The table's columns, each with one text per class."""
    columns = {
        "class": names,
        "logits": list(map(shortest, _of(steps.logits, index))),
        "exp(· − max)": format_numbers(_of(steps.exp_shifted, index)),
        "probs": format_numbers(_of(steps.probs, index)),
        "−log p": format_numbers(-_of(steps.log_probs, index)),
        "target": list(map(_short, _of(steps.target_probs, index))),
    }
    if has_weight:
        columns["weight"] = list(map(_short, steps.weight))
    columns["loss"] = format_numbers(_of(steps.class_loss, index))
    return columns


def _sums(
    steps: CrossEntropySteps, index: tuple[int, ...], header: tuple[str, ...]
) -> tuple[str, ...]:
    """The row below the table: sums over all classes, and the element's loss."""
    sums = {
        "class": "sum",
        "exp(· − max)": format_number(np.ravel(_of(steps.sum_exp, index))[0]),
        "probs": _short(_of(steps.probs, index).sum()),
        "target": _short(_of(steps.target_probs, index).sum()),
        "loss": format_number(_of(steps.per_element_loss, index)),
    }
    return tuple(sums.get(name, "") for name in header)


def _short(value: SupportsFloat) -> str:
    """What a person gave, with up to 4 digits."""
    return f"{float(value):.4g}"


def _title(
    steps: CrossEntropySteps, index: tuple[int, ...], target: str | None, *, chosen: bool
) -> str:
    has = "its target is ignored" if target is None else f"target {target}"
    if steps.per_element_loss.size == 1:
        return f"The one element, {has}"
    place = f"Element {_place(index)} of {steps.per_element_loss.shape}, {has}"
    return place if chosen else f"{place}: it has the largest loss"


def _place(index: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, index))})"


def _mean(steps: CrossEntropySteps, index: tuple[int, ...]) -> Mean:
    losses, weights = steps.per_element_loss.ravel(), steps.target_weight.ravel()
    few, mask = losses.size <= MOST_ELEMENTS, steps.mask.ravel()
    return Mean(
        tuple(
            text if counts else "ignored"
            for text, counts in zip(format_numbers(losses), mask, strict=True)
        ) if few else (),
        tuple(
            _short(weight) if counts else "—" for weight, counts in zip(weights, mask, strict=True)
        ) if few else (),
        int(np.ravel_multi_index(index, steps.per_element_loss.shape)) if index else 0,
        format_number(steps.numerator),
        _short(steps.denominator),
        format_number(steps.loss),
    )  # fmt: skip


def _element_lines(
    steps: CrossEntropySteps, index: tuple[int, ...], mean: Mean | None
) -> list[str]:
    """What the elements beside this one have."""
    losses = steps.per_element_loss
    lines = [] if _of(steps.mask, index) else [
        "This element's target is ignored: its loss is 0 and it has no weight."
    ]  # fmt: skip
    if losses.size > MOST_ELEMENTS:
        count = f"{losses.size} elements, {int((~steps.mask).sum())} ignored"
        parts = (losses.min(), losses.mean(dtype=float), losses.max())
        least, middle, most = format_numbers(parts)
        lines.append(f"{count}: smallest loss {least}, average {middle}, largest {most}")
    elif losses.size > 1:
        places = ", ".join(map(_place, np.ndindex(losses.shape)))
        below = ": above the line the losses, below it the targets' weights" if mean else ""
        lines.append(f"Elements {places} from left to right{below}.")
    return lines


def _last_lines(
    steps: CrossEntropySteps, reduction: str, index: tuple[int, ...], mean: Mean | None
) -> list[str]:
    losses = steps.per_element_loss.ravel()
    listed = format_numbers(losses) if 1 < losses.size <= MOST_ELEMENTS else []
    if reduction == "none":
        each = f" [{', '.join(listed)}]" if listed else ""
        given = f"; this one's = {format_number(_of(steps.loss, index))}" if losses.size else ""
        return [f"reduction none: each element keeps its loss{each}{given}"]
    if reduction == "sum":
        return [" = ".join(["sum", *filter(None, [" + ".join(listed)]), format_number(steps.loss)])]
    lines = []
    if steps.denominator == 0:
        nothing = "the weights are all 0" if steps.mask.any() else "every target is ignored"
        if steps.mask.size == 0:
            nothing = "there is no element"
        lines.append(f"denominator 0: {nothing}, so the mean is nan")
    return [*lines, str(mean)]
