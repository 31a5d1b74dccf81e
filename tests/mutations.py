"""Changes one digit or a few pixels of a live picture, and says which tests notice.

Each change breaks a copy of the project; the tests that look at pictures must fail on it. A change
that none notices ends this with an error.

Usage: python -m tests.mutations [WORD …]; only changes whose name holds one of the words.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COPIED = ("ce_helpers", "tests", "pyproject.toml", "constraints.txt", "notebooks")


class Mutation(NamedTuple):
    """One change to a file below `ce_helpers`, and the tests that must notice it."""

    name: str
    file: str
    tests: str
    old: str
    new: str


def read_mutations() -> list[Mutation]:
    """All changes, as `mutations.txt` lists them."""
    found = []
    for block in (ROOT / "tests" / "mutations.txt").read_text(encoding="utf-8").split("\n\n")[1:]:
        name, file, tests, *lines = block.strip("\n").split("\n")
        old, new = ("\n".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
        found.append(Mutation(name, file, tests, old, new))
    return found


def broken(mutation: Mutation, folder: Path) -> None:
    """Writes the change into a copy."""
    path = folder / "ce_helpers" / mutation.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutation.old) != 1:
        count = text.count(mutation.old)
        raise ValueError(f"{mutation.name}: {count} times {mutation.old!r} in {mutation.file}")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")


def noticed(mutation: Mutation, folder: Path) -> str:
    """The first test that fails on the change, or nothing."""
    file, _, chosen = mutation.tests.partition(" -k ")
    arguments = [file, "-x", "-q", "--no-header", "-p", "no:cacheprovider"]
    if chosen:
        arguments += ["-k", chosen]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{mutation.name}: no test ran\n{run.stdout[-2000:]}{run.stderr[-500:]}")
    if not run.returncode:
        return ""
    return re.search(r"^_{2,} (?:ERROR at setup of )?(.+?) _{2,}$", run.stdout, re.M)[1]


def main(words: list[str]) -> None:
    """Tries each change on a copy of its own."""
    chosen = [
        one for one in read_mutations() if not words or any(word in one.name for word in words)
    ]
    missed = []
    for mutation in chosen:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for part in COPIED:
                source = ROOT / part
                if source.is_dir():
                    shutil.copytree(source, folder / part)
                else:
                    shutil.copy(source, folder / part)
            broken(mutation, folder)
            test = noticed(mutation, folder)
        print(f"{mutation.name}: {test or 'NOT NOTICED'}", flush=True)
        missed += [] if test else [mutation.name]
    print(f"{len(chosen) - len(missed)} of {len(chosen)} noticed")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
