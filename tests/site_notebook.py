"""A small notebook with one of each thing that the site knows, and the site made of it."""

import fcntl
import os
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.site.__main__ import write_site
from tools.site.decks import REVEAL

SOLUTION = """<details><summary>The solution</summary>

```python
def f(x):
    return x
```

</details>"""
FORMULA = "$$\\text{loss} = -\\log \\frac{\\exp(x_y)}{\\sum_{c=0}^{C-1} \\exp(x_c)}$$"
EXPLORER = """CrossEntropyExplorer(
    [[4.0, 3, 2, 10]], [3], question="Where is the loss 16?", asked=16
)"""
MAP = """generator = torch.Generator().manual_seed(0)
CrossEntropyExplorer(
    torch.randn(1, 3, 12, 16, generator=generator), torch.ones(1, 12, 16, dtype=torch.long)
)"""
TITLE = """# One of each

**Shapes:** logits `(1, C)`. **Time:** 5 minutes, and 2 for the exercises.

Every *kind* of thing that a page knows.

**Choose Run → Run All Cells first.**
Each time.

<!-- only in the notebook -->
The kernel *keeps* it."""

RECORD = "Run the last cell again: it lists what you answered."


def _cell(kind: str, source: str, **metadata):
    make = new_markdown_cell if kind.endswith("text") else new_code_cell
    slide = {"slide_type": kind.removesuffix("text").strip() or "-"}
    return make(source, metadata={"slideshow": slide, **metadata})


NOTEBOOK = new_notebook(cells=[
    _cell("slide text", TITLE),
    _cell("skip", "import torch\n\nfrom ce_helpers import *"),
    _cell("slide text", f"## Move\n\n{FORMULA}\n\n**Move it. Which one?** Then look."),
    _cell("fragment", "x = torch.ones(1)\nprint(x)"),
    _cell("subslide", EXPLORER),
    _cell("subslide text", "Now a map. **Which one?**"),
    _cell("subslide", MAP),
    _cell("subslide text", "After it."),
    _cell("slide text", "## Fold"),
    _cell("fragment", "x * 1", jupyter={"source_hidden": True, "outputs_hidden": True}),
    _cell("fragment", "torch.zeros(2).tolist()"),
    _cell("subslide", 'ask("lower_target")'),
    _cell("subslide", 'ask("add_to_all")'),
    _cell("skip text", "## Exercise"),
    _cell("skip", "def loss_from_probs(probs, target): ..."),
    _cell("skip", 'check("loss_from_probs", loss_from_probs)'),
    _cell("skip text", SOLUTION),
    _cell("slide text", f"## Recap\n\n[Why?](../docs/my_loss_is.md)\n\n{RECORD}"),
    _cell("skip", 'progress("01")'),
])  # fmt: skip


def write_small_site(folder: Path, notebook=NOTEBOOK) -> Path:
    """Writes the notebook's site into a folder, with a stand-in where reveal.js was not fetched."""
    notebooks, stand_in = folder / "notebooks", folder / "reveal"
    for each in (notebooks, stand_in):
        each.mkdir(parents=True)
    nbformat.write(notebook, notebooks / "01_one.ipynb")
    (stand_in / "reveal.js").write_text("globalThis.Reveal = {};")
    (stand_in / "reveal.css").write_text(".reveal {}")
    has_reveal = (REVEAL / "reveal.js").is_file()
    write_site(folder / "site", notebooks, REVEAL if has_reveal else stand_in)
    return folder / "site"


def small_site(tmp_path_factory) -> Path:
    """The site of the notebook as it stands, written once for all processes of a test run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "small"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder / "site" if folder.exists() else write_small_site(folder)
