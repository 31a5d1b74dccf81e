"""A notebook run, saved, and opened again when its kernel is gone."""

import json
import re

import pytest
from playwright.sync_api import expect

from tools.browser.lab import NOTEBOOKS, open_notebook, save

NAMES = [  # explorers and questions; decks
    "01_single_sample.ipynb",
    pytest.param("07_error_clinic.ipynb", marks=pytest.mark.sweep),
]
FAILED = "Error displaying widget"


@pytest.mark.parametrize("name", NAMES)
def test_run_saved_and_opened_again(name, open_notebooks, lab, lab_folder):
    committed = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
    questions = sum("ask(" in "".join(cell["source"]) for cell in committed["cells"])
    pictures = sum(
        "image/png" in output.get("data", {})
        for cell in committed["cells"]
        for output in cell.get("outputs", [])
    )
    page = open_notebooks.run(name, fresh=True)
    # the page stays live, and saving again asks nothing
    save(page, lab_folder / "notebooks" / name)
    expect(page.locator(".ce-live")).to_have_count(pictures)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)

    open_again(page, lab, name, pictures)  # its kernel still runs
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()
    page.locator(".jp-Toolbar-kernelName", has_text="No Kernel").wait_for()
    open_again(page, lab, name, pictures)
    expect(page.get_by_text(re.compile("not answered yet"))).to_have_count(questions)
    open_notebooks.forget(name)


def open_again(page, lab, name, pictures):
    open_notebook(page, lab, name)
    seen = page.locator(".jp-OutputArea-output img")
    expect(seen).to_have_count(pictures)
    for picture in seen.all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.naturalWidth") > 800
    expect(page.get_by_text(FAILED)).to_have_count(0)
