"""Executes the notebooks for the site: fresh kernels, two at a time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
AT_ONCE = 2
START = f"""
import sys
sys.path.append({str(ROOT)!r})
from tools.site import capture
capture.start()
"""


def executed(paths: list[Path]) -> dict[str, NotebookNode]:
    """Notebooks by name, with pages' HTML in the outputs of their widgets.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raises.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(_execute, paths))
    return {path.stem: notebook for path, notebook in zip(paths, found, strict=True)}


def _execute(path: Path) -> NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(START))
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    del notebook.cells[0]
    return notebook
