"""The explorer: move a logit and see softmax and loss follow."""

import torch

from ce_helpers.explorers.cross_entropy_picture import CrossEntropyPicture, constants
from ce_helpers.explorers.cross_entropy_state import ExplorerState
from ce_helpers.formatting import format_number, tensor_literal
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import LARGEST, Choice, ExactSlider, WholeSlider
from ce_helpers.live.limits import LOGITS, up
from ce_helpers.live.numbers import short
from ce_helpers.scenarios import SCENARIOS, Scenario


class CrossEntropyExplorer(LiveExplorer):
    """Logits become probabilities become a loss; a bar's end is its slider.

    The tensor is the truth: controls show it, and only one that is moved writes to it. Each move is
    one call to `torch.nn.functional.cross_entropy(..., reduction="none")`. With more than one
    element, a table or a map chooses the element that is shown and edited.

    Shape:
        logits: (C), (N, C) or (N, C, d1…dK) with 1 ≤ C ≤ 100.
        target: (), (N) or (N, d1…dK).

    Args:
        logits: a `Scenario`, or floating-point logits (no unit) as tensor, array or lists.
        target: class indices; left out when a `Scenario` is given.
        class_names: one name per class; "class 0", "class 1", … if left out.
        selected: the element to start with, (sample, d1…dK); the first one if left out.
        logits_limit: no logit is moved beyond ± this; further if the given logits need it.
        question: a sentence above the picture.
        asked: the loss that the question asks for, in nats, or a pair of it and words for it.
        room: logits that the axis reaches, for the answer needs them.
        steps: whether p, s and the curve are shown by name; else there are logits and loss alone.
        softmax_first: whether the loss is given softmax(logits) for logits, a known mistake.

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
        self, logits, target=None, *, class_names=None, selected=None, logits_limit=LARGEST,
        question="", asked=None, room=(), steps=True, softmax_first=False,
    ) -> None:  # fmt: skip
        if isinstance(logits, Scenario):
            class_names = logits.class_names if class_names is None else class_names
            logits, target = logits.logits, logits.target
        state = ExplorerState(logits, target, class_names, selected, softmax_first=softmax_first)
        self._steps = steps
        names = state.class_names
        number, self._asked_words = asked if isinstance(asked, tuple) else (asked or 0, None)
        self._asked_words = self._asked_words or short(number)
        self._constants = constants(state, number, room)
        largest = float(state.logits.abs().max())
        limit = logits_limit if largest <= logits_limit else up(largest, LOGITS)
        self.logit_sliders = [
            ExactSlider(min=-limit, max=limit, step=0.1, description=name) for name in names
        ]
        self.target_buttons = Choice(options=[(name, c) for c, name in enumerate(names)])
        self.element_slider = WholeSlider(description="element", max=state.loss.numel() - 1)
        controls = {f"logits.{c}": (slider, "value") for c, slider in enumerate(self.logit_sliders)}
        controls |= {
            "target": (self.target_buttons, "index"), "element": (self.element_slider, "value"),
        }  # fmt: skip
        presets = self._presets(state) if steps else {}
        loads = {key: lambda key=key: state.set_call(*presets[key][1:]) for key in presets}
        page = {
            "question": question, "bound": limit, "code": state.code_shape(),
            "preview": "crossEntropy" if state.logits.dtype == torch.float32 else None,
            "loads": [
                *({"key": key, "caption": title, "logits": ExplorerState(logits, t).columns(),
                  "targets": t.view(-1)}
                  for key, (title, logits, t) in presets.items()),
                {"key": "reset", "caption": "↺ Reset"},
            ],
        }  # fmt: skip
        super().__init__(state, controls, {**loads, "reset": state.reset}, page)

    @staticmethod
    def _presets(state: ExplorerState) -> dict:
        """The article's scenarios of this shape, if there is a choice: title, columns, target."""
        found = {
            key: (scenario.title, scenario.logits, scenario.target)
            for key, scenario in SCENARIOS.items()
            if scenario.logits.shape == state.logits.shape
        }
        return found if len(found) > 1 else {}

    def picture(self, **seen) -> CrossEntropyPicture:
        """What matplotlib draws of the present state; `seen` is what a view has of its own."""
        return CrossEntropyPicture(
            self._state, self._constants, self._asked_words, steps=self._steps, **seen
        )

    @property
    def selected(self) -> tuple[int, ...]:
        """The selected element: (sample, d1…dK)."""
        return self._state.selected

    def set_logits(self, logits) -> None:
        """Replaces all logits, or with C numbers those of the selected element.

        Raises:
            ValueError: another shape, or a number that is not finite; then nothing changes.
        """
        self._change(lambda: self._state.set_logits(logits))

    def select(self, *, sample: int | None = None, position: int | tuple | None = None) -> None:
        """Selects the element to show and edit; what is left out stays.

        Args:
            sample: index in the batch, from 0 to N − 1.
            position: index along d1, or a tuple of K indices for d1…dK.

        Raises:
            TypeError: an index that is not an integer.
            ValueError: an index outside the tensor; then nothing changes.
        """
        with self.lock, torch.no_grad():
            self._state.select(sample, position)
            self._load_controls()
            self._answer()

    def text(self) -> str:
        """The state in words: what the picture shows."""
        if self._steps:
            return super().text()
        name = self._state.class_names[self._state.selected_target]
        return f"{self!r}\ntarget = {name}   loss = {format_number(self._state.selected_loss)}"

    def __repr__(self) -> str:
        """A line that makes this explorer again; of a long tensor, with the selected element."""
        told = [tensor_literal(tensor) for tensor in self._state.pasteable()]
        told += ["steps=False"] * (not self._steps)
        told += ["softmax_first=True"] * self._state.softmax_first
        return f"CrossEntropyExplorer({', '.join(told)})"
