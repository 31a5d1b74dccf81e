"""The precision lens: what is left of a loss in float16, float32 and float64."""

import html
import math
from collections.abc import Iterable
from decimal import Decimal, localcontext

import ipywidgets as widgets
import numpy as np
import torch

from ce_helpers.formatting import format_number
from ce_helpers.live_figure import CSS_DPI, LiveFigure
from ce_helpers.precision_figure import COLUMN_WIDTH, DTYPES, LEFT, METHODS, PrecisionFigure
from ce_helpers.style import DTYPE_COLORS
from ce_helpers.widgets.base import LiveWidget, code_html
from ce_helpers.widgets.slider import Slider

SMALLEST_GAP, LARGEST_GAP = -40, 120
EXACT_DIGITS = 60
LEAST_TOLD_ERROR = 1e-17  # the figure's lower edge
SYMBOLS = {"float16": "■", "float32": "●", "float64": "◆"}  # as the points of the figure
SPACINGS = "spacing of the floats at 1: 2⁻¹⁰ in float16, 2⁻²³ in float32, 2⁻⁵² in float64"


class PrecisionLens(LiveWidget):
    """One slider for the gap of two logits; three ways to compute the loss, in three dtypes.

    The logits are [0, gap] and the target is class 0: below 0 the target is ahead, above 0 it is
    behind. A gap is a whole number, which each dtype holds exactly, so that all errors come from
    computing. They are measured against log(1 + exp(gap)) in decimals of 60 digits: float64 could
    not judge itself.

    Args:
        gap: the other logit minus the target's, from −40 to 120, without a unit.

    Raises:
        TypeError, ValueError: a gap that is not a whole number from −40 to 120.

    Example:
        >>> lens = PrecisionLens(gap=104)
        >>> lens.losses["float32"]["cross_entropy"], lens.losses["float32"]["−log(softmax)"]
        (104.0, inf)
    """

    def __init__(self, gap: int = -16) -> None:
        _check_gap(gap)
        gaps = np.arange(SMALLEST_GAP, LARGEST_GAP + 1)
        # one call per gap, as on each move: in a batch torch may round the last digit elsewhere
        computed = [compute(int(each)) for each in gaps]
        losses, errors = (np.stack(part, axis=2) for part in zip(*computed, strict=True))
        self._figure = PrecisionFigure(gaps, losses, errors)
        self._first_gap = gap
        super().__init__(LiveFigure(self._figure.figure))
        self.gap_slider = Slider(
            lock=self.lock, description="gap", min=SMALLEST_GAP, max=LARGEST_GAP, step=1, value=gap,
            layout={"width": "640px"},
        )  # fmt: skip
        self._watch(self.gap_slider, self._draw)
        self.reset_button = widgets.Button(description="Reset", icon="undo")
        self.reset_button.on_click(self.guarded(self.reset))
        self._place(widgets.HBox([self.gap_slider, self.reset_button]), self.live_figure.image)
        self._draw()

    @property
    def gap(self) -> int:
        """The other logit minus the target's."""
        return self._gap

    @property
    def losses(self) -> dict[str, dict[str, float]]:
        """What torch returned, in nats, by dtype and by way to compute."""
        with self.lock:
            return _by_dtype(self._losses)

    @property
    def errors(self) -> dict[str, dict[str, float]]:
        """How far each loss is from the exact one, as a part of it, by dtype and way to compute."""
        with self.lock:
            return _by_dtype(self._errors)

    @property
    def exact_loss(self) -> Decimal:
        """The loss in decimals of 60 digits, in nats."""
        return exact_loss(self.gap)

    def reset(self) -> None:
        """Returns to the gap that the lens was made with."""
        with self.lock:
            with self._loading_controls():
                self.gap_slider.show(self._first_gap)
            self._show_error(None)
            self._draw()

    def code(self) -> str:
        """PyTorch lines that give the first of the losses; another dtype gives another."""
        return (
            f"logits = torch.tensor([[0., {self.gap}.]], dtype=torch.float32)\n"
            "torch.nn.functional.cross_entropy(logits, torch.tensor([0]))"
        )

    def text(self) -> str:
        """The state in words: what the picture shows."""
        rows = (
            f"{dtype}: " + "   ".join(map(" = ".join, zip(METHODS, self._told(dtype), strict=True)))
            for dtype in DTYPES
        )
        return "\n".join((repr(self), f"{self._call()}   {self._exact()}", *rows, SPACINGS))

    def __repr__(self) -> str:
        """A line that makes this lens again."""
        return f"PrecisionLens(gap={self.gap})"

    def _call(self) -> str:
        place = f"{abs(self.gap)} {'behind' if self.gap > 0 else 'ahead'}" if self.gap else "level"
        return f"logits = [0, {self.gap}], target = 0: the target is {place}"

    def _exact(self) -> str:
        return f"exact loss = {format_number(float(self.exact_loss))}"

    def _told(self, dtype: str) -> list[str]:
        """One dtype's losses and errors, in the order of the columns."""
        return [_tell(self.losses[dtype][way], self.errors[dtype][way]) for way in METHODS]

    def _draw(self) -> None:
        gap = int(self.gap_slider.value)  # read once: another thread may move it meanwhile
        self._losses, self._errors = compute(gap)
        self._gap = gap
        self._figure.update(self.gap, self._losses, self._errors)
        self.live_figure.draw()
        self.summary.value = self._summary_html()

    def _summary_html(self) -> str:
        names = (
            f'<b style="color:{DTYPE_COLORS[dtype]}">{SYMBOLS[dtype]} {dtype}</b>'
            for dtype in DTYPES
        )
        rows = (
            _table_row("td", name, map(html.escape, self._told(dtype)))
            for name, dtype in zip(names, DTYPES, strict=True)
        )
        return (
            f"<div>{self._call()}. <b>{self._exact()}</b></div>"
            '<table style="margin:2px 0;text-align:left;table-layout:fixed">'
            f"{_table_row('th', '', METHODS)}{''.join(rows)}</table>"
            f"<div>{SPACINGS}</div>"
            f"{code_html(self.code())}"
        )


def _table_row(tag: str, name: str, cells: Iterable[str]) -> str:
    """A row whose columns stand below those of the figure."""
    first, other = (round(inches * CSS_DPI) for inches in (LEFT, COLUMN_WIDTH))
    told = "".join(f'<{tag} style="width:{other}px;padding:0">{cell}</{tag}>' for cell in cells)
    return f'<tr><td style="width:{first}px;padding:0">{name}</td>{told}</tr>'


def exact_loss(gap: int) -> Decimal:
    """−log softmax of logits [0, gap] at class 0, in nats, with 60 digits.

    Example:
        >>> print(f"{exact_loss(-16):.4e}")
        1.1254e-7
    """
    with localcontext(prec=EXACT_DIGITS):
        return (1 + Decimal(gap).exp()).ln()


def compute(gap: int) -> tuple[np.ndarray, np.ndarray]:
    """The losses that torch returns for logits [0, gap] and target 0, and their relative errors.

    Shape:
        both: (3, 3): methods, dtypes.
    """
    losses = np.array([_losses(gap, getattr(torch, dtype)) for dtype in DTYPES]).T
    exact = exact_loss(gap)
    errors = [[_relative_error(loss, exact) for loss in row] for row in losses.tolist()]
    return losses, np.array(errors)


def _losses(gap: int, dtype: torch.dtype) -> list[float]:
    logits = torch.tensor([[0.0, gap]], dtype=dtype)  # (1, 2)
    p = torch.softmax(logits, dim=1)[0, 0]  # ()
    cross_entropy = torch.nn.functional.cross_entropy(logits, torch.tensor([0]))
    return [cross_entropy.item(), -p.log().item(), -(p + 1e-8).log().item()]


def _relative_error(loss: float, exact: Decimal) -> float:
    return float(abs(Decimal(loss) - exact) / exact) if math.isfinite(loss) else math.inf


def _by_dtype(values: np.ndarray) -> dict[str, dict[str, float]]:
    return {
        dtype: dict(zip(METHODS, column, strict=True))
        for dtype, column in zip(DTYPES, values.T.tolist(), strict=True)
    }


def _tell(loss: float, error: float) -> str:
    if math.isinf(loss):
        return "inf (error inf)"
    told = f"{error:.1g}" if error >= LEAST_TOLD_ERROR else f"below {LEAST_TOLD_ERROR:g}"
    return f"{format_number(loss)} (error {told})"


def _check_gap(gap) -> None:
    if isinstance(gap, bool) or not isinstance(gap, int | np.integer):
        raise TypeError(
            f"gap is {gap!r}; expected a whole number, which every dtype holds exactly, e.g. -16."
        )
    if not SMALLEST_GAP <= gap <= LARGEST_GAP:
        raise ValueError(
            f"gap is {gap}; expected {SMALLEST_GAP} to {LARGEST_GAP}, where the slider ends."
        )
