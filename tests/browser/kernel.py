"""A look into the kernel behind an open notebook."""

import ast
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from jupyter_client import BlockingKernelClient

NAMES = (
    "logits", "target", "loss", "gradient", "selected", "losses", "gap", "cell", "keywords",
    "label_smoothing",
)  # fmt: skip
# A dictionary for one explorer, counted from the one that was made last.
LOOK = f"""
def _look(index):
    import json
    from ipywidgets.widgets.widget import _instances
    plain = lambda value: value.tolist() if hasattr(value, "tolist") else value
    all_made = [
        each for each in _instances.values() if "ce-live" in getattr(each, "_dom_classes", ())
    ]
    made = all_made[-index]
    return json.dumps(
        {{"kind": type(made).__name__, "text": made.text(), "error": repr(made.error),
         "bounds": [(each.min, each.max) for each in getattr(made, "logit_sliders", ())[:1]]}}
        | {{name: getattr(made, name, None) for name in {NAMES}}},
        default=plain,
    )
"""


class Kernel:
    """Looks at a notebook's explorers from within, beside what the page shows of them.

    Args:
        client: of that notebook's kernel.
    """

    def __init__(self, client: BlockingKernelClient) -> None:
        self._client = client
        self._run(LOOK)

    def explorer(self, index: int) -> dict:
        """What an explorer, counted from the last, holds and says; tensors as lists."""
        return self.value(f"_look({index})")

    def value(self, expression: str):
        """What an expression gives, which is JSON as text."""
        answer = self._run("", it=expression)["user_expressions"]["it"]
        assert answer["status"] == "ok", answer
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def printed(self, code: str) -> str:
        """Runs code and returns what it printed."""
        said: list[str] = []
        self._run(code, lambda message: said.append(message["content"].get("text", "")))
        return "".join(said).strip()

    def _run(self, code: str, hook=lambda message: None, **user_expressions: str) -> dict:
        answer = self._client.execute_interactive(
            code, silent=True, store_history=False, user_expressions=user_expressions, timeout=60,
            output_hook=hook,
        )  # fmt: skip
        assert answer["content"]["status"] == "ok", answer["content"]
        return answer["content"]


@contextlib.contextmanager
def attached(lab_folder: Path, kernel_id: str) -> Iterator[Kernel]:
    """A kernel of the JupyterLab in `lab_folder`, while the notebook uses it."""
    client = BlockingKernelClient()
    client.load_connection_file(
        str(lab_folder / f".local/share/jupyter/runtime/kernel-{kernel_id}.json")
    )
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield Kernel(client)
    client.stop_channels()
