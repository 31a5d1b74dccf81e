"""The ledger's picture: what each element adds above and below the line, and the quotient."""

import numpy as np
from matplotlib.figure import Figure

from ce_helpers.figures import FIGURE_WIDTH, ClassBars, add_axes
from ce_helpers.formatting import format_number
from ce_helpers.style import FONT_SIZE, INK, QUIET, TARGET_COLOR

FIGURE_HEIGHT = 2.7  # inches
NAMES, BARS, GAP, QUOTIENT = 1.45, 2.35, 0.3, 1.7  # inches
NUMBER_WIDTH = 0.75  # inches beside the longest bar


class LedgerFigure:
    """Bars for each element's numerator and denominator, and numerator ÷ denominator = loss.

    Args:
        element_names: one name per element.
        loss_limit: the largest contribution (in nats) that fits.
        weight_limit: the largest weight that fits.
    """

    def __init__(self, element_names: list[str], loss_limit: float, weight_limit: float) -> None:
        self.figure = Figure(figsize=(FIGURE_WIDTH, FIGURE_HEIGHT), facecolor="white")
        num_elements = len(element_names)
        self.loss_axes = add_axes(self.figure, NAMES, NAMES + BARS)
        second = NAMES + BARS + GAP
        self.weight_axes = add_axes(self.figure, second, second + BARS)
        self.loss_axes.set_title("numerator: loss of each element")
        self.weight_axes.set_title("denominator: its weight")
        for axes, limit in ((self.loss_axes, loss_limit), (self.weight_axes, weight_limit)):
            axes.set_ylim(num_elements - 0.4, -0.6)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.set_xlim(0, limit * BARS / (BARS - NUMBER_WIDTH))
            axes.set_xticks([0, limit], ["0", f"{limit:.3g}"])
        self.loss_axes.set_yticks(range(num_elements), element_names, color=INK)
        self.loss_bars = ClassBars(self.loss_axes, num_elements, format_number)
        self.weight_bars = ClassBars(self.weight_axes, num_elements, format_number)
        self.quotient_axes = add_axes(self.figure, FIGURE_WIDTH - QUOTIENT, FIGURE_WIDTH - 0.05)
        self.quotient_axes.set_axis_off()
        big = {"ha": "center", "va": "center", "fontsize": FONT_SIZE + 3, "animated": True}
        self.above = self.quotient_axes.text(0.5, 0.86, "", color=INK, **big)
        self.below = self.quotient_axes.text(0.5, 0.6, "", color=INK, **big)
        (self.line,) = self.quotient_axes.plot(
            [0.2, 0.8], [0.73, 0.73], color=INK, linewidth=1.5, animated=True
        )
        self.result = self.quotient_axes.text(
            0.5, 0.28, "", color=TARGET_COLOR, fontweight="bold", **big
        )
        self.quotient_axes.set(xlim=(0, 1), ylim=(0, 1))
        self.ignored_words = [
            self.weight_axes.text(
                0.98, row, "", transform=self.weight_axes.get_yaxis_transform(), ha="right",
                va="center", color=QUIET, style="italic", animated=True,
            )
            for row in range(num_elements)
        ]  # fmt: skip

    def update(
        self, losses: np.ndarray, weights: np.ndarray, mask: np.ndarray, loss: float, reduction: str
    ) -> None:
        """Shows one state of the ledger.

        Shape:
            losses, weights, mask: (N).

        Args:
            losses: what each element adds to the numerator, in nats.
            weights: what each element adds to the denominator.
            mask: False where the target is ignored.
            loss: what torch returned; not used for "none".
            reduction: "mean", "sum" or "none".
        """
        self.loss_bars.update(losses, None)
        self.weight_bars.update(weights, None)
        for word, is_counted in zip(self.ignored_words, mask, strict=True):
            word.set_text("" if is_counted else "ignored")
        numerator, denominator = format_number(losses.sum()), format_number(weights.sum())
        self.line.set_visible(reduction == "mean")
        self.above.set_text("" if reduction == "none" else numerator)
        self.below.set_text(denominator if reduction == "mean" else "")
        self.result.set_text(
            "one loss\nper element" if reduction == "none" else f"= {format_number(loss)}"
        )
