"""The pages that people come in by: each line runs, each number is so, each link leads on."""

import ast
import copy
import math
import re
from pathlib import Path

import nbformat
import pytest
import torch
from torch.nn import functional

DOCS = Path(__file__).parents[1] / "docs"
NAMES = ("which_loss",)
BLOCK = re.compile(r"```python\n(.*?)```", re.S)
TEXTS = {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in NAMES}


def sections(name):
    """A page's headings and what stands below each; the text above the first has none."""
    first, *found = re.split(r"^## ", TEXTS[name], flags=re.M)
    return [("", first), *(part.split("\n", 1) for part in found)]


def opening(name):
    """What a page's first block defines."""
    names = {}
    exec(BLOCK.search(TEXTS[name])[1], names)
    return names


def lines_of(code, names):
    """Runs a block; of each expression what came out, what its comment says, and the comment."""
    rows, found = code.splitlines(), []
    for statement in ast.parse(code).body:
        source = ast.unparse(statement)
        _, _, comment = rows[statement.end_lineno - 1].partition("  # ")
        if not isinstance(statement, ast.Expr):
            exec(source, names)
            continue
        said, _, note = comment.partition(": ")
        if said.startswith("raises "):
            with pytest.raises(Exception) as raised:
                eval(source, names)
            value = f"raises {type(raised.value).__name__}"
        else:
            value = plain(eval(source, names))
        assert agrees(value, said), f"{source} is {value}, the page says {said!r}"
        found.append((value, note))
    return found


def plain(value):
    """Tensors as numbers, lists and tuples."""
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    return value.tolist() if isinstance(value, torch.Tensor) else value


def agrees(value, said):
    """Whether a value is what the page says, to the digits that stand there."""
    if isinstance(value, tuple):
        parts = said.strip("()").split(", ")
        return len(parts) == len(value) and all(map(agrees, value, parts))
    if not isinstance(value, float):
        return str(value) == said
    if not re.fullmatch(r"-?(nan|inf|[\d,]+(\.\d+)?)", said):
        return False
    number, decimals = float(said.replace(",", "")), len(said.partition(".")[2])
    if not math.isfinite(value):
        return str(value) == said
    # a training's last digit may fall on either side on another machine
    return abs(value - number) <= 0.6 * 10.0**-decimals


def blocks():
    for name in NAMES:
        for heading, text in sections(name)[1:]:
            for place, code in enumerate(BLOCK.findall(text)):
                yield pytest.param(name, heading, code, id=f"{heading}-{place}")


@pytest.mark.parametrize(("name", "heading", "code"), blocks())
def test_each_block_gives_the_numbers_that_it_says(name, heading, code):
    if "linear_cross_entropy" in code and not hasattr(functional, "linear_cross_entropy"):
        pytest.skip("the page says that this needs a newer torch")
    assert lines_of(code, copy.copy(opening(name))), "the block shows nothing"


@pytest.mark.parametrize("name", NAMES)
def test_each_section_leads_to_a_notebook_or_a_page_that_is_there(name):
    for heading, text in sections(name):
        links = re.findall(r"\]\(([^)]+)\)", text)
        assert not heading or any(".ipynb#" in link for link in links), heading
        for link in links:
            file, _, section = link.partition("#")
            assert (DOCS / file).is_file(), link
            if section:
                cells = nbformat.read(DOCS / file, as_version=4).cells
                titles = re.findall(r"^#+ (.*)", "\n".join(cell.source for cell in cells), re.M)
                assert section in {title.replace(" ", "-") for title in titles}, link


def test_a_number_that_is_not_so_is_noticed():
    for wrong in ("1 / 4  # 0.26", "0.0  # nan", "(1, 2)  # (1, 3)", "1 / 2  # raises ValueError"):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            lines_of(wrong, {})
    assert lines_of("1 / 0  # raises ZeroDivisionError", {}) == [("raises ZeroDivisionError", "")]
