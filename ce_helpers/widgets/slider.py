"""A slider that shows numbers exactly, and tells a reader's move from what the program set."""

import math
import threading
from contextlib import AbstractContextManager
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from ipywidgets import GridBox

from ce_helpers.formatting import shortest
from ce_helpers.style import QUIET, TARGET_COLOR

HERE = Path(__file__).parent


class Slider(anywidget.AnyWidget):
    """A slider with a name and a number to type into.

    ipywidgets' own answers each value that is set here with the value where its handle came to
    rest: nearly the same, late, and not told from a reader's move. This one sends nothing but what
    a reader did, with a count of what was set before; a move that `show` has overtaken is left out.

    Args:
        lock: held while a reader's move is taken, re-entrant; one of its own if left out.
        **traits: `description`, `min`, `max`, `step` (what an arrow key moves it by), `color`.

    Example:
        >>> slider = Slider(description="class 0", value=33.3, max=40)
        >>> slider.value
        33.3
    """

    # As text: given a path, anywidget would watch the file, and keep each slider alive for it.
    _esm = (HERE / "slider.js").read_text(encoding="utf-8")
    _css = (HERE / "slider.css").read_text(encoding="utf-8")

    description = traitlets.Unicode().tag(sync=True)
    min = traitlets.CFloat(0.0).tag(sync=True)
    max = traitlets.CFloat(1.0).tag(sync=True)
    step = traitlets.CFloat(0.1).tag(sync=True)
    color = traitlets.Unicode(QUIET).tag(sync=True)
    value = traitlets.CFloat(0.0)
    _set = traitlets.List([0, 0.0]).tag(sync=True)  # how often it was set here, and to what
    _moved = traitlets.List([-1, 0.0]).tag(sync=True)  # by a reader

    def __init__(self, *, lock: AbstractContextManager | None = None, **traits) -> None:
        self._lock = lock or threading.RLock()
        self._taking = False
        value = traits.pop("value", 0.0)
        super().__init__(**traits)  # the limits first
        self.value = value

    def show(self, value: float, limit: float | None = None) -> None:
        """Shows `value`, with `limit` on a scale of ±`limit`; older moves no longer count."""
        with self._lock, self.hold_sync():
            if limit is not None:
                self.min, self.max = -limit, limit
            self.value = value
            self._announce()

    @traitlets.validate("value")
    def _check(self, proposal) -> float:
        """Raises ValueError for nan and inf; cuts other numbers to the limits."""
        if not math.isfinite(proposal.value):
            raise ValueError(
                f"{self.description or 'value'} is {proposal.value}; a slider takes a finite "
                f"number from {self.min:g} to {self.max:g}."
            )
        return min(max(proposal.value, self.min), self.max)

    @traitlets.observe("value")
    def _tell(self, _change) -> None:
        if not self._taking:
            self._announce()

    def _announce(self) -> None:
        self._set = [self._set[0] + 1, self.value]

    @traitlets.observe("_moved")
    def _take(self, change) -> None:
        """Takes a reader's move, if nothing was set since."""
        count, value = change.new
        with self._lock:
            if count != self._set[0]:
                return
            self._taking = True
            try:
                self.value = value
            finally:
                self._taking = False


class LogitSliders(GridBox):
    """One slider per class in two columns.

    Args:
        class_names: one name per class.
        lock: as `Slider`.
    """

    def __init__(self, class_names: list[str], lock: AbstractContextManager) -> None:
        self.sliders = [
            Slider(description=name, lock=lock, layout={"width": "auto"}) for name in class_names
        ]
        super().__init__(
            self.sliders,
            layout={"grid_template_columns": "repeat(2, minmax(0, 1fr))", "max_height": "170px"},
        )

    def load(self, values: np.ndarray, limit: float, target: int) -> None:
        """Shows `values`, of shape (C), on a scale of ±`limit`."""
        for slider, value in zip(self.sliders, values, strict=True):
            slider.show(float(shortest(value)), limit)
        self.mark_target(target)

    def mark_target(self, target: int) -> None:
        """Gives the target's slider the target's colour."""
        for c, slider in enumerate(self.sliders):
            slider.color = TARGET_COLOR if c == target else QUIET


def widened(limit: float, largest: float) -> float:
    """The limit, or the next ten above `largest` if that lies beyond it."""
    return limit if largest <= limit else 10.0 * math.ceil(largest / 10)
