"""The temperature explorer: divide logits by one number, and watch how sure the model is."""

import torch

from ce_helpers.explorers.temperature_picture import TemperaturePicture
from ce_helpers.explorers.temperature_state import TEMPERATURES, TemperatureState
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import WholeSlider


class TemperatureExplorer(LiveExplorer):
    """Logits of points that were not trained on, divided by a temperature that a hand sets.

    Shape:
        logits: (N, C) with N ≥ 2. target: (N).

    Args:
        logits: no unit; every second row is shown, the others find the best temperature.
        target: class indices.
        question: a sentence above the picture.

    Raises:
        ValueError: another shape.

    Example:
        >>> explorer = TemperatureExplorer([[4.0, 0.0], [4.0, 0.0]], [0, 0])
        >>> explorer.temperature
        1.0
    """

    def __init__(self, logits, target, *, question="") -> None:
        state = TemperatureState(logits, target)
        self.stop_slider = WholeSlider(
            max=len(TEMPERATURES) - 1, value=state.stop, description="temperature"
        )
        page = {
            "question": question, "preview": "lookup", "ahead": state.ahead(),
            "loads": [{"key": "reset", "caption": "↺ Reset"}],
        }  # fmt: skip
        controls = {"stop": (self.stop_slider, "value")}
        super().__init__(state, controls, {"reset": state.reset}, page)

    def picture(self) -> TemperaturePicture:
        """What matplotlib draws of the present state."""
        return TemperaturePicture(self._state)

    @property
    def temperature(self) -> float:
        """What the logits are divided by."""
        return TEMPERATURES[self._state.stop]

    @property
    def best_temperature(self) -> float:
        """The temperature with the lowest loss on the points that are not shown."""
        return self._state.best

    @property
    def loss(self) -> torch.Tensor:
        """The mean loss of the points that are shown, in nats."""
        return torch.tensor(self._state.values()["loss"])

    def __repr__(self) -> str:
        return f"TemperatureExplorer of {len(self._state.target)} points"
