"""One small notebook for each way of drawing: a cell of imports, and a cell that shows a picture.

Each is written as its own documentation advises and as fast as that allows: artists that can be
kept are kept, and inline pictures are not trimmed (`bbox_inches="tight"` draws twice).
"""

import shutil
from pathlib import Path

from tools.browser.lab import write_notebook

FLOOR, OURS = "floor: swap an 8×8 picture", "CrossEntropyExplorer"

FLOOR_CELLS = """\
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

OURS_CELLS = "import torch\nfrom ce_helpers import SCENARIOS, CrossEntropyExplorer\n\n"

INTERACT_CELLS = """\
%matplotlib inline
%config InlineBackend.figure_format = "{inline_format}"
%config InlineBackend.print_figure_kwargs = {"bbox_inches": None}
import matplotlib.pyplot as plt
from ipywidgets import interact
from panels import SIZE, Panels, logit_sliders

def draw(**logits):
    Panels(plt.figure(figsize=SIZE, dpi=100)).update(*logits.values())
    plt.show()

interact(draw, **dict(zip("abcd", logit_sliders())));
"""

IPYMPL_CELLS = """\
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

CELLS = {
    FLOOR: FLOOR_CELLS,
    OURS: OURS_CELLS + 'CrossEntropyExplorer(SCENARIOS["confident_right"])',
    f"{OURS}, 100 classes": OURS_CELLS + "CrossEntropyExplorer(torch.arange(100)[None] / 10, [3])",
    f"{OURS}, map of 128×128": OURS_CELLS + """\
logits = torch.randint(-30, 30, (1, 4, 128, 128)) / 10
CrossEntropyExplorer(logits, torch.zeros(1, 128, 128).long())""",
    "ipympl": IPYMPL_CELLS,
    "interact + plt.show()": INTERACT_CELLS,
}  # fmt: skip

OTHERS_CELLS = "import torch\nfrom ce_helpers import *\n\n"
# our other explorers that have a slider
OTHERS = {
    name: f"{OTHERS_CELLS}{name}({arguments})"
    for name, arguments in {
        "DimLens": "torch.randn(1, 4, 2), target=torch.tensor([[3, 1]])",
        "PixelMaps": "*brightness_call(), ['black', 'dark', 'grey', 'light']",
        "GradientExplorer": "[[4.0, 3, 2, 10]], [3]",
        "DenominatorLedger": "torch.randn(5, 3), torch.tensor([0, 1, 2, 2, 0])",
        "SmoothingExplorer": "num_classes=4",
        "PrecisionLens": "gap=-12",
        "TemperatureExplorer": "4 * torch.randn(900, 3), torch.arange(900) % 3",
        "SequenceExplorer": "{'a table': torch.randn(6, 6)}, [0, 1, 2, 3, 0], 'abcdef'",
    }.items()
}


def file_name(candidate: str) -> str:
    """The name of a candidate's notebook."""
    return f"candidate_{[*CELLS, *OTHERS].index(candidate)}.ipynb"


def write_notebooks(folder: Path, ratio: int) -> None:
    """Writes each candidate's notebook into a new folder, for a pixel ratio of 1 or 2."""
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("panels.py"), folder)
    for candidate, cells in (CELLS | OTHERS).items():
        source = cells.replace("{inline_format}", {1: "png", 2: "retina"}[ratio])
        write_notebook(folder / file_name(candidate), source.split("\n\n", 1))
