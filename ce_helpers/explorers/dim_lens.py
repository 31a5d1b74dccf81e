"""The dim lens: which numbers meet in one softmax, and what they become."""

from functools import partial

import torch

from ce_helpers.explorers.cursor import CursorExplorer
from ce_helpers.explorers.dim_lens_picture import DimLensPicture
from ce_helpers.explorers.dim_lens_state import DimLensState
from ce_helpers.explorers.softmax_panel import ROW_LABEL
from ce_helpers.live.controls import Choice
from ce_helpers.live.looks import fitting


class DimLens(CursorExplorer):
    """Logits and a cursor; softmax runs along `dim=1`, through the classes, at one place.

    Shape:
        logits: (N, C, d1) or (1, C, H, W), with C ≤ 6.
        target: (N, d1) or (1, H, W).

    Args:
        logits: no unit.
        class_names: one name per class; "class 0", "class 1", … if left out.
        target: class indices; if given, the loss is shown too.
        cell: the row and the column to start with; (sample, position) for (N, C, d1).

    Raises:
        TypeError, ValueError: as `DimLensState`.

    Example:
        >>> lens = DimLens(torch.tensor([[[4.0, 10.0], [3.0, 2.0], [2.0, 3.0], [10.0, 4.0]]]))
        >>> print(lens.text())
        logits[0, :, 0] = [4, 3, 2, 10]   softmax = [2.4696e-03, 9.0850e-04, 3.3422e-04, 0.9963]
    """

    def __init__(self, logits, class_names=None, *, target=None, cell=(0, 0)) -> None:
        fit = partial(fitting, most=ROW_LABEL)
        state = DimLensState(logits, target, class_names, cell, fit=fit)
        controls, choices = {}, []
        if state.tabled:
            dims = [f"dim={dim}" for dim in range(3)]
            self.dim_buttons = Choice(options=dims, index=state.dim, description="softmax along")
            controls = {"dim": (self.dim_buttons, "index")}
            choices = [{"name": "dim", "label": "softmax along", "options": dims}]
        super().__init__(state, controls, choices)

    def picture(self) -> DimLensPicture:
        """What matplotlib draws of the present state."""
        return DimLensPicture(self._state)

    @property
    def logits(self) -> torch.Tensor:
        """A copy of the logits."""
        return self._state.logits.clone()

    @property
    def target(self) -> torch.Tensor | None:
        """A copy of the target's class indices, if one was given."""
        return self._state.target.clone() if self._state.has_target else None

    def text(self) -> str:
        """The numbers that meet at the cursor, and their softmax."""
        return self._state.text()
