"""One small notebook for each way of drawing: a cell of imports, and a cell that shows a picture.

Each is written as its own documentation advises and as fast as that allows: artists that can be
kept are kept, and inline pictures are not trimmed (`bbox_inches="tight"` draws twice).
"""

import shutil
from pathlib import Path

from tools.browser.lab import write_notebook

FLOOR, EXPLORER = "floor: swap an 8×8 picture", "CrossEntropyExplorer"
IMPORTS = "import torch\nfrom ce_helpers import *\n\n"
CANDIDATES = {
    FLOOR: """\
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

sliders = logit_sliders(swap)
widgets.VBox([picture, *sliders])""",
    EXPLORER: IMPORTS + 'CrossEntropyExplorer(SCENARIOS["confident_right"])',
    f"{EXPLORER}, 100 classes": IMPORTS + "CrossEntropyExplorer(torch.arange(100)[None] / 10, [3])",
    f"{EXPLORER}, map of 128×128": IMPORTS + """\
logits = torch.randint(-30, 30, (1, 4, 128, 128)) / 10
CrossEntropyExplorer(logits, torch.zeros(1, 128, 128).long())""",
    "ipympl": """\
%matplotlib ipympl
import ipywidgets as widgets
import matplotlib.pyplot as plt
from panels import SIZE, Panels, logit_sliders

with plt.ioff():
    panels = Panels(plt.figure(figsize=SIZE, dpi=100))

def redraw(change=None):
    panels.update(*(slider.value for slider in sliders))
    panels.figure.canvas.draw_idle()

sliders = logit_sliders(redraw)
redraw()
widgets.VBox([*sliders, panels.figure.canvas])""",
    "interact + plt.show()": """\
%matplotlib inline
%config InlineBackend.figure_format = "{inline_format}"
%config InlineBackend.print_figure_kwargs = {"bbox_inches": None}
import matplotlib.pyplot as plt
from ipywidgets import interact
from panels import SIZE, Panels, logit_sliders

def draw(**logits):
    Panels(plt.figure(figsize=SIZE, dpi=100)).update(*logits.values())
    plt.show()

interact(draw, **dict(zip("abcd", logit_sliders())));""",
}  # fmt: skip


def write_notebooks(folder: Path, ratio: int, candidates: dict[str, str]) -> dict[str, str]:
    """Writes notebooks into a new folder, for a pixel ratio of 1 or 2; returns their names."""
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("panels.py"), folder)
    names = {candidate: f"candidate_{k}.ipynb" for k, candidate in enumerate(candidates)}
    for candidate, cells in candidates.items():
        source = cells.replace("{inline_format}", {1: "png", 2: "retina"}[ratio])
        write_notebook(folder / names[candidate], source.split("\n\n", 1))
    return names
