"""The error clinic's cards: plausible calls, what becomes of them, and how to mend them."""

from ce_helpers.learning.cards import averaging, shapes, training, types, values
from ce_helpers.learning.cards.card import GROUPS, OUTCOMES, RAISES, RIGHT, WRONG, Card

__all__ = ["CARDS", "GROUPS", "OUTCOMES", "RAISES", "RIGHT", "WRONG", "Card"]

CARDS = shapes.CARDS | types.CARDS | values.CARDS | averaging.CARDS | training.CARDS
