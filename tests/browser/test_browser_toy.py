"""A new explorer needs a state, a picture and a widget: 40 lines of Python, and no JavaScript."""

import re
from pathlib import Path

from tests.browser.live_page import (
    differences,
    drawn_by_matplotlib,
    drawn_in_the_browser,
    open_page,
)  # fmt: skip
from tests.browser.toy import Square


def test_it_is_short():
    lines = Path(__file__).with_name("toy.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if re.match(r"\s*(?!import|from|\"\"\")\S", line)]) <= 40


def test_it_moves_says_and_resets_as_all_do(browser, tmp_path):
    explorer = Square()
    page = open_page(browser, tmp_path, explorer)
    slider = page.get_by_role("slider", name="x", exact=True)
    for key, x in (("ArrowRight", 4), ("End", 10), ("PageDown", 0), ("ArrowRight", 1)):
        slider.press(key)
        explorer.slider.value = x
        assert differences(
            drawn_in_the_browser(page), drawn_by_matplotlib(page, explorer.picture())
        ) == []  # fmt: skip
        assert page.locator(".ce-words").inner_text() == f"The square of {x} is {x * x}."
        assert page.locator(".ce-code").inner_text() == explorer.code()
    page.get_by_role("button", name="Reset").click()
    assert page.locator(".ce-words").inner_text() == "The square of 3 is 9."
    assert page.errors == []
    page.close()


def test_a_reader_without_a_kernel_gets_its_picture_and_words():
    explorer = Square()
    explorer.slider.value = 5
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == "Square(5)\nThe square of 5 is 25."
    assert data["image/png"]
    assert explorer.error is None
