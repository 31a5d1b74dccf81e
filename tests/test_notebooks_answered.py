"""The notebooks with every question answered and every solution filled in, as they tell them."""

import json
import re

import nbformat
import pytest
from nbclient import NotebookClient

from ce_helpers.learning.tasks import NOTEBOOKS, exercises_of, questions_of
from tests.test_notebooks import NOTEBOOKS as PATHS

WITH_TASKS = [path for path in PATHS if path.stem[:2] in NOTEBOOKS]
SOLUTION = re.compile(r"<summary>The solution</summary>\n\n```python\n(.*?)```", re.S)


@pytest.fixture(params=WITH_TASKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def kernel():
    """One for all: starting it and loading torch takes longer than a notebook's cells."""
    client = NotebookClient(
        nbformat.v4.new_notebook(),
        kernel_name="python3",
        resources={"metadata": {"path": PATHS[0].parent}},
    )
    with client.setup_kernel():
        yield client.km


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


def test_answered_it_runs_and_counts_every_answer(kernel, notebook, number):
    for _, cell, solution, ending in exercise_cells(notebook):
        cell.source = solution + ending
    for cell, key in calls(notebook, "ask"):
        # as the browser tells it; that it judges each answer rightly is tested there
        answered = {"events": [{"given": "1"}], "lines": [], "status": "right"}
        cell.source += f"\nask({key!r}).view.set_state({{'answered': {answered}}})"
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    NotebookClient(notebook, km=kernel, timeout=120).execute()
    for cell, _ in calls(notebook, "check"):
        assert cell.outputs[0].data["text/plain"].startswith("Right. "), cell.outputs
    ((line, _),) = calls(notebook, "progress")
    asked, coded = len(questions_of(number)), len(exercises_of(number))
    assert line.outputs[0].data["text/plain"].splitlines()[0] == (
        f"Questions: {asked} of {asked} right. Exercises: {coded} of {coded} right."
    )
    assert "Traceback" not in json.dumps(notebook)
