"""The site in a browser: from the file system, without a network.

`SITE=build/site` tries all that `make site` has written; without it, a site of one small notebook.
"""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import cannot_run
from tests.site_notebook import small_site
from tools.browser.lab import SCREEN
from tools.site.decks import REVEAL

PHONE = {"width": 390, "height": 844}
MOST = 1_000_000  # bytes of a file
# What is too small on a phone: texts below 12 px, and controls below 24 px in both directions.
SMALL = """() => {
  const how = { visibilityProperty: true, opacityProperty: true };
  const found = [], seen = (node) => node.checkVisibility(how);
  for (const node of document.querySelectorAll("main *")) {
    const has = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!has || !seen(node) || node.closest("script, style, sub, sup, math, .ce-unseen")) continue;
    const scale = node.ownerSVGElement?.getScreenCTM().a ?? 1;
    const size = parseFloat(getComputedStyle(node).fontSize) * scale;
    if (size < 11.95) found.push([size, node.textContent.slice(0, 30)]);
  }
  // a label is the target of what it holds
  const controls = "main :is(button, summary, select, input:not(label > input))";
  for (const node of document.querySelectorAll(controls)) {
    const { width, height } = node.getBoundingClientRect();
    if (seen(node) && Math.min(width, height) < 23.95)
      found.push([width, height, node.outerHTML.slice(0, 80)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if "SITE" in os.environ:
        return Path(os.environ["SITE"]).resolve()
    return small_site(tmp_path_factory)


@pytest.fixture
def opened(browser, site):
    """A function that opens a file; it may ask for nothing else, and its console stays empty."""
    contexts, said, asked = [], [], []

    def open_file(name, **how):
        contexts.append(browser.new_context(**{"viewport": SCREEN, "offline": True, **how}))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda line: said.append(line.text))
        page.on("request", lambda request: asked.append(request.url))
        file, _, place = name.partition("#")
        page.goto((site / file).as_uri() + (place and f"#{place}"))
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def files(site, *, decks=False):
    found = sorted(path.name for path in site.glob("*.html"))
    return [name for name in found if (".slides." in name) is decks]


def first(site):
    """The first notebook's page."""
    return files(site)[0]


def pictures(site, name):
    """How many pictures a file holds that can come to life."""
    return (site / name).read_text(encoding="utf-8").count('class="ce ce-still"')


def walk(page):
    """Scrolls to the end, so that every picture comes to life."""
    for _ in range(200):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(15)
        if page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2"):
            break
    expect(page.locator(".ce-still")).to_have_count(0)
    page.evaluate("scrollTo(0, 0)")


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], [node["html"][:90] for node in v["nodes"][:3]]) for v in found]


def test_every_page_lives_fits_a_phone_and_is_accessible(site, opened):
    for name in files(site):
        assert (site / name).stat().st_size <= MOST, name
        page = opened(name, viewport=PHONE, has_touch=True)
        walk(page)
        assert page.locator(".ce-live .ce-frame").count() == pictures(site, name), name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        assert page.evaluate(SMALL) == [], name
        assert violations(page) == [], name
        page.context.close()


def test_a_hand_moves_the_picture_and_reset_brings_it_back(site, opened):
    page = opened("index.html")
    explorer = page.locator(".ce-live").first
    words = explorer.locator(".ce-words")
    expect(words).to_contain_text("= 0.0037")
    explorer.get_by_label("logit of class 0", exact=True).focus()
    for _ in range(22):
        page.keyboard.press("PageUp")
    expect(words).to_contain_text("= 16.0000")
    box = explorer.get_by_label(re.compile("^logit of class 3(, target)?$")).bounding_box()
    end = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*end)
    page.mouse.down()
    page.mouse.move(end[0] + 60, end[1], steps=4)
    page.mouse.up()
    expect(words).not_to_contain_text("= 16.0000")
    explorer.get_by_role("button", name="Reset").click()
    expect(words).to_contain_text("= 0.0037")


def test_a_map_follows_the_cursor_and_the_reader_s_preference(site, opened):
    with_map = next(name for name in files(site) if name.startswith(("01_one", "02_")))
    page = opened(with_map, color_scheme="light")
    walk(page)
    explorer = page.locator(".ce-live:has(canvas)").last
    explorer.scroll_into_view_if_needed()
    words = explorer.locator(".ce-words")
    before = words.text_content()
    explorer.locator(".ce-pixels").first.press("ArrowDown")
    expect(words).not_to_have_text(before)
    pixels = "node => [...node.querySelectorAll('canvas')].map((one) => one.toDataURL()).join()"
    light = explorer.evaluate(pixels)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(17, 17, 17)")
    page.wait_for_timeout(100)
    assert explorer.evaluate(pixels) != light


def test_a_question_notes_judges_hints_and_tells(site, opened):
    name = next(name for name in files(site) if name.startswith("01_"))
    page = opened(name)
    question = page.locator(".ce-ask", has_text="The logits are [20, 2, 3, 9]")
    field = question.get_by_role("textbox")
    for text in ("9", "-11", "11"):  # a guess, a known mistake, the answer
        field.fill(text)
        field.press("Enter")
    told = question.locator(".ce-told")
    expect(told).to_contain_text("A loss is never negative.")
    expect(told.get_by_role("img", name="Right.")).to_be_visible()


def test_without_javascript_pictures_words_and_folded_answers_are_there(site, opened):
    for width in (1280, 390):
        page = opened(
            first(site), java_script_enabled=False, viewport={"width": width, "height": 800}
        )
        still = page.locator(".ce-still").first
        expect(still.locator("svg").first).to_be_visible()
        expect(still.locator(".ce-words")).to_contain_text("loss")
        expect(still.get_by_text("before this move")).to_be_hidden()
        expect(page.get_by_role("button")).to_have_count(0)
        answer = page.locator("details.solution pre").first
        expect(answer).to_be_hidden()
        page.locator("details.solution summary").first.click()
        expect(answer).to_be_visible()


def test_a_still_picture_stands_where_the_live_one_will(site, opened):
    """So nothing jumps when it comes to life."""
    panels = """(root) => {
      const top = root.querySelector(".ce-frame").getBoundingClientRect();
      const shown = [...root.querySelectorAll(".ce-panel svg")].filter((svg) => svg.clientWidth);
      return shown.map((svg) => {
        const { left, top: y, width } = svg.closest(".ce-panel").getBoundingClientRect();
        return [left - top.left, y - top.top, width].map(Math.round);
      });
    }"""
    for width in (1280, 390):
        how = {"viewport": {"width": width, "height": 800}}
        still = opened("index.html", java_script_enabled=False, **how).locator(".ce-still").first
        live = opened("index.html", **how).locator(".ce-live .ce").first
        live.wait_for()
        assert still.evaluate(panels) == live.evaluate(panels)


def test_on_paper_folds_are_open_handles_are_gone_and_solutions_come_last(site, opened):
    page = opened(first(site))
    walk(page)
    page.emulate_media(media="print")
    expect(page.locator(".solutions")).to_be_visible()
    expect(page.locator("details.solution").first).to_be_hidden()
    expect(page.locator(".ce-handle").first).to_be_hidden()
    expect(page.get_by_role("button", name="Copy").first).to_be_hidden()
    folded = page.locator("main > details:not(.solution) > :not(summary)").first
    expect(folded).to_be_visible()
    page.set_viewport_size({"width": 680, "height": 900})  # what A4 leaves between its margins
    tall = page.locator(".ce-live").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert max(tall) < 960
    wraps = "node => getComputedStyle(node).whiteSpace"
    assert page.locator("pre.code span").first.evaluate(wraps) == "pre-wrap"


@pytest.fixture
def deck(site, opened):
    if not (REVEAL / "reveal.js").is_file():
        cannot_run("reveal.js has not been fetched; `make site` does it where npm is installed")

    def open_deck(place="", name=None):
        page = opened((name or files(site, decks=True)[0]) + place)
        page.wait_for_function("globalThis.Reveal?.isReady()")
        return page

    return open_deck


def alive(page):
    """The first slide with a picture, as a place."""
    found = page.locator(".slides > section").evaluate_all(
        "all => all.findIndex((one) => one.classList.contains('alive'))"
    )
    return f"#/{found}"


def test_a_link_opens_its_slide_and_every_slide_fits(site, deck):
    for name in files(site, decks=True):
        page, longer = deck("#/1", name), []
        assert page.evaluate("Reveal.getState().indexh") == 1, name
        for k in range(page.locator(".slides > section").count()):
            page.evaluate(f"Reveal.slide({k}, 0, 99)")
            page.wait_for_timeout(150)
            slide = page.locator("section.present")
            assert slide.evaluate("one => one.scrollWidth - one.clientWidth") <= 1, (name, k)
            if slide.evaluate("one => one.scrollHeight - one.clientHeight") > 1:
                longer.append(k)
        assert len(longer) <= 1, (name, longer)  # such a slide scrolls


def test_a_printed_deck_keeps_one_slide_a_page(deck):
    page = deck()
    pdf = page.pdf(prefer_css_page_size=True)
    slides = page.locator(".slides > section").count()
    assert len(re.findall(rb"/Type /Page\b", pdf)) in (slides, slides + 1)  # the last may be blank


def test_a_handle_keeps_its_arrows_and_a_clicker_turns_the_slide(deck):
    page = deck(alive(deck()))
    at = "Reveal.getState().indexh"
    here = page.evaluate(at)
    handle = page.locator("section.present .ce-range").first
    handle.focus()
    before = handle.input_value()
    page.keyboard.press("ArrowRight")
    assert handle.input_value() != before and page.evaluate(at) == here
    page.keyboard.press("PageDown")
    assert page.evaluate(at) == here + 1
    page.keyboard.press("PageUp")
    assert page.evaluate(at) == here
    handle.focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    assert not page.evaluate("Reveal.isOverview()")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(at) == here + 1


def test_a_drag_moves_the_picture_under_reveal_s_scale_and_not_the_slide(deck):
    page = deck(alive(deck()))
    page.set_viewport_size({"width": 900, "height": 700})
    here = page.evaluate("Reveal.getState().indexh")
    words = page.locator("section.present .ce-words")
    box = page.locator("section.present .ce-range").first.bounding_box()
    x, y = box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before = words.text_content()
    page.mouse.move(x + 90, y, steps=5)
    page.mouse.up()
    expect(words).not_to_have_text(before)
    assert page.evaluate("Reveal.getState().indexh") == here
    assert page.locator("section.present [data-prevent-swipe] .ce-range").count() > 0


def test_firefox_brings_the_pages_to_life_without_a_request(site, firefox):
    for name in files(site):
        firefox.tell("Navigate", url=(site / name).as_uri())
        left = "const one = document.querySelector('.ce-still'); one?.scrollIntoView();return !one"
        for _ in range(100):
            if firefox.evaluate(left):
                break
            firefox.evaluate("return new Promise((done) => setTimeout(done, 100))")
        count = firefox.evaluate("return document.querySelectorAll('.ce-live .ce-frame').length")
        assert count == pictures(site, name), name
        assert firefox.evaluate("return performance.getEntriesByType('resource').length") == 0
