"""Each notebook run, saved, and opened again when its kernel is gone."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import clean_page
from tests.browser.lab import NOTEBOOKS, open_notebook, run_all, running_lab, save

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
FAILED = "Error displaying widget"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="module")
def new_lab(folder):
    """A server on which nobody has run anything: a first run counts its cells from 1."""
    with running_lab(folder) as address:
        yield address


def without_pictures(notebook):
    """Another machine may draw a pixel differently."""
    for output in outputs_of(notebook):
        if "image/png" in output.get("data", {}):
            output["data"]["image/png"] = ""
    return notebook


def outputs_of(notebook):
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


@pytest.mark.parametrize("name", NAMES)
def test_run_saved_and_opened_again(name, browser, new_lab, folder):
    path = folder / "notebooks" / name
    committed = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
    questions = sum("ask(" in "".join(cell["source"]) for cell in committed["cells"])
    pictures = sum("image/png" in output.get("data", {}) for output in outputs_of(committed))
    with clean_page(browser) as page:
        open_notebook(page, new_lab, name)
        saved = run_all(page, path)
        assert without_pictures(saved) == without_pictures(committed)

        # the page stays live, and saving again asks nothing
        save(page, path)
        expect(page.locator(".ce-live")).to_have_count(pictures)
        expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)

        open_again(page, new_lab, name, pictures)  # its kernel still runs
        page.get_by_role("menuitem", name="Kernel", exact=True).click()
        page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()
        page.locator(".jp-Toolbar-kernelName", has_text="No Kernel").wait_for()
        open_again(page, new_lab, name, pictures)
        expect(page.get_by_text(re.compile("not answered yet"))).to_have_count(questions)


def open_again(page, lab, name, pictures):
    open_notebook(page, lab, name)
    seen = page.locator(".jp-OutputArea-output img")
    expect(seen).to_have_count(pictures)
    for picture in seen.all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.naturalWidth") > 800
    expect(page.get_by_text(FAILED)).to_have_count(0)
