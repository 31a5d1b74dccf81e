"""A text under a table of logits, on a page without a kernel: where everything lies."""

import random

import torch

from ce_helpers import SequenceExplorer
from ce_helpers.explorers.sequence_picture import SequencePicture
from ce_helpers.letters import VOCABULARY
from tests.browser.live_page import (
    OVERLAPS,
    differences,
    drawn_by_matplotlib,
    drawn_in_the_browser,
    open_page,
)  # fmt: skip
from tests.browser.test_browser_training import answer, shapes
from tests.explorers.test_sequence import TEXT, tables


def make():
    return SequenceExplorer(tables(), TEXT, VOCABULARY)


def test_everything_lies_where_matplotlib_draws_it(browser, tmp_path, cases):
    explorer, dice = make(), random.Random(4)
    page = open_page(browser, tmp_path, explorer)
    wide = [{"model": 0, "place": 12}]  # its letters and numbers leave little room
    for places in wide + [
        {"model": dice.randrange(2), "place": dice.randrange(1, len(TEXT))}
        for _ in range(2 * cases)
    ]:
        for name, value in places.items():
            explorer._state.set(name, value)
        state = explorer._state.controls()
        page.evaluate("(state) => Object.assign(window.state.start.controls, state)", state)
        page.get_by_role("button", name="Reset").click()
        theirs = drawn_by_matplotlib(page, SequencePicture(explorer._state, fresh=1))
        assert differences(shapes(drawn_in_the_browser(page)), shapes(theirs)) == [], state
        answer(explorer, page)
        assert differences(drawn_in_the_browser(page), theirs) == [], state
        assert page.evaluate(f"({OVERLAPS})(document)") == [], state
    assert page.errors == []


def test_a_moved_bar_gives_torchs_losses(browser, tmp_path):
    explorer = make()
    page = open_page(browser, tmp_path, explorer)
    letters = page.locator(".ce-pixels:visible")
    letters.press("Home")  # no key of the text's
    for key in ("ArrowLeft", "ArrowUp", "ArrowDown", "ArrowRight", "ArrowRight"):
        letters.press(key)
    place = page.evaluate("window.models.place.get('value')")
    explorer.choose(place)
    slider = page.get_by_role("slider").nth(1)
    shown = explorer.view.answer["values"]
    assert slider.get_attribute("aria-label") == f"logit of {shown['names'][1]}"
    for key in ("PageUp", "PageUp", "ArrowLeft"):
        slider.press(key)
    moved = page.evaluate("window.models['logits.1'].get('value')")
    explorer.logit_sliders[1].value = moved
    assert abs(moved - (shown["logits"][1] + 1.9)) < 1e-5
    found = explorer.view.answer["values"]
    words = page.locator(".ce-words").inner_text()
    assert f"loss {found['loss']:.3f}"[:-1] in words
    assert page.locator("svg text:visible", has_text=f"{found['mean']:.3f}"[:-1]).count() == 1
    page.get_by_role("button", name="none").click()
    assert page.locator("svg text:visible", has_text="3.4657").count() == 1
    assert page.errors == []


def test_the_table_is_painted_row_by_row(browser, tmp_path):
    explorer = make()
    page = open_page(browser, tmp_path, explorer)
    pixels = page.evaluate("""() => {
      const canvas = document.querySelector(".ce-heat canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, 32, 32);
      return [...data].filter((_, k) => k % 4 === 0);
    }""")
    shares = torch.softmax(explorer.table, dim=1).sqrt()
    expected = 255 + (0x2C - 255) * shares
    assert torch.tensor(pixels).view(32, 32).sub(expected).abs().max() <= 1
    assert page.errors == []
