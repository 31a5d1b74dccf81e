"""Sliders that show logits exactly, and tell a reader's move from their own loading."""

import math
from decimal import Decimal

import ipywidgets as widgets
import numpy as np

from ce_helpers.formatting import shortest
from ce_helpers.style import TARGET_COLOR

MOST_DECIMALS = 6


class LogitSliders(widgets.GridBox):
    """One slider per class in two columns.

    Args:
        class_names: one name per class.
    """

    def __init__(self, class_names: list[str]) -> None:
        self.sliders = [
            widgets.FloatSlider(description=name, layout={"width": "auto"}) for name in class_names
        ]
        self._shown = [slider.value for slider in self.sliders]
        super().__init__(
            self.sliders,
            layout={"grid_template_columns": "repeat(2, minmax(0, 1fr))", "max_height": "170px"},
        )

    def load(self, values: np.ndarray, limit: float, target: int) -> None:
        """Shows `values`, of shape (C); range and step widen to hold them."""
        for c, (slider, value) in enumerate(zip(self.sliders, values, strict=True)):
            decimals = min(MOST_DECIMALS, max(1, _decimals(value)))
            # kept first, so that the slider's callback knows that nobody moved it
            self._shown[c] = round(float(shortest(value)), decimals)
            with slider.hold_trait_notifications():
                slider.min, slider.max = -limit, limit
                slider.step = 10.0**-decimals
                slider.readout_format = f".{decimals}f"
                slider.value = self._shown[c]
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
