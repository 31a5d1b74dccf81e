"""A notebook run, saved, and opened again when its kernel is gone."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_browser_notebooks import outputs_of
from tools.browser.lab import close_notebook, open_next, open_notebook, save

NAMES = ["01_single_sample.ipynb", "07_error_clinic.ipynb"]  # explorers and questions; decks
FAILED = "Error displaying widget"


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_run_saved_and_opened_again(name, open_notebooks, lab, lab_folder):
    page = open_notebooks.page(name)
    # the page stays live, and saving again asks nothing
    for _ in range(2):
        outputs = outputs_of(save(page, lab_folder / "notebooks" / name))
    pictures = sum("image/png" in output.get("data", {}) for output in outputs)
    expect(page.locator(".ce-live")).to_have_count(pictures)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
    open_notebook(page, lab, name)  # its kernel still runs
    saved_is_seen(page, outputs)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()
    page.locator(".jp-Toolbar-kernelName", has_text="No Kernel").wait_for()
    close_notebook(page)
    open_next(page, name)
    saved_is_seen(page, outputs)
    open_notebooks.close()


def saved_is_seen(page, outputs):
    """Pictures, and what was answered."""
    data = [output["data"] for output in outputs if "data" in output]
    pictures = page.locator(".jp-OutputArea-output img")
    expect(pictures).to_have_count(sum("image/png" in one for one in data))
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    told = ["".join(one["text/plain"]) for one in data if {*one} == {"text/plain"}]
    assert any("not answered yet" in text for text in told)
    # JupyterLab puts the last cells on the page when it finds time
    expect(page.locator(".jp-OutputArea-output pre")).to_contain_text(told)
    expect(page.get_by_text(FAILED)).to_have_count(0)
