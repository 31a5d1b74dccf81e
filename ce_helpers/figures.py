"""What matplotlib figures that are built once and then updated share: bars, axes, widths.

Limits are fixed, so that motion means change. The target class has one colour everywhere and a
word beside it, since colour alone does not reach every reader. Everything that moves is marked
as animated; `live_figure.LiveFigure` draws it.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from ce_helpers.style import FONT_SIZE, GRID, INK, OTHER_COLOR, QUIET, TARGET_BAND, TARGET_COLOR

# in inches of 100 CSS pixels: on a screen 1280 wide JupyterLab leaves this to an output
FIGURE_WIDTH, FIGURE_HEIGHT = 8.48, 3.0
MOST_LABELLED_CLASSES = 10
NUMBER_WIDTH = 0.63  # inches, of a bold 0.1234


class ClassBars:
    """Horizontal bars, one row per class, as a single artist; numbers up to 10 classes.

    Args:
        axes: where to draw; row 0 is at the top.
        num_classes: C.
        format_value: writes the number at a bar's end.
        limit: bars end at ± this; without it, at the panel's edges.
    """

    def __init__(
        self, axes: Axes, num_classes: int, format_value, limit: float | None = None
    ) -> None:
        self.axes = axes
        self.limit = limit
        self.format_value = format_value
        self.band = axes.axhspan(-0.5, 0.5, color=TARGET_BAND, zorder=2.6, animated=True)
        self.bars = PolyCollection([], zorder=2.7, animated=True)
        axes.add_collection(self.bars, autolim=False)
        labelled = range(num_classes if num_classes <= MOST_LABELLED_CLASSES else 0)
        self.numbers = [
            axes.text(0, row, "", va="center", color=INK, zorder=2.8, animated=True)
            for row in labelled
        ]
        axes.axvline(0, color=QUIET, linewidth=1, zorder=2.9, animated=True)

    def update(
        self, values: np.ndarray, target: int | None, beyond: np.ndarray | float = 0.0
    ) -> None:
        """Shows `values`, of shape (C), with the target's row marked, if there is one.

        Numbers stand to the right of their bars, of 0 and of `beyond`, a number or shape (C).
        """
        low, high = self.axes.get_xlim()
        ends = (low, high) if self.limit is None else (-self.limit, self.limit)
        drawn = np.clip(np.nan_to_num(values.astype(float), nan=0.0), *ends)
        rows = np.arange(len(values))
        x = np.stack([0 * drawn, drawn, drawn, 0 * drawn], axis=1)
        y = rows[:, None] + np.array([-0.36, -0.36, 0.36, 0.36])
        self.bars.set_verts(np.stack([x, y], axis=2))
        self.bars.set_facecolor([TARGET_COLOR if row == target else OTHER_COLOR for row in rows])
        self.band.set_y(-2 if target is None else target - 0.5)  # -2 lies outside
        places = np.maximum(np.maximum(drawn, 0), beyond) + 0.015 * (high - low)
        for row, number in enumerate(self.numbers):
            number.set_x(places[row])
            number.set_text(self.format_value(values[row]))
            number.set_fontweight("bold" if row == target else "normal")


def add_axes(
    figure: Figure, left: float, right: float, bottom: float = 0.3, top: float = 0.36
) -> Axes:
    """Adds a plain axes from `left` to `right`, `bottom` and `top` kept free; all in inches."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes(
        (left / width, bottom / height, (right - left) / width, 1 - (bottom + top) / height)
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(colors=QUIET, labelsize=FONT_SIZE, length=0, pad=5)
    axes.grid(color=GRID)
    axes.set_axisbelow(True)
    axes.title.set(fontsize=FONT_SIZE + 1, color=INK)
    return axes


def add_target_word(axes: Axes, left: float) -> Text:
    """Adds the word "target" at the left edge of a figure whose first panel starts at `left`."""
    return axes.text(
        (0.08 - left) / _inches_wide(axes), 0, "target", transform=axes.get_yaxis_transform(),
        va="center", color=TARGET_COLOR, fontweight="bold", clip_on=False, animated=True,
    )  # fmt: skip


def keep_room(axes: Axes, low: float, high: float, room: float = NUMBER_WIDTH) -> None:
    """Sets limits with `room`, in inches, for a number beside a bar that ends at `high`."""
    width = _inches_wide(axes)
    axes.set_xlim(low, low + (high - low) * width / (width - room))


def set_logits_limit(axes: Axes, limit: float) -> None:
    """Sets a panel of logits to ±`limit`."""
    keep_room(axes, -1.05 * limit, limit)
    axes.set_xticks([-limit, 0, limit], [f"−{limit:g}", "0", f"{limit:g}"])


def panel_edges(left: float, widths, gaps) -> list[tuple[float, float]]:
    """Where each panel starts and ends, in inches; `widths` are relative, `gaps` are inches."""
    room = FIGURE_WIDTH - left - sum(gaps)
    edges = []
    for width, gap in zip(widths, gaps, strict=True):
        right = left + room * width / sum(widths)
        edges.append((left, right))
        left = right + gap
    return edges


def _inches_wide(axes: Axes) -> float:
    return axes.get_position().width * FIGURE_WIDTH
