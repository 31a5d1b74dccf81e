"""Explorers that are moved or closed, and cells that run again, give their memory back."""

import gc
import subprocess
import sys
import tracemalloc

import pytest

from ce_helpers import SCENARIOS, CrossEntropyExplorer

pytestmark = pytest.mark.sweep

# In a process of its own, for what other tests keep is not theirs.
SCRIPT = """
import sys
from types import SimpleNamespace

import psutil

from ce_helpers import SCENARIOS, CrossEntropyExplorer
from ce_helpers.live import base


def shown():
    explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])
    explorer._repr_mimebundle_()
    return explorer


def run_again():
    shell.parent_header["header"]["msg_id"] += 1
    kept.append(shown())


def grown(step, times):
    for _ in range(3):
        step()
    before = psutil.Process().memory_info().rss
    for _ in range(times):
        step()
    return psutil.Process().memory_info().rss - before


kept = []  # as IPython's Out keeps what a cell shows
shell = SimpleNamespace(parent_header={"header": {"msg_id": 0}, "metadata": {"cellId": "one"}})
closed, runs = map(int, sys.argv[1:])
print(grown(lambda: shown().close(), closed))
base.get_ipython = lambda: shell
print(grown(run_again, runs))
"""


@pytest.fixture(scope="module")
def grown(request):
    """Bytes after so many explorers were made and closed, and after so many runs of a cell."""
    cases = request.config.getoption("--cases")
    times = [str(times * cases) for times in (4, 2)]  # --cases asks for more
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, *times], capture_output=True, text=True, check=True
    )
    print(run.stdout.split(), end="")
    return [int(number) for number in run.stdout.split()]


@pytest.mark.parametrize("way", ["made and closed", "run again"])
def test_less_than_20_mb_stay(grown, way):
    assert grown[way == "run again"] < 20e6


def test_many_moves_leak_neither_figures_nor_memory():
    explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])

    def move_often(times):
        for step in range(times):
            explorer.logit_sliders[step % 4].value = step % 30 / 3
        gc.collect()

    move_often(100)
    tracemalloc.start()
    move_often(50)
    before = tracemalloc.get_traced_memory()[0]
    move_often(150)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 200_000  # one kept picture alone would be a million bytes
    assert explorer.error is None
