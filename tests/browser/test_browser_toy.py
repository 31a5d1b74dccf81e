"""A new explorer needs a state, a picture and a widget: 40 lines of Python, and no JavaScript."""

import re
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("way", ["sideways", "upwards"])
def test_a_finger_moves_a_handle_sideways_and_the_page_upwards(browser, tmp_path, way):
    opened = open_page(browser, tmp_path, Square())
    context = browser.new_context(viewport={"width": 390, "height": 300}, has_touch=True)
    page = context.new_page()
    page.goto(opened.url)
    page.wait_for_function("window.models")
    page.evaluate("document.body.style.height = '2000px'")
    box = page.get_by_role("slider").bounding_box()
    start = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch = context.new_cdp_session(page)

    def tell(kind, points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    tell("touchStart", [start])
    for step in range(1, 11):
        by = {"sideways": {"x": start["x"] + 10 * step}, "upwards": {"y": start["y"] - 10 * step}}
        tell("touchMove", [{**start, **by[way]}])
    tell("touchEnd", [])
    page.wait_for_timeout(300)
    moved = page.evaluate("window.models.x.get('value')"), page.evaluate("window.scrollY > 20")
    assert moved == ((8, False) if way == "sideways" else (3, True))
    context.close()
    opened.close()
