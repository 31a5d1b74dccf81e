"""The loss and its relative error over the gap of two logits: three ways to compute, three dtypes.

What overflowed has a place of its own above the numbers, with the word "inf" at the axis. The
dtypes differ in colour, in width and in the shape of the point, so that lines can lie on lines.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ce_helpers.figures import FIGURE_HEIGHT, FIGURE_WIDTH, add_axes
from ce_helpers.style import DTYPE_COLORS, FONT_SIZE, GRID, INK, QUIET

LEFT, GAP, RIGHT = 1.0, 0.16, 0.14  # inches
BOTTOM, BETWEEN, TOP = 0.53, 0.16, 0.3  # inches
LOSS_HEIGHT = 0.85  # inches
METHODS = ("cross_entropy", "−log(softmax)", "−log(p + 1e-8)")
COLUMN_WIDTH = (FIGURE_WIDTH - LEFT - RIGHT + GAP) / len(METHODS)  # inches, with the gap
DTYPES = tuple(DTYPE_COLORS)
MARKERS = {"float16": "s", "float32": "o", "float64": "D"}
# from wide to narrow in the order of drawing: no line hides another
LINE_WIDTHS = {"float16": 4.2, "float32": 2.4, "float64": 1.0}
MARKER_SIZES = {"float16": 10.5, "float32": 8.0, "float64": 4.5}
MARGIN = 3  # beside the smallest and the largest gap
GAP_TICKS = {-30: "−30", 0: "0", 30: "30", 60: "60", 90: "90"}


class Scale(NamedTuple):
    """Where a row of panels draws a number; the lowest and highest place, the place of inf.

    Args:
        low, high: what lies outside is drawn at the edge.
        inf: the height of what overflowed.
        ticks: heights and words.
    """

    low: float
    high: float
    inf: float
    ticks: dict[float, str]

    def heights(self, values) -> np.ndarray:
        """The height of each value; inf has its own."""
        values = np.asarray(values, float)
        return np.where(np.isposinf(values), self.inf, np.clip(values, self.low, self.high))


LOSS = Scale(0, 125, 145, {0: "0", 50: "50", 100: "100", 145: "inf"})  # nats
# powers of ten, from below float64's rounding error to the worst that a gap here can give
ERROR = Scale(-17, 10, 13.5, {-16: "1e-16", -8: "1e-8", 0: "1", 13.5: "inf"})


class PrecisionPanel:
    """One way to compute: a line per dtype over all gaps, and a point per dtype at the present gap.

    Args:
        axes: where to draw.
        scale: where a number is drawn.
        gaps: shape (G).
        values: shape (3, G), a row per dtype.
    """

    def __init__(self, axes: Axes, scale: Scale, gaps: np.ndarray, values: np.ndarray) -> None:
        self.scale = scale
        axes.set_xlim(gaps[0] - MARGIN, gaps[-1] + MARGIN)
        below = 0.06 * (scale.inf - scale.low)
        axes.set_ylim(scale.low - below, scale.inf + below)
        axes.set_xticks(list(GAP_TICKS), [])
        axes.set_yticks(list(scale.ticks), [])
        axes.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        # inf is no number: the axis is broken below it
        axes.axhspan((scale.high + scale.inf) / 2, scale.inf + below, color=GRID, zorder=0, lw=0)
        for dtype, row in zip(DTYPES, values, strict=True):
            heights = scale.heights(row)
            overflowed = np.isposinf(row)
            for part in (overflowed, ~overflowed):
                axes.plot(
                    gaps, np.where(part, heights, np.nan),
                    color=DTYPE_COLORS[dtype], linewidth=LINE_WIDTHS[dtype],
                    solid_joinstyle="round",
                )  # fmt: skip
        self.line = axes.axvline(
            0, color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=4, animated=True
        )
        self.points = [
            axes.plot(
                [], [], MARKERS[dtype], color=DTYPE_COLORS[dtype], markersize=MARKER_SIZES[dtype],
                markeredgecolor="white", clip_on=False, zorder=5, animated=True,
            )[0]
            for dtype in DTYPES
        ]  # fmt: skip

    def update(self, gap: int, values: np.ndarray) -> None:
        """Moves the points to `gap`; `values` has one number per dtype."""
        self.line.set_xdata([gap, gap])
        for point, height in zip(self.points, self.scale.heights(values), strict=True):
            point.set_data([gap], [height])


class PrecisionFigure:
    """A column for each way to compute: above the loss, below its relative error.

    Shape:
        gaps: (G). losses, errors: (3, 3, G): methods, dtypes, gaps.

    Args:
        gaps: whole numbers in order: the other logit minus the target's.
        losses: in nats.
        errors: relative to the exact loss, 0 or more; inf where the loss is inf.
    """

    def __init__(self, gaps: np.ndarray, losses: np.ndarray, errors: np.ndarray) -> None:
        self.figure = Figure(figsize=(FIGURE_WIDTH, FIGURE_HEIGHT), facecolor="white")
        middle = FIGURE_HEIGHT - TOP - LOSS_HEIGHT
        self.loss_panels, self.error_panels = [], []
        for i, method in enumerate(METHODS):
            start = LEFT + i * COLUMN_WIDTH
            end = start + COLUMN_WIDTH - GAP
            above = add_axes(self.figure, start, end, middle, TOP)
            below = add_axes(self.figure, start, end, BOTTOM, FIGURE_HEIGHT - middle + BETWEEN)
            above.set_title(method)
            self.loss_panels.append(PrecisionPanel(above, LOSS, gaps, losses[i]))
            self.error_panels.append(PrecisionPanel(below, ERROR, gaps, _log10(errors[i])))
            below.set_xticks(list(GAP_TICKS), list(GAP_TICKS.values()))
            if i == 0:
                _name_values(above, "loss", LOSS)
                _name_values(below, "relative\nerror", ERROR)
        self._add_last_line()

    def _add_last_line(self) -> None:
        """What the gap is, and the dtypes' colours and shapes."""
        self.figure.text(
            LEFT / FIGURE_WIDTH, 0.05 / FIGURE_HEIGHT, "gap = other logit − target’s logit",
            va="bottom", color=INK, fontsize=FONT_SIZE,
        )  # fmt: skip
        handles = [
            Line2D(
                [], [], color=DTYPE_COLORS[dtype], linewidth=LINE_WIDTHS[dtype], label=dtype,
                marker=MARKERS[dtype], markersize=MARKER_SIZES[dtype], markeredgecolor="white",
            )
            for dtype in DTYPES
        ]  # fmt: skip
        self.figure.legend(
            handles=handles, loc="lower right", ncols=3, borderpad=0, borderaxespad=0,
            bbox_to_anchor=(1 - RIGHT / FIGURE_WIDTH, 0.04 / FIGURE_HEIGHT), frameon=False,
            fontsize=FONT_SIZE, labelcolor=INK,
        )  # fmt: skip

    def update(self, gap: int, losses: np.ndarray, errors: np.ndarray) -> None:
        """Marks one gap.

        Shape:
            losses, errors: (3, 3): methods, dtypes.
        """
        for panel, values in zip(self.loss_panels, losses, strict=True):
            panel.update(gap, values)
        for panel, values in zip(self.error_panels, errors, strict=True):
            panel.update(gap, _log10(values))


def _name_values(axes: Axes, name: str, scale: Scale) -> None:
    axes.set_yticks(list(scale.ticks), list(scale.ticks.values()))
    width = axes.get_position().width * FIGURE_WIDTH  # inches
    axes.set_ylabel(name, color=INK, fontsize=FONT_SIZE)
    axes.yaxis.set_label_coords(-0.6 / width, 0.5)


def _log10(errors: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):  # an error of 0 is drawn at the lower edge
        return np.log10(errors)
