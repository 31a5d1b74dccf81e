"""Measures key press to frame beside what people use today; see benchmarks/README.md."""

import argparse
from itertools import chain
from statistics import mean, median

from benchmarks.candidates import CELLS, OTHERS, OURS
from benchmarks.pages import Effort, Setting, Turns, measure
from benchmarks.results import ran_on, record, rows_of
from tools.browser.lab import running_browser

NEAR, SHARP, FAR = SETTINGS = (Setting(1), Setting(2, bursts=False), Setting(2, delay=50))
HEADER = (
    "drawn by", "ratio 1, ms", "× ours", "ratio 2, ms", "50 ms each way, ms", "frames/s",
    "the same, far", "kernel, ms", "first picture, s",
)  # fmt: skip
OTHERS_HEADER = ("explorer", "ratio 1, ms", "frames/s", "kernel, ms", "first picture, s")
SAID = """{versions}

{table}
Medians of {presses} single presses, and of {bursts} bursts of {burst} presses. *kernel* is its
processor time for a press, the mean of all near ones; *first picture* is after running its cell.
"""


def times_ours(turns: dict[str, Turns], name: str) -> float:
    """The median over the rounds of a candidate's median to ours in the same round."""
    return median(
        median(theirs) / median(ours)
        for theirs, ours in zip(turns[name].presses, turns[OURS].presses, strict=True)
    )


def table(seen: dict[Setting, dict[str, Turns]]) -> str:
    """All candidates as a Markdown table."""
    rows = []
    for name in CELLS:
        near, sharp, far = (seen[setting][name] for setting in SETTINGS)
        rows.append([
            name, press(near), f"{times_ours(seen[NEAR], name):.1f}", press(sharp), press(far),
            f"{median(near.frames):.0f}", f"{median(far.frames):.0f}",
            f"{mean(near.kernel + sharp.kernel):.1f}", f"{near.first_picture / 1000:.2f}",
        ])  # fmt: skip
    return rows_of(HEADER, rows)


def others_table(turns: dict[str, Turns]) -> str:
    """Our other explorers, near."""
    return rows_of(OTHERS_HEADER, [
        [name, press(of), f"{median(of.frames):.0f}", f"{mean(of.kernel):.1f}",
         f"{of.first_picture / 1000:.2f}"]
        for name, of in turns.items()
    ])  # fmt: skip


def press(turns: Turns) -> str:
    """The median of all single presses."""
    return f"{median(chain(*turns.presses)):.1f}"


def main() -> None:
    """Prints a report; unless it was quick, records it in results.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="few repetitions; writes no file")
    parser.add_argument("--others", action="store_true", help="our other explorers instead")
    asked = parser.parse_args()
    # an even number of presses ends where it began
    effort = Effort(1, presses=4, burst=10) if asked.quick else Effort(2, presses=10, burst=60)
    where = ran_on("jupyterlab", "ipykernel", "ipywidgets", "matplotlib", "ipympl")
    with running_browser() as browser:
        if asked.others:
            rows = others_table(measure(browser, NEAR, effort, OTHERS))
        else:
            rows = table({each: measure(browser, each, effort, CELLS) for each in SETTINGS})
        where = f"Chromium {browser.version}, {where}"
    text = SAID.format(
        versions=where, table=rows, presses=effort.rounds * effort.presses,
        bursts=2 * effort.rounds, burst=effort.burst,
    )  # fmt: skip
    if asked.quick:
        print(text, end="")
    else:
        record("The other explorers" if asked.others else "Key press to frame", text)


if __name__ == "__main__":
    main()
