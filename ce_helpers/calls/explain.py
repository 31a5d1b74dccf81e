"""A call of cross entropy as a table to read: every step with its real numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ce_helpers.calls.call import read_class_names
from ce_helpers.calls.steps import CrossEntropySteps, cross_entropy_steps
from ce_helpers.formatting import format_number, shortest
from ce_helpers.markup import tag
from ce_helpers.style import TARGET_COLOR

MARKED = f"color:{TARGET_COLOR};font-weight:bold"
MOST_ROWS = 12  # of the table: one for each class
MOST_ELEMENT_LINES = 6  # below the table: one for each element


@dataclass(frozen=True)
class Explanation:
    """The steps of one call, to be read in a notebook or in plain text.

    Args:
        title: which element the table is about.
        header: the table's columns.
        rows: the table's cells, one row per class.
        marked: which rows belong to the target.
        lines: what follows from the table, the loss last.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[bool, ...]
    lines: tuple[str, ...]

    def __str__(self) -> str:
        table = (self.header, *self.rows)
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        aligned = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in table
        ]
        return "\n".join((self.title, *aligned, *self.lines))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = tag("thead", tag("tr", *(tag("th", cell) for cell in self.header)))
        body = (
            tag("tr", *(tag("td", cell) for cell in row), style=MARKED if marked else "")
            for row, marked in zip(self.rows, self.marked, strict=True)
        )
        lines = (tag("p", line) for line in self.lines)
        table = tag("table", head, tag("tbody", *body))
        return tag("div", tag("p", tag("b", self.title)), table, *lines)


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
        loss = numerator ÷ denominator = 6.0025 ÷ 1.0000 = 6.0025
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
        lines = _last_lines(steps, reduction, None)
        return Explanation("There is no element.", ("class",), (), (), tuple(lines))
    index = _read_element(element, steps)
    names = read_class_names(class_names, len(steps.weight))
    columns = _columns(steps, index, names, weight is not None, label_smoothing)
    kept = _kept_classes(steps, index)
    left_out = len(names) - len(kept)
    more = [f"{left_out} classes with smaller probabilities are left out."] if left_out else []
    return Explanation(
        _title(steps, index, chosen=element is not None),
        tuple(columns),
        tuple(zip(*([column[c] for c in kept] for column in columns.values()), strict=True)),
        tuple(bool(_of(steps.mask, index)) and c == _target_class(steps, index) for c in kept),
        (*more, *_element_lines(steps, index), *_last_lines(steps, reduction, index)),
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
    steps: CrossEntropySteps,
    index: tuple[int, ...],
    names: list[str],
    has_weight: bool,
    label_smoothing: float,
) -> dict[str, list[str]]:
    """The table's columns, each with one text per class."""
    target_class, is_counted = _target_class(steps, index), bool(_of(steps.mask, index))
    columns = {
        "class": [
            f"{name} (target)" if is_counted and c == target_class else name
            for c, name in enumerate(names)
        ],
        "logits": list(map(shortest, _of(steps.logits, index))),
        "minus max": _texts(_of(steps.shifted, index)),
        "exp": _texts(_of(steps.exp_shifted, index)),
        "÷ sum = probs": _texts(_of(steps.probs, index)),
        "log_probs": _texts(_of(steps.log_probs, index)),
    }
    is_one_hot = np.isin(steps.target_probs, (0, 1)).all()
    if not is_one_hot or label_smoothing:
        columns["share of target"] = _texts(_of(steps.target_probs, index))
    if has_weight:
        columns["weight"] = _texts(steps.weight)
    columns["loss"] = _texts(_of(steps.class_loss, index))
    return columns


def _texts(values: np.ndarray) -> list[str]:
    return list(map(format_number, values))


def _title(steps: CrossEntropySteps, index: tuple[int, ...], *, chosen: bool) -> str:
    if steps.per_element_loss.size == 1:
        return "The one element, class by class"
    place = f"Element {_place(index)} of {steps.per_element_loss.shape}, class by class"
    return place if chosen else f"{place}: it has the largest loss"


def _place(index: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, index))})"


def _element_lines(steps: CrossEntropySteps, index: tuple[int, ...]) -> list[str]:
    """How the table becomes one element's loss, and what the other elements have."""
    sum_exp, log_sum_exp = (
        float(np.ravel(_of(values, index))[0]) for values in (steps.sum_exp, steps.log_sum_exp)
    )
    loss = _of(steps.per_element_loss, index)
    lines = [f"sum of exp = {format_number(sum_exp)}, its log = {format_number(log_sum_exp)}"]
    if _of(steps.mask, index):
        lines.append(f"loss of this element = {format_number(loss)}, the sum of the last column")
    else:
        lines.append("this element's target is ignored: its loss is 0 and it has no weight")
    losses = steps.per_element_loss
    if 1 < losses.size <= MOST_ELEMENT_LINES:
        for other in np.ndindex(losses.shape):
            ignored = "" if steps.mask[other] else "   ignored"
            share = format_number(steps.target_weight[other])
            text = format_number(losses[other])
            lines.append(f"element {_place(other)}: loss {text}, weight {share}{ignored}")
    elif losses.size > 1:
        count = f"{losses.size} elements, {int((~steps.mask).sum())} ignored"
        parts = (losses.min(), losses.mean(dtype=float), losses.max())
        least, middle, most = map(format_number, parts)
        lines.append(f"{count}: smallest loss {least}, average {middle}, largest {most}")
    return lines


def _last_lines(
    steps: CrossEntropySteps, reduction: str, index: tuple[int, ...] | None
) -> list[str]:
    numerator, denominator = format_number(steps.numerator), format_number(steps.denominator)
    if reduction == "none":
        given = "" if index is None else f" = {format_number(_of(steps.loss, index))}"
        return [f"reduction none: each element keeps its loss; this one's{given}"]
    if reduction == "sum":
        return [f"loss = sum of the losses = {format_number(steps.loss)}"]
    lines = ["numerator = sum of the losses, denominator = sum of the elements' weights"]
    if steps.denominator == 0:
        nothing = "the weights are all 0" if steps.mask.any() else "every target is ignored"
        if steps.mask.size == 0:
            nothing = "there is no element"
        lines.append(f"denominator 0: {nothing}, so the mean is nan")
    loss = format_number(steps.loss)
    return [*lines, f"loss = numerator ÷ denominator = {numerator} ÷ {denominator} = {loss}"]
