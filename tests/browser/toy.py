"""An explorer of one slider and one point: all that a new one needs, and no JavaScript."""

import torch

from ce_helpers.live.ahead import Ahead
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import WholeSlider
from ce_helpers.live.looks import sentence
from ce_helpers.live.panel import Panel
from ce_helpers.live.picture import LivePicture
from ce_helpers.live.points import bullseye
from ce_helpers.live.values import spot

RESET = {"key": "reset", "caption": "Reset"}


class State:
    x, squares = 3, torch.arange(11).square()

    def set(self, name, value):
        self.x = int(value)

    def reset(self):
        self.x = 3

    def controls(self):
        return {"x": self.x}

    def values(self):
        return {"x": self.x, "y": self.squares[self.x].item()}

    def ahead(self):
        return Ahead({"x": (0, 11)}, {"y": (["x"], self.squares.numpy())})

    def tensors(self):
        return self.ahead().tensors()

    def code(self):
        return f"torch.tensor({self.x}).square()"

    def summary(self):
        return [f"The square of {self.x} is {self.squares[self.x]}."]


def picture(values):
    drawn = LivePicture(values, {}, [])
    panel = Panel("square", 448, 240, drawn.values)
    axes = panel.axes((40, 20, 434, 160), (0, 10), (0, 100))
    panel.ticks(axes, "x", 184, 394)
    panel.ticks(axes, "y", 34, 140)
    bullseye(panel, spot("x", axes.x), spot("y", axes.y), 8)
    slider = {"name": "x", "label": "x", "panel": "square", "x": axes.x, "y": 214, "stride": 1}
    drawn.grids, drawn.hands = [[panel]], {"sliders": [slider]}
    drawn.words = [sentence("The square of {x:whole} is {y:whole:target}.")]
    drawn.lines = [sentence("torch.tensor({x:whole}).square()")]
    return drawn


class Square(LiveExplorer):
    def __init__(self):
        state, self.slider = State(), WholeSlider(max=10, description="x")
        page = {"preview": "lookup", "ahead": state.ahead(), "loads": [RESET]}
        super().__init__(state, {"x": (self.slider, "value")}, {"reset": state.reset}, page)

    def picture(self):
        return picture(self._state.values())

    def __repr__(self):
        return f"Square({self._state.x})"
