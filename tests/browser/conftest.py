import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.firefox import find_firefox, running_firefox
from tools.browser.lab import (
    NOTEBOOKS,
    SCREEN,
    close_notebook,
    find_chromium,
    open_next,
    open_notebook,
    run_all,
    running_browser,
    running_lab,
    write_notebook,
)


def few_of(names):
    """Notebooks as a test's parameters; but for two they stand behind --sweeps."""
    few = ("01_single_sample.ipynb", "07_error_clinic.ipynb")  # explorers and questions; decks
    return [name if name in few else pytest.param(name, marks=pytest.mark.sweep) for name in names]


def cannot_run(why):
    """A visible skip; where REQUIRE_BROWSER is set, as in .ci/run, a failure."""
    (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(why)


@pytest.fixture(scope="session")
def browser():
    if find_chromium() is None:
        cannot_run("no Chromium or Chrome was found; install one to run the browser tests")
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def firefox(tmp_path_factory):
    if find_firefox() is None:
        cannot_run("no Firefox was found; install one to run its smoke test")
    with running_firefox(tmp_path_factory.mktemp("firefox")) as firefox:
        yield firefox


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="session")
def lab(lab_folder):
    with running_lab(lab_folder) as address:
        yield address


# JupyterLab says the first where a kernel ends while its debugger is still asked; anywidget the
# second of a model that took more than two seconds to load: it hears all the same (hearing.js).
GIVEN_UP = "[anywidget] Failed to initialize model."
HARMLESS = ("Could not restore the debugger state", GIVEN_UP)
expect.set_options(timeout=30_000)  # a busy machine takes its time


class OpenNotebooks:
    """One page in JupyterLab, where notebooks stand open one after the other.

    Loading JupyterLab costs two to three times as much as opening one more notebook in it.

    Attributes:
        first_saved: by name, what the file held after Run All in a new kernel.
    """

    def __init__(self, page: Page, lab: str, folder: Path) -> None:
        self._page, self._lab, self._folder = page, lab, folder
        self._name: str | None = None
        self._errors: list[str] = []
        self.first_saved: dict[str, dict] = {}
        page.on("pageerror", lambda error: self._heard(str(error)))
        page.on("console", lambda line: line.type == "error" and self._heard(line.text))

    def _heard(self, error: str) -> None:
        if not error.startswith(HARMLESS):
            self._errors.append(error)

    def page(self, name: str) -> Page:
        """The page with a notebook, in whatever state tests have left it; all cells have run."""
        return self._page if name == self._name else self.run(name)

    def run(self, name: str) -> Page:
        """Opens a notebook, unless it stands open, and runs all its cells."""
        is_new = name != self._name
        if is_new:
            self.close()
            self._name = name
            self._page.set_viewport_size(SCREEN)
            if self._page.url == "about:blank":
                open_notebook(self._page, self._lab, name)
            else:
                open_next(self._page, name)
        saved = run_all(self._page, self._folder / "notebooks" / name)
        if is_new:
            self.first_saved.setdefault(name, saved)
        return self._page

    def run_cells(self, name: str, cells: Iterable[str]) -> Page:
        """The same with a notebook of a test's own."""
        write_notebook(self._folder / "notebooks" / name, cells)
        return self.run(name)

    def close(self) -> None:
        """Closes the notebook, ends its kernel and puts the committed file back.

        Raises:
            AssertionError: the page's console held an error.
        """
        if self._name is None:
            return
        close_notebook(self._page)
        if (NOTEBOOKS / self._name).exists():
            shutil.copy(NOTEBOOKS / self._name, self._folder / "notebooks" / self._name)
        errors, self._errors, self._name = self._errors, [], None
        assert errors == []


@pytest.fixture(scope="session")
def open_notebooks(browser, lab, lab_folder):
    kept = OpenNotebooks(browser.new_page(viewport=SCREEN), lab, lab_folder)
    yield kept
    kept.close()


@pytest.fixture
def opened(open_notebooks):
    """A function that runs all cells of a notebook and returns its page; see `run` above."""
    return open_notebooks.run
