import contextlib
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lab import (
    SCREEN,
    find_chromium,
    open_notebook,
    run_all,
    running_browser,
    running_lab,
)


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


@contextlib.contextmanager
def clean_page(browser: Browser) -> Iterator[Page]:
    """An empty page on a projector's screen; at the end its console must hold no error."""
    page = browser.new_page(viewport=SCREEN)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield page
    page.close()
    assert errors == []


@pytest.fixture
def page(browser, lab):
    with clean_page(browser) as page:
        yield page


@pytest.fixture
def opened(page, lab, lab_folder):
    """A function that opens a notebook, runs all its cells and returns the page."""

    def open_and_run(name: str) -> Page:
        open_notebook(page, lab, name)
        run_all(page, lab_folder / "notebooks" / name)
        return page

    return open_and_run
