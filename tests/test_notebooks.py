"""The form of the notebooks: what a reader may count on, and what keeps nbval honest."""

import json
import re
from pathlib import Path

import nbformat
import pytest

import ce_helpers
from ce_helpers.live.base import LiveExplorer
from tools.minutes import minutes

NAMES = {name: getattr(ce_helpers, name) for name in ce_helpers.__all__}
LIVE_WIDGETS = [
    name for name, found in NAMES.items()
    if isinstance(found, type) and issubclass(found, LiveExplorer)
]  # fmt: skip
MAKES_PICTURE = re.compile(rf"\b({'|'.join(LIVE_WIDGETS)})\(")
MAKES_TEXT = re.compile(r"\bask\(|\bprogress\(|\.deck\(")  # widgets without a figure

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return json.loads(path.read_text(encoding="utf-8"))


def cells_of(notebook, cell_type):
    return [
        ("".join(cell["source"]), cell)
        for cell in notebook["cells"]
        if cell["cell_type"] == cell_type
    ]


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_it_was_executed_in_order_and_without_errors(notebook):
    code = cells_of(notebook, "code")
    assert [cell["execution_count"] for _, cell in code] == list(range(1, len(code) + 1))
    outputs = [output for _, cell in code for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]


def test_no_output_names_a_folder_of_the_machine_it_was_made_on(notebook):
    places = re.compile(r"[\"' (](/\w|[A-Z]:\\)[\w.\-]*[/\\]|site-packages|\.venv|ipykernel_\d")
    for source, cell in cells_of(notebook, "code"):
        for output in cell["outputs"]:
            data = output.get("data", {})
            texts = [output.get("text", ""), *(data[kind] for kind in data if "image" not in kind)]
            for text in texts:
                assert not places.search("".join(text)), source


def test_it_holds_no_widget_state_or_view(notebook):
    assert "widgets" not in notebook["metadata"]
    assert "widget-view" not in json.dumps(notebook)


def test_each_live_widget_has_a_picture_and_each_widget_a_text(notebook):
    cells = [
        (source, cell)
        for source, cell in cells_of(notebook, "code")
        if MAKES_PICTURE.search(source) or MAKES_TEXT.search(source)
    ]
    assert cells
    for source, cell in cells:
        (data,) = (output["data"] for output in cell["outputs"] if "data" in output)
        text = "".join(data["text/plain"])
        assert not re.match(r"\w+\(children=", text), source  # ipywidgets' own
        if MAKES_PICTURE.search(source):
            assert "image/png" in data, source
            assert "softmax" in text or "loss" in text, source
        else:
            assert text.strip(), source


def test_no_cell_moves_a_control(notebook):
    for source, _ in cells_of(notebook, "code"):
        assert not re.search(r"\.(value|select|reset|step|set_logits|click|give)\b", source), source


def test_cells_are_short_and_text_comes_before_code(notebook):
    for source, _ in cells_of(notebook, "code"):
        assert source.strip()
        lines = re.sub(r"import \(.*?\)", "", source, flags=re.S).splitlines()
        assert len(lines) <= 10, source
    for source, _ in cells_of(notebook, "markdown"):
        assert len(re.findall(r"\w+", re.sub(r"^\|.*$", "", source, flags=re.M))) <= 100, source
    assert notebook["cells"][0]["cell_type"] == "markdown"


def test_it_has_few_cells(notebook):
    assert 18 <= len(notebook["cells"]) <= 30


def test_its_last_cell_lists_the_answers(path, notebook):
    source, _ = cells_of(notebook, "code")[-1]
    assert source == f'progress("{path.stem[:2]}")'
    assert notebook["cells"][-1]["cell_type"] == "code"


def test_its_minutes_are_those_of_the_rule(path, notebook):
    found = minutes(nbformat.read(path, 4))
    assert found.lesson + found.exercises <= 45
    (told,) = re.findall(r"\*\*Time:\*\* (\d+) minutes, and (\d+) for", str(notebook["cells"][0]))
    readme = (path.parents[1] / "README.md").read_text(encoding="utf-8")
    rows = re.findall(rf"^\| \[{path.stem}\].* (\d+) \+ (\d+) \|$", readme, re.M)
    assert len(rows) == 1
    for lesson, exercises in (told, *rows):  # a word more or less is no reason to write it anew
        assert abs(int(lesson) - found.lesson) <= 1
        assert abs(int(exercises) - found.exercises) <= 1


def test_one_formula_is_typeset_and_its_letters_are_named(notebook):
    texts = [source for source, _ in cells_of(notebook, "markdown") if "$$" in source]
    (text,) = texts
    (formula,) = re.findall(r"\$\$(.+?)\$\$", text, re.S)
    around = text.replace(formula, "")
    letters = set(re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", formula))
    assert letters
    for letter in letters:
        assert re.search(rf"(\*\*|`|\$){letter}(_\w)?\1", around), f"{letter} in {text}"


def test_there_is_one_title_that_says_how_to_start(notebook):
    texts = [source for source, _ in cells_of(notebook, "markdown")]
    titles = [line for text in texts for line in text.splitlines() if line.startswith("# ")]
    assert len(titles) == 1 and texts[0].startswith(titles[0])
    assert "Run → Run All Cells" in texts[0]
    assert "download" in texts[0]
    assert "`NameError`" in texts[0] and "restart" in texts[0]


def test_nothing_that_strict_comparison_does_not_survive(notebook):
    for source, _ in cells_of(notebook, "code"):
        assert not re.search(r"\binteract\(|\bOutput\(|clear_output|pyplot|NBVAL", source), source


def test_it_is_small(path):
    assert path.stat().st_size < 300_000


def test_the_words_are_plain(notebook):
    for source, _ in cells_of(notebook, "markdown"):
        assert "!" not in source.replace("![", "").replace("!=", ""), source
        assert "simply" not in source.lower(), source


def test_links_lead_somewhere(path, notebook):
    for source, _ in cells_of(notebook, "markdown"):
        for link in re.findall(r"\]\((?!https?:|#)([^)]+)\)", source):
            assert (path.parent / link).exists(), link


def test_each_cell_has_its_place_in_the_slides(notebook):
    """`make notebooks` writes it; the rule stands in tools/slides.py."""
    types = [cell["metadata"]["slideshow"]["slide_type"] for cell in notebook["cells"]]
    assert set(types) <= {"slide", "subslide", "fragment", "-", "skip"}
    assert types[0] == "slide" and types.count("slide") > 5
    for cell, slide_type in zip(notebook["cells"], types, strict=True):
        is_heading = cell["cell_type"] == "markdown" and cell["source"][0].startswith(("# ", "## "))
        assert slide_type == "skip" or (slide_type == "slide") == is_heading, cell["source"]
