"""Exports notebooks for readers without a kernel: HTML pages, and slides of the core notebooks.

Each page and each deck is one file that loads nothing from elsewhere.

Usage: python -m tools.export html|slides [FOLDER]; the folder is build/html or build/slides.
"""

import argparse
import re
import sys
from pathlib import Path

import nbformat
from latex2mathml.converter import convert
from nbconvert import HTMLExporter, SlidesExporter

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
TEMPLATES = ROOT / "tools" / "templates"
REVEAL = ROOT / "build" / "npm" / "node_modules" / "reveal.js" / "dist"
FORMULA = re.compile(r"\$\$(.+?)\$\$", re.S)
LINK = re.compile(r"\[([^]]*)\]\((\w+)\.ipynb\)")
WITHOUT_PROMPTS = {
    "exclude_input_prompt": True,
    "exclude_output_prompt": True,
    "exclude_anchor_links": True,
}


def export_pages(folder: Path, notebooks: Path = NOTEBOOKS) -> None:
    """Writes every notebook as an HTML page."""
    exporter = HTMLExporter(
        template_file="page.html.j2", extra_template_paths=[str(TEMPLATES)], **WITHOUT_PROMPTS
    )
    _export(sorted(notebooks.glob("*.ipynb")), folder, exporter)


def export_slides(folder: Path, notebooks: Path = NOTEBOOKS, reveal: Path = REVEAL) -> None:
    """Writes the core notebooks, 01 to 03, as slides, with reveal.js inside.

    Raises:
        FileNotFoundError: reveal.js has not been fetched.
        ValueError: a notebook's cells do not say which slide they belong to.
    """
    if not (reveal / "reveal.js").is_file():
        raise FileNotFoundError(f"{reveal} holds no reveal.js; `make slides` fetches it with npm.")
    exporter = SlidesExporter(
        template_file="deck.html.j2",
        extra_template_paths=[str(TEMPLATES), str(reveal)],
        **WITHOUT_PROMPTS,
    )
    paths = sorted(notebooks.glob("0[123]_*.ipynb"))
    for path in paths:
        cells = nbformat.read(path, as_version=4).cells
        if not all("slideshow" in cell.metadata for cell in cells):
            raise ValueError(f"{path.name} has cells without a slide; run `make notebooks`.")
    _export(paths, folder, exporter)


def _export(paths: list[Path], folder: Path, exporter: HTMLExporter) -> None:
    names = {path.stem for path in paths}

    def link(match: re.Match) -> str:
        text, name = match.groups()
        # a link to a notebook that has no slides becomes plain text
        return f"[{text}]({name}{exporter.file_extension})" if name in names else text

    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.title = notebook.cells[0].source.partition("\n")[0].removeprefix("# ")
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                source = FORMULA.sub(lambda tex: convert(tex[1], display="block"), cell.source)
                cell.source = LINK.sub(link, source)
        page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
        written = folder / f"{path.stem}{exporter.file_extension}"
        written.write_text(page, encoding="utf-8")
        print(written)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("form", choices=["html", "slides"])
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    write = {"html": export_pages, "slides": export_slides}[given.form]
    try:
        write(given.folder or ROOT / "build" / given.form)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(str(error))
