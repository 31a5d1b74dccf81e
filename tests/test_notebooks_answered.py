"""The notebooks with every question answered and every solution filled in, as they tell them."""

import ast
import re

import nbformat
import pytest

from ce_helpers.learning import record
from ce_helpers.learning.tasks import NOTEBOOKS, exercises_of, questions_of
from ce_helpers.live.base import LiveExplorer
from tests.test_notebooks import NOTEBOOKS as PATHS

WITH_TASKS = [path for path in PATHS if path.stem[:2] in NOTEBOOKS]
SOLUTION = re.compile(r"<summary>The solution</summary>\n\n```python\n(.*?)```", re.S)


@pytest.fixture(params=WITH_TASKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture
def number(path):
    return path.stem[:2]


def calls(notebook, name):
    """The cells that call `ask`, `check` or `progress`, with their first argument."""
    found = [(cell, re.search(rf'^{name}\("(\w+)"', cell.source, re.M)) for cell in notebook.cells]
    return [(cell, match[1]) for cell, match in found if match]


def exercise_cells(notebook):
    """For each check: its key, cell, the solution above it, and the check that ends the cell."""
    cells = notebook.cells
    return [
        (
            key, cell, SOLUTION.search(cells[cells.index(cell) - 1].source)[1],
            f'\n\n\ncheck("{key}", {key})',
        )
        for cell, key in calls(notebook, "check")
    ]  # fmt: skip


def test_there_are_notebooks_for_all_tasks():
    assert [path.stem[:2] for path in WITH_TASKS] == list(NOTEBOOKS)


def test_each_question_and_exercise_stands_in_its_notebook_once(notebook, number):
    assert [key for _, key in calls(notebook, "ask")] == list(questions_of(number))
    assert [key for _, key in calls(notebook, "check")] == list(exercises_of(number))
    assert [key for _, key in calls(notebook, "progress")] == [number]


def test_a_learners_cell_is_a_signature_and_dots(notebook):
    for key, cell, solution, ending in exercise_cells(notebook):
        assert cell.source.endswith(ending)
        stub = cell.source.removesuffix(ending)
        assert re.fullmatch(r'def \w+\([\w, ]+\):\n    """.+"""\n    \.\.\.', stub)
        signature = cell.source.splitlines()[0]
        assert signature.startswith(f"def {key}(")
        assert solution.startswith(signature)
        assert len(solution.strip().splitlines()) <= 6


def test_unanswered_it_says_so(notebook):
    for cell, _ in calls(notebook, "check"):
        assert cell.outputs[0].data["text/plain"].startswith("Not answered yet. ")
        assert "Not answered yet." in cell.outputs[0].data["text/html"]
    for cell, _ in calls(notebook, "ask"):
        assert cell.outputs[0].data["text/plain"].endswith("\nnot answered yet")
    ((line, _),) = calls(notebook, "progress")
    assert line.outputs[0].data["text/plain"].startswith("Questions: 0 of ")


def test_answered_it_counts_every_answer_and_shows_what_is_stored(notebook, number, monkeypatch):
    """An answer moves nothing: a question about an explorer is still one, and its start stands."""
    for kept in ("_best", "_tries"):
        monkeypatch.setattr(record, kept, {})
    for _, cell, solution, ending in exercise_cells(notebook):
        cell.source = solution + ending
    for cell, key in calls(notebook, "ask"):
        # as the browser tells it; that it judges each answer rightly is tested there
        answered = {"events": [{"given": "1"}], "lines": [], "status": "right"}
        cell.source += f"\nask({key!r}).view.set_state({{'answered': {answered}}})"
    names = {"__name__": "__main__"}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [(run_cell(cell.source, names), cell) for cell in code]
    live = [(widget, cell) for widget, cell in shown if isinstance(widget, LiveExplorer)]
    assert live or "ErrorClinic" in names  # its cards have no picture
    for widget, cell in live:
        assert widget.text() == cell.outputs[0].data["text/plain"]
        assert widget.error is None
    verdicts = [verdict for verdict, cell in shown if 'check("' in cell.source]
    asked, coded = len(questions_of(number)), len(exercises_of(number))
    assert len(verdicts) == coded
    assert all(repr(verdict).startswith("Right. ") for verdict in verdicts), verdicts
    assert shown[-1][0].text().splitlines()[0] == (
        f"Questions: {asked} of {asked} right. Exercises: {coded} of {coded} right."
    )


def run_cell(source, names):
    """Runs a cell's source and returns what a kernel would show below it."""
    *body, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        body, last = [*body, last], None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return last and eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
