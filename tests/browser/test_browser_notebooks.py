"""Each notebook as a reader meets it: JupyterLab, Run All, a look at every widget."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import clean_page
from tests.browser.lab import NOTEBOOKS, SCREEN, live, open_notebook, run_all

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
OURS = ".ce-live, .ce-deck, .ce-question"


@pytest.fixture(scope="module", params=NAMES)
def notebook(request, browser, lab, lab_folder):
    """A page on which Run All reached the last cell, twice in a row, without an error."""
    with clean_page(browser) as page:
        open_notebook(page, lab, request.param)
        expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
        for _ in range(2):
            run_all(page, lab_folder / "notebooks" / request.param)
        yield page


def test_no_widget_shows_an_error(notebook):
    expect(notebook.locator(OURS).first).to_be_attached()
    expect(notebook.locator(OURS).locator("[role=alert]")).to_have_count(0)


def test_every_live_widget_fits_on_one_screen(notebook):
    room = notebook.locator(".jp-WindowedPanel-outer").bounding_box()
    for index in range(notebook.locator(".ce-live").count()):
        widget = live(notebook, index)
        box = widget.bounding_box()
        assert box["height"] <= room["height"], index
        assert box["x"] + box["width"] <= SCREEN["width"], index
        clipped = widget.locator("button, label").evaluate_all(
            "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
        )
        assert clipped == [], index


def test_axe_finds_nothing_serious_that_is_ours(notebook):
    notebook.locator(OURS).first.scroll_into_view_if_needed()
    found = [
        (violation["id"], node["html"])
        for violation in Axe().run(notebook, context=OURS).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert found == []
