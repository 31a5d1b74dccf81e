"""Exported pages and slides in a browser without a kernel and without a network."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tools.browser.lab import SCREEN
from tools.export import NOTEBOOKS, REVEAL, export_pages, export_slides

PAGES = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
DECKS = PAGES[:3]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("html")
    export_pages(folder)
    return folder


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    if not (REVEAL / "reveal.js").is_file():
        pytest.skip("reveal.js has not been fetched; `make slides` does it")
    folder = tmp_path_factory.mktemp("slides")
    export_slides(folder)
    return folder


@pytest.fixture
def page(browser):
    """A page that opens files; it must ask for nothing else, and its console must stay empty."""
    page = browser.new_page(viewport=SCREEN)
    said, asked = [], []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda line: said.append(line.text))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def violations(page):
    """What axe-core finds."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["impact"], [node["html"] for node in v["nodes"]]) for v in found]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_its_pictures_and_no_widget_error(page, pages, name):
    page.goto((pages / f"{name}.html").as_uri())
    expect(page.locator("h1")).to_be_visible()
    for figure in page.locator("figure").all():
        image, caption = figure.locator("img"), figure.locator("figcaption")
        expect(image).to_be_visible()
        assert image.evaluate("image => image.complete && image.naturalWidth") > 800
        assert caption.is_visible() and caption.text_content().strip()
        assert image.get_attribute("alt") == caption.text_content()
    expect(page.get_by_text("model not found")).to_have_count(0)
    expect(page.get_by_text("Error displaying widget")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
    assert violations(page) == []


def test_a_page_fits_a_phone(page, pages):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((pages / f"{PAGES[0]}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("figure img").first.bounding_box()["width"] <= 390


def test_links_lead_from_page_to_page(page, pages):
    page.goto((pages / "01_single_sample.html").as_uri())
    page.get_by_role("link", name="02_spatial_outputs").last.click()
    expect(page).to_have_url((pages / "02_spatial_outputs.html").as_uri())
    expect(page.locator("h1")).to_have_text("Give every position its own loss")


def test_a_solution_unfolds(page, pages):
    page.goto((pages / "01_single_sample.html").as_uri())
    solution = page.locator("details", has_text="The solution").first
    expect(solution.locator("pre")).to_be_hidden()
    solution.locator("summary").click()
    expect(solution.locator("pre")).to_be_visible()


OUTSIDE = """slide => [...slide.querySelectorAll("pre, img, table, p, li")].filter(element => {
  const { left, right } = element.getBoundingClientRect();
  return element.scrollWidth > element.clientWidth + 1 || left < 0 || right > innerWidth;
}).map(element => element.textContent || element.alt)"""


@pytest.mark.parametrize("name", DECKS)
def test_every_slide_fits_and_a_key_leads_through_them(page, decks, name):
    page.goto((decks / f"{name}.slides.html").as_uri())
    current = page.locator("section.present section.present")
    expect(current.locator("h1")).to_be_visible()
    slides, pictures, longer = set(), set(), set()
    while page.evaluate("!Reveal.isLastSlide() || Reveal.availableFragments().next"):
        page.keyboard.press("ArrowRight")
        number = page.evaluate("Reveal.getSlidePastCount()")
        slides.add(number)
        assert current.evaluate(OUTSIDE) == [], number
        if current.evaluate("slide => slide.scrollHeight > slide.clientHeight + 1"):
            longer.add(number)
        for image in current.locator("img").all():
            pictures.add(number)
            box = image.bounding_box()
            assert box["height"] >= 250 and box["y"] + box["height"] <= SCREEN["height"], number
    assert current.locator("h2").text_content() == "Recap"
    assert violations(page) == []
    assert len(slides) >= 12 and len(pictures) >= 2
    assert len(longer) <= 1


def test_code_waits_for_a_key(page, decks):
    page.goto((decks / "01_single_sample.slides.html").as_uri() + "#/2")
    printed = page.locator("section.present section.present pre").last
    expect(printed).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(printed).to_be_visible()
    expect(page.locator("section.present .fragment")).to_have_css("opacity", "1")
    assert violations(page) == []


def test_a_long_slide_scrolls_to_what_is_shown(page, decks):
    page.goto((decks / "02_spatial_outputs.slides.html").as_uri() + "#/11")
    slide = page.locator("section.present section.present")
    expect(slide.locator("h2")).to_have_text("A trap: where is the class dimension?")
    expect(slide.locator("h2")).to_be_in_viewport()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(slide.locator("p").last).to_be_in_viewport(ratio=1)
