"""Measures key press to frame beside what people use today; see benchmarks/README.md."""

import argparse
import statistics
from itertools import chain

from benchmarks.candidates import CELLS, OURS
from benchmarks.pages import Effort, Setting, Turns, measure
from benchmarks.results import ran_on, record, rows_of
from tools.browser.lab import running_browser

NEAR, SHARP, FAR = SETTINGS = (Setting(ratio=1), Setting(ratio=2), Setting(ratio=2, delay=50))
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
    rows = []
    for name in CELLS:
        of = {setting: turns[name] for setting, turns in seen.items()}
        near, sharp, far = (statistics.median(chain(*of[each].presses)) for each in SETTINGS)
        rows.append([
            name, f"{near:.1f}", f"{times_ours(seen[NEAR], name):.1f}", f"{sharp:.1f}",
            f"{far:.1f}", f"{statistics.median(of[NEAR].frames):.0f}",
            f"{statistics.median(of[FAR].frames):.0f}", f"{statistics.median(of[NEAR].kernel):.1f}",
            f"{of[NEAR].first_picture / 1000:.2f}",
        ])  # fmt: skip
    return rows_of(HEADER, rows)


def main() -> None:
    """Prints the report; unless it was quick, records it in results.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="few repetitions; writes no file")
    quick = parser.parse_args().quick
    # an even number of presses ends where it began
    effort = Effort(rounds=1, presses=4, burst=10) if quick else Effort(2, presses=10, burst=60)
    where = ran_on("jupyterlab", "ipykernel", "ipywidgets", "matplotlib", "ipympl")
    with running_browser() as browser:
        seen = {setting: measure(browser, setting, effort) for setting in SETTINGS}
        where = f"Chromium {browser.version}, {where}"
    text = (
        f"{where}\n\n{table(seen)}\n"
        f"Medians of {effort.rounds * effort.presses} single presses, and of "
        f"{2 * effort.rounds} bursts of {effort.burst} presses. *× ours* is the median over "
        "the rounds, at ratio 1; there stand *kernel*, its processor time for a press, and the "
        "*first picture* after running its cell. After each burst our words were those of the "
        "last state.\n"
    )
    if quick:
        print(text, end="")
    else:
        record("Key press to frame", text)


if __name__ == "__main__":
    main()
