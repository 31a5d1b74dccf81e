"""Live pictures for everyone: narrow windows, dark rooms, forced colours, keyboards, any text.

One page holds one of each explorer. What is asked of it stands in `audits.js`.
"""

import base64
import json
import random
import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from ce_helpers import (
    CrossEntropyExplorer,
    DenominatorLedger,
    DimLens,
    GradientExplorer,
    PixelMaps,
    SmoothingExplorer,
)  # fmt: skip
from ce_helpers.live.modules import module, style
from tests.browser import (
    live_page,
    test_browser_lookup,
    test_browser_sequence,
    test_browser_training,
)  # fmt: skip
from tests.browser.audits import COLORS, ODD, choose_theme, colored, found, make_narrow, serious
from tests.browser.kernel import attached
from tests.browser.live_page import OVERLAPS, TEXTS, expected_texts
from tests.browser.toy import Square
from tools.browser.lab import SCREEN, kernel_of, slider

REPOSITORY = Path(__file__).parents[2]
COUNT = 16  # explorers of `everyone`
HANDS = ":is(input[type=range], .ce-point, .ce-toggle):visible"
KEYS = ("ArrowRight", "ArrowLeft", "PageUp", "PageDown", "Space")


def outer(*widths):
    """Widths as a test's parameters; those between the outer ones stand behind --sweeps."""
    first, *between, last = widths
    return [first, *(pytest.param(width, marks=pytest.mark.sweep) for width in between), last]


def tensors(num_classes, *shape):
    """Logits and a target, one sample."""
    generator = torch.Generator().manual_seed(0)
    logits = (3 * torch.randn(1, num_classes, *shape, generator=generator)).round(decimals=1)
    return logits, torch.randint(num_classes, (1, *shape), generator=generator)


def everyone():
    """One explorer of each kind and layout."""
    shapes = [live_page.make(kind) for kind in ("single", "hundred", "batch", "positions", "map")]
    lookups = [test_browser_lookup.make(kind) for kind in ("precision", "table", "sheets", "maps")]
    logits, names = [[3.0, 1.0, 0.5], [0.2, 2.0, 1.0]], ["cat", "dog", "bird"]
    gradient = GradientExplorer(logits[:1], [1], class_names=names)
    ledger = DenominatorLedger(logits, [0, 1], class_names=names)
    drawn = [test_browser_training.make(kind) for kind in ("training", "cards", "temperature")]
    sequence = test_browser_sequence.make()
    return [*shapes, gradient, ledger, SmoothingExplorer(), *drawn, sequence, *lookups]


def digits(explorer):
    """What each text of its picture must say by torch, by its name, as JSON."""
    picture = explorer.picture()
    return json.dumps(expected_texts(picture, picture.values))


def oddly_named():
    """The same with class names of any text, of one class and of a hundred."""
    logits, target = tensors(4)
    image = tensors(4, 6, 5)
    hundred = [f"{ODD[c % 4][:280]} {c}" for c in range(100)]
    return [
        CrossEntropyExplorer(logits, target, class_names=ODD),
        CrossEntropyExplorer(*tensors(4, 2), class_names=ODD),
        CrossEntropyExplorer(*image, class_names=ODD),
        CrossEntropyExplorer(*tensors(1), class_names=ODD[3:]),
        CrossEntropyExplorer(*tensors(100), class_names=hundred),
        GradientExplorer(logits, target, class_names=ODD),
        DenominatorLedger(logits, target, class_names=ODD),
        SmoothingExplorer(4, class_names=ODD),
        DimLens(tensors(4, 2)[0], ODD, target=tensors(4, 2)[1]),
        DimLens(image[0], ODD, target=image[1]),
        PixelMaps(torch.rand(6, 5), *image, ODD),
    ]  # fmt: skip


def write_page(folder, explorers):
    """A page without a kernel that holds all of them."""
    states = json.dumps([each.page_state() for each in explorers]).replace("</", "<\\/")
    code = base64.b64encode(module("page.js").encode()).decode()
    path = folder / "everyone.html"
    path.write_text(f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>all</title>
<meta name="viewport" content="width=device-width"><style>{style()}body {{ margin: 8px }}</style>
<script type="application/json" id="states">{states}</script>
<script type="module">
import {{ open }} from "data:text/javascript;base64,{code}";
window.models = [];
for (const state of JSON.parse(document.getElementById("states").textContent)) {{
  const here = document.body.appendChild(document.createElement("main"));
  window.models.push(await open(state, here));
}}
window.isReady = true;
</script>""")
    return path


@pytest.fixture(scope="module")
def opened(browser, tmp_path_factory):
    """Opens a page of explorers; what it raises is an error of the test."""
    pages = []

    def opened_page(explorers):
        page = browser.new_page(viewport={"width": 848, "height": 900}, reduced_motion="reduce")
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(write_page(tmp_path_factory.mktemp("all"), explorers).as_uri())
        page.wait_for_function("window.isReady")
        pages.append(page)
        return page

    yield opened_page
    for page in pages:
        assert page.errors == []
        page.close()


@pytest.fixture(scope="module")
def all_of_them(opened):
    return opened(everyone())


# 256 leave a column as narrow as JupyterLab's beside its file browser
@pytest.mark.parametrize("width", outer(256, 320, 390, 848))
def test_everything_fits_and_is_large_enough_for_a_finger(all_of_them, width):
    all_of_them.set_viewport_size({"width": width, "height": 900})
    assert found(all_of_them, "controls", "texts", "widths") == []
    assert all_of_them.evaluate(f"({OVERLAPS})(document)") == []


@pytest.mark.parametrize("width", outer(320, 640, 900, 1280))
def test_the_presenter_fits_and_is_large_enough_for_a_finger(all_of_them, width):
    page = all_of_them
    page.set_viewport_size({"width": width, "height": 720})
    wrong = []
    for explorer in page.locator("main").all():
        presenter = explorer.get_by_role("button", name="Presenter", exact=True)
        presenter.press("Enter")
        wrong += found(page, "controls", "texts", "widths", root=".ce-presenting")
        presenter.press("Escape")
    assert wrong == []


@pytest.mark.parametrize("colors", COLORS)
def test_text_parts_and_focus_stand_out(all_of_them, colors):
    with colored(all_of_them, colors):
        assert found(all_of_them, "reads", "parts", "focus", "edges") == []


def test_every_stop_of_the_tab_key_has_a_name_and_regions_stand_before_they_speak(all_of_them):
    assert found(all_of_them, "names", "regions") == []


def test_axe_finds_nothing_serious(all_of_them):
    assert serious(all_of_them, ".ce", contrast=False) == []


def test_the_target_and_the_presenter_are_said_as_chosen(all_of_them):
    first = all_of_them.locator("main").first
    assert first.get_by_role("radio", name="class 3 is the target").is_checked()
    assert first.get_by_role("slider", name="logit of class 3, target", exact=True).count() == 1
    first.get_by_role("radio", name="class 1 is the target").check(force=True)
    assert first.get_by_role("slider", name="logit of class 1, target", exact=True).count() == 1
    assert first.get_by_role("slider", name=re.compile("target")).count() == 1
    presenter = first.get_by_role("button", name="Presenter", exact=True)
    for key, pressed in (
        ("Enter", "true"),
        ("Space", "false"),
        ("Enter", "true"),
        ("Escape", "false"),
    ):
        all_of_them.keyboard.press(key) if key == "Escape" else presenter.press(key)
        assert presenter.get_attribute("aria-pressed") == pressed
        assert presenter.evaluate("button => button === document.activeElement")
    first.get_by_role("button", name="Reset").click()


def test_numbers_are_said_as_they_are_shown(all_of_them):
    slider(all_of_them.locator("main").first, "class 1").focus()
    for _ in range(11):
        all_of_them.keyboard.press("ArrowRight")
    first = all_of_them.locator("main").first
    assert slider(first, "class 1").get_attribute("aria-valuetext") == "4.1"
    said = all_of_them.evaluate("""() => [...document.querySelectorAll("input[type=range]")]
      .filter((input) => input.checkVisibility() && input.ariaLabel !== "all logits together")
      .map((input) => [input.ariaLabel, input.ariaValueText, input.closest(".ce").textContent])""")
    assert len(said) > COUNT
    for name, words, shown in said:
        for number in re.findall(r"[−\d.e-]+", words):
            assert number in shown, name


def test_a_map_is_one_stop_of_the_tab_key_and_so_are_the_points_of_a_plane(all_of_them):
    counts = all_of_them.evaluate("""() => [...document.querySelectorAll("main")]
      .map((root) => [...root.querySelectorAll(".ce-pixels, .ce-point")]
        .filter((node) => node.tabIndex === 0 && node.checkVisibility()).length)
      .filter((count) => count)""")
    assert counts == [1, 1, 1, 1, 1]
    maps = all_of_them.locator("main").last
    for field in maps.locator(".ce-pixels").all():
        field.click(position={"x": 4, "y": 4})
        all_of_them.keyboard.press("ArrowRight")  # wherever it was pressed
        assert maps.get_by_role("slider", name="column").get_attribute("aria-valuetext") == "1"


def gradient():
    return GradientExplorer([[3.0, 1.0, 0.5]], [1])


@pytest.mark.parametrize("way", ["sideways", "upwards"])
@pytest.mark.parametrize(
    ("make", "name"),
    [(Square, "x"), (lambda: live_page.make("hundred"), None), (gradient, "learning rate")],
    ids=["range", "one handle of many", "stops"],
)
def test_a_finger_moves_a_handle_sideways_and_the_page_upwards(browser, tmp_path, make, name, way):
    context = browser.new_context(viewport={"width": 390, "height": 640}, has_touch=True)
    page = context.new_page()
    page.goto(write_page(tmp_path, [make()]).as_uri())
    page.wait_for_function("window.isReady")
    page.evaluate("document.body.style.height = '4000px'")
    handle = (
        page.get_by_role("slider", name=name).first if name else page.get_by_role("slider").first
    )
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    start = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    before = models(page), page.evaluate("window.scrollY")
    touch = context.new_cdp_session(page)

    def tell(kind, points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    tell("touchStart", [start])
    for step in range(1, 11):
        by = {"sideways": {"x": start["x"] + 9 * step}, "upwards": {"y": start["y"] - 9 * step}}
        tell("touchMove", [{**start, **by[way]}])
    tell("touchEnd", [])
    page.wait_for_timeout(300)
    assert (models(page) != before[0]) == (way == "sideways")
    assert (page.evaluate("window.scrollY") > before[1] + 20) == (way == "upwards")
    context.close()


def models(page):
    """What all controls of the first explorer hold."""
    return page.evaluate("""() => Object.entries(window.models[0])
      .filter(([name]) => name !== "view")
      .map(([, model]) => model.get("value") ?? model.get("index"))""")


@pytest.fixture(scope="module")
def odd_ones(opened):
    return opened(oddly_named())


@pytest.mark.parametrize("width", [320, 848])
def test_any_text_may_be_a_class_name(odd_ones, width):
    page = odd_ones
    page.set_viewport_size({"width": width, "height": 900})
    assert found(page, "controls", "texts", "widths", "reads", "names") == []
    assert page.evaluate(f"({OVERLAPS})(document)") == []
    assert page.locator("b").count() == 0
    for name in ODD:  # as it was given
        assert page.get_by_role("slider", name=f"logit of {name.strip()}").count()


CELL = f"""import sys
sys.path.insert(0, {str(REPOSITORY)!r})
from tests.browser.test_browser_everyone import digits, everyone
shown = everyone()
display(*shown)"""


@pytest.fixture(scope="module")
def notebook(open_notebooks):
    """All of them in JupyterLab, with a kernel."""
    page = open_notebooks.run_cells("everyone.ipynb", [CELL])
    expect(page.locator(".ce-live .ce-code")).to_have_count(COUNT, timeout=120_000)
    return page


@pytest.mark.sweep
@pytest.mark.parametrize("width", [600, 640])  # 640 is what 200 % leave of 1280
def test_in_a_narrow_jupyterlab_everything_fits(notebook, width):
    make_narrow(notebook, width)
    assert found(notebook, "controls", "texts", "widths", root=".ce-live") == []


@pytest.mark.sweep
def test_in_jupyterlabs_dark_theme_everything_stands_out(notebook):
    notebook.set_viewport_size(SCREEN)
    choose_theme(notebook, "JupyterLab Dark")
    notebook.keyboard.press("Tab")
    assert found(notebook, "reads", "parts", "focus", root=".ce-live") == []
    choose_theme(notebook, "JupyterLab Light")


@pytest.mark.sweep
def test_when_moves_have_settled_every_digit_is_torchs(notebook, lab, lab_folder, cases):
    """What a view has of its own, as what stood before, torch does not know."""
    dice = random.Random(8)
    with attached(lab_folder, kernel_of(lab, "everyone.ipynb")) as kernel:
        for index, widget in enumerate(notebook.locator(".ce-live").all()):
            for _ in range(2 * cases):
                dice.choice(widget.locator(HANDS).all()).focus()
                for key in dice.choices(KEYS, k=5):
                    notebook.keyboard.press(key)
                differences = None
                for _ in range(100):
                    said = widget.evaluate(TEXTS)
                    expected = kernel.value(f"digits(shown[{index}])").items()
                    known = [(gid, said[gid], text) for gid, text in expected if said.get(gid)]
                    differences = [one for one in known if one[1] != one[2].strip()]
                    if not differences:
                        break
                    notebook.wait_for_timeout(50)
                assert differences == []
                assert known


@pytest.mark.sweep
def test_words_are_heard_once_when_they_stand(notebook):
    """In each explorer: ten presses, torch's answers among them, and one sentence."""
    notebook.wait_for_timeout(1000)  # what was moved before has been heard
    notebook.evaluate("""() => {
      window.heard = [...document.querySelectorAll(".ce-live")].map((root) => {
        const said = [], region = root.querySelector("p[role=status].ce-unseen");
        const watch = new MutationObserver(() => said.push(region.textContent));
        watch.observe(region, { childList: true });
        return said;
      });
    }""")
    for widget in notebook.locator(".ce-live").all():
        if sliders := widget.get_by_role("slider").all():
            is_at_end = sliders[0].evaluate("(input) => input.value === input.max")
            hand, key = sliders[0], "ArrowLeft" if is_at_end else "ArrowRight"
        else:
            hand, key = widget.get_by_role("button").first, None
        hand.evaluate(
            """(hand, key) => { // without a pause, however busy the machine is
              const press = () => new KeyboardEvent("keydown", { key, bubbles: true });
              for (let k = 0; k < 10; k++) key ? hand.dispatchEvent(press()) : hand.click();
            }""",
            key,
        )
    notebook.wait_for_function("window.heard.every((said) => said.length)")
    notebook.wait_for_timeout(1000)
    words = [" ".join(said.split()) for said in notebook.locator(".ce-words").all_text_contents()]
    assert notebook.evaluate("window.heard") == [[said] for said in words]
