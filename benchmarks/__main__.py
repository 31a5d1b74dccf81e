"""Measures key press to frame beside what people use today; see benchmarks/README.md."""

import argparse
from itertools import chain
from statistics import mean, median

from benchmarks.candidates import CANDIDATES, EXPLORER, IMPORTS
from benchmarks.pages import BURST, PRESSES, ROUNDS, Setting, Turns, measure
from benchmarks.report import ran_on, report
from tools.browser.lab import running_browser

NEAR = Setting("ratio 1", 1)
SETTINGS = (NEAR, Setting("ratio 2", 2, bursts=False), Setting("50 ms each way", 2, delay=50))
ABOUT = f"""\
Medians of {ROUNDS * PRESSES} single presses, and of {2 * ROUNDS} bursts of {BURST} presses.
*kernel* is its processor time for a press, the mean of all near ones; *first picture* is after
running its cell."""


def times_ours(turns: dict[str, Turns], name: str) -> float:
    """The median over the rounds of a candidate's median to ours in the same round."""
    return median(
        median(theirs) / median(ours)
        for theirs, ours in zip(turns[name].presses, turns[EXPLORER].presses, strict=True)
    )


def table(seen: dict[Setting, dict[str, Turns]]) -> list[tuple[str, ...]]:
    """A header, and what was seen of each candidate in each setting."""
    near = seen[NEAR]
    columns = {"drawn by": [*near], "× ours": [f"{times_ours(near, name):.1f}" for name in near]}
    for setting, turns in seen.items():
        columns[f"{setting.name}, ms"] = [
            f"{median(chain(*each.presses)):.1f}" for each in turns.values()
        ]
        if setting.bursts:
            columns[f"{setting.name}, frames/s"] = [
                f"{median(each.frames):.0f}" for each in turns.values()
            ]
    beside = [turns for setting, turns in seen.items() if not setting.delay]
    columns["kernel, ms"] = [
        f"{mean(chain(*(turns[name].kernel for turns in beside))):.1f}" for name in near
    ]
    columns["first picture, s"] = [f"{each.first_picture / 1000:.2f}" for each in near.values()]
    return [tuple(columns), *zip(*columns.values(), strict=True)]


def main() -> None:
    """Prints a table; of all candidates in all settings it is recorded too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "cells",
        nargs="*",
        help="our explorers, each as a cell makes it: beside \
        CrossEntropyExplorer, near; writes no file",
    )
    cells = parser.parse_args().cells
    named = {EXPLORER: CANDIDATES[EXPLORER]} | {cell: IMPORTS + cell for cell in cells}
    where = ran_on("jupyterlab", "ipykernel", "ipywidgets", "matplotlib", "ipympl")
    with running_browser() as browser:
        where = f"Chromium {browser.version}, {where}"
        settings, candidates = ((NEAR,), named) if cells else (SETTINGS, CANDIDATES)
        seen = {setting: measure(browser, setting, candidates) for setting in settings}
    report(where, table(seen), ABOUT, None if cells else "results.md")


if __name__ == "__main__":
    main()
