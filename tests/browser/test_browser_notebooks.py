"""Each notebook as a reader meets it: JupyterLab, Run All, a look at every widget."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.audits import serious
from tests.browser.conftest import few_of
from tools.browser.lab import NOTEBOOKS, SCREEN, live

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
WIDGETS = ".ce-live, .ce-deck, .ce-question"


@pytest.fixture(params=few_of(NAMES))
def notebook(request, open_notebooks):
    """A page on which Run All reached the last cell."""
    return open_notebooks.page(request.param)


@pytest.mark.parametrize("name", few_of(NAMES))
def test_run_all_twice_reaches_the_end_and_saves_what_is_committed(opened, open_notebooks, name):
    page = open_notebooks.page(name)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
    committed = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
    assert without_pictures(open_notebooks.first_saved[name]) == without_pictures(committed)
    opened(name)
    expect(page.locator(WIDGETS).first).to_be_attached()
    expect(page.locator(WIDGETS).locator("[role=alert]")).to_have_count(0)


def test_every_live_widget_fits_on_one_screen(notebook):
    """As it stands, or if it is taller, in the Presenter."""
    room = notebook.locator(".jp-WindowedPanel-outer").bounding_box()
    for index in range(notebook.locator(".ce-live").count()):
        widget = live(notebook, index)
        box = widget.bounding_box()
        assert box["x"] + box["width"] <= SCREEN["width"], index
        clipped = widget.locator("button, label").evaluate_all(
            "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
        )
        assert clipped == [], index
        if box["height"] <= room["height"]:
            continue
        widget.get_by_role("button", name="Presenter").click()
        for part in (".ce-frame", ".ce-tools"):
            box = widget.locator(part).bounding_box()
            assert box["x"] + box["width"] <= SCREEN["width"], (index, part)
            assert box["y"] + box["height"] <= SCREEN["height"], (index, part)
        notebook.keyboard.press("Escape")


def test_axe_finds_nothing_serious_that_is_ours(notebook):
    notebook.locator(WIDGETS).first.scroll_into_view_if_needed()
    assert serious(notebook, WIDGETS) == []


def without_pictures(notebook):
    """Another machine may draw a pixel differently."""
    for output in outputs_of(notebook):
        if "image/png" in output.get("data", {}):
            output["data"]["image/png"] = ""
    return notebook


def outputs_of(notebook):
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
