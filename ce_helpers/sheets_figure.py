"""Several maps of the same elements side by side, one cell of all of them marked."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib.colors import Colormap
from matplotlib.figure import Figure

from ce_helpers.cell_map import CellMap
from ce_helpers.figures import FIGURE_WIDTH, add_axes
from ce_helpers.formatting import format_number
from ce_helpers.style import AMOUNT, FONT_SIZE, INK

FIGURE_HEIGHT = 2.15  # inches
LEFT, GAP, RIGHT, BOTTOM, TOP = 0.5, 0.22, 0.2, 0.52, 0.3  # inches


class Sheet(NamedTuple):
    """One map: a title, values of shape (rows, columns), and how they look.

    Args:
        title: what stands above.
        values: one number per element.
        limits: the values drawn lightest and darkest; None takes the smallest and the largest.
        colormap: what colour a value has.
        gamma: below 1 it tells small values apart.
        format_value: writes the selected cell's value below.
    """

    title: str
    values: np.ndarray
    limits: tuple[float, float] | None = None
    colormap: Colormap = AMOUNT
    gamma: float = 1.0
    format_value: Callable[[float], str] = format_number

    def tell(self, cell: tuple[int, int]) -> str:
        """The value of one cell as text."""
        return self.format_value(self.values[cell])


class SheetsFigure:
    """Maps side by side; below each, the selected cell's value.

    Args:
        sheets: maps of one shape.
    """

    def __init__(self, sheets: list[Sheet]) -> None:
        self.sheets = sheets
        self.figure = Figure(figsize=(FIGURE_WIDTH, FIGURE_HEIGHT), facecolor="white")
        width = (FIGURE_WIDTH - LEFT - RIGHT + GAP) / len(sheets) - GAP
        self.maps, self.values = [], []
        for i, sheet in enumerate(sheets):
            start = LEFT + i * (width + GAP)
            axes = add_axes(self.figure, start, start + width, BOTTOM, TOP)
            axes.set_title(sheet.title)
            cell_map = CellMap(
                axes, *sheet.values.shape, colormap=sheet.colormap, gamma=sheet.gamma,
                format_value=sheet.format_value,
            )  # fmt: skip
            limits = sheet.limits or (sheet.values.min(), sheet.values.max())
            cell_map.set_limits(*map(float, limits))
            cell_map.set_values(sheet.values)
            if i:
                axes.set_yticklabels([])
            self.maps.append(cell_map)
            value = axes.text(
                (start + width / 2) / FIGURE_WIDTH, 0.06 / FIGURE_HEIGHT, "",
                transform=self.figure.transFigure, ha="center", va="bottom", color=INK,
                fontsize=FONT_SIZE + 1, fontweight="bold", animated=True,
            )  # fmt: skip
            self.values.append(value)

    def update(self, row: int, column: int) -> None:
        """Marks one cell in every map and writes its values."""
        for sheet, cell_map, text in zip(self.sheets, self.maps, self.values, strict=True):
            cell_map.update(row, column, sheet.values[row, column])
            text.set_text(sheet.tell((row, column)))
