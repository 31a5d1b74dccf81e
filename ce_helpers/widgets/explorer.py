"""The explorer: move a logit and see softmax and loss follow."""

import ipywidgets as widgets
import torch

from ce_helpers.figures import CrossEntropyFigure
from ce_helpers.formatting import tensor_literal, to_numpy
from ce_helpers.live_figure import LiveFigure
from ce_helpers.scenarios import SCENARIOS, Scenario
from ce_helpers.state import CrossEntropyState
from ce_helpers.widgets.base import LiveWidget, code_html, text_html
from ce_helpers.widgets.slider import LogitSliders, Slider, widened


class CrossEntropyExplorer(LiveWidget):
    """Sliders for the logits, buttons for the target; live logits → softmax → −log p.

    The tensor is the truth: the sliders show it, and only a slider that is moved writes to it.
    Each move is one call to `torch.nn.functional.cross_entropy(..., reduction="none")`. With more
    than one element, selectors choose the element that is shown and edited.

    Shape:
        logits: (C), (N, C) or (N, C, d1…dK) with 1 ≤ C ≤ 100.
        target: (), (N) or (N, d1…dK).

    Args:
        logits: a `Scenario`, or floating-point logits (no unit) as tensor, array or lists.
        target: class indices; left out when a `Scenario` is given.
        class_names: one name per class; "class 0", "class 1", … if left out.
        selected: the element to start with, (sample, d1…dK); the first one if left out.
        logits_limit: the sliders run from minus this to this; further if the logits need it.
        pixel_ratio: device pixels per CSS pixel.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`.

    Example:
        >>> explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])
        >>> explorer.loss
        tensor([0.0037])
        >>> explorer.logit_sliders[3].value = 3
        >>> explorer.loss
        tensor([1.6265])
    """

    def __init__(
        self,
        logits,
        target=None,
        *,
        class_names=None,
        selected=None,
        logits_limit=20.0,
        pixel_ratio=2,
    ) -> None:
        if isinstance(logits, Scenario):
            class_names = logits.class_names if class_names is None else class_names
            logits, target = logits.logits, logits.target
        self._state = CrossEntropyState(logits, target, class_names, selected)
        self._least_limit = logits_limit
        self._figure = CrossEntropyFigure(self._state.class_names, self._state.map_shape)
        super().__init__(LiveFigure(self._figure.figure, pixel_ratio=pixel_ratio))
        self._make_controls()
        self._show_all()

    # What a script reads and sets.

    @property
    def logits(self) -> torch.Tensor:
        """A copy of the logits, in the shape that was given."""
        return self._state.logits.clone()

    @property
    def target(self) -> torch.Tensor:
        """A copy of the target's class indices."""
        return self._state.target.clone()

    @property
    def loss(self) -> torch.Tensor:
        """What `cross_entropy(..., reduction="none")` returned for the present state, in nats."""
        return self._state.loss.clone()

    @property
    def selected(self) -> tuple[int, ...]:
        """The selected element: (sample, d1…dK)."""
        return self._state.selected

    def set_logits(self, logits) -> None:
        """Replaces all logits, or with C numbers those of the selected element.

        Raises:
            ValueError: another shape, or a number that is not finite; then nothing changes.
        """
        with self.lock:
            self._state.set_logits(logits)
            self._show_all()

    def select(self, *, sample: int | None = None, position: int | tuple | None = None) -> None:
        """Selects the element to show and edit; what is left out stays.

        Args:
            sample: index in the batch, from 0 to N − 1.
            position: index along d1, or a tuple of K indices for d1…dK.

        Raises:
            TypeError: an index that is not an integer.
            ValueError: an index outside the tensor; then nothing changes.
        """
        with self.lock:
            self._state.select(sample, position)
            self._load_controls()
            self._draw(selection_moved=True)

    def reset(self) -> None:
        """Returns to the logits, the target and the selection that it was made with."""
        with self.lock:
            self._state.reset()
            self._show_all()
            self._show_error(None)

    def code(self) -> str:
        """PyTorch lines that give the present loss; of a long tensor, the selected element's."""
        return self._state.code()

    def text(self) -> str:
        """The state in words: what the picture shows."""
        return "\n".join((repr(self), *self._state.summary()))

    def __repr__(self) -> str:
        """A line that makes this explorer again; of a long tensor, with the selected element."""
        return "CrossEntropyExplorer({}, {})".format(*map(tensor_literal, self._state.pasteable()))

    # What a reader moves.

    def _make_controls(self) -> None:
        names = self._state.class_names
        auto_width = {"width": "auto"}
        self._slider_box = LogitSliders(names, self.lock)
        self.logit_sliders = self._slider_box.sliders
        self.target_buttons = widgets.ToggleButtons(
            options=[(name, c) for c, name in enumerate(names)], style={"button_width": "auto"}
        )
        self.selectors = self._make_selectors()
        self.reset_button = widgets.Button(description="Reset", icon="undo", layout=auto_width)
        self.presenter_button = widgets.ToggleButton(
            description="Presenter", icon="television", layout=auto_width,
            tooltip="Larger type and lines; hide the file browser with Ctrl+B first",
        )  # fmt: skip
        self._watch(self.presenter_button, self._resize)
        tools = (self.reset_button, self.presenter_button)
        self.reset_button.on_click(self.guarded(self.reset))
        self.preset_buttons = self._make_presets()
        for c, slider in enumerate(self.logit_sliders):
            self._watch(slider, lambda c=c: self._move_logit(c))
        self._watch(self.target_buttons, self._move_target)
        for selector in self.selectors.values():
            self._watch(selector, self._move_selection)
        self._place(
            widgets.HBox([*self.selectors.values(), *self.preset_buttons.values(), *tools]),
            self.live_figure.image,
            self._slider_box,
            widgets.HBox([widgets.Label("target"), self.target_buttons]),
        )

    def _make_selectors(self) -> dict[int, Slider]:
        """A slider for each dimension of the loss that has more than one index."""
        return {
            dim: Slider(
                lock=self.lock, description=name, max=size - 1, step=1, layout={"width": "260px"}
            )
            for dim, (name, size) in enumerate(
                zip(self._state.dim_names, self._state.sizes, strict=True)
            )
            if size > 1
        }

    def _make_presets(self) -> dict[str, widgets.Button]:
        """A button for each of the article's scenarios of this shape, if there is a choice."""
        keys = [
            key for key, scenario in SCENARIOS.items() if scenario.logits.shape == self.logits.shape
        ]
        presets = {}
        for key in keys if len(keys) > 1 else ():
            presets[key] = widgets.Button(
                description=SCENARIOS[key].title, layout={"width": "auto"}
            )
            presets[key].on_click(self.guarded(lambda key=key: self._set_preset(key)))
        return presets

    def _move_logit(self, c: int) -> None:
        self._state.set_logit(c, self.logit_sliders[c].value)
        self._draw()

    def _move_target(self) -> None:
        self._state.set_target(self.target_buttons.value)
        self._slider_box.mark_target(self._state.selected_target)
        self._draw()

    def _move_selection(self) -> None:
        chosen = list(self._state.selected)
        for dim, selector in self.selectors.items():
            chosen[dim] = int(selector.value)
        self.select(sample=chosen[0], position=tuple(chosen[1:]))

    def _resize(self) -> None:
        change = self.add_class if self.presenter_button.value else self.remove_class
        change("ce-presenter")

    def _set_preset(self, key: str) -> None:
        self._state.set_call(SCENARIOS[key].logits, SCENARIOS[key].target)
        self._show_all()

    # From the state to the screen.

    def _show_all(self) -> None:
        """Shows tensors that are new: limits, controls, and what stands still in the figure."""
        largest = float(self._state.logits.abs().max())
        self._limit = widened(self._least_limit, largest)
        self._figure.set_limits(self._limit, self._state.loss)
        self._load_controls()
        self._draw(new_limits=True)

    def _load_controls(self) -> None:
        """Makes the controls show the selected element; writes nothing to the tensors."""
        state = self._state
        with self._loading_controls():
            self._slider_box.load(
                to_numpy(state.selected_logits), self._limit, state.selected_target
            )
            self.target_buttons.value = state.selected_target
            for dim, selector in self.selectors.items():
                # no `show`: of quick presses on this selector the later ones count too
                selector.value = state.selected[dim]

    def _draw(self, *, selection_moved: bool = False, new_limits: bool = False) -> None:
        state = self._state
        self._figure.update(
            to_numpy(state.selected_logits), to_numpy(state.probs),
            state.selected_target, state.selected_loss,
        )  # fmt: skip
        map_changed = False
        if self._figure.loss_map is not None:
            losses, cell = state.map()
            self._figure.loss_map.update(*cell, state.selected_loss)
            if selection_moved or new_limits:
                map_changed = self._figure.loss_map.set_values(losses)
        if map_changed or new_limits:
            self.live_figure.draw_all()
        else:
            self.live_figure.draw()
        self.summary.value = text_html("\n".join(state.summary())) + code_html(state.code())
