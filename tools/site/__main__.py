"""Writes the site: an index, notebooks as pages, the ways in, and slides if reveal.js was fetched.

Usage: python -m tools.site [FOLDER]; without it, build/site.
"""

import argparse
import time
from pathlib import Path

from tools.sheet import save
from tools.site.decks import CORE, REVEAL, deck_html
from tools.site.index import index_html
from tools.site.notebooks import ROOT, executed
from tools.site.pages import page_html, page_of
from tools.site.ways import DESCRIPTIONS, way_html


def write_site(folder: Path, notebooks: Path, reveal: Path) -> list[Path]:
    """Executes the notebooks of a folder and writes the site; returns the files.

    Raises:
        ValueError: a notebook lacks what its page needs.
        nbclient.exceptions.CellExecutionError: a cell raises.
    """
    found = executed(sorted(notebooks.glob("*.ipynb")))
    pages = [page_of(name, notebook) for name, notebook in found.items()]
    has_slides = (reveal / "reveal.js").is_file()
    decked = [page for page in pages if has_slides and page.name.startswith(CORE)]
    written = {"index.html": index_html(pages, decked)}
    files = {name: f"{name}.html" for name in (*found, *DESCRIPTIONS)}
    written |= {page.file: page_html(page, pages, found[page.name], files) for page in pages}
    written |= {files[name]: way_html(name, files) for name in DESCRIPTIONS}
    written |= {page.slides: deck_html(page, decked, found[page.name], reveal) for page in decked}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    save(folder / "sheet.pdf")
    return [folder / name for name in (*written, "sheet.pdf")]


def main(arguments: list[str] | None = None) -> None:
    """Writes the site and says how large each file is."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.site", description=__doc__.split("\n")[0]
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    folder, start = parser.parse_args(arguments).folder, time.monotonic()
    for path in write_site(folder, ROOT / "notebooks", REVEAL):
        print(f"{path.stat().st_size / 1000:6.0f} kB  {path}")
    if not (REVEAL / "reveal.js").is_file():
        print("No slides: they need reveal.js, which `make site` fetches where npm is installed.")
    print(f"written in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
