"""The sequence explorer: every letter's loss in a row, and the bars behind one of them."""

import torch

from ce_helpers.explorers.sequence_picture import SequencePicture
from ce_helpers.explorers.sequence_state import SHOWN, SequenceState
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import LARGEST, Choice, ExactSlider, WholeSlider


class SequenceExplorer(LiveExplorer):
    """A text under a bigram model: each letter's loss as colour, one place's logits as bars.

    The five bars are the target's and those of the four others with the largest logits; the rest
    stands as one. A logit that is moved belongs to every place with the same letter before.

    Shape:
        tables: each (C, C), the logits of what follows each letter. ids: (T) with 2 ≤ T ≤ 64.

    Args:
        tables: by name; a button each. The first is shown first.
        ids: the text, as indices.
        vocabulary: the C letters.
        question: a sentence above the picture.

    Raises:
        ValueError: as `SequenceState`.

    Example:
        >>> explorer = SequenceExplorer({"blind": torch.zeros(6, 6)}, [0, 1, 1], "abcdef")
        >>> explorer.mean
        tensor(1.7918)
    """

    reloads = frozenset({"model", "place"})

    def __init__(self, tables, ids, vocabulary: str, *, question="") -> None:
        state = SequenceState(tables, ids, vocabulary)
        largest = max(LARGEST, *(float(table.abs().max()) for table in state.tables.values()))
        self.logit_sliders = [
            ExactSlider(min=-largest, max=largest, step=0.1, description=f"bar {k + 1}")
            for k in range(SHOWN)
        ]
        self.place_slider = WholeSlider(
            min=0, max=len(state.ids) - 1, value=state.place, description="place"
        )
        names = [*state.tables]
        self.model_buttons = Choice(options=names, index=0, description="model")
        controls = {f"logits.{k}": (slider, "value") for k, slider in enumerate(self.logit_sliders)}
        controls |= {
            "model": (self.model_buttons, "index"), "place": (self.place_slider, "value"),
        }  # fmt: skip
        page = {
            "question": question, "bound": largest, "preview": "sequence",
            "names": [f"bar {k + 1}" for k in range(len(self.logit_sliders))],
            "follows": [f"logits.{k}" for k in range(len(self.logit_sliders))],
            "choices": [{"name": "model", "label": "model", "options": names}],
            "loads": [{"key": "reset", "caption": "↺ Reset"}],
        }  # fmt: skip
        super().__init__(state, controls, {"reset": state.reset}, page)

    def picture(self) -> SequencePicture:
        """What matplotlib draws of the present state."""
        return SequencePicture(self._state)

    @property
    def table(self) -> torch.Tensor:
        """A copy of the logits after each letter, float32 (C, C)."""
        return self._state.table.clone()

    @property
    def losses(self) -> torch.Tensor:
        """What `cross_entropy` returned at every place but the first, in nats, (T − 1)."""
        return self._state.losses.clone()

    @property
    def mean(self) -> torch.Tensor:
        """The mean loss, in nats."""
        return self._state.loss.clone()

    def choose(self, place: int) -> None:
        """Chooses the letter at this index of the text, from 1 on."""
        self.place_slider.value = place

    def __repr__(self) -> str:
        return f"SequenceExplorer of {len(self._state.ids)} letters"
