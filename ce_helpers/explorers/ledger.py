"""The denominator ledger: where the one number of a batch comes from."""

import torch

from ce_helpers.explorers.ledger_picture import LARGEST_SMOOTHING, LARGEST_WEIGHT, LedgerPicture
from ce_helpers.explorers.ledger_state import (
    FORMS,
    NOTHING_IGNORED,
    REDUCTIONS,
    LedgerState,
)  # fmt: skip
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import Choice, ExactSlider, WholeSlider


class DenominatorLedger(LiveExplorer):
    """Each element's loss and weight, and numerator ÷ denominator = loss, live.

    An element is a column, as wide as what it adds to the denominator; its area is what it adds to
    the numerator, and the mean is the level at which all columns would settle. A cut between two
    samples makes two batches of one, and shows the mean of their means.

    Shape:
        logits: (N, C) or (N, C, d1), at most 8 elements and 6 classes. target: (N) or (N, d1).

    Args:
        logits: no unit.
        target: class indices.
        class_names: one name per class; "class 0", "class 1", … if left out.
        question: a sentence above the picture.

    Raises:
        TypeError, ValueError: as `LedgerState`.

    Example:
        >>> ledger = DenominatorLedger([[2.0, 0.0], [2.0, 0.0]], [0, 1])
        >>> ledger.weight_sliders[1].value = 3
        >>> print(ledger.text().splitlines()[-1])
        loss = 6.5077 ÷ 4.0000 = 1.6269
    """

    def __init__(self, logits, target, *, class_names=None, question="") -> None:
        state = LedgerState(logits, target, class_names)
        self.class_names = state.class_names
        self.weight_sliders = [
            ExactSlider(1.0, min=0.0, max=LARGEST_WEIGHT, step=0.1, description=f"weight {name}")
            for name in self.class_names
        ]
        ignorable = [
            ("nothing", NOTHING_IGNORED),
            *((name, c) for c, name in enumerate(self.class_names)),
        ]
        self.target_buttons = Choice(options=FORMS, description="target")
        self.reduction_buttons = Choice(options=REDUCTIONS, description="reduction")
        self.ignore_buttons = Choice(options=ignorable, description="ignore class")
        self.label_smoothing_slider = ExactSlider(
            min=0.0, max=LARGEST_SMOOTHING, step=0.01, description="label_smoothing"
        )
        self.cut_slider = WholeSlider(
            state.cut, min=1, max=state.num_samples, description="samples before the cut"
        )
        choices = {
            "form": self.target_buttons, "reduction": self.reduction_buttons,
            "ignore": self.ignore_buttons,
        }  # fmt: skip
        controls = {
            **{f"weights.{c}": (slider, "value") for c, slider in enumerate(self.weight_sliders)},
            **{name: (buttons, "index") for name, buttons in choices.items()},
            "label_smoothing": (self.label_smoothing_slider, "value"),
            "cut": (self.cut_slider, "value"),
        }
        page = {
            "question": question,
            "preview": "ledger" if state.logits.dtype == torch.float32 else None,
            "choices": [
                {"name": name, "label": buttons.description,
                 "options": [entry if isinstance(entry, str) else entry[0]
                             for entry in buttons.options]}
                for name, buttons in choices.items()
            ],
            "loads": [{"key": "reset", "caption": "↺ Reset"}],
        }  # fmt: skip
        super().__init__(state, controls, {"reset": state.reset}, page)

    def picture(self) -> LedgerPicture:
        """What matplotlib draws of the present state."""
        return LedgerPicture(self._state)

    @property
    def keywords(self) -> dict[str, object]:
        """The keywords that the controls stand for, as `cross_entropy` takes them."""
        return self._state.keywords

    def __repr__(self) -> str:
        """The call that it shows."""
        return self.code()
