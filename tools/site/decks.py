"""Slides of the core notebooks: one file each, reveal.js inside."""

import re
from pathlib import Path

from nbformat import NotebookNode

from tools.site.notebooks import ROOT
from tools.site.pages import Page, cell_html, common, environment, file, script
from tools.site.render import is_alive, outputs_html, shows_explorer

ASKED = re.compile(r"<strong>([^<]*\?)</strong>")
CORE = ("01_", "02_", "03_")
REVEAL = ROOT / "build" / "npm" / "node_modules" / "reveal.js" / "dist"


def deck_html(page: Page, decked: list[Page], notebook: NotebookNode, reveal: Path) -> str:
    """A notebook as slides; `metadata.slideshow` says which cell belongs to which.

    Raises:
        ValueError: a cell does not say which slide it belongs to.
    """
    if not all("slideshow" in cell.metadata for cell in notebook.cells):
        raise ValueError(f"{page.name} has cells without a slide; run `make notebooks`.")
    files = {other.name: other.slides for other in decked}
    slides: list[dict] = []
    for cell in notebook.cells:
        kind = cell.metadata.slideshow.slide_type
        if kind == "skip":
            continue
        # a picture fills its slide; what was asked in the text before it stands above it again
        if shows_explorer(cell):
            slides.append({"alive": True, "parts": _asked(slides, cell)})
        elif kind in ("slide", "subslide"):
            slides.append({"alive": False, "parts": []})
        slides[-1]["parts"].append(_part(cell, files, waits=kind == "fragment"))
    return environment().get_template("deck.html.j2").render(
        common(page.title, page.description), slides=slides, deck_style=file("deck.css"),
        reveal_style=(reveal / "reveal.css").read_text(encoding="utf-8"),
        reveal_script=(reveal / "reveal.js").read_text(encoding="utf-8").replace("</", "<\\/"),
        script=script("deck.js"),
    )  # fmt: skip


def _asked(slides: list[dict], cell: NotebookNode) -> list[str]:
    found = ASKED.findall(slides[-1]["parts"][-1]) if slides else []
    has_own = 'class="ce-question"' in outputs_html(cell)
    return [f'<p class="asked">{found[-1]}</p>'] if found and not has_own else []


def _part(cell: NotebookNode, files: dict[str, str], *, waits: bool) -> str:
    # a widget needs no code beside it: a slide has no room for what nobody runs
    shown = outputs_html(cell) if is_alive(cell) else cell_html(cell, files)
    return f'<div class="part{" fragment" if waits else ""}">{shown}</div>'
