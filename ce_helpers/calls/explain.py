"""A call of cross entropy as a table to read: every step with its real numbers."""

from collections.abc import Sequence
from typing import Any, SupportsFloat

import numpy as np

from ce_helpers.calls.arguments import read_tensors
from ce_helpers.calls.call import Call, read_class_names
from ce_helpers.calls.explained import Explanation, Mean
from ce_helpers.calls.losses import Losses, all_losses
from ce_helpers.calls.steps import CrossEntropySteps, cross_entropy_steps
from ce_helpers.formatting import format_number, format_numbers, shortest

MOST_ROWS = 12  # of the table: one for each class, or the last for all that are left out
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
        element: the index of the element whose classes are shown, as an int or a tuple; if left
            out, the first whose loss is not finite, or else the one with the largest loss.
        class_names: one name per class; "class 0", "class 1", … if left out.

    Raises:
        TypeError, ValueError: as `cross_entropy_steps`; an element or names that do not fit.

    Example:
        >>> print(explain([[4.0, 10.0]], [0]).lines[-1])
        mean = 6.0025 ÷ 1 = 6.0025
    """
    given = Call(logits, target, weight, ignore_index, reduction, label_smoothing)
    call = read_tensors(given)
    losses = all_losses(call)
    if losses.each.size == 0:
        mean = _mean(losses, ()) if reduction == "mean" else None
        lines = _last_lines(losses, reduction, mean)
        return Explanation("There is no element.", ("class",), (), (), (), tuple(lines), mean)
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
    target = _target_class(steps) if steps.mask else None
    rows = tuple(zip(*columns.values(), strict=True))
    mean = _mean(losses, index) if reduction == "mean" else None
    return Explanation(
        _title(losses.each, index, None if target is None else names[target], element is not None),
        tuple(columns),
        rows,
        tuple(c == target for c in kept) + (False,) * (len(rows) - len(kept)),
        _sums(steps, tuple(columns)),
        (*_other_lines(losses, steps, mean), *_last_lines(losses, reduction, mean, steps)),
        mean,
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
    left_out = np.ones(len(names), bool)
    left_out[kept] = False
    others = int(left_out.sum())

    def column(values: np.ndarray, *, sums: bool = False, write: Any = format_numbers) -> list[str]:
        rest = [values[left_out].sum(dtype=float)] * (sums and others > 0)
        texts = write([*values[kept], *rest])
        return [*texts, *([""] * (others > 0 and not sums))]

    columns = {
        "class": [*(names[c] for c in kept), *([f"{others} other classes"] * bool(others))],
        "logits": column(steps.logits, write=lambda values: list(map(shortest, values))),
        "exp(· − max)": column(steps.exp_shifted, sums=True),
        "probs": column(steps.probs, sums=True),
        "−log p": column(-steps.log_probs),
        "target": column(steps.target_probs, sums=True, write=_shorts),
    }
    if has_weight:
        columns["weight"] = column(steps.weight, write=_shorts)
    columns["loss"] = column(steps.class_loss, sums=True)
    return columns


def _sums(steps: CrossEntropySteps, header: tuple[str, ...]) -> tuple[str, ...]:
    """The row below the table: sums over all classes, and the element's loss."""
    sums = {
        "class": "sum",
        "exp(· − max)": format_number(steps.sum_exp[0]),
        "probs": _short(steps.probs.sum(dtype=float)),
        "target": _short(steps.target_probs.sum(dtype=float)),
        "loss": format_number(steps.per_element_loss),
    }
    return tuple(sums.get(name, "") for name in header)


def _short(value: SupportsFloat) -> str:
    """What a person gave, with up to 4 digits."""
    return f"{float(value):.4g}"


def _shorts(values: Any) -> list[str]:
    return list(map(_short, values))


def _title(losses: np.ndarray, index: tuple[int, ...], target: str | None, is_chosen: bool) -> str:
    has = "its target is ignored" if target is None else f"target {target}"
    if losses.size == 1:
        return f"The one element, {has}"
    place = f"Element {_place(index)} of {losses.shape}, {has}"
    if is_chosen:
        return place
    if not np.isfinite(losses[index]):
        return f"{place}: the first whose loss is not finite"
    return f"{place}: it has the largest loss"


def _place(index: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, index))})"


def _mean(losses: Losses, index: tuple[int, ...]) -> Mean:
    each, mask = losses.each, losses.mask.ravel()
    above, below = [], []
    if each.size <= MOST_ELEMENTS:
        above, below = format_numbers(each.ravel()), _shorts(losses.weight.ravel())
    return Mean(
        tuple(text if counts else "ignored" for text, counts in zip(above, mask, strict=False)),
        tuple(text if counts else "—" for text, counts in zip(below, mask, strict=False)),
        int(np.ravel_multi_index(index, each.shape)) if index else 0,
        format_number(losses.numerator),
        _short(losses.denominator),
        format_number(losses.loss),
    )


def _other_lines(losses: Losses, steps: CrossEntropySteps, mean: Mean | None) -> list[str]:
    """Whether this element counts, and what the others have."""
    each = losses.each
    lines = [] if steps.mask else [
        "This element's target is ignored: its loss is 0 and it has no weight."
    ]  # fmt: skip
    if each.size == 1:
        return lines
    if each.size <= MOST_ELEMENTS:
        places = ", ".join(map(_place, np.ndindex(each.shape)))
        below = ": above the line the losses, below it the targets' weights" if mean else ""
        return [*lines, f"Elements {places} from left to right{below}."]
    finite = each[np.isfinite(each)]
    count = f"{each.size} elements, {int((~losses.mask).sum())} ignored"
    if finite.size < each.size:
        count += f", {each.size - finite.size} with a loss that is not finite"
    if not finite.size:
        return [*lines, count]
    least, middle, most = format_numbers((finite.min(), finite.mean(dtype=float), finite.max()))
    return [*lines, f"{count}: smallest loss {least}, average {middle}, largest {most}"]


def _last_lines(
    losses: Losses, reduction: str, mean: Mean | None, steps: CrossEntropySteps | None = None
) -> list[str]:
    each = losses.each.ravel()
    listed = format_numbers(each) if 1 < each.size <= MOST_ELEMENTS else []
    if reduction == "none":
        shown = f" [{', '.join(listed)}]" if listed else ""
        given = "" if steps is None else f"; this one's = {format_number(steps.loss)}"
        return [f"reduction none: each element keeps its loss{shown}{given}"]
    if reduction == "sum":
        terms = [" + ".join(listed)] if listed else []
        return [" = ".join(["sum", *terms, format_number(losses.loss)])]
    lines = []
    if losses.denominator == 0:
        nothing = "the weights add up to 0" if losses.weight.any() else "the weights are all 0"
        if not losses.mask.any():
            nothing = "every target is ignored" if losses.mask.size else "there is no element"
        lines.append(f"denominator 0: {nothing}, so the mean is {format_number(losses.loss)}")
    return [*lines, str(mean)]
