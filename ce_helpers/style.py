"""Colours and sizes that all figures share."""

import matplotlib
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

# From Okabe and Ito's palette, darkened for text: told apart under colour blindness and in grey.
TARGET_COLOR = "#c04a00"
OTHER_COLOR = "#7fa6c9"
TARGET_BAND = "#fdeee2"
RIGHT_COLOR = "#00735c"  # a right answer, always beside the word
INK = "#22303c"
QUIET = "#5b6b79"
GRID = "#e3e8ed"
PAPER = "#ffffff"

FONT_SIZE = 10  # points: 14 CSS pixels

# Dark means large, in grey print too; it starts off white, so that each cell is seen.
AMOUNT = LinearSegmentedColormap.from_list(
    "amount", matplotlib.colormaps["Blues"](np.linspace(0.08, 1, 64))
)

# What artists may turn into while they move; a picture's palette keeps room for all of it.
COLORS = (
    TARGET_COLOR, OTHER_COLOR, TARGET_BAND, RIGHT_COLOR, INK, QUIET, GRID, PAPER,
    *AMOUNT(np.linspace(0, 1, 48)),
)  # fmt: skip
