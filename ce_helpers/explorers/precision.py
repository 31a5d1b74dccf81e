"""The precision lens: what is left of a loss in float16, float32 and float64."""

from decimal import Decimal

import numpy as np

from ce_helpers.explorers.precision_picture import PrecisionPicture
from ce_helpers.explorers.precision_state import (
    DTYPES,
    GAPS,
    METHODS,
    PrecisionState,
    exact_loss,
)  # fmt: skip
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import Choice, WholeSlider


class PrecisionLens(LiveExplorer):
    """One slider for the gap of two logits; three ways to compute the loss, in three dtypes.

    The logits are [0, gap] and the target is class 0: below 0 the target is ahead, above 0 it is
    behind. A gap is a whole number, which each dtype holds exactly, so that all errors come from
    computing. They are measured against log(1 + exp(gap)) in decimals of 60 digits: float64 could
    not judge itself.

    Args:
        gap: the other logit minus the target's, from −40 to 120, without a unit.

    Raises:
        TypeError, ValueError: a gap that is not a whole number from −40 to 120.

    Example:
        >>> lens = PrecisionLens(gap=104)
        >>> lens.losses["float32"]["cross_entropy"], lens.losses["float32"]["−log(softmax)"]
        (104.0, inf)
    """

    def __init__(self, gap: int = -16) -> None:
        state = PrecisionState(gap)
        self.gap_slider = WholeSlider(min=GAPS[0], max=GAPS[-1], description="gap")
        self.method_buttons = Choice(options=METHODS, description="curve")
        self.dtype_buttons = Choice(options=DTYPES, description="floats just above 1")
        controls = {
            "gap": (self.gap_slider, "value"), "method": (self.method_buttons, "index"),
            "dtype": (self.dtype_buttons, "index"),
        }  # fmt: skip
        page = {
            "preview": "lookup", "ahead": state.ahead(),
            "choices": [
                {"name": "method", "label": "curve", "options": METHODS},
                {"name": "dtype", "label": "the floats just above 1, in", "options": DTYPES,
                 "above": "ruler"},
            ],
            "loads": [{"key": "reset", "caption": "↺ Reset"}],
        }  # fmt: skip
        super().__init__(state, controls, {"reset": state.reset}, page)

    def picture(self) -> PrecisionPicture:
        """What matplotlib draws of the present state."""
        return PrecisionPicture(self._state)

    @property
    def gap(self) -> int:
        """The other logit minus the target's."""
        return self._state.gap

    @property
    def losses(self) -> dict[str, dict[str, float]]:
        """What torch returned, in nats, by dtype and by way to compute."""
        return _by_dtype(self._state.losses)

    @property
    def errors(self) -> dict[str, dict[str, float]]:
        """How far each loss is from the exact one, as a part of it, by dtype and way to compute."""
        return _by_dtype(self._state.errors)

    @property
    def exact_loss(self) -> Decimal:
        """The loss in decimals of 60 digits, in nats."""
        return exact_loss(self.gap)

    def __repr__(self) -> str:
        """A line that makes this lens again."""
        return f"PrecisionLens(gap={self.gap})"


def _by_dtype(values: np.ndarray) -> dict[str, dict[str, float]]:
    return {
        dtype: dict(zip(METHODS, column, strict=True))
        for dtype, column in zip(DTYPES, values.T.tolist(), strict=True)
    }
