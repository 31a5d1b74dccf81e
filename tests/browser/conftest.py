import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tools.browser.lab import (
    NOTEBOOKS,
    SCREEN,
    find_chromium,
    open_notebook,
    run_all,
    running_browser,
    running_lab,
    shut_down,
    write_notebook,
)


def few_of(names):
    """Notebooks as a test's parameters; but for two they stand behind --sweeps."""
    few = ("01_single_sample.ipynb", "07_error_clinic.ipynb")  # explorers and questions; decks
    return [name if name in few else pytest.param(name, marks=pytest.mark.sweep) for name in names]


@pytest.fixture(scope="session")
def browser():
    if find_chromium() is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and no Chromium or Chrome was found.")
        pytest.skip("no Chromium or Chrome was found; install one to run the browser tests")
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="session")
def lab(lab_folder):
    with running_lab(lab_folder) as address:
        yield address


# JupyterLab says so where a kernel ends while its debugger is still asked.
NOT_OURS = "Could not restore the debugger state"


@contextlib.contextmanager
def clean_page(browser: Browser) -> Iterator[Page]:
    """An empty page on a projector's screen; at the end its console must hold no error."""
    page = browser.new_page(viewport=SCREEN)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield page
    page.close()
    assert [error for error in errors if not error.startswith(NOT_OURS)] == []


@contextlib.contextmanager
def running_notebook(
    browser: Browser, lab: str, path: Path, cells: Iterable[str]
) -> Iterator[Page]:
    """The page of a notebook of a test's own; all its cells have run."""
    write_notebook(path, cells)
    with clean_page(browser) as page:
        open_notebook(page, lab, path.name)
        run_all(page, path)
        yield page


class OpenNotebooks:
    """A notebook's page, kept for its tests: opening costs three times as much as Run All.

    One stands open at a time: what is open in the background costs the others time.

    Attributes:
        first_saved: by name, what the file held after Run All in a new kernel.
    """

    def __init__(self, browser: Browser, lab: str, folder: Path) -> None:
        self._browser, self._lab, self._folder = browser, lab, folder
        self._pages: dict[str, tuple[Page, contextlib.ExitStack]] = {}
        self.first_saved: dict[str, dict] = {}

    def page(self, name: str) -> Page:
        """The page of a notebook, in whatever state tests have left it; all cells have run."""
        if name not in self._pages:
            return self.run(name)
        page, _ = self._pages[name]
        page.bring_to_front()
        return page

    def run(self, name: str, *, fresh: bool = False) -> Page:
        """Opens a notebook, or takes the page where it is open, and runs all its cells.

        Args:
            name: of the notebook.
            fresh: in a new kernel, that knows no answers.
        """
        if fresh:
            self.forget(name)
        is_new = name not in self._pages
        if is_new:
            for other in [*self._pages]:
                self.forget(other)
            stack = contextlib.ExitStack()
            self._pages[name] = stack.enter_context(clean_page(self._browser)), stack
            open_notebook(self._pages[name][0], self._lab, name)
        page, _ = self._pages[name]
        page.bring_to_front()
        saved = run_all(page, self._folder / "notebooks" / name)
        if is_new:
            self.first_saved.setdefault(name, saved)
        return page

    def forget(self, name: str) -> None:
        """Closes a notebook, ends its kernel and puts the committed file back."""
        if name not in self._pages:
            return
        _, stack = self._pages.pop(name)
        with stack:
            pass
        with contextlib.suppress(ValueError):  # a test has ended it
            shut_down(self._lab, name)
        shutil.copy(NOTEBOOKS / name, self._folder / "notebooks" / name)

    def close(self) -> None:
        """Closes all; a page whose console holds an error raises AssertionError."""
        with contextlib.ExitStack() as all_pages:
            for _, stack in self._pages.values():
                all_pages.push(stack.__exit__)


@pytest.fixture(scope="session")
def open_notebooks(browser, lab, lab_folder):
    kept = OpenNotebooks(browser, lab, lab_folder)
    yield kept
    kept.close()


@pytest.fixture
def opened(open_notebooks):
    """A function that runs all cells of a notebook and returns its page; see `run` above."""
    return open_notebooks.run
