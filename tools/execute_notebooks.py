"""Executes notebooks in place, so that what is committed is what a fresh kernel prints.

Usage: python -m tools.execute_notebooks [NOTEBOOK …]; without names, all of them.
"""

import argparse
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from ce_helpers.saving import clean
from tools.slides import assign_slide_types

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def execute(path: Path) -> None:
    """Executes one notebook and writes it back without anything that differs from run to run."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        store_widget_state=False,  # with it, exports show a dead widget instead of the picture
        record_timing=False,
        coalesce_streams=True,  # on a busy machine a print may arrive in two parts
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    assign_slide_types(notebook.cells)
    clean(notebook)  # as JupyterLab does when a reader saves
    nbformat.write(notebook, path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.execute_notebooks")
    parser.add_argument(
        "notebooks", nargs="*", type=Path, default=sorted(NOTEBOOKS.glob("*.ipynb"))
    )
    for path in parser.parse_args().notebooks:
        print(path.name, flush=True)
        execute(path)
