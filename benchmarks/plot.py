"""The measurements as one small picture."""

import io
import statistics
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from benchmarks.candidates import CELLS, OURS
from benchmarks.pages import Setting, Turn
from ce_helpers.style import INK, OTHER_COLOR, TARGET_COLOR


def save_plot(turns: dict[Setting, dict[str, list[Turn]]], path: Path) -> None:
    """Draws the median of each candidate as a bar, and its worst press as a line."""
    figure = Figure(figsize=(11, 3), layout="constrained")
    panels = figure.subplots(1, len(turns), sharey=True, squeeze=False)[0]
    names = list(CELLS)
    for panel, (setting, of) in zip(panels, turns.items(), strict=True):
        presses = [[press for turn in of[name] for press in turn.presses] for name in names]
        medians, worst = list(map(statistics.median, presses)), list(map(max, presses))
        colors = [TARGET_COLOR if name == OURS else OTHER_COLOR for name in names]
        panel.barh(names, medians, color=colors)
        panel.plot(worst, names, "|", color=INK, markersize=12)
        for row, (median, most) in enumerate(zip(medians, worst, strict=True)):
            panel.text(most + 0.03 * max(worst), row, f"{median:.0f} | {most:.0f}", va="center")
        panel.set_xlim(0, 1.4 * max(worst))
        panel.set_title(f"{setting}", fontsize=10)
        panel.set_xlabel("ms from key to picture: median, | worst")
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].invert_yaxis()
    FigureCanvasAgg(figure)
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=100)
    Image.open(drawn).convert("RGB").quantize(32).save(path, optimize=True)
