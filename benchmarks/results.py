"""The measured tables in results.md, each below a heading of its own."""

import os
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("results.md")


def ran_on(*packages: str) -> str:
    """The machine, the versions and the load, in a line; to be asked before it is measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in (*packages, "torch"))
    return f"{os.cpu_count()} cores, {versions}; load average {os.getloadavg()[0]:.1f} before."


def rows_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def record(heading: str, text: str, path: Path = RESULTS) -> None:
    """Prints a section, and writes it in place of the one of the same heading, or at the end."""
    print(text, end="")
    before = re.split(r"^(?=# )", path.read_text(encoding="utf-8"), flags=re.M)
    section = f"# {heading}\n\n{text}"
    places = [k for k, found in enumerate(before) if found.startswith(f"# {heading}\n")]
    if places:
        ending = "\n" if places[0] < len(before) - 1 else ""
        before[places[0]] = section + ending
    else:
        before.append(f"\n{section}")
    path.write_text("".join(before), encoding="utf-8")
