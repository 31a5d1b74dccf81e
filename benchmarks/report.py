"""A measured table with the machine and the versions it is of."""

import os
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path


def ran_on(*packages: str) -> str:
    """The machine, the versions and the load, in a line; to be asked before it is measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in (*packages, "torch"))
    return f"{os.cpu_count()} cores, {versions}; load average {os.getloadavg()[0]:.1f} before."


def report(where: str, rows: Iterable[Sequence[str]], about: str, file: str | None) -> None:
    """Prints a table, its header first, and writes it to a file of this folder."""
    header, *others = rows
    lines = [header, ["---"] * len(header), *others]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    text = f"{where}\n\n{table}\n{about}\n"
    print(text, end="")
    if file:
        Path(__file__).with_name(file).write_text(text, encoding="utf-8")
