"""The smoothing explorer: a smoothed target has a lowest loss, and it is not 0."""

from ce_helpers.explorers.smoothing_picture import SmoothingPicture
from ce_helpers.explorers.smoothing_state import LEADS, MOST_SMOOTHING, SmoothingState
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import ExactSlider


class SmoothingExplorer(LiveExplorer):
    """One sample, its smoothed target q and the model's p, and the loss at every lead, live.

    The logits are [lead, 0, 0, …] and the target is class 0. The loss is the entropy of q, which
    no model can avoid, and the divergence of p from q.

    Args:
        num_classes: 2 to 8.
        lead: the target's logit minus the others', from −2 to 12, no unit.
        label_smoothing: from 0 to 0.5.
        class_names: one name per class, the target's first; "class 0", … if left out.
        question: a sentence above the picture.

    Raises:
        TypeError, ValueError: as `SmoothingState`.

    Example:
        >>> explorer = SmoothingExplorer(num_classes=4)
        >>> explorer.lead_slider.value = 3.6
        >>> print(explorer.text().splitlines()[-1])
        loss = 0.3488 = 0.3488, the entropy of q, + 4.1477e-06 because p is not q
    """

    def __init__(
        self, num_classes=4, *, lead=10.0, label_smoothing=0.1, class_names=None, question=""
    ) -> None:
        state = SmoothingState(num_classes, lead, label_smoothing, class_names)
        self.lead_slider = ExactSlider(
            lead, min=LEADS[0], max=LEADS[1], step=0.1, description="lead"
        )
        self.label_smoothing_slider = ExactSlider(
            label_smoothing, min=0.0, max=MOST_SMOOTHING, step=0.01, description="label_smoothing"
        )
        controls = {
            "lead": (self.lead_slider, "value"),
            "label_smoothing": (self.label_smoothing_slider, "value"),
        }
        page = {
            "question": question, "preview": "smoothing",
            "loads": [{"key": "reset", "caption": "↺ Reset"}],
        }  # fmt: skip
        super().__init__(state, controls, {"reset": state.reset}, page)

    def picture(self) -> SmoothingPicture:
        """What matplotlib draws of the present state."""
        return SmoothingPicture(self._state)

    @property
    def label_smoothing(self) -> float:
        """The share of the target that is spread evenly over all classes."""
        return self._state.label_smoothing

    def __repr__(self) -> str:
        """The call that it shows."""
        return self.code()
