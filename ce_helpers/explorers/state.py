"""What an explorer shows: the tensors, the selected element and what torch computes from them."""

import numpy as np
import torch

from ce_helpers.calls.call import read_class_names
from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.formatting import (
    format_list,
    format_number,
    format_probability,
    shortest,
    tensor_literal,
    to_numpy,
)

MOST_SLIDERS = 100  # of an explorer: one for each class
MOST_PASTED_NUMBERS = 64


class CrossEntropyState:
    """Logits and target of any shape, one element of them selected, and the present loss.

    Shape:
        logits: (C), (N, C) or (N, C, d1…dK) with 1 ≤ C ≤ 100.
        target: (), (N) or (N, d1…dK).

    Args:
        logits: floating point, finite; copied.
        target: class indices in [0, C); copied.
        class_names: one name per class; "class 0", "class 1", … if None.
        selected: the element to start with, (sample, d1…dK); the first one if None.

    Raises:
        TypeError: logits that are not floating point, a target or a selection that is not indices.
        ValueError: shapes that do not fit, a target outside [0, C), more than 100 classes, logits
            that are not finite, no element at all, a wrong number of names, a selection outside.
    """

    def __init__(self, logits, target, class_names=None, selected=None) -> None:
        logits, target = read_call(logits, target)
        self.logits, self.target = logits, target
        # one view for every shape, sharing the memory: samples, classes, positions
        samples, num_classes = (1, *logits.shape)[:2] if logits.ndim == 1 else logits.shape[:2]
        self._elements = logits.view(samples, num_classes, -1)  # (N, C, P)
        self._targets = target.view(samples, -1)  # (N, P)
        self.sizes = tuple(target.shape) or (1,)  # N, d1…dK
        self.selected = (0,) * len(self.sizes)
        self.class_names = read_class_names(class_names, num_classes)
        if selected is not None:
            if not isinstance(selected, tuple) or len(selected) != len(self.sizes):
                expected = ", ".join(self.dim_names)
                raise ValueError(f"selected is {selected!r}; expected a tuple ({expected}).")
            self.select(selected[0], selected[1:])
        self._start = logits.clone(), target.clone(), self.selected
        self.compute()

    def compute(self) -> None:
        """Asks torch for every element's loss and for the selected element's probs."""
        with torch.no_grad():
            self.loss = torch.nn.functional.cross_entropy(
                self.given(self.logits), self.target, reduction="none"
            )  # target's shape, nats
            self.probs = torch.softmax(self.given(self.selected_logits), dim=0)  # (C)

    def given(self, logits: torch.Tensor) -> torch.Tensor:
        """What the loss is given for logits with their classes at `dim=1`, or of shape (C)."""
        return logits

    @property
    def _cell(self) -> tuple[int, int]:
        """The selected element as (sample, flat position)."""
        return divmod(int(np.ravel_multi_index(self.selected, self.sizes)), self._targets.shape[1])

    @property
    def selected_logits(self) -> torch.Tensor:
        """The selected element's logits, of shape (C): a view, softmax runs along it."""
        sample, position = self._cell
        return self._elements[sample, :, position]

    @property
    def selected_target(self) -> int:
        """The selected element's class index."""
        return int(self._targets[self._cell])

    @property
    def selected_loss(self) -> float:
        """The selected element's loss, in nats."""
        return float(self.loss.view(self._targets.shape)[self._cell])

    def set_logit(self, c: int, value: float) -> None:
        """Writes one logit of the selected element."""
        self.selected_logits[c] = value
        self.compute()

    def set_target(self, c: int) -> None:
        """Writes the selected element's target."""
        self._targets[self._cell] = c
        self.compute()

    def set_logits(self, logits) -> None:
        """Writes all logits, or with C numbers those of the selected element.

        Raises:
            ValueError: another shape, or a number that is not finite; then nothing changes.
        """
        values = torch.as_tensor(logits).detach().to(self.logits)
        whole, one = self.logits, self.selected_logits
        if values.shape not in (whole.shape, one.shape):
            raise ValueError(
                f"set_logits was given shape {tuple(values.shape)}; expected {tuple(whole.shape)} "
                f"for all elements, or {tuple(one.shape)} for the selected one."
            )
        check_finite(values)
        (whole if values.shape == whole.shape else one).copy_(values)
        self.compute()

    def set_call(self, logits: torch.Tensor, target: torch.Tensor) -> None:
        """Writes another call of the same shapes."""
        self.logits.copy_(logits)
        self.target.copy_(target)
        self.compute()

    def reset(self) -> None:
        """Returns to the logits, the target and the selection that were given first."""
        logits, target, self.selected = self._start
        self.set_call(logits, target)

    def select(self, sample: int | None, position: int | tuple[int, ...] | None) -> None:
        """Selects an element; None keeps that part of the selection.

        Raises:
            TypeError: an index that is not an integer.
            ValueError: an index outside the tensor; then nothing changes.
        """
        chosen = self.selected
        if sample is not None:
            chosen = (sample, *chosen[1:])
        if position is not None:
            chosen = (chosen[0], *(position if isinstance(position, tuple) else (position,)))
        if len(chosen) != len(self.sizes):
            raise ValueError(
                f"position {position!r} has {len(chosen) - 1} indices; logits of shape "
                f"{tuple(self.logits.shape)} have {len(self.sizes) - 1} position dimensions."
            )
        for name, index, size in zip(self.dim_names, chosen, self.sizes, strict=True):
            if isinstance(index, bool) or not isinstance(index, int | np.integer):
                raise TypeError(f"{name} is {index!r}; expected an integer index.")
            if not 0 <= index < size:
                raise ValueError(f"{name} is {index}; expected 0 to {size - 1}.")
        self.selected = tuple(int(index) for index in chosen)
        self.compute()

    @property
    def dim_names(self) -> tuple[str, ...]:
        """What each index of `selected` is called."""
        num_positions = len(self.sizes) - 1
        names = {1: ("position",), 2: ("row", "column")}
        return "sample", *names.get(num_positions, (f"d{k + 1}" for k in range(num_positions)))

    @property
    def map_shape(self) -> tuple[int, int] | None:
        """Rows and columns of a map of the losses; None for a single element."""
        if self.loss.numel() == 1:
            return None
        rows = self.sizes[0] if len(self.sizes) <= 2 else self.sizes[1]
        return rows, self.loss[0].numel() // (1 if len(self.sizes) <= 2 else rows)

    def map(self) -> tuple[np.ndarray, tuple[int, int]]:
        """The losses as a map and the selected cell: (N, d1), or one sample's (d1, d2…dK)."""
        rows, columns = self.map_shape
        sample, position = self._cell
        if len(self.sizes) <= 2:
            return to_numpy(self.loss).reshape(rows, columns), (sample, position)
        return to_numpy(self.loss[sample]).reshape(rows, columns), divmod(position, columns)

    def pasteable(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The whole call, or of a long one the selected element's, as logits (C), target ()."""
        if self.logits.numel() <= MOST_PASTED_NUMBERS:
            return self.logits, self.target
        return self.selected_logits, self._targets[self._cell]

    def code(self) -> str:
        """PyTorch lines that give the present loss; of a long tensor, the selected element's."""
        logits, target = map(tensor_literal, self.pasteable())
        return (
            f"logits, target = {logits}, {target}\n"
            'torch.nn.functional.cross_entropy(logits, target, reduction="none")'
        )

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        lines = []
        if self.loss.numel() > 1:
            names = zip(self.dim_names, self.selected, strict=True)
            place = ", ".join(map(str, (self.selected[0], ":", *self.selected[1:])))
            numbers = ", ".join(map(shortest, to_numpy(self.selected_logits)[:10]))
            more = ", …" if len(self.selected_logits) > 10 else ""
            lines.append(
                f"{', '.join(f'{name} {index}' for name, index in names)}: "
                f"logits[{place}] = [{numbers}{more}]"
            )
        p, loss = float(self.probs[self.selected_target]), format_number(self.selected_loss)
        lines.append(
            f"target = {self.class_names[self.selected_target]}   "
            f"softmax = {format_list(self.probs)}   loss = "
            # torch stays with logs, so its loss is finite where the probability has become 0
            + (
                f"−log({format_probability(p)}) = {loss}"
                if 0 < p < 1 or loss == "0"
                else f"−log_softmax = {loss} (p rounds to {p:g})"
            )
        )
        if self.loss.numel() > 1:
            lines.append(f"all {self.loss.numel()} elements: {self._reductions()}")
        return lines

    def _reductions(self) -> str:
        # in float64, so that the digits do not depend on the order of adding
        mean = f"mean = {format_number(self.loss.double().mean())}"
        if self.logits.numel() > MOST_PASTED_NUMBERS:
            return mean
        total = format_number(self.loss.double().sum())
        return f"sum = {total}, {mean.replace('=', f'= sum / {self.loss.numel()} =')}"


def read_call(logits, target) -> tuple[torch.Tensor, torch.Tensor]:
    """Own copies of both as tensors on the CPU, checked; lists are read as torch reads them."""
    cross_entropy_steps(logits, target, reduction="none")  # raises for what torch refuses
    logits, target = (torch.as_tensor(given).detach().cpu() for given in (logits, target))
    if target.shape == logits.shape:
        raise TypeError(
            f"target has the logits' shape {tuple(logits.shape)}, so it holds probabilities; "
            "expected class indices, e.g. target.argmax(dim=1)."
        )
    num_classes = logits.shape[0 if logits.ndim == 1 else 1]
    if num_classes > MOST_SLIDERS:
        raise ValueError(
            f"logits have {num_classes} classes; an explorer has room for {MOST_SLIDERS} sliders. "
            "Keep the classes that matter, e.g. logits[:, :100]."
        )
    if target.numel() == 0:
        raise ValueError(
            f"logits of shape {tuple(logits.shape)} hold no element; expected at least one."
        )
    if target.min() < 0:
        raise ValueError(
            f"target holds {int(target.min())}; an explorer needs a class index from 0 to "
            f"{num_classes - 1} for each element."
        )
    check_finite(logits)
    return logits.clone(memory_format=torch.contiguous_format), target.long().clone(
        memory_format=torch.contiguous_format
    )


def check_finite(logits: torch.Tensor) -> None:
    """Raises ValueError for nan and inf, which have no place on a slider."""
    if not torch.isfinite(logits).all():
        raise ValueError(
            "logits hold nan or inf; an explorer needs finite numbers, e.g. "
            "logits.nan_to_num(posinf=20, neginf=-20)."
        )
