"""Measures slider to pixels beside what people use today; see benchmarks/README.md.

Usage: python -m benchmarks [--quick]
"""

import argparse
import os
import platform
import re
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks import kernel
from benchmarks.pages import Effort, Setting, measure
from benchmarks.plot import save_plot
from benchmarks.report import Measurements, report
from tests.browser.lab import running_browser

SETTINGS = (Setting(ratio=1), Setting(ratio=2), Setting(ratio=2, delay=50))
PACKAGES = (
    "jupyterlab", "ipykernel", "ipywidgets", "torch", "numpy", "matplotlib", "pillow", "ipympl",
    "mpl_interactions",
)  # fmt: skip


def processor() -> str:
    """The CPU's name and how many cores this process may use."""
    cpuinfo = Path("/proc/cpuinfo")  # only Linux has it
    found = cpuinfo.exists() and re.search(r"model name\s*: (.*)", cpuinfo.read_text())
    name = found[1] if found else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def load() -> str:
    """How many processes wanted a core, on average over the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def main() -> None:
    """Prints the report; unless it was quick, writes it and a plot beside this module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="few repetitions; writes no file")
    quick = parser.parse_args().quick
    effort = Effort(rounds=1, presses=4, burst=10) if quick else Effort(3, presses=25, burst=60)
    rounds, moved = (1, 200) if quick else (3, 5000)
    start, load_before = time.monotonic(), load()
    moves, starts = kernel.parts_of_moves(rounds), kernel.starts(rounds)
    growth = kernel.growth(moved)
    with running_browser() as browser:
        chromium = browser.version
        turns = {setting: measure(browser, setting, effort) for setting in SETTINGS}
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = (
        f"{processor()}; Python {platform.python_version()}, Chromium {chromium}, {versions}. "
        f"Load average {load_before} before and {load()} after, a part of it the benchmark's own. "
        f"The run took {(time.monotonic() - start) / 60:.1f} minutes."
    )
    text = report(machine, Measurements(turns, moves, moved, growth, starts))
    print(text, end="")
    if not quick:
        folder = Path(__file__).parent
        (folder / "results.md").write_text(text, encoding="utf-8")
        save_plot(turns, folder / "results.png")


if __name__ == "__main__":
    main()
