"""The precision lens in a real JupyterLab."""

import pytest
from playwright.sync_api import expect

from tools.browser.lab import expect_new_picture, live, picture, press_slider

NAME = "05_floating_point.ipynb"


@pytest.fixture
def lens(opened):
    return live(opened(NAME))


def test_the_slider_moves_the_numbers_and_the_picture(lens):
    before = picture(lens)
    press_slider(lens, "gap", "ArrowLeft")
    expect(
        lens.get_by_text("logits = [0, -17], target = 0: the target is 17 ahead")
    ).to_be_visible()
    expect(lens.get_by_text("exact loss = 4.1399e-08")).to_be_visible()
    expect(lens.get_by_text("4.1399e-08 (error 2e-09)")).to_be_visible()
    expect_new_picture(lens, before)
    press_slider(lens, "gap", "End")
    expect(lens.get_by_text("inf (error inf)")).to_have_count(3)
    expect(lens.locator("[role=alert]")).to_have_count(0)


def test_reset_returns_to_the_first_gap(lens):
    press_slider(lens, "gap", "Home")
    expect(lens.get_by_text("the target is 40 ahead")).to_be_visible()
    lens.get_by_role("button", name="Reset").click()
    expect(lens.get_by_text("the target is 16 ahead")).to_be_visible()
    expect(lens.locator("[role=alert]")).to_have_count(0)


def test_the_table_stands_below_the_columns_of_the_picture(lens):
    left = lens.locator("img").bounding_box()["x"]
    starts = [head.bounding_box()["x"] - left for head in lens.locator("th").all()]
    assert starts == pytest.approx([100, 350, 600], abs=6)
    assert lens.locator("td", has_text="float16").count() == 1
