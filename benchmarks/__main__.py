"""Measures key press to frame beside what people use today; see benchmarks/README.md."""

import argparse
import os
import statistics
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from benchmarks.candidates import CELLS, OURS
from benchmarks.pages import Effort, Setting, Turns, measure
from tools.browser.lab import running_browser

NEAR, SHARP, FAR = SETTINGS = (Setting(ratio=1), Setting(ratio=2), Setting(ratio=2, delay=50))
PACKAGES = ("jupyterlab", "ipykernel", "ipywidgets", "torch", "matplotlib", "ipympl")
HEADER = (
    "drawn by", "ratio 1, ms", "× ours", "ratio 2, ms", "50 ms each way, ms", "frames/s",
    "the same, far", "kernel, ms", "first picture, s",
)  # fmt: skip


def times_ours(turns: dict[str, Turns], name: str) -> float:
    """The median over the rounds of a candidate's median to ours in the same round."""
    return statistics.median(
        statistics.median(theirs) / statistics.median(ours)
        for theirs, ours in zip(turns[name].presses, turns[OURS].presses, strict=True)
    )


def table(seen: dict[Setting, dict[str, Turns]]) -> str:
    """All candidates as a Markdown table."""
    rows = [HEADER, ["---"] * len(HEADER)]
    for name in CELLS:
        of = {setting: turns[name] for setting, turns in seen.items()}
        near, sharp, far = (statistics.median(chain(*of[each].presses)) for each in SETTINGS)
        rows.append([
            name, f"{near:.1f}", f"{times_ours(seen[NEAR], name):.1f}", f"{sharp:.1f}",
            f"{far:.1f}", f"{statistics.median(of[NEAR].frames):.0f}",
            f"{statistics.median(of[FAR].frames):.0f}", f"{statistics.median(of[NEAR].kernel):.1f}",
            f"{of[NEAR].first_picture / 1000:.2f}",
        ])  # fmt: skip
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    """Prints the report; unless it was quick, writes it beside this module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="few repetitions; writes no file")
    quick = parser.parse_args().quick
    effort = Effort(rounds=1, presses=4, burst=10) if quick else Effort(3, presses=9, burst=60)
    load = os.getloadavg()[0]
    with running_browser() as browser:
        seen = {setting: measure(browser, setting, effort) for setting in SETTINGS}
        versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        ran_on = f"{os.cpu_count()} cores, Chromium {browser.version}, {versions}"
    text = (
        f"# Measured\n\n{ran_on}; load average {load:.1f} before.\n\n{table(seen)}\n"
        f"Medians of {effort.rounds * effort.presses} single presses, and of "
        f"{2 * effort.rounds} bursts of {effort.burst} presses. *× ours* is the median over "
        "the rounds, at ratio 1; there stand *kernel*, its processor time for a press, and the "
        "*first picture* after running its cell. After each burst our words were those of the "
        "last state.\n"
    )
    print(text, end="")
    if not quick:
        Path(__file__).with_name("results.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
