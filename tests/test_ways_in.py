"""The pages that people come in by: each line runs, each number is so, each link leads on."""

import ast
import copy
import math
import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import torch
from torch.nn import functional

from ce_helpers import diagnose

DOCS = Path(__file__).parents[1] / "docs"
NAMES = ("which_loss", "my_loss_is")
BLOCK = re.compile(r"```python\n(.*?)```", re.S)
TEXTS = {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in NAMES}


def near(value, *goals, within=0.02):
    return any(abs(value - goal) <= within for goal in goals)


# What each heading promises of what stands above a block's line that tells, the last number first.
SHOWS = {
    "My loss is nan from the first step": math.isnan,
    "My loss becomes nan later": lambda loss, *before: math.isnan(loss),
    "My loss is inf": lambda loss: loss == math.inf,
    "My loss is stuck at ln C": lambda loss: near(loss, math.log(3), math.log(4)),
    "My loss starts far above ln C": lambda loss: loss > 5 * math.log(3),
    "My loss is 0, or near 0 within 100 steps": lambda loss: abs(loss) < 0.03,
    "My loss is negative": lambda loss: loss < 0,
    "My loss is the same for every batch": lambda difference: difference == 0,
    "My loss goes up and down": lambda rises: rises > 10,
    "My loss falls while accuracy stands": lambda right, fell: right < 0.7 and fell < -0.5,
    "My validation loss rises while accuracy stands": lambda rose, right: (
        rose > 0.1 and abs(right) < 0.03
    ),
    "My loss changes with the batch size": lambda difference: abs(difference) > 0.1,
    "My loss is not −log(softmax)": lambda difference: abs(difference) > 0.1,
    "CUDA error: device-side assert triggered": lambda raised: raised == "raises IndexError",
}
NOT_RUN = ("CUDA error: device-side assert triggered", "My loss differs between two machines")


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
        if not isinstance(statement, ast.Expr) or not comment:
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
def test_each_block_gives_its_numbers_and_each_cause_its_symptom(name, heading, code):
    if "linear_cross_entropy" in code and not hasattr(functional, "linear_cross_entropy"):
        pytest.skip("the page says that this needs a newer torch")
    lines = lines_of(code, copy.copy(opening(name)))
    assert lines, "the block shows nothing"
    if name == "my_loss_is":
        place = [note for _, note in lines].index("tells")
        seen, *before = reversed([value for value, _ in lines[:place]])
        (mended,) = (value for value, note in lines[place:] if note == "mends")
        assert SHOWS[heading](seen, *before), f"{seen} is not what the heading says"
        assert not SHOWS[heading](mended, *before), f"{mended} is no better than {seen}"


def test_each_symptom_is_produced_or_marked_as_not_run():
    found = dict(sections("my_loss_is")[1:])
    assert {*found} == {*SHOWS, *NOT_RUN}
    for heading, text in found.items():
        assert text.strip().startswith("Reported, not run: ") == (heading in NOT_RUN), heading
        assert (len(BLOCK.findall(text)) >= 2) == (heading in SHOWS), heading


@pytest.mark.parametrize("name", NAMES)
def test_each_section_leads_to_a_notebook_or_a_page_that_is_there(name):
    for heading, text in sections(name):
        links = re.findall(r"\]\(([^)]+)\)", text)
        assert not heading or any(".ipynb#" in link for link in links), heading
        for link in links:
            file, _, section = unquote(link).partition("#")
            assert (DOCS / file).is_file(), link
            if section:
                cells = nbformat.read(DOCS / file, as_version=4).cells
                titles = re.findall(r"^#+ (.*)", "\n".join(cell.source for cell in cells), re.M)
                assert section in {title.replace(" ", "-") for title in titles}, link


def test_a_distilled_gradient_shrinks_as_the_page_says():
    """With T² in front it keeps its size; a hard target's would not need so much."""
    code = BLOCK.search(dict(sections("which_loss"))["Distillation: learn from a teacher's logits"])
    names = opening("which_loss")
    assignment, loss = code[1].split("  # ")[0].splitlines()
    exec(assignment, names)
    sizes = {}
    for names["T"] in (4.0, 8.0):
        names["student"].requires_grad_().grad = None
        eval(loss, names).backward()
        sizes[names["T"]] = names["student"].grad.norm().item()
    assert sizes[8] == pytest.approx(sizes[4], rel=0.05)


def test_each_place_of_the_teaching_plan_is_there():
    text = (DOCS / "teaching.md").read_text(encoding="utf-8")
    named = re.findall(r"(\d\d), (\*[^|]+\*) \|", text)
    assert len(named) > 20
    for number, places in named:
        (path,) = (DOCS.parent / "notebooks").glob(f"{number}_*.ipynb")
        cells = nbformat.read(path, as_version=4).cells
        titles = re.findall(r"^#+ (.*)", "\n".join(cell.source for cell in cells), re.M)
        for place in re.findall(r"\*([^*]+)\*", places):
            assert any(title.startswith(place) for title in titles), (number, place)


def test_a_number_that_is_not_so_is_noticed():
    for wrong in ("1 / 4  # 0.26", "0.0  # nan", "(1, 2)  # (1, 3)", "1 / 2  # raises ValueError"):
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            lines_of(wrong, {})
    assert lines_of("1 / 0  # raises ZeroDivisionError", {}) == [("raises ZeroDivisionError", "")]


def test_a_finding_leads_to_the_page_and_a_call_in_order_does_not():
    logits, target = torch.zeros(2, 3), torch.tensor([[0], [2]])
    link = re.compile(r'<a href="../docs/(my_loss_is.md)">My loss is …')
    assert (DOCS / link.search(diagnose(logits, target)._repr_html_())[1]).is_file()
    assert not link.search(diagnose(logits, target[:, 0])._repr_html_())
