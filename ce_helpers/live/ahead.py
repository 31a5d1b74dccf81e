"""Answers sent ahead: where controls have few places, torch computes all of them once.

formulas.js looks the same arrays up; so a picture follows the hand with torch's own digits.
"""

import numpy as np


class Ahead:
    """One array for each value, indexed by the places of some controls.

    Args:
        axes: each control's first place and how many it has.
        arrays: for each value the controls that it depends on, and an array with one dimension for
            each of these; a last dimension beyond makes the value a list. Texts may be entries.
    """

    def __init__(self, axes: dict[str, tuple[int, int]], arrays: dict[str, tuple]) -> None:
        self.axes = axes
        self.of = {name: of for name, (of, _) in arrays.items()}
        self.arrays = {name: np.asarray(array) for name, (_, array) in arrays.items()}
        self.words = {
            name: np.unique(array) for name, array in self.arrays.items() if array.dtype.kind == "U"
        }

    def tensors(self) -> dict[str, bytes]:
        """The arrays for the browser; of texts, the index of each."""
        return {name: self._numbers(name).tobytes() for name in self.arrays}

    def spec(self) -> dict:
        """How to read them."""
        arrays = {
            name: {
                "of": self.of[name], "each": (*array.shape[len(self.of[name]):], None)[0],
                "type": str(self._numbers(name).dtype),
                "words": self.words[name].tolist() if name in self.words else None,
            }
            for name, array in self.arrays.items()
        }  # fmt: skip
        return {"axes": {name: list(pair) for name, pair in self.axes.items()}, "arrays": arrays}

    def _numbers(self, name: str) -> np.ndarray:
        array = self.arrays[name]
        if name in self.words:
            return np.searchsorted(self.words[name], array).astype(np.uint16)
        return array if array.dtype.kind == "f" else array.astype(np.int32)
