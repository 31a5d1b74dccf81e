"""Changes one digit or a few pixels of a live picture, and says which test notices.

Each change is made in a copy of the project, where its tests run: many changes in one process and
one browser. A change that no test's assertion notices ends this with an error.

Usage: python -m tests.mutations [WORD …]; only changes whose name holds one of the words.
"""

import contextlib
import io
import multiprocessing
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
COPIED = ("ce_helpers", "tests", "tools", "notebooks", "pyproject.toml", "constraints.txt")
PACKAGES = ("ce_helpers", "tests")
PROCESSES = 2
OPEN = contextlib.ExitStack()  # what stands open as long as this process lives


class Mutation(NamedTuple):
    """One change to a file below `ce_helpers`, and the tests that must notice it.

    Attributes:
        name: what it is called: labels, and what is wrong afterwards.
        labels: the shapes, explorers and kinds of parts that it changes.
        file: below `ce_helpers`.
        tests: a file and, after -k, which of its tests.
        old: text that stands once in the file.
        new: what stands there instead.
    """

    name: str
    labels: tuple[str, ...]
    file: str
    tests: str
    old: str
    new: str


def read_mutations() -> list[Mutation]:
    """All changes, as `mutations.txt` lists them."""
    found = []
    for block in (ROOT / "tests" / "mutations.txt").read_text(encoding="utf-8").split("\n\n")[1:]:
        name, file, tests, *lines = block.strip("\n").split("\n")
        labels = tuple(name.partition(": ")[0].split(", "))
        old, new = ("\n".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
        found.append(Mutation(name, labels, file, tests, old, new))
    return found


class Watcher:
    """Notes the tests of a pytest run that raise: name, stage and kind of error."""

    def __init__(self) -> None:
        self.raised: list[tuple[str, str, str]] = []

    def pytest_exception_interact(self, node, call):
        """pytest calls this."""
        self.raised.append((node.name, call.when, call.excinfo.typename))


def begin(parent: str) -> None:
    """Makes this process work in a copy of its own, with one browser for all its tests."""
    folder = Path(tempfile.mkdtemp(dir=parent))
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.dont_write_bytecode = True  # what a change compiles to is not for the next one
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    forget(*PACKAGES)
    from tools.browser import lab

    browser = OPEN.enter_context(lab.running_browser())
    lab.running_browser = lambda: contextlib.nullcontext(browser)


def forget(*packages: str) -> None:
    """Lets packages be imported anew."""
    for name in [*sys.modules]:
        if name.partition(".")[0] in packages:
            del sys.modules[name]


@contextlib.contextmanager
def changed(mutation: Mutation):
    """The copy with this change."""
    path = Path("ce_helpers") / mutation.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    loaded_anew(mutation)
    yield
    path.write_text(text, encoding="utf-8")
    loaded_anew(mutation)


def loaded_anew(mutation: Mutation) -> None:
    """Lets go of what was read from a file before it was changed."""
    if mutation.file.endswith(".py"):
        forget(*PACKAGES)
    else:
        from ce_helpers.live import modules

        modules.module.cache_clear()


def verdict(mutation: Mutation) -> tuple[str, bool]:
    """The first test that fails on the change, or what is wrong; and whether it is noticed."""
    file, _, chosen = mutation.tests.partition(" -k ")
    arguments = [file, "-x", "-q", "-s", "--tb=no", "--assert=plain", "-p", "no:cacheprovider"]
    arguments += ["--cases", "2"]
    watcher = Watcher()
    with changed(mutation), contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main([*arguments, "-k", chosen], plugins=[watcher])
        page_errors = errors_on_page()
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return f"no test ran: {said.getvalue()[-500:]}", False
    if not watcher.raised:
        return "NOT NOTICED", False
    name, when, error = watcher.raised[0]
    is_seen = when == "call" and error == "AssertionError" and not page_errors
    return name if is_seen else f"RAISES {page_errors or error} in {name}", is_seen


def errors_on_page() -> list[str]:
    """What the page of live pictures has raised; a change that raises is no change of a digit."""
    live_page = sys.modules.get("tests.browser.live_page")
    return [error for page in getattr(live_page, "KEPT", {}).values() for error in page.errors]


def tried(mutation: Mutation) -> tuple[Mutation, str, bool]:
    """A mutation with its verdict."""
    return mutation, *verdict(mutation)


def main(words: list[str]) -> None:
    """Tries all changes, in two processes."""
    chosen = [
        one for one in read_mutations() if not words or any(word in one.name for word in words)
    ]
    missed = 0
    with (
        tempfile.TemporaryDirectory() as parent,
        multiprocessing.get_context("spawn").Pool(PROCESSES, begin, [parent]) as pool,
    ):
        for mutation, words_of_it, is_seen in pool.imap(tried, chosen):
            print(f"{mutation.name}: {words_of_it}", flush=True)
            missed += not is_seen
    print(f"{len(chosen) - missed} of {len(chosen)} noticed")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main(sys.argv[1:])
