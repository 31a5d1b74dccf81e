"""The same without a browser: in kernels as JupyterLab starts them."""

import contextlib
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from jupyter_client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).parents[1]
OURS = "to the first live explorer"
IMPORTS = "imports of torch, matplotlib, ipywidgets, numpy"
TORCH = "import of torch alone"
STARTS = {
    TORCH: "import torch",
    IMPORTS: "import torch, matplotlib.pyplot, ipywidgets, numpy",
    OURS: """
import torch
from ce_helpers import SCENARIOS, CrossEntropyExplorer
explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])
explorer
""",
}
MEMORY = "import psutil; print(psutil.Process().memory_info().rss / 1e6)"
MANY_MOVES = """
import gc, time
from benchmarks.callback import explorer_of, move
explorer = explorer_of((1, 4), pixel_ratio=1)

def megabytes_after(moves):
    for step in range(moves):
        move(explorer, step)
    time.sleep(1)  # until all has been sent
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6

before = megabytes_after(500)  # caches have filled
print(megabytes_after({moves}) - before)
"""


@contextlib.contextmanager
def running_kernel() -> Iterator[BlockingKernelClient]:
    """A new kernel in the project's folder, ended at the end."""
    manager, client = start_new_kernel(cwd=str(ROOT))
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> str:
    """Runs a cell and returns what it printed.

    Raises:
        RuntimeError: the cell raised.
    """
    printed = []
    reply = client.execute_interactive(
        code, timeout=300, output_hook=lambda message: printed.append(message["content"])
    )["content"]
    if reply["status"] != "ok":
        raise RuntimeError("\n".join(reply["traceback"]))
    return "".join(content.get("text", "") for content in printed)


def parts_of_moves(rounds: int) -> list[dict[str, float]]:
    """What `callback.measure` returns."""
    with running_kernel() as client:
        run(client, "import json; from benchmarks.callback import measure")
        return json.loads(run(client, f"print(json.dumps(measure({rounds})))"))


def growth(moves: int) -> float:
    """Megabytes that a kernel has grown by after so many moves."""
    with running_kernel() as client:
        run(client, MEMORY)
        return float(run(client, MANY_MOVES.format(moves=moves)))


def starts(rounds: int) -> dict[str, tuple[float, float]]:
    """Seconds from the first cell's start to its end, and then the kernel's megabytes: medians."""
    seen = {name: [] for name in STARTS}
    for _ in range(rounds):
        for name, code in STARTS.items():
            with running_kernel() as client:
                start = time.perf_counter()
                run(client, code)
                seconds = time.perf_counter() - start
                seen[name].append((seconds, float(run(client, MEMORY))))
    return {
        name: tuple(map(statistics.median, zip(*each, strict=True))) for name, each in seen.items()
    }
