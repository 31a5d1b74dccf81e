"""The gradient explorer: p − y, a step, and what the step does to the loss."""

import ipywidgets as widgets
import torch

from ce_helpers.descent import MOST_STEPS, Descent
from ce_helpers.formatting import tensor_literal, to_numpy
from ce_helpers.gradient_figure import GradientFigure
from ce_helpers.live_figure import LiveFigure
from ce_helpers.widgets.base import LiveWidget, code_html, text_html
from ce_helpers.widgets.slider import LogitSliders, Slider, widened

LOGITS_LIMIT = 5.0  # narrow, so that the arrow of a small step is seen


class GradientExplorer(LiveWidget):
    """Sliders for one sample's logits; live p − y, the gradient from autograd, and steps along it.

    A step replaces the logits by logits − learning rate × gradient, as if the logits themselves
    were trained. When a control moves, the history of the loss begins again.

    Shape:
        logits: (C) or (1, C) with 1 ≤ C ≤ 6. target: () or (1).

    Args:
        logits: floating point, finite, no unit.
        target: a class index.
        class_names: one name per class; "class 0", "class 1", … if left out.

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

    def __init__(self, logits, target, *, class_names=None) -> None:
        self._descent = Descent(logits, target, class_names)
        self._figure = GradientFigure(self._descent.state.class_names, MOST_STEPS)
        super().__init__(LiveFigure(self._figure.figure))
        self._make_controls()
        self._show_all()

    # What a script reads and calls.

    @property
    def logits(self) -> torch.Tensor:
        """A copy of the logits, in the shape that was given."""
        return self._descent.state.logits.clone()

    @property
    def target(self) -> torch.Tensor:
        """A copy of the target's class index."""
        return self._descent.state.target.clone()

    @property
    def gradient(self) -> torch.Tensor:
        """What autograd returned for the present state, in the logits' shape."""
        return self._descent.gradient.clone()

    @property
    def loss(self) -> torch.Tensor:
        """What `cross_entropy` returned for the present state, in nats."""
        return self._descent.loss.clone()

    @property
    def losses(self) -> list[float]:
        """The loss before the first step and after each one, in nats."""
        return [*self._descent.losses]

    def step(self) -> None:
        """Replaces the logits by logits − learning rate × gradient.

        Raises:
            ValueError: 20 steps were taken, or the step leads to nan or inf; then nothing changes.
        """
        with self.lock:
            self._descent.step()
            self._show_logits()

    def set_logits(self, logits) -> None:
        """Replaces all logits; the history begins again.

        Raises:
            ValueError: another shape, or a number that is not finite; then nothing changes.
        """
        with self.lock:
            self._descent.state.set_logits(logits)
            self._descent.restart()
            self._show_logits()

    def reset(self) -> None:
        """Returns to the first logits and target, and to settings that change nothing."""
        with self.lock:
            self._descent.reset()
            self._show_all()
            self._show_error(None)

    def code(self) -> str:
        """PyTorch lines that give the present gradient."""
        return self._descent.code()

    def text(self) -> str:
        """The state in words: what the picture shows."""
        return "\n".join((repr(self), *self._descent.summary()))

    def __repr__(self) -> str:
        """A line that makes an explorer of the present logits and target."""
        return "GradientExplorer({}, {})".format(*map(tensor_literal, (self.logits, self.target)))

    # What a reader moves.

    def _make_controls(self) -> None:
        names = self._descent.state.class_names
        self._slider_box = LogitSliders(names, self.lock)
        self.logit_sliders = self._slider_box.sliders
        self.target_buttons = widgets.ToggleButtons(
            options=[(name, c) for c, name in enumerate(names)], style={"button_width": "auto"}
        )
        self.learning_rate_slider = self._setting_slider("learning rate", 0.1, 10.0)
        self.temperature_slider = self._setting_slider("temperature", 0.5, 5.0)
        self.softmax_first_box = widgets.Checkbox(
            description="softmax first", indent=False, layout={"width": "auto"}
        )
        self.step_button = widgets.Button(description="Take one step", icon="step-forward")
        self.reset_button = widgets.Button(description="Reset", icon="undo")
        self.step_button.on_click(self.guarded(self.step))
        self.reset_button.on_click(self.guarded(self.reset))
        for c, slider in enumerate(self.logit_sliders):
            self._watch(slider, lambda c=c: self._move_logit(c))
        self._watch(self.learning_rate_slider, lambda: self._move_setting("learning_rate"))
        self._watch(self.temperature_slider, lambda: self._move_setting("temperature"))
        self._watch(self.target_buttons, self._move_target)
        self._watch(self.softmax_first_box, self._move_softmax_first)
        self._place(
            widgets.HBox([self.step_button, self.reset_button, self.softmax_first_box]),
            self.live_figure.image,
            self._slider_box,
            widgets.GridBox(
                [self.learning_rate_slider, self.temperature_slider],
                layout={"grid_template_columns": "repeat(2, minmax(0, 1fr))"},
            ),
            widgets.HBox([widgets.Label("target"), self.target_buttons]),
        )

    def _setting_slider(self, description: str, low: float, high: float) -> Slider:
        return Slider(
            lock=self.lock, description=description, min=low, max=high, value=1.0,
            layout={"width": "auto"},
        )  # fmt: skip

    def _move_logit(self, c: int) -> None:
        self._descent.state.set_logit(c, self.logit_sliders[c].value)
        self._restart()

    def _move_setting(self, name: str) -> None:
        setattr(self._descent, name, getattr(self, f"{name}_slider").value)
        self._restart()

    def _move_target(self) -> None:
        self._descent.state.set_target(self.target_buttons.value)
        self._slider_box.mark_target(self._descent.state.selected_target)
        self._restart()

    def _move_softmax_first(self) -> None:
        self._descent.softmax_first = self.softmax_first_box.value
        self._restart()

    def _restart(self) -> None:
        self._descent.restart()
        self._draw()

    # From the state to the screen.

    def _show_all(self) -> None:
        """Shows logits, a target and settings that no control has set."""
        with self._loading_controls():
            self.target_buttons.value = self._descent.state.selected_target
            self.learning_rate_slider.show(self._descent.learning_rate)
            self.temperature_slider.show(self._descent.temperature)
            self.softmax_first_box.value = self._descent.softmax_first
        self._show_logits()

    def _show_logits(self) -> None:
        """Shows logits that no slider has set; the other controls may just be moving."""
        state = self._descent.state
        logits = to_numpy(state.selected_logits)  # (C)
        self._limit = widened(LOGITS_LIMIT, float(abs(logits).max()))
        with self._loading_controls():
            self._slider_box.load(logits, self._limit, state.selected_target)
        self._draw()

    def _draw(self) -> None:
        descent = self._descent
        limits_are_new = self._figure.set_limits(self._limit, descent.losses[0])
        self._figure.update(
            *(
                to_numpy(values.view(-1))  # (C)
                for values in (
                    descent.state.logits, descent.stepped, descent.probs, descent.gradient,
                )
            ),
            target=descent.state.selected_target,
            losses=descent.losses,
        )  # fmt: skip
        if limits_are_new:
            self.live_figure.draw_all()
        else:
            self.live_figure.draw()
        self.step_button.disabled = descent.is_full
        self.summary.value = text_html("\n".join(descent.summary())) + code_html(self.code())
