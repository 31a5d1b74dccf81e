"""A panel with one cell per element, the selected one marked."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, PowerNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from ce_helpers.formatting import format_number
from ce_helpers.style import AMOUNT, INK, PAPER

MOST_NUMBERED_ROWS, MOST_NUMBERED_COLUMNS = 10, 2


class CellMap:
    """A grid with numbers in it, or a heat map where numbers would not fit.

    The grid stands still; only the selected cell moves. So a change of one element redraws one
    cell, however many there are.

    Args:
        axes: where to draw.
        num_rows, num_columns: the grid.
        colormap: what colour a value has.
        gamma: below 1 it tells small values apart that a linear scale would not.
        format_value: writes the number in a cell.
    """

    def __init__(
        self,
        axes: Axes,
        num_rows: int,
        num_columns: int,
        *,
        colormap: Colormap = AMOUNT,
        gamma: float = 0.5,
        format_value: Callable[[float], str] = format_number,
    ) -> None:
        self.axes = axes
        self.format_value = format_value
        self.values = np.full((num_rows, num_columns), np.nan)
        self.numbered = num_rows <= MOST_NUMBERED_ROWS and num_columns <= MOST_NUMBERED_COLUMNS
        self.image = axes.imshow(
            self.values, cmap=colormap, norm=PowerNorm(gamma, 0, 1),
            aspect="auto" if self.numbered else "equal", interpolation="nearest",
        )  # fmt: skip
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        self._label_dims(num_rows, num_columns)
        if self.numbered:
            axes.hlines(np.arange(num_rows - 1) + 0.5, -0.5, num_columns - 0.5, color=PAPER)
            axes.vlines(np.arange(num_columns - 1) + 0.5, -0.5, num_rows - 0.5, color=PAPER)
        self.cell_numbers = [
            [self._number(row, column) for column in range(num_columns)]
            for row in range(num_rows if self.numbered else 0)
        ]
        self.cell = Rectangle(
            (-0.5, -0.5), 1, 1, edgecolor=INK, linewidth=2.5 if self.numbered else 1, animated=True,
            zorder=6, clip_on=False,
        )  # fmt: skip
        axes.add_patch(self.cell)
        self.cell_number = self._number(0, 0)
        self.cell_number.set(fontweight="bold", zorder=7, animated=True)
        self.lines = () if self.numbered else self._cross()

    def _cross(self) -> tuple[tuple[Line2D, Line2D], ...]:
        """Lines through the selected cell; one pixel of a large map is too small to find.

        Dark dashes on white are seen on light and on dark cells.
        """
        styles = (
            {"color": PAPER, "linewidth": 1.4, "animated": True},
            {"color": INK, "linewidth": 1.4, "linestyle": (0, (3, 3)), "animated": True},
        )
        return tuple(
            (self.axes.axhline(0, **style), self.axes.axvline(0, **style)) for style in styles
        )

    def _label_dims(self, num_rows: int, num_columns: int) -> None:
        if self.numbered:
            self.axes.set_yticks(range(num_rows), [f"n = {row}" for row in range(num_rows)])
            names = [f"d1 = {column}" for column in range(num_columns)]
            # logits (N, C) have no d1
            self.axes.set_xticks(range(num_columns), names if num_columns > 1 else [""])
        else:
            self.axes.set_yticks([0, num_rows - 1])
            self.axes.set_xticks([0, num_columns - 1])

    def _number(self, row: int, column: int) -> Text:
        return self.axes.text(column, row, "", ha="center", va="center", fontsize=8.5)

    def set_limits(self, low: float, high: float) -> None:
        """Sets the values that are drawn lightest and darkest."""
        self.image.set_clim(low, max(high, low + 1e-6))

    def set_values(self, values: np.ndarray) -> bool:
        """Takes the values that stand still; says whether the figure must be drawn anew."""
        if np.array_equal(values, self.values, equal_nan=True):
            return False
        self.values = values.copy()
        self.image.set_data(self.values)
        for row, numbers in enumerate(self.cell_numbers):
            for column, number in enumerate(numbers):
                self._write(number, values[row, column])
        return True

    def update(self, row: int, column: int, value: float) -> None:
        """Marks one cell as selected and shows its present value in it."""
        self.cell.set_xy((column - 0.5, row - 0.5))
        self.cell.set_facecolor(self.image.to_rgba(value))
        if self.numbered:
            self.cell_number.set_position((column, row))
            self._write(self.cell_number, value)
        for across, down in self.lines:
            across.set_ydata([row, row])
            down.set_xdata([column, column])

    def _write(self, number: Text, value: float) -> None:
        red, green, blue, _ = self.image.to_rgba(value)
        is_dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
        number.set(text=self.format_value(value), color=PAPER if is_dark else INK)
