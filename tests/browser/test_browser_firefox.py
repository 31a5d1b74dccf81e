"""A smoke test in Firefox: keys, drag, typing, target and map, on a page without a kernel."""

import pytest

from tests.browser.live_page import make, write_page


def code(firefox):
    return firefox.evaluate("return document.querySelector('.ce-code').textContent")


def test_a_hand_moves_the_picture_in_firefox(firefox, tmp_path):
    firefox.open(write_page(tmp_path, make("single")))
    end = "[aria-label='logit of class 0']"
    firefox.press(end, "ArrowRight", "ArrowRight", "PageUp")
    assert "[[5.2, 3., 2., 10.]]" in code(firefox)
    box = "const { x, y, width, height } = document.querySelector(arguments[0])"
    x, y, width, height = firefox.evaluate(
        f"{box}.getBoundingClientRect(); return [x, y, width, height]", end
    )
    zero = x + 14 + (width - 28) * 5 / 35  # the axis goes from −5 to 30
    unit = (width - 28) / 35
    firefox.drag((zero + 5.2 * unit, y + height / 2), (zero + 20 * unit, y + height / 2))
    logit = firefox.evaluate("return window.models['logits.0'].get('value')")
    assert logit == pytest.approx(20, abs=0.5)
    firefox.press("[aria-label='logit of class 0, exact']", "-0,03", "Enter")
    assert "[[-0.03, 3., 2., 10.]]" in code(firefox)
    firefox.evaluate("document.querySelector(\"[aria-label='class 1 is the target']\").click()")
    assert "torch.tensor([1])" in code(firefox)
    words = firefox.evaluate("return document.querySelector('.ce-words').textContent")
    assert words.startswith("Target class 1 holds p = 9.1071e-04, so the loss is")


def test_a_map_is_walked_in_firefox(firefox, tmp_path):
    firefox.open(write_page(tmp_path, make("map")))
    firefox.press(".ce-pixels", "ArrowRight", "ArrowRight")
    assert firefox.evaluate("return window.models.element.get('value')") == 2
    pixels = firefox.evaluate("""const canvas = document.querySelector("canvas");
      const data = canvas.getContext("2d").getImageData(0, 0, 30, 24).data;
      const colors = Array.from({ length: 720 }, (_, k) => data.slice(4 * k, 4 * k + 3).join());
      return new Set(colors).size""")
    assert pixels > 20
