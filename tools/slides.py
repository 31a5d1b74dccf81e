"""Which slide a cell of a notebook belongs to, by one rule, so that nobody assigns it by hand.

- A cell that starts with a title or a heading of the second level starts a slide.
- Code stays under its text. With an output it waits for a key, so that the class can say first
  what will come out; a widget is shown at once, since the question above it is about what it shows.
- Other text before code starts a slide below. Text that closes waits for a key under its code, but
  after a picture, which fills its slide, it too starts one.
- Imports are skipped, and so is each section with an exercise or with the reader's own results.
"""

import ast
import re
from itertools import groupby

from nbformat import NotebookNode

from ce_helpers.saving import WIDGET_VIEW

HEADING = re.compile(r"##? ")
FOR_ONE_READER = re.compile(r"^(check|progress)\(", re.M)


def assign_slide_types(cells: list[NotebookNode]) -> None:
    """Writes `metadata.slideshow.slide_type` into each cell of an executed notebook."""
    for section in _sections(cells):
        skipped = any(c.cell_type == "code" and FOR_ONE_READER.search(c.source) for c in section)
        for index, cell in enumerate(section):
            kind = "skip" if skipped else _slide_type(section, index)
            cell.metadata["slideshow"] = {"slide_type": kind}


def _sections(cells: list[NotebookNode]) -> list[list[NotebookNode]]:
    """The cells from one heading to the next."""
    number = 0

    def section_of(cell: NotebookNode) -> int:
        nonlocal number
        number += _is_heading(cell)
        return number

    return [list(section) for _, section in groupby(cells, section_of)]


def _is_heading(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and bool(HEADING.match(cell.source))


def _slide_type(section: list[NotebookNode], index: int) -> str:
    cell = section[index]
    if _is_heading(cell):
        return "slide"
    if cell.cell_type == "code":
        return _slide_type_of_code(cell)
    before_code = any(other.cell_type == "code" for other in section[index + 1 : index + 2])
    after_picture = any(_shows(other, "image/png") for other in section[:index][-1:])
    return "subslide" if before_code or after_picture else "fragment"


def _slide_type_of_code(cell: NotebookNode) -> str:
    if all(isinstance(line, ast.Import | ast.ImportFrom) for line in ast.parse(cell.source).body):
        return "skip"
    return "fragment" if cell.outputs and not _shows(cell, WIDGET_VIEW) else "-"


def _shows(cell: NotebookNode, mime_type: str) -> bool:
    return any(mime_type in output.get("data", {}) for output in cell.get("outputs", []))
