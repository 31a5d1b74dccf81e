"""The gradient explorer: p − y, a step, and what the step does to the loss."""

import torch

from ce_helpers.explorers.gradient_picture import GradientPicture
from ce_helpers.explorers.gradient_state import Descent
from ce_helpers.formatting import tensor_literal
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import LARGEST, Box, Choice, ExactSlider
from ce_helpers.live.limits import LOGITS, up

SMALLEST_SETTING, LARGEST_SETTING = 0.1, 10.0
SOME = 10  # steps of one press
SURE = 10.0  # a logit over zeros


class GradientExplorer(LiveExplorer):
    """One sample's logits; live p − y, the gradient from autograd, and steps along it.

    A step replaces the logits by logits − learning rate × gradient, as if the logits themselves
    were trained. When a control moves, the history of the loss begins again.

    Shape:
        logits: (C) or (1, C) with 1 ≤ C ≤ 6. target: () or (1).

    Args:
        logits: floating point, finite, no unit.
        target: a class index.
        class_names: one name per class; "class 0", "class 1", … if left out.
        question: a sentence above the picture.

    Raises:
        TypeError, ValueError: as `Descent`.

    Example:
        >>> explorer = GradientExplorer([[2.0, 0.0]], [1])
        >>> explorer.temperature_slider.value = 2
        >>> explorer.gradient
        tensor([[ 0.3655, -0.3655]])
        >>> explorer.step()
        >>> print(f"{explorer.loss:.4f}")
        1.0599
    """

    def __init__(self, logits, target, *, class_names=None, question="") -> None:
        descent = Descent(logits, target, class_names)
        names = descent.state.class_names
        limit = up(max(LARGEST, float(descent.state.logits.abs().max())), LOGITS)
        self.logit_sliders = [
            ExactSlider(min=-limit, max=limit, step=0.1, description=name) for name in names
        ]
        self.target_buttons = Choice(options=[(name, c) for c, name in enumerate(names)])
        self.learning_rate_slider = _setting("learning rate")
        self.temperature_slider = _setting("temperature")
        self.softmax_first_box = Box(description="softmax first")
        controls = {f"logits.{c}": (slider, "value") for c, slider in enumerate(self.logit_sliders)}
        controls |= {
            "target": (self.target_buttons, "index"),
            "learning_rate": (self.learning_rate_slider, "value"),
            "temperature": (self.temperature_slider, "value"),
            "softmax_first": (self.softmax_first_box, "value"),
        }
        presets = _presets(descent)
        page = {
            "question": question, "bound": limit, "names": names,
            "preview": "gradient" if descent.state.logits.dtype == torch.float32 else None,
            "choices": [{"name": "softmax_first", "label": "softmax first"}],
            "loads": [
                {"key": "step", "caption": "Take one step", "steps": 1, "until": "is_full"},
                {"key": "steps", "caption": f"{SOME} steps", "steps": SOME, "until": "is_full"},
                *({"key": key, "caption": caption, "controls": {
                    "target": target, **{f"logits.{c}": z for c, z in enumerate(logits)}
                }} for key, (caption, logits, target) in presets.items()),
                {"key": "reset", "caption": "↺ Reset"},
            ],
        }  # fmt: skip
        loads = {
            "step": descent.step, "steps": lambda: descent.walk(SOME), "reset": descent.reset,
            **{key: lambda key=key: descent.set_call(*presets[key][1:]) for key in presets},
        }  # fmt: skip
        super().__init__(descent, controls, loads, page)

    def picture(self) -> GradientPicture:
        """What matplotlib draws of the present state."""
        return GradientPicture(self._state)

    @property
    def logits(self) -> torch.Tensor:
        """A copy of the logits, in the shape that was given."""
        return self._state.state.logits.clone()

    @property
    def target(self) -> torch.Tensor:
        """A copy of the target's class index."""
        return self._state.state.target.clone()

    @property
    def gradient(self) -> torch.Tensor:
        """What autograd returned for the present state, in the logits' shape."""
        return self._state.gradient.clone()

    @property
    def loss(self) -> torch.Tensor:
        """What `cross_entropy` returned for the present state, in nats."""
        return self._state.loss.clone()

    @property
    def losses(self) -> list[float]:
        """The loss before the first step and after each one, in nats."""
        return [*self._state.losses]

    def step(self) -> None:
        """Replaces the logits by logits − learning rate × gradient.

        Raises:
            ValueError: 20 steps were taken, or the step leads to nan or inf; then nothing changes.
        """
        self._change(self._state.step)

    def set_logits(self, logits) -> None:
        """Replaces all logits; the history begins again.

        Raises:
            ValueError: another shape, or a number that is not finite; then nothing changes.
        """
        self._change(lambda: self._state.set_logits(logits))

    def __repr__(self) -> str:
        """A line that makes an explorer of the present logits and target."""
        return "GradientExplorer({}, {})".format(*map(tensor_literal, (self.logits, self.target)))


def _presets(descent: Descent) -> dict:
    """A start that is sure and wrong, if there is a wrong class: caption, logits (C), target."""
    target, num_classes = descent.state.selected_target, len(descent.state.class_names)
    wrong = 0 if target else 1
    logits = [SURE * (c == wrong) for c in range(num_classes)]
    return {"sure": ("sure and wrong", logits, target)} if num_classes > 1 else {}


def _setting(description: str) -> ExactSlider:
    return ExactSlider(
        1.0, min=SMALLEST_SETTING, max=LARGEST_SETTING, step=0.1, description=description
    )
