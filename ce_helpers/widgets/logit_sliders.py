"""Sliders that show logits exactly, and tell a reader's move from their own loading."""

import collections
import math
from decimal import Decimal

import ipywidgets as widgets
import numpy as np

from ce_helpers.formatting import shortest
from ce_helpers.style import TARGET_COLOR

MOST_DECIMALS = 6
KEPT_VALUES = 200
ROUNDING = 1e-9  # what a browser's arithmetic may change; no step is as small


class SteadySlider(widgets.FloatSlider):
    """A slider that does not take a browser's answer for a reader's move.

    A browser answers each new value with the value at which the handle came to rest. That differs
    in the last digits, and it comes late: by then a script may have set another value. So what
    comes from the browser and nearly is a value that was set here is left out, until a reader
    moves the slider.
    """

    def __init__(self, *args, **kwargs) -> None:
        self._browser_value: float | None = None
        self._set_here: collections.deque[float] = collections.deque(maxlen=KEPT_VALUES)
        super().__init__(*args, **kwargs)
        self._set_here.append(self.value)
        self.observe(self._keep, names="value")

    def show(self, value: float, limit: float, decimals: int) -> None:
        """Shows `value` on a scale of ±`limit` with so many decimals."""
        # A browser follows trait by trait. It moves a handle that is off the scale or its steps,
        # so the scale is at first as wide and as fine as the old one and the new.
        step = 10.0**-decimals
        self.min, self.max = min(self.min, -limit), max(self.max, limit)
        self.step = min(self.step, step)
        self.readout_format = f".{decimals}f"
        self.value = value
        self.min, self.max, self.step = -limit, limit, step

    def set_state(self, sync_data: dict) -> None:
        """Takes what the browser sends, apart from answers to values that were set here."""
        value = sync_data.get("value")
        if isinstance(value, int | float):
            if any(0 < abs(value - kept) < ROUNDING for kept in tuple(self._set_here)):
                sync_data = {name: sync_data[name] for name in sync_data if name != "value"}
            else:
                self._set_here.clear()
                self._browser_value = value
        super().set_state(sync_data)

    def _keep(self, change) -> None:
        if change.new != self._browser_value:
            self._set_here.append(change.new)


class LogitSliders(widgets.GridBox):
    """One slider per class in two columns.

    Args:
        class_names: one name per class.
        most_decimals: how many a slider shows; a key moves it by the last of them.
    """

    def __init__(self, class_names: list[str], most_decimals: int = MOST_DECIMALS) -> None:
        self._most_decimals = most_decimals
        self.sliders = [
            SteadySlider(description=name, layout={"width": "auto"}) for name in class_names
        ]
        self._shown = [slider.value for slider in self.sliders]
        super().__init__(
            self.sliders,
            layout={"grid_template_columns": "repeat(2, minmax(0, 1fr))", "max_height": "170px"},
        )

    def load(self, values: np.ndarray, limit: float, target: int) -> None:
        """Shows `values`, of shape (C); range and step widen to hold them."""
        for c, (slider, value) in enumerate(zip(self.sliders, values, strict=True)):
            decimals = min(self._most_decimals, max(1, _decimals(value)))
            # kept first, so that the slider's callback knows that nobody moved it
            self._shown[c] = round(float(shortest(value)), decimals)
            slider.show(self._shown[c], limit, decimals)
        self.mark_target(target)

    def mark_target(self, target: int) -> None:
        """Gives the target's slider the target's colour."""
        for c, slider in enumerate(self.sliders):
            slider.style.handle_color = TARGET_COLOR if c == target else None

    def moved(self, c: int) -> float | None:
        """The new value of slider `c` if a reader moved it; nan is taken back."""
        value = self.sliders[c].value
        if value == self._shown[c]:
            return None
        if not math.isfinite(value):
            self.sliders[c].value = self._shown[c]
            return None
        self._shown[c] = value
        return value


def widened(limit: float, largest: float) -> float:
    """The limit, or the next ten above `largest` if that lies beyond it."""
    return limit if largest <= limit else 10.0 * math.ceil(largest / 10)


def _decimals(value: np.floating) -> int:
    """How many decimals the shortest decimal form of `value` has."""
    return max(0, -Decimal(shortest(value)).as_tuple().exponent)
