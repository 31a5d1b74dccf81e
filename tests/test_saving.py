"""What the server saves: pictures and texts instead of views, and all that somebody wrote."""

import copy
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_server.services.contents.filemanager import FileContentsManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from ce_helpers import CrossEntropyExplorer, ErrorClinic, ask, progress, saving
from ce_helpers.saving import CAN_GO, WIDGET_VIEW, clean
from tests.test_notebooks import NOTEBOOKS

VIEW = {WIDGET_VIEW: {"model_id": "1", "version_major": 2, "version_minor": 0}}
LEAN = {"name": "python"}
TIMES = {"execution": {"iopub.execute_input": "2026-01-01T00:00:00.000Z"}}


def shown(data, metadata):
    return new_output("execute_result", data, metadata=metadata, execution_count=2)


def explorer_shown():
    size = {"image/png": {"width": 848}}
    return shown(VIEW | {"image/png": "iVBO", "text/plain": "loss = 1"}, CAN_GO | size)


def other_shown():
    """ipympl's output, for example: it too has a picture and a text."""
    return shown(VIEW | {"image/png": "iVBO", "text/plain": "Canvas()"}, {})


def notebook(*outputs, source="from ce_helpers import ask"):
    return new_notebook(
        cells=[
            new_markdown_cell("My note", metadata={"mine": 1}),
            new_code_cell(source, execution_count=1, metadata={"tags": ["mine"]} | TIMES),
            new_code_cell("shown", execution_count=2, outputs=list(outputs)),
        ],
        metadata={
            "kernelspec": {"name": "my_kernel", "display_name": "Mine", "language": "python"},
            "language_info": LEAN | {"version": "3.11.7"},
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        },
    )


def test_the_picture_stays_and_the_view_goes():
    page = notebook(explorer_shown())
    expected = copy.deepcopy(page)
    expected.cells[2].outputs[0].data.pop(WIDGET_VIEW)
    expected.cells[2].outputs[0].metadata.pop(WIDGET_VIEW)
    expected.cells[1].metadata.pop("execution")
    expected.metadata.pop("widgets")
    expected.metadata.language_info = LEAN
    clean(page)
    assert page == expected
    assert page.cells[2].outputs[0].data == {"image/png": "iVBO", "text/plain": "loss = 1"}
    clean(page)
    assert page == expected


def test_what_else_a_student_printed_or_wrote_stays():
    others = [
        other_shown(),
        new_output("stream", text="mine"),
        new_output("error", ename="E", evalue="mine", traceback=[]),
        new_output("display_data", {"text/html": "<b>mine</b>"}),
    ]
    page = notebook(explorer_shown(), *copy.deepcopy(others))
    clean(page)
    assert page.cells[2].outputs[1:] == others
    assert "widgets" in page.metadata  # the other library's view may need it
    assert [cell.source for cell in page.cells] == [cell.source for cell in notebook().cells]


def test_a_notebook_without_ce_helpers_is_not_touched():
    page = notebook(other_shown(), source="import torch")
    before = copy.deepcopy(page)
    clean(page)
    assert page == before


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_notebooks_are_clean(path):
    page = nbformat.read(path, as_version=4)
    before = copy.deepcopy(page)
    clean(page)
    assert page == before


@pytest.mark.parametrize(
    "make",
    [
        lambda: CrossEntropyExplorer([[1.0, 2.0]], [0]),
        lambda: ask("lower_target"),
        lambda: progress("01"),
        lambda: ErrorClinic().deck("shape"),
    ],
    ids=["explorer", "question", "progress", "deck"],
)
def test_our_widgets_say_that_their_view_can_go(make):
    data, metadata = InteractiveShell.instance().display_formatter.format(make())
    page = notebook(shown(data, metadata))
    clean(page)
    kept = page.cells[2].outputs[0]
    assert kept.data == {name: value for name, value in data.items() if name != WIDGET_VIEW}
    assert WIDGET_VIEW in data and WIDGET_VIEW not in kept.metadata


@pytest.fixture
def contents(tmp_path):
    """A server's contents, with our extension loaded into the server."""
    contents = FileContentsManager(root_dir=str(tmp_path))
    saving._load_jupyter_server_extension(SimpleNamespace(contents_manager=contents))
    return contents


def test_the_server_saves_it_clean(contents, tmp_path):
    page = notebook(explorer_shown())
    contents.save({"type": "notebook", "content": copy.deepcopy(page)}, "a.ipynb")
    clean(page)
    assert nbformat.read(tmp_path / "a.ipynb", as_version=4) == page


def test_a_file_that_is_no_notebook_is_saved(contents, tmp_path):
    contents.save({"type": "file", "format": "text", "content": WIDGET_VIEW}, "a.txt")
    assert (tmp_path / "a.txt").read_text() == WIDGET_VIEW


def test_an_error_of_ours_never_stops_a_save(contents, tmp_path, monkeypatch):
    def fail(_):
        raise ZeroDivisionError

    monkeypatch.setattr(saving, "clean", fail)
    page = notebook(explorer_shown())
    contents.save({"type": "notebook", "content": copy.deepcopy(page)}, "a.ipynb")
    assert nbformat.read(tmp_path / "a.ipynb", as_version=4) == page


def test_the_server_loads_nothing_heavy():
    program = (
        "import sys, ce_helpers.saving; print({'torch', 'numpy', 'ipywidgets'} & {*sys.modules})"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert ended.stdout.strip() == b"set()"
