"""Pixel maps: what became of each pixel of an image."""

from functools import partial

from ce_helpers.explorers.cursor import CursorExplorer
from ce_helpers.explorers.pixel_maps_picture import BESIDE_TITLE, PixelMapsPicture
from ce_helpers.explorers.pixel_maps_state import PixelMapsState
from ce_helpers.live.looks import fitting


class PixelMaps(CursorExplorer):
    """An image with its target, prediction, p(target) and loss, and a cursor through all of them.

    Shape:
        image: (H, W). logits: (1, C, H, W). target: (1, H, W).

    Args:
        image: brightness from 0 to 1.
        logits: no unit.
        target: class indices.
        class_names: one name per class; "class 0", "class 1", … if left out.
        cell: the row and the column to start with.

    Raises:
        TypeError, ValueError: as `PixelMapsState`.
    """

    def __init__(self, image, logits, target, class_names=None, *, cell=(0, 0)) -> None:
        fit = partial(fitting, most=BESIDE_TITLE)
        super().__init__(PixelMapsState(image, logits, target, class_names, cell, fit=fit), {}, [])

    def picture(self) -> PixelMapsPicture:
        """What matplotlib draws of the present state."""
        return PixelMapsPicture(self._state)

    def text(self) -> str:
        """The marked pixel's value in each map."""
        return self._state.text()
