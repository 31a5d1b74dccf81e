"""Which slide a cell of a notebook belongs to, by one rule, so that nobody assigns it by hand.

- A cell that starts with a title or a heading of the second level starts a slide.
- A widget has a slide of its own, for a picture fills one: it starts a slide below, and so does
  what follows it.
- Other code stays under its text. With an output it waits for a key, so that the class can say
  first what will come out.
- Text before code starts a slide below. Text that closes waits for a key under its code.
- Imports and the reader's own results are skipped, and so is each section with an exercise.
"""

import ast
import re
from itertools import groupby

from nbformat import NotebookNode

from ce_helpers.saving import WIDGET_VIEW

HEADING = re.compile(r"##? ")
EXERCISE = re.compile(r"^check\(", re.M)
RESULTS = re.compile(r"^progress\(", re.M)


def assign_slide_types(cells: list[NotebookNode]) -> None:
    """Writes `metadata.slideshow.slide_type` into each cell of an executed notebook."""
    for section in _sections(cells):
        skipped = any(_is_code(cell, EXERCISE) for cell in section)
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
    if _is_code(cell, RESULTS) or _is_only_imports(cell):
        return "skip"
    if any(map(_is_widget, section[max(index - 1, 0) : index + 1])):
        return "subslide"
    if cell.cell_type == "code":
        return "fragment" if cell.outputs else "-"
    before_code = any(other.cell_type == "code" for other in section[index + 1 : index + 2])
    return "subslide" if before_code else "fragment"


def _is_code(cell: NotebookNode, pattern: re.Pattern) -> bool:
    return cell.cell_type == "code" and bool(pattern.search(cell.source))


def _is_only_imports(cell: NotebookNode) -> bool:
    lines = ast.parse(cell.source).body if cell.cell_type == "code" else [None]
    return all(isinstance(line, ast.Import | ast.ImportFrom) for line in lines)


def _is_widget(cell: NotebookNode) -> bool:
    return any(WIDGET_VIEW in output.get("data", {}) for output in cell.get("outputs", []))
