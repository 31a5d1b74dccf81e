"""The explorer as a reader meets it: in JupyterLab, with keys and clicks."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import SCREEN, expect_new_picture, live, picture, press_slider


@pytest.fixture
def single_sample(opened):
    return live(opened("01_single_sample.ipynb"))


def test_arrow_keys_on_a_slider_change_text_and_picture(single_sample):
    before = picture(single_sample)
    press_slider(single_sample, "class 3", "ArrowLeft", times=3)
    expect(single_sample.get_by_text("[[4., 3., 2., 9.7]]")).to_be_visible()
    expect(single_sample.get_by_text("= 0.0050")).to_be_visible()
    expect_new_picture(single_sample, before)
    expect(single_sample.locator("[role=alert]")).to_have_count(0)


def test_a_click_on_a_target_button_changes_text_and_picture(single_sample):
    before = picture(single_sample)
    single_sample.get_by_role("button", name="class 0").click()
    expect(single_sample.get_by_text("target = class 0")).to_be_visible()
    expect(single_sample.get_by_text("= 6.0037")).to_be_visible()
    expect_new_picture(single_sample, before)


def test_a_preset_then_reset(single_sample):
    before = picture(single_sample)
    single_sample.get_by_role("button", name="confident and wrong").click()
    expect(single_sample.get_by_text("= 16.0000")).to_be_visible()
    single_sample.get_by_role("button", name="Reset").click()
    expect(single_sample.get_by_text("= 0.0037")).to_be_visible()
    expect(single_sample.locator("img")).to_be_visible()
    expect_new_picture(single_sample, before)  # a new blob, if of the same pixels


@pytest.mark.parametrize("typed", ["nan", "1e999", "", "abc"])
def test_rubbish_typed_into_a_readout_never_breaks_it(single_sample, typed):
    number = single_sample.get_by_role("textbox", name="class 0, number")
    number.fill(typed)
    number.press("Enter")
    expect(number).to_have_value("4.0")
    press_slider(single_sample, "class 3", "ArrowLeft")
    expect(single_sample.get_by_text("9.9]]")).to_be_visible()
    expect(single_sample.locator("[role=alert]")).to_have_count(0)


def test_an_error_in_a_callback_is_seen(page, single_sample):
    """The guard in a real JupyterLab: what fails there says so in the explorer."""
    break_it = "explorer._figure.update = lambda *_: 1 / 0"
    page.get_by_role("menuitem", name="Run", exact=True).focus()
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook .jp-Cell").last.scroll_into_view_if_needed()
    page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="insert"]').click()
    page.keyboard.press("Enter")
    page.keyboard.type(break_it)
    page.keyboard.press("Shift+Enter")
    widget = live(page)
    press_slider(widget, "class 3", "ArrowLeft")
    expect(widget.get_by_role("alert")).to_contain_text("ZeroDivisionError")


def test_the_picture_is_sharp_at_two_device_pixels_a_css_pixel(single_sample):
    natural, shown = single_sample.locator("img").evaluate(
        "image => [image.naturalWidth, image.getBoundingClientRect().width]"
    )
    assert natural >= 2 * shown


def test_in_a_batch_only_the_selected_elements_loss_changes(opened):
    page = opened("03_batched.ipynb")
    explorer = live(page, 1)
    before = picture(explorer)
    press_slider(explorer, "sample", "ArrowRight")
    press_slider(explorer, "position", "ArrowRight")
    expect(explorer.get_by_text("logits[1, :, 1] = [20, 3, 2, 10]")).to_be_visible()
    press_slider(explorer, "class 0", "ArrowLeft", times=2)
    # of all the logits only [1, 0, 1] is another
    expect(explorer.get_by_text("[[20., 19.8], [3., 3.], [2., 2.], [10., 10.]]")).to_be_visible()
    expect(explorer.get_by_text("[[4., 4.], [3., 3.], [2., 2.], [2., 20.]]")).to_be_visible()
    expect(explorer.get_by_text("loss = −log(0.9999) = 5.54")).to_be_visible()
    expect_new_picture(explorer, before)
    expect(explorer.locator("[role=alert]")).to_have_count(0)


def test_the_cursor_moves_over_the_image(opened):
    page = opened("02_spatial_outputs.ipynb")
    for index, text in ((2, "row 57, column 37"), (3, "logits[0, :, 57, 37]")):
        widget = live(page, index)
        before = picture(widget)
        press_slider(widget, "row", "ArrowRight")
        expect(widget.get_by_text(text)).to_be_visible()
        expect_new_picture(widget, before)
        expect(widget.locator("[role=alert]")).to_have_count(0)


def test_the_presenter_switch_enlarges_the_picture(page, single_sample):
    page.keyboard.press("Control+b")  # hides the file browser
    expect(page.locator("#jp-left-stack")).to_be_hidden()
    before = single_sample.locator("img").bounding_box()
    single_sample.get_by_role("button", name="Presenter").press("Space")
    expect(single_sample).to_have_class(re.compile("ce-presenter"))
    after = single_sample.locator("img").bounding_box()
    assert after["width"] > 1.25 * before["width"]
    assert after["x"] + after["width"] <= SCREEN["width"]
    press_slider(single_sample, "class 3", "ArrowLeft")
    expect(single_sample.get_by_text("= 0.0041")).to_be_visible()
