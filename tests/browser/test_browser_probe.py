"""The benchmark's probe counts a picture's frames, whatever draws it."""

from pathlib import Path

import pytest

from tools.browser.lab import SCREEN

PROBE = Path(__file__).parents[2] / "benchmarks/probe.js"
PAGE = """
<svg id="icon"><rect width="1"/></svg>
<div class="jp-OutputArea-output">
  <img><canvas></canvas><p>words</p>
  <svg id="picture"><rect width="1"/><text>0.1</text></svg>
</div>
<script>
  const find = (selector) => document.querySelector(selector);
  const pixel = () => {
    const small = document.createElement("canvas");
    small.width = 2;
    return small.toDataURL();
  };
  const changes = {
    image: () => (find("img").src = pixel()),
    bar: () => find("#picture rect").setAttribute("width", Math.random()),
    number: () => (find("#picture text").firstChild.data = Math.random()),
    "another svg": () => (find("#picture").outerHTML = find("#picture").outerHTML),
    "all of the output": () => (find("div").innerHTML = find("div").innerHTML),
    canvas: () => {
      const loaded = new Image();
      loaded.src = pixel();
      loaded.onload = () => {
        const offscreen = document.createElement("canvas");
        offscreen.getContext("2d").drawImage(loaded, 0, 0);
        find("canvas").getContext("2d").drawImage(offscreen, 0, 0);
      };
    },
    words: () => (find("p").textContent = Math.random()),
    "an icon": () => find("#icon rect").setAttribute("width", Math.random()),
  };
  let change = () => {};
  document.addEventListener("keydown", () => change());
</script>
"""


@pytest.fixture
def probed(browser):
    page = browser.new_page(viewport=SCREEN)
    page.add_init_script(path=PROBE)
    page.route(
        "http://probe.invalid/", lambda route: route.fulfill(body=PAGE, content_type="text/html")
    )
    page.goto("http://probe.invalid/")
    page.wait_for_timeout(300)  # until its own pictures are no longer new
    yield page
    page.close()


PICTURES = ("image", "bar", "number", "another svg", "all of the output", "canvas")


@pytest.mark.parametrize("what", PICTURES)
def test_each_change_of_a_picture_is_one_frame_after_its_key(probed, what):
    for _ in range(2):
        probed.evaluate("what => { probe.clear(); change = changes[what]; }", what)
        probed.keyboard.press("ArrowLeft")
        seen = probed.evaluate("probe.settled(200)")
        assert len(seen["keys"]) == len(seen["frames"]) == 1
        assert seen["frames"][0] > seen["keys"][0]


@pytest.mark.parametrize("what", ["words", "an icon"])
def test_what_is_no_picture_is_no_frame(probed, what):
    probed.evaluate("what => { probe.clear(); changes[what](); }", what)
    probed.wait_for_timeout(300)
    assert probed.evaluate("probe.frames") == []


def test_changes_before_the_same_frame_are_one(probed):
    probed.evaluate("probe.clear(); changes.bar(); changes.number(); changes.bar();")
    probed.wait_for_timeout(300)
    assert len(probed.evaluate("probe.frames")) == 1
