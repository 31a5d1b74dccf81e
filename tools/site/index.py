"""The site's first page: what it is, one explorer at once, the notebooks with their minutes."""

import base64
import gzip

import torch

from ce_helpers import SCENARIOS, CrossEntropyExplorer
from ce_helpers.explorers.cross_entropy_state import MOST_ROWS, lanes
from tools.site.capture import as_json, explorer_html
from tools.site.pages import SITE, Page, common, environment, file, script
from tools.site.ways import titles

DESCRIPTION = (
    "Drag a logit and see softmax and the loss follow: how PyTorch computes cross entropy, in "
    "pictures that move, with questions to answer. Nothing to install."
)


def index_html(pages: list[Page], decked: list[Page]) -> str:
    """The index as one file."""
    scenario = SCENARIOS["confident_right"]
    explorer = CrossEntropyExplorer(
        scenario, room=[26], asked=16,
        question="Only class 0 may move. Where must it stand for the loss to be 16?",
    )  # fmt: skip
    return environment().get_template("index.html.j2").render(
        common(SITE, DESCRIPTION), site=SITE, page_style=file("page.css"), pages=pages,
        decked=decked, explorer=explorer_html(explorer), pictures=pictures(), lanes=lanes(),
        ways=titles(), script=script("index_main.js"),
    )  # fmt: skip


def pictures() -> str:
    """What the reader's own calls are shown in: a picture for each number of classes, packed.

    The last one is for more classes than have a row; its names are replaced in the browser.
    """
    explorers = [CrossEntropyExplorer(torch.zeros(1, C), [0]) for C in range(1, MOST_ROWS + 1)]
    names = [f"№{row}" for row in range(MOST_ROWS)]
    explorers.append(CrossEntropyExplorer(torch.zeros(1, MOST_ROWS), [0], class_names=names))
    texts = as_json([as_json(explorer.page_state()) for explorer in explorers])
    for explorer in explorers:
        explorer.close()
    return base64.b64encode(gzip.compress(texts.encode(), mtime=0)).decode("ascii")
