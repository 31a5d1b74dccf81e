"""The rule that gives each cell its place in the slides."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools.slides import WIDGET_VIEW, assign_slide_types


def code(source, *, prints=False, shows=None):
    outputs = [new_output("stream", text="1\n")] if prints else []
    if shows is not None:
        outputs.append(new_output("execute_result", {WIDGET_VIEW: {}, shows: ""}))
    return new_code_cell(source, outputs=outputs)


TEXT = new_markdown_cell("Two **words**.")
HEADING = new_markdown_cell("## A heading\n\nAnd a text.")
PRINTS = code("print(1)", prints=True)
SILENT = code("one = 1")
EXPLORER = code("CrossEntropyExplorer(scenario)", shows="image/png")
PROGRESS = code('progress("01")', shows="text/plain")
QUESTION = code('ask("equal_logits")', shows="text/plain")


def types_of(*cells):
    cells = [cell.copy() for cell in cells]
    for cell in cells:
        cell.metadata = cell.metadata.copy()
    assign_slide_types(cells)
    return [cell.metadata.slideshow["slide_type"] for cell in cells]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([new_markdown_cell("# Title"), HEADING], "slide slide"),
        # what is printed waits, and so does the text that tells what it means
        ([HEADING, PRINTS, TEXT], "slide fragment fragment"),
        ([HEADING, SILENT, PRINTS], "slide - fragment"),
        # text before code starts a slide below
        ([HEADING, PRINTS, TEXT, PRINTS], "slide fragment subslide fragment"),
        # a widget fills a slide, and so does the next; what follows starts a slide as well
        ([HEADING, EXPLORER, TEXT, HEADING], "slide subslide subslide slide"),
        ([HEADING, QUESTION, EXPLORER, QUESTION], "slide subslide subslide subslide"),
        ([HEADING, EXPLORER, PRINTS, PRINTS], "slide subslide subslide fragment"),
        ([HEADING, EXPLORER, TEXT, TEXT, PRINTS], "slide subslide subslide subslide fragment"),
        # a recap is for all, the list of answers for one
        ([HEADING, PROGRESS], "slide skip"),
    ],
)
def test_the_rule(cells, expected):
    assert types_of(*cells) == expected.split()


def test_the_whole_section_of_an_exercise_is_skipped():
    check = code("check('loss', loss)", prints=True)
    section = [HEADING, new_markdown_cell("### 1. First"), SILENT, check, TEXT]
    assert types_of(HEADING, *section, HEADING, PRINTS) == (
        ["slide"] + ["skip"] * 5 + ["slide", "fragment"]
    )


def test_a_name_that_ends_like_an_exercise_is_none():
    assert types_of(HEADING, code("my_check(1)\nx.progress(2)")) == ["slide", "-"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import torch", "skip"),
        ("import torch\n\nfrom ce_helpers import (\n    ask,\n    check,\n)", "skip"),
        ("import torch\ntorch.manual_seed(0)", "-"),
    ],
)
def test_imports_are_skipped(source, expected):
    assert types_of(HEADING, code(source)) == ["slide", expected]


def test_what_else_a_cell_says_about_itself_is_kept():
    cell = new_markdown_cell("# Title", metadata={"tags": ["mine"]})
    assign_slide_types([cell])
    assert cell.metadata == {"tags": ["mine"], "slideshow": {"slide_type": "slide"}}
