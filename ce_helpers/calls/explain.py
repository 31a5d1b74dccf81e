"""A call of cross entropy as a table to read: every step with its real numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ce_helpers.calls.arguments import read_tensors
from ce_helpers.calls.call import Call, read_class_names
from ce_helpers.calls.losses import Losses, all_losses
from ce_helpers.calls.steps import CrossEntropySteps, cross_entropy_steps
from ce_helpers.formatting import format_number, shortest
from ce_helpers.markup import tag
from ce_helpers.style import TARGET_COLOR

MARKED = f"color:{TARGET_COLOR};font-weight:bold"
MOST_ROWS = 12  # of the table: one for each class, or the last for all that are left out
MOST_ELEMENT_LINES = 6  # below the table: one for each element


@dataclass(frozen=True)
class Explanation:
    """The steps of one call, to be read in a notebook or in plain text.

    Args:
        title: which element the table is about.
        header: the table's columns.
        rows: the table's cells, one row per class; of many, the last sums what is left out.
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
        element: the index of the element whose classes are shown, as an int or a tuple; if left
            out, the first whose loss is not finite, or else the one with the largest loss.
        class_names: one name per class; "class 0", "class 1", … if left out.

    Raises:
        TypeError, ValueError: as `cross_entropy_steps`; an element or names that do not fit.

    Example:
        >>> print(explain([[4.0, 10.0]], [0]).lines[-1])
        loss = numerator ÷ denominator = 6.0025 ÷ 1.0000 = 6.0025
    """
    given = Call(logits, target, weight, ignore_index, reduction, label_smoothing)
    call = read_tensors(given)
    losses = all_losses(call)
    if losses.each.size == 0:
        lines = _last_lines(losses, reduction)
        return Explanation("There is no element.", ("class",), (), (), tuple(lines))
    index = _read_element(element, losses.each)
    names = read_class_names(class_names, call.num_classes)
    # Only this element needs every step.
    whole = (*index[: call.dim], slice(None), *index[call.dim :])
    steps = cross_entropy_steps(
        call.logits[whole],
        call.target[index if call.has_indices else whole],
        weight=call.weight,
        ignore_index=call.ignore_index,
        reduction="none",
        label_smoothing=call.label_smoothing,
    )
    kept = _kept_classes(steps)
    columns = _columns(steps, names, kept, has_weight=weight is not None)
    target_class = _target_class(steps) if steps.mask else None
    rows = tuple(zip(*columns.values(), strict=True))
    return Explanation(
        _title(losses.each, index, chosen=element is not None),
        tuple(columns),
        rows,
        tuple(c == target_class for c in kept) + (False,) * (len(rows) - len(kept)),
        (*_element_lines(steps), *_other_lines(losses), *_last_lines(losses, reduction, steps)),
    )


def _read_element(element: object, losses: np.ndarray) -> tuple[int, ...]:
    if element is None:
        odd = ~np.isfinite(losses)
        place = np.argmax(odd if odd.any() else losses)
        return tuple(map(int, np.unravel_index(place, losses.shape)))
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


def _target_class(steps: CrossEntropySteps) -> int:
    """The class index, or the class with the largest probability."""
    return int(np.argmax(steps.target_probs))


def _kept_classes(steps: CrossEntropySteps) -> list[int]:
    """The classes that get a row: all, or the target and the most probable others."""
    probs = steps.probs
    if len(probs) <= MOST_ROWS:
        return list(range(len(probs)))
    largest = np.argsort(-np.nan_to_num(probs), kind="stable")[: MOST_ROWS - 2]
    return sorted({*map(int, largest), _target_class(steps)})


def _columns(
    steps: CrossEntropySteps, names: list[str], kept: list[int], *, has_weight: bool
) -> dict[str, list[str]]:
    """The table's columns: a text for each class that is kept, then one for the rest."""
    target_class = _target_class(steps) if steps.mask else None
    left_out = np.ones(len(names), bool)
    left_out[kept] = False
    others = int(left_out.sum())

    def column(values: np.ndarray, *, sums: bool = False, write: Any = format_number) -> list[str]:
        rest = write(values[left_out].sum(dtype=float)) if sums else ""
        return [*map(write, values[kept]), *([rest] * bool(others))]

    columns = {
        "class": [
            *(f"{names[c]} (target)" if c == target_class else names[c] for c in kept),
            *([f"{others} other classes"] * bool(others)),
        ],
        "logits": column(steps.logits, write=shortest),
        "minus max": column(steps.shifted),
        "exp": column(steps.exp_shifted, sums=True),
        "÷ sum = probs": column(steps.probs, sums=True),
        "log_probs": column(steps.log_probs),
    }
    if not np.isin(steps.target_probs, (0, 1)).all():
        columns["share of target"] = column(steps.target_probs, sums=True)
    if has_weight:
        columns["weight"] = column(steps.weight)
    columns["loss"] = column(steps.class_loss, sums=True)
    return columns


def _title(losses: np.ndarray, index: tuple[int, ...], *, chosen: bool) -> str:
    if losses.size == 1:
        return "The one element, class by class"
    place = f"Element {_place(index)} of {losses.shape}, class by class"
    if chosen:
        return place
    if not np.isfinite(losses[index]):
        return f"{place}: the first whose loss is not finite"
    return f"{place}: it has the largest loss"


def _place(index: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, index))})"


def _element_lines(steps: CrossEntropySteps) -> list[str]:
    """How the table becomes one element's loss."""
    sum_exp, log_sum_exp = map(format_number, (steps.sum_exp[0], steps.log_sum_exp[0]))
    lines = [f"sum of exp = {sum_exp}, its log = {log_sum_exp}"]
    if not steps.mask:
        return [*lines, "this element's target is ignored: its loss is 0 and it has no weight"]
    loss = format_number(steps.per_element_loss)
    return [*lines, f"loss of this element = {loss}, the sum of the last column"]


def _other_lines(losses: Losses) -> list[str]:
    """What all elements have."""
    each = losses.each
    if each.size == 1:
        return []
    if each.size <= MOST_ELEMENT_LINES:
        return [
            f"element {_place(place)}: loss {format_number(each[place])}, "
            f"weight {format_number(losses.weight[place])}"
            + ("" if losses.mask[place] else "   ignored")
            for place in np.ndindex(each.shape)
        ]
    finite = each[np.isfinite(each)]
    count = f"{each.size} elements, {int((~losses.mask).sum())} ignored"
    if finite.size < each.size:
        count += f", {each.size - finite.size} with a loss that is not finite"
    if not finite.size:
        return [count]
    parts = (finite.min(), finite.mean(dtype=float), finite.max())
    least, middle, most = map(format_number, parts)
    return [f"{count}: smallest loss {least}, average {middle}, largest {most}"]


def _last_lines(
    losses: Losses, reduction: str, steps: CrossEntropySteps | None = None
) -> list[str]:
    if reduction == "none":
        given = "" if steps is None else f" = {format_number(steps.loss)}"
        return [f"reduction none: each element keeps its loss; this one's{given}"]
    if reduction == "sum":
        return [f"loss = sum of the losses = {format_number(losses.loss)}"]
    lines = ["numerator = sum of the losses, denominator = sum of the elements' weights"]
    numerator, denominator, loss = map(
        format_number, (losses.numerator, losses.denominator, losses.loss)
    )
    if losses.denominator == 0:
        nothing = "the weights add up to 0" if losses.weight.any() else "the weights are all 0"
        if not losses.mask.any():
            nothing = "every target is ignored" if losses.mask.size else "there is no element"
        lines.append(f"denominator 0: {nothing}, so the mean is {loss}")
    return [*lines, f"loss = numerator ÷ denominator = {numerator} ÷ {denominator} = {loss}"]
