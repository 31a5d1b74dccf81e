"""A cell that runs again frees what its earlier run made."""

import weakref

import ipywidgets as widgets
from IPython import get_ipython

_made: dict[str, tuple[str, list[weakref.ref]]] = {}  # by cell: its run, and what that made


def close_earlier_run(widget: widgets.Widget) -> None:
    """Notes what this run of a cell makes, and closes what an earlier run of the cell has made."""
    message = getattr(get_ipython(), "parent_header", None) or {}
    cell = message.get("metadata", {}).get("cellId")
    if not cell:
        return
    run = message["header"]["msg_id"]
    before, made = _made.get(cell, (run, []))
    if before != run:
        for earlier in made:
            if (old := earlier()) is not None:
                old.close()
        made = []
    _made[cell] = run, [*made, weakref.ref(widget)]
