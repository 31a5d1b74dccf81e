"""Writes the lesson on one page of A4, to print and keep.

Usage: python -m tools.sheet [FILE]; without it, docs/sheet.pdf.
"""

import argparse
import math
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure

from ce_helpers import SCENARIOS, cross_entropy_steps
from ce_helpers.formatting import format_number
from ce_helpers.live.looks import COLORS

WIDTH, HEIGHT, MARGIN = 210, 297, 18  # mm
LINE = 6.2  # mm from one line of text to the next
FORMULA = (
    r"$\mathrm{loss} = -\log\,\dfrac{\exp(x_y)}{\sum_c \exp(x_c)}"
    r" = \log \sum_c \exp(x_c) - x_y$"
)
SHAPES = (
    ("logits", "target: class indices", "target: probabilities", "losses"),
    ("(C)", "()", "(C)", "()"),
    ("(N, C)", "(N)", "(N, C)", "(N)"),
    ("(N, C, d1 … dK)", "(N, d1 … dK)", "(N, C, d1 … dK)", "(N, d1 … dK)"),
)
DIVISORS = (
    ("what is given", "the mean divides by"),
    ("class indices", "the number of elements, N · d1 … dK"),
    ("… and ignore_index", "the number of elements that count"),
    ("… and weight", "the weights of the targets that count, added"),
    ("probabilities", "the number of elements, whatever the weights"),
)


def traps() -> tuple[tuple[str, str, str], ...]:
    """What was done, what is seen, what to do."""
    floor = format_number(math.log(1 + 3 / math.e))
    cap = f"{-math.log(1e-8):.2f}"
    return (
        ("softmax before the loss", f"stops at {floor} (C = 4)", "give it the logits"),
        ("classes last, T = C", "stuck near ln C", "logits.movedim(-1, 1)"),
        ("one output, C = 1", "always 0", "the binary loss, with logits"),
        ("log(p + 1e-8) by hand", f"stops at {cap}, gradient 0", "cross_entropy"),
        ("every target ignored", "nan", "the sum; divide by max(count, 1)"),
        ("a mean of means", "another number", "add sums, divide once"),
    )


def sheet() -> Figure:
    """The page: formula, curve, shapes, what the mean divides by, traps."""
    figure = Figure(figsize=(WIDTH / 25.4, HEIGHT / 25.4))
    page = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    page.axis("off")
    write(page, 24, "How PyTorch computes cross entropy", size=20, weight="bold")
    write(page, 33, "−log softmax along the class dimension, once per element. The rest is how")
    write(page, 39, "many elements there are, and how their losses become one number.")
    write(page, 54, FORMULA, size=16)
    write(page, 51, "x: the logits of one element", x=126, color="quiet", size=9)
    write(page, 57, "y: its target class", x=126, color="quiet", size=9)
    curve(figure.add_axes((0.14, 1 - 130 / HEIGHT, 0.76, 55 / HEIGHT)))
    y = table(page, 151, "Shapes: the classes stand at dim 1, or at dim 0 for one sample", SHAPES,
              (0, 42, 88, 136))  # fmt: skip
    y = table(page, y + 9, "One number of many", DIVISORS, (0, 55))
    rows = (("what was done", "what you see", "what to do"), *traps())
    table(page, y + 9, "Six traps that raise no error", rows, (0, 55, 112))
    return figure


def write(page: Axes, y: float, text: str, *, x: float = 0, color: str = "ink", size: float = 10.5,
          weight: str = "normal") -> None:  # fmt: skip
    """A line of text; places are mm from the margin and from the top, sizes points."""
    page.text(MARGIN + x, y, text, color=COLORS[color], fontsize=size, fontweight=weight)


def table(page: Axes, y: float, title: str, rows: tuple, columns: tuple[int, ...]) -> float:
    """A title and rows, the first of them heads; returns where the last line stands, in mm."""
    write(page, y, title, size=12, weight="bold")
    for place, row in enumerate(rows):
        y += LINE + (place < 2)  # heads have more room
        for x, text in zip(columns, row, strict=True):
            write(page, y, text, x=x, color="ink" if place else "quiet", size=10 if place else 9)
        if not place:
            ends = (MARGIN, WIDTH - MARGIN)
            page.plot(ends, (y + 2, y + 2), color=COLORS["grid"], linewidth=1)
    return y


def curve(axes: Axes) -> None:
    """The hockey stick: the loss against how far the target's logit is behind the others."""
    gap = np.linspace(-10, 20, 301)
    axes.plot(gap, np.logaddexp(0, gap), color=COLORS["target"], linewidth=2.5)
    for name in ("confident_right", "confident_wrong"):
        scenario = SCENARIOS[name]
        x, y = scenario.logits[0].tolist(), int(scenario.target[0])
        behind = math.log(sum(math.exp(v) for c, v in enumerate(x) if c != y)) - x[y]
        loss = float(cross_entropy_steps(scenario.logits, scenario.target).loss)
        axes.plot(behind, loss, "o", color=COLORS["ink"], markersize=7)
        told = f"{[int(v) for v in x]}, target {y}: {format_number(loss)}"
        right = behind > 0
        axes.annotate(told, (behind, loss), xytext=(-10 if right else 4, 4 if right else 12),
                      textcoords="offset points", ha="right" if right else "center",
                      color=COLORS["ink"], fontsize=10)  # fmt: skip
    axes.set(xlim=(-10, 20), ylim=(-0.6, 20), yticks=(0, 5, 10, 15, 20))
    axes.set_xlabel("how far the target's logit is behind the others, log Σ exp of these",
                    color=COLORS["quiet"])  # fmt: skip
    axes.set_ylabel("loss, in nats", color=COLORS["quiet"])
    axes.tick_params(color=COLORS["grid"], labelcolor=COLORS["quiet"], labelsize=9)
    axes.grid(color=COLORS["grid"])
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)


def save(path: Path) -> None:
    """Writes the page as a PDF, the same each time."""
    with mpl.rc_context({**mpl.rcParamsDefault, "pdf.fonttype": 42}):
        FigureCanvasPdf(sheet()).print_pdf(path, metadata={"CreationDate": None})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.sheet")
    parser.add_argument("file", nargs="?", type=Path, default=Path("docs/sheet.pdf"))
    save(parser.parse_args().file)
