"""The training explorer: drag a point, take a step, let it run."""

import torch

from ce_helpers.explorers.plane import REACH
from ce_helpers.explorers.training_picture import TrainingPicture
from ce_helpers.explorers.training_state import (
    DECAYS,
    MOST_STEPS,
    SCALES,
    SETTINGS,
    SMOOTHINGS,
    TrainingState,
)
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import Choice, ExactSlider, WholeSlider

EACH_FRAME = 0.04  # the share of the steps so far that a running training takes in a frame
CHOICES = {
    "first_scale": ("first weights ×", SCALES),
    "weight_decay": ("weight decay", DECAYS),
    "smoothing": ("label smoothing", SMOOTHINGS),
}


class TrainingExplorer(LiveExplorer):
    """Points in the plane that a hand drags, and a linear model of three classes trained on them.

    The training is gradient descent over all points at once, at a learning rate of 1. A point that
    is moved does not begin it again: the next step goes on from the weights that stand.

    Shape:
        points: (N, 2) with 1 ≤ N ≤ 12. target: (N). held_out: (M, 2) and (M).

    Args:
        points: coordinates between −4.2 and 4.2.
        target: class indices 0, 1 or 2.
        held_out: points that are not trained on, and their classes, for a second curve.
        question: a sentence above the picture.

    Raises:
        ValueError: as `TrainingState`.

    Example:
        >>> from ce_helpers.training import points
        >>> explorer = TrainingExplorer(*points(12))
        >>> explorer.train(10)
        >>> print(f"{explorer.loss:.2f} {explorer.steps}")
        0.22 10
    """

    reloads = frozenset(SETTINGS)

    def __init__(self, points, target, *, held_out=None, question="") -> None:
        state = TrainingState(points, target, held_out)
        self.x_sliders, self.y_sliders = (
            [ExactSlider(min=-REACH, max=REACH, step=0.1, description=f"{axis} of point {i}")
             for i in range(len(state.target))]
            for axis in "xy"
        )  # fmt: skip
        self.steps_slider = WholeSlider(max=MOST_STEPS, description="steps")
        self.setting_buttons = {
            name: Choice(options=[f"{value:g}" for value in values], index=0, description=label)
            for name, (label, values) in CHOICES.items()
        }
        controls: dict = {
            f"{axis}.{i}": (slider, "value")
            for axis, sliders in (("xs", self.x_sliders), ("ys", self.y_sliders))
            for i, slider in enumerate(sliders)
        }
        controls |= {name: (buttons, "index") for name, buttons in self.setting_buttons.items()}
        controls["steps"] = (self.steps_slider, "value")
        page = {
            "question": question, "preview": "training", "follows": ["steps"],
            "choices": [
                {"name": name, "label": label, "options": [f"{value:g}" for value in values]}
                for name, (label, values) in CHOICES.items()
            ],
            "loads": [
                {"key": "step", "caption": "Step", "adds": "steps"},
                {"key": "run", "caption": "▶ Run or stop", "runs": "steps", "share": EACH_FRAME},
                {"key": "reset", "caption": "↺ Reset"},
            ],
        }  # fmt: skip
        super().__init__(state, controls, {"reset": state.reset}, page)

    def picture(self) -> TrainingPicture:
        """What matplotlib draws of the present state."""
        return TrainingPicture(self._state)

    @property
    def points(self) -> torch.Tensor:
        """A copy of the points, float32 (N, 2)."""
        return self._state.points.clone()

    @property
    def logits(self) -> torch.Tensor:
        """The model's logits at the points, (N, 3)."""
        return self._state.logits.clone()

    @property
    def steps(self) -> int:
        """How many steps were taken since the training began."""
        return self._state.steps

    def train(self, steps: int = 1) -> None:
        """Takes so many more steps, up to 10,000 in all."""
        self._change(lambda: self._state.train(steps))

    def move(self, index: int, x: float, y: float) -> None:
        """Moves one point; the weights stay.

        Raises:
            IndexError: there is no such point.
        """
        self.x_sliders[index].value, self.y_sliders[index].value = x, y

    def __repr__(self) -> str:
        return f"TrainingExplorer of {len(self._state.target)} points: {self._state!r}"
