"""The gradient explorer in a real JupyterLab."""

import re

import pytest
from playwright.sync_api import expect

from tools.browser.lab import live, press_slider


@pytest.fixture(params=["06_gradients.ipynb"])
def explorer(request, open_notebooks):
    explorer = live(open_notebooks.page(request.param))
    explorer.get_by_role("button", name="Reset").click()
    return explorer


def test_steps_by_keyboard_lower_the_loss_and_draw_it(explorer):
    page = explorer.page
    expect(explorer.get_by_text("2.1967 after 0 steps")).to_be_visible()
    explorer.get_by_role("button", name="Take one step").focus()
    for key, told in (
        ("Enter", "0.9436 after 1 step"),
        ("Space", "0.4362 after 2 steps"),
        ("Enter", "0.2658 after 3 steps"),
    ):
        page.keyboard.press(key)
        expect(explorer.get_by_text(told)).to_be_visible()
    page.wait_for_timeout(1000)  # the sliders have answered
    expect(explorer.get_by_text("0.2658 after 3 steps")).to_be_visible()
    explorer.get_by_role("button", name="Reset").click()
    expect(explorer.get_by_text("2.1967 after 0 steps")).to_be_visible()
    expect(explorer.get_by_text("[[3., 1., 0.5]]")).to_be_visible()
    expect(explorer.locator("[role=alert]")).to_have_count(0)


def test_each_control_moves_the_gradient_and_starts_again(explorer):
    step = explorer.get_by_role("button", name="Take one step")
    step.click()
    expect(explorer.get_by_text("after 1 step")).to_be_visible()
    press_slider(explorer, "dog", "ArrowRight")  # from 1.8888
    others_stay = re.compile(r"\[\[2\.178\d+, 1\.988\d+, 0\.432\d+\]\]")
    expect(explorer.get_by_text(others_stay)).to_be_visible()
    expect(explorer.get_by_text("after 0 steps")).to_be_visible()
    press_slider(explorer, "temperature", "ArrowRight", times=10)
    expect(explorer.get_by_text("(p − y) / 2.0")).to_be_visible()
    expect(explorer.get_by_text("logits / 2.0")).to_be_visible()
    press_slider(explorer, "learning rate", "End")
    step.click()
    expect(explorer.get_by_text("after 1 step")).to_be_visible()
    explorer.get_by_label("softmax first").check()
    expect(explorer.get_by_text("softmax ran twice")).to_be_visible()
    explorer.get_by_role("radio", name="bird").click()
    expect(explorer.get_by_text("y = [0, 0, 1]")).to_be_visible()
    expect(explorer.locator("[role=alert]")).to_have_count(0)
