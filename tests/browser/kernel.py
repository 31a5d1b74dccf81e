"""A look into the kernel behind an open notebook."""

import ast
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from jupyter_client import BlockingKernelClient

NAMES = ("logits", "target", "loss", "gradient", "selected", "losses", "gap", "cell", "keywords")
# One dictionary for each explorer, in the order in which the cells made them.
LOOK = f"""
def _look():
    import json
    from ipywidgets.widgets.widget import _instances
    plain = lambda value: value.tolist() if hasattr(value, "tolist") else value
    return json.dumps([
        {{"kind": type(made).__name__, "text": made.text(), "error": repr(made.error)}}
        | {{name: getattr(made, name, None) for name in {NAMES}}}
        for made in _instances.values() if "ce-live" in getattr(made, "_dom_classes", ())
    ], default=plain)
"""


class Kernel:
    """Looks at a notebook's explorers from within, beside what the page shows of them.

    Args:
        client: of that notebook's kernel.
    """

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client
        self._run(LOOK)

    def explorers(self) -> list[dict]:
        """What each explorer holds and says; tensors as lists."""
        answer = self._run("", it="_look()")["user_expressions"]["it"]
        assert answer["status"] == "ok", answer
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def _run(self, code: str, **user_expressions: str) -> dict:
        answer = self._client.execute_interactive(
            code, silent=True, store_history=False, user_expressions=user_expressions, timeout=60
        )
        assert answer["content"]["status"] == "ok", answer["content"]
        return answer["content"]


@contextlib.contextmanager
def newest_kernel(lab_folder: Path) -> Iterator[Kernel]:
    """The kernel that the JupyterLab in `lab_folder` started last."""
    files = (lab_folder / ".local/share/jupyter/runtime").glob("kernel-*.json")
    client = BlockingKernelClient()
    client.load_connection_file(str(max(files, key=lambda path: path.stat().st_mtime_ns)))
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield Kernel(client)
    client.stop_channels()
