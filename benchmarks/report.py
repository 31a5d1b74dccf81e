"""From measurements to tables, ratios and goals, as Markdown."""

import dataclasses
import statistics

from benchmarks.callback import CASES
from benchmarks.candidates import CELLS, FLOOR, OURS
from benchmarks.kernel import IMPORTS, TORCH
from benchmarks.kernel import OURS as LIVE
from benchmarks.pages import Setting, Turn

INTERACT, IPYMPL = "interact + plt.show()", "ipympl"
PARTS = ("compute", "blit", "encode", "send")


@dataclasses.dataclass(frozen=True)
class Goal:
    """A bound, what was measured, and which measurements tell where the time goes."""

    text: str
    limit: float
    measured: float
    reason: str
    at_most: bool = True

    @property
    def met(self) -> bool:
        """Whether what was measured keeps the bound."""
        return self.measured <= self.limit if self.at_most else self.measured >= self.limit


@dataclasses.dataclass(frozen=True)
class Measurements:
    """All that one run has measured.

    Args:
        turns: of each setting and candidate one turn a round.
        moves: of each case in `callback.CASES` the parts of a move, in ms.
        moved: how many moves the kernel's growth was measured over.
        growth: in MB.
        starts: of each start the seconds and the kernel's MB.
    """

    turns: dict[Setting, dict[str, list[Turn]]]
    moves: list[dict[str, float]]
    moved: int
    growth: float
    starts: dict[str, tuple[float, float]]


def table(header: list[str], rows: list[list]) -> str:
    """A Markdown table; numbers are given as text."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines) + "\n"


def median_ratio(turns: dict[str, list[Turn]], name: str, other: str) -> float:
    """The median over the rounds of a candidate's median to another's in the same round."""
    return statistics.median(
        ours.median / theirs.median for ours, theirs in zip(turns[name], turns[other], strict=True)
    )


def frames_ratio(turns: dict[str, list[Turn]], name: str, other: str) -> float:
    """The same for the frames per second in a burst."""
    return statistics.median(
        ours.burst.frames_per_second / theirs.burst.frames_per_second
        for ours, theirs in zip(turns[name], turns[other], strict=True)
    )


def browser_table(turns: dict[str, list[Turn]]) -> str:
    """The candidates in one setting, in the order in which they are listed."""
    rows = []
    for name in CELLS:
        presses = [press for turn in turns[name] for press in turn.presses]
        bursts = [turn.burst for turn in turns[name]]
        rows.append([
            name,
            f"{statistics.median(presses):.0f}",
            f"{max(presses):.0f}",
            f"{median_ratio(turns, name, FLOOR):.2f}",
            f"{median_ratio(turns, name, OURS):.2f}",
            f"{statistics.median(burst.frames_per_second for burst in bursts):.1f}",
            f"{statistics.median(burst.settle for burst in bursts):.0f}",
        ])  # fmt: skip
    header = ["drawn by", "median, ms", "worst, ms", "× floor", "× ours", "frames/s", "settle, ms"]
    return table(header, rows)


def moves_table(moves: list[dict[str, float]]) -> str:
    """The parts of a move in the kernel; "rest" is what the parts leave of the whole."""
    rows = []
    for (shape, ratio), parts in zip(CASES, moves, strict=True):
        times = [parts["move"], *(parts[name] for name in PARTS), rest(parts)]
        rows.append([
            shape, ratio, *(f"{time:.1f}" for time in times), f"{parts['bytes'] / 1000:.0f}",
            f"{parts['move'] / moves[0]['move']:.2f}",
        ])  # fmt: skip
    header = ["logits", "pixel ratio", "move, ms", *PARTS, "rest", "PNG, kB", "× first"]
    return table(header, rows)


def rest(parts: dict[str, float]) -> float:
    """What changing artists, the summary in words and ipywidgets take of a move, in ms."""
    return max(0, parts["move"] - sum(parts[name] for name in PARTS))


def starts_table(starts: dict[str, tuple[float, float]]) -> str:
    """Time and memory of a new kernel."""
    bare_seconds, bare_megabytes = starts[IMPORTS]
    rows = [
        [name, f"{seconds:.2f}", f"{megabytes:.0f}", f"{seconds / bare_seconds:.2f}",
         f"{megabytes / bare_megabytes:.2f}"]
        for name, (seconds, megabytes) in starts.items()
    ]  # fmt: skip
    return table(["in a new kernel", "s", "MB", "× imports' s", "× imports' MB"], rows)


def goals(seen: Measurements) -> list[Goal]:
    """The goals of the project and what came out."""
    near, sharp = seen.turns[Setting(1)], seen.turns[Setting(2)]
    first, at_ratio_1 = seen.moves[:2]
    moves = dict(zip(CASES, seen.moves, strict=True))
    many_classes, image = moves[(1, 100), 2], moves[(1, 4, 256, 256), 2]
    live, imports = seen.starts[LIVE][0], seen.starts[IMPORTS][0]
    return [
        Goal("ours to the floor, pixel ratio 1", 2, median_ratio(near, OURS, FLOOR),
             split(at_ratio_1)),
        Goal("ours to the floor, pixel ratio 2", 2.5, median_ratio(sharp, OURS, FLOOR),
             split(first)),
        Goal("interact to ours, pixel ratio 1", 4, median_ratio(near, INTERACT, OURS),
             split(at_ratio_1), at_most=False),
        Goal("ipympl to ours, pixel ratio 1", 3, median_ratio(near, IPYMPL, OURS),
             split(at_ratio_1), at_most=False),
        Goal("frames per second to the floor's, pixel ratio 1", 0.9,
             frames_ratio(near, OURS, FLOOR), split(at_ratio_1), at_most=False),
        Goal("a move with 100 classes to one with 4", 1.5, many_classes["move"] / first["move"],
             split(many_classes)),
        Goal("a move with 256² elements to one with 1", 2, image["move"] / first["move"],
             split(image)),
        Goal(f"MB that a kernel grows by in {seen.moved:,} moves", 5, seen.growth,
             "The growth is that of the process, with what Python and the allocator keep."),
        Goal("seconds to the first live explorer to the bare imports'", 1.3, live / imports,
             f"The imports take {imports:.2f} s, the package and the first picture "
             f"{live - imports:.2f} s more."),
    ]  # fmt: skip


def split(parts: dict[str, float]) -> str:
    """Where a move's time goes, in words."""
    times = ", ".join(f"{name} {parts[name]:.1f}" for name in PARTS)
    return f"In the kernel a move takes {parts['move']:.1f} ms: {times}, rest {rest(parts):.1f}."


def goals_table(listed: list[Goal]) -> str:
    """Each goal beside what was measured, and below it where the time goes if it was not met."""
    rows = [
        [goal.text, f"{'≤' if goal.at_most else '≥'} {goal.limit:g}", f"{goal.measured:.2f}",
         "met" if goal.met else "not met"]
        for goal in listed
    ]  # fmt: skip
    reasons = [f"- Not met, {goal.text}: {goal.reason}\n" for goal in listed if not goal.met]
    return "\n".join([table(["goal", "bound", "measured", ""], rows), *reasons])


def report(machine: str, seen: Measurements) -> str:
    """Everything as one Markdown text."""
    torch_alone = seen.starts[LIVE][0] / seen.starts[TORCH][0]
    first_turns = next(iter(seen.turns.values()))
    presses = sum(len(turn.presses) for turn in first_turns[OURS])
    sections = [
        "# Slider to pixels, measured",
        machine,
        "## Key press to new picture\n\n"
        f"JupyterLab and Chromium on one machine; {presses} single presses in "
        f"{len(first_turns[OURS])} rounds in which the candidates take turns. Ratios are medians "
        "over the rounds. In a burst a key repeats 30 times a second; *settle* is the time from "
        "its last event to the last picture.",
        *(f"### {setting}\n\n{browser_table(turns)}" for setting, turns in seen.turns.items()),
        f"## One move in the kernel\n\n{moves_table(seen.moves)}\n"
        f"After {seen.moved:,} moves the kernel has grown by {seen.growth:.1f} MB.",
        f"## Start and memory\n\n{starts_table(seen.starts)}\n"
        f"The first live explorer takes {torch_alone:.2f} times as long as torch alone.",
        f"## Goals\n\n{goals_table(goals(seen))}",
    ]
    return "\n\n".join(section.strip() for section in sections) + "\n"
