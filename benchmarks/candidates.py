"""One small notebook for each way of drawing, all doing the same work.

Four sliders with the same range and step, three panels of 848×300 CSS pixels, and torch for the
loss. Each is written as its own documentation advises and as fast as that allows: artists that can
be kept are kept, and pictures are not trimmed (`bbox_inches="tight"` draws twice).
"""

import shutil
from pathlib import Path

import nbformat

FLOOR, OURS = "floor: swap an 8×8 picture", "CrossEntropyExplorer"
INLINE = """\
%matplotlib inline
%config InlineBackend.figure_format = "{inline_format}"
%config InlineBackend.print_figure_kwargs = {{"bbox_inches": None}}
"""

FLOOR_CELL = """\
import io
import ipywidgets as widgets
from PIL import Image
from panels import logit_sliders

pictures = []
for color in ("white", "black"):
    png = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(png, format="png")
    pictures.append(png.getvalue())
picture = widgets.Image(value=pictures[0], format="png")

def swap(change):
    picture.value = pictures[picture.value == pictures[0]]

sliders = logit_sliders()
for slider in sliders:
    slider.observe(swap, "value")
widgets.VBox([picture, *sliders])
"""

OURS_CELL = """\
from ce_helpers import SCENARIOS, CrossEntropyExplorer

CrossEntropyExplorer(SCENARIOS["confident_right"], pixel_ratio={ratio})
"""

INTERACT_CELL = """\
import matplotlib.pyplot as plt
from ipywidgets import interact
from panels import SIZE, Panels, logit_sliders

def draw(**logits):
    Panels(plt.figure(figsize=SIZE, dpi=100)).update(*logits.values())
    plt.show()

interact(draw, **dict(zip("abcd", logit_sliders())));
"""

OUTPUT_CELL = """\
import ipywidgets as widgets
import matplotlib.pyplot as plt
from IPython.display import clear_output, display
from panels import SIZE, Panels, logit_sliders

panels = Panels(plt.figure(figsize=SIZE, dpi=100))
plt.close(panels.figure)  # only the Output widget shows it
output = widgets.Output()

def redraw(change=None):
    panels.update(*(slider.value for slider in sliders))
    with output:
        clear_output(wait=True)
        display(panels.figure)

sliders = logit_sliders()
for slider in sliders:
    slider.observe(redraw, "value")
redraw()
widgets.VBox([*sliders, output])
"""

IPYMPL_CELL = """\
%matplotlib ipympl
import ipywidgets as widgets
import matplotlib.pyplot as plt
from panels import SIZE, Panels, logit_sliders

with plt.ioff():
    panels = Panels(plt.figure(figsize=SIZE, dpi=100))

def redraw(change=None):
    panels.update(*(slider.value for slider in sliders))
    panels.figure.canvas.draw_idle()

sliders = logit_sliders()
for slider in sliders:
    slider.observe(redraw, "value")
redraw()
widgets.VBox([*sliders, panels.figure.canvas])
"""

# It has no bars; a line with flat ends from 0 to the value is one.
MPL_INTERACTIONS_CELL = """\
%matplotlib ipympl
import matplotlib.pyplot as plt
import mpl_interactions.ipyplot as iplt
import numpy as np
from IPython.display import display
from mpl_interactions.controller import Controls
from panels import COLORS, SIZE, TARGET, logit_sliders, probs_and_loss, set_up

with plt.ioff():
    figure = plt.figure(figsize=SIZE, dpi=100)
axes = set_up(figure)
controls = Controls(**dict(zip("abcd", logit_sliders())))

def logits(a, b, c, d):
    return a, b, c, d

def probs(a, b, c, d):
    return probs_and_loss((a, b, c, d))[0]

def target_p_and_loss(a, b, c, d):
    probs, loss = probs_and_loss((a, b, c, d))
    return probs[TARGET], loss

def add_bars(ax, values):
    def ends(a, b, c, d):
        return np.array([np.zeros(4), values(a, b, c, d)])

    def rows(x, a, b, c, d):
        return np.array([range(4), range(4)])

    ax.set_prop_cycle(color=COLORS)
    limits = dict(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    iplt.plot(ends, rows, ax=ax, controls=controls, linewidth=30, solid_capstyle="butt", **limits)
    for row in range(4):
        add_number(ax, values, row)

def add_number(ax, values, row):
    def beside_bar(a, b, c, d):
        return max(values(a, b, c, d)[row], 0) + 0.02

    def number(a, b, c, d):
        return f"{{values(a, b, c, d)[row]:.4g}}"

    iplt.text(beside_bar, row, number, ax=ax, controls=controls, fontdict={{"va": "center"}})

def guides_x(a, b, c, d):
    p, _ = target_p_and_loss(a, b, c, d)
    return np.array([p, p, 0])

def guides_y(x, a, b, c, d):
    _, loss = target_p_and_loss(a, b, c, d)
    return np.array([0, loss, loss])

def point_x(a, b, c, d):
    return guides_x(a, b, c, d)[1:2]

def point_y(x, a, b, c, d):
    return guides_y(x, a, b, c, d)[1:2]

def words(a, b, c, d):
    p, loss = target_p_and_loss(a, b, c, d)
    return f"p = {{p:.4f}}\\nloss = {{loss:.4f}}"

add_bars(axes[0], logits)
add_bars(axes[1], probs)
style = dict(
    ax=axes[2], controls=controls, color=COLORS[TARGET],
    xlim=axes[2].get_xlim(), ylim=axes[2].get_ylim(),
)
iplt.plot(guides_x, guides_y, "--", **style)
iplt.plot(point_x, point_y, "o", markersize=10, clip_on=False, **style)
iplt.text(
    0.97, 0.9, words, ax=axes[2], controls=controls, transform=axes[2].transAxes,
    fontdict={{"ha": "right", "va": "top", "fontweight": "bold"}},
)
display(controls.vbox, figure.canvas)
"""

CELLS = {
    FLOOR: FLOOR_CELL,
    OURS: OURS_CELL,
    "Output widget, figure kept": INLINE + OUTPUT_CELL,
    "ipympl": IPYMPL_CELL,
    "mpl_interactions": MPL_INTERACTIONS_CELL,
    "interact + plt.show()": INLINE + INTERACT_CELL,
}


def file_name(candidate: str) -> str:
    """The name of a candidate's notebook."""
    return f"candidate_{list(CELLS).index(candidate)}.ipynb"


def picture_size(candidate: str, ratio: int) -> tuple[int, int]:
    """Width and height of a candidate's picture in device pixels."""
    return (8, 8) if candidate == FLOOR else (848 * ratio, 300 * ratio)


def write_notebooks(folder: Path, ratio: int) -> None:
    """Writes a notebook for each candidate into a new folder, drawing at a pixel ratio of 1 or 2.

    ipympl takes the ratio from the browser, and inline figures have a name for 2.
    """
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("panels.py"), folder)
    for candidate, cell in CELLS.items():
        source = cell.format(ratio=ratio, inline_format={1: "png", 2: "retina"}[ratio])
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source)],
            metadata={
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
            },
        )
        nbformat.write(notebook, folder / file_name(candidate))
