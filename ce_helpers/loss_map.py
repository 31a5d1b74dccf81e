"""A panel with every element's loss, the selected one marked."""

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Rectangle

from ce_helpers.formatting import format_number
from ce_helpers.style import INK, PAPER

# Dark means a large loss, in grey print too; it starts off white, so that each cell is seen.
COLORMAP = LinearSegmentedColormap.from_list(
    "loss", matplotlib.colormaps["Blues"](np.linspace(0.08, 1, 64))
)
MOST_NUMBERED_ROWS, MOST_NUMBERED_COLUMNS = 10, 2


class LossMap:
    """A grid of losses with numbers in it, or a heat map where numbers would not fit.

    The grid stands still; only the selected cell moves. So one slider move redraws one cell,
    however many there are.

    Args:
        axes: where to draw.
        num_rows, num_columns: the grid.
    """

    def __init__(self, axes: Axes, num_rows: int, num_columns: int) -> None:
        self.axes = axes
        self.losses = np.full((num_rows, num_columns), np.nan)
        self.numbered = num_rows <= MOST_NUMBERED_ROWS and num_columns <= MOST_NUMBERED_COLUMNS
        self.image = axes.imshow(
            self.losses, cmap=COLORMAP, norm=Normalize(0, 1),
            aspect="auto" if self.numbered else "equal", interpolation="nearest",
        )  # fmt: skip
        axes.grid(visible=False)
        axes.spines[:].set_visible(False)
        self._label_dims(num_rows, num_columns)
        self.cell_numbers = [
            [self._number(row, column) for column in range(num_columns)]
            for row in range(num_rows if self.numbered else 0)
        ]
        self.cell = Rectangle(
            (0, 0), 1, 1, edgecolor=INK, linewidth=2.5 if self.numbered else 1, animated=True,
            zorder=6, clip_on=False,
        )  # fmt: skip
        axes.add_patch(self.cell)
        self.cell_number = self._number(0, 0)
        self.cell_number.set(fontweight="bold", zorder=7, animated=True)
        # a single pixel of a large map is too small to find: lines through it lead the eye
        self.cross = () if self.numbered else self._cross(num_rows, num_columns)

    def _label_dims(self, num_rows: int, num_columns: int) -> None:
        rows, columns = range(num_rows), range(num_columns)
        if self.numbered:
            self.axes.set_yticks(rows, [f"n = {row}" for row in rows])
            self.axes.set_xticks(columns, [f"d1 = {column}" for column in columns])
        else:
            self.axes.set_yticks([0, num_rows - 1])
            self.axes.set_xticks([0, num_columns - 1])

    def _number(self, row: int, column: int):
        return self.axes.text(column, row, "", ha="center", va="center", fontsize=8.5)

    def _cross(self, num_rows: int, num_columns: int) -> tuple:
        style = {"color": INK, "linewidth": 1, "linestyle": (0, (2, 2)), "animated": True}
        return self.axes.axhline(0, **style), self.axes.axvline(0, **style)

    def set_limit(self, limit: float) -> None:
        """Sets the loss (in nats) that is drawn darkest."""
        self.image.norm.vmax = limit

    def set_losses(self, losses: np.ndarray) -> bool:
        """Takes the losses that stand still; says whether the figure must be drawn anew."""
        if np.array_equal(losses, self.losses, equal_nan=True):
            return False
        self.losses = losses.copy()
        self.image.set_data(self.losses)
        for row, numbers in enumerate(self.cell_numbers):
            for column, number in enumerate(numbers):
                self._write(number, losses[row, column])
        return True

    def update(self, row: int, column: int, loss: float) -> None:
        """Marks one cell as selected and shows its present loss in it."""
        self.cell.set_xy((column - 0.5, row - 0.5))
        self.cell.set_facecolor(self.image.to_rgba(loss))
        if self.numbered:
            self.cell_number.set_position((column, row))
            self._write(self.cell_number, loss)
        else:
            across, down = self.cross
            across.set_ydata([row, row])
            down.set_xdata([column, column])

    def _write(self, number, loss: float) -> None:
        red, green, blue, _ = self.image.to_rgba(loss)
        dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
        number.set(text=format_number(loss), color=PAPER if dark else INK)
