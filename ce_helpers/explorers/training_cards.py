"""Eight trainings as cards: which bug made which curve."""

from ce_helpers.explorers.training_cards_picture import TrainingCardsPicture
from ce_helpers.explorers.training_cards_state import TrainingCardsState
from ce_helpers.live.base import LiveExplorer
from ce_helpers.live.controls import Box


class TrainingCards(LiveExplorer):
    """Eight trainings, one of them healthy; a card that is pressed names its bug.

    Each is really trained: 60 steps on the 90 points of `ce_helpers.training`, with loss and
    accuracy against the true labels.

    Args:
        question: a sentence above the picture.

    Example:
        >>> cards = TrainingCards()
        >>> cards.name(2)
        'nothing is wrong'
    """

    def __init__(self, *, question="") -> None:
        state = TrainingCardsState()
        count = len(state.names)
        self.card_boxes = [Box(description=f"card {k + 1}") for k in range(count)]
        controls = {f"named.{k}": (box, "value") for k, box in enumerate(self.card_boxes)}
        everything = {f"named.{k}": True for k in range(count)}
        page = {
            "question": question,
            "loads": [
                {"key": "all", "caption": "Name all", "controls": everything},
                {"key": "reset", "caption": "Hide"},
            ],
        }
        super().__init__(state, controls, {"all": state.name_all, "reset": state.reset}, page)

    def picture(self) -> TrainingCardsPicture:
        """What matplotlib draws of the present state."""
        return TrainingCardsPicture(self._state)

    def name(self, index: int) -> str:
        """Names one card, from 0 to 7, and returns what was wrong with its training."""
        self.card_boxes[index].value = True
        return self._state.names[index]

    def __repr__(self) -> str:
        return "TrainingCards()"
