"""Live pictures without a kernel: where everything lies, what it says, how it is moved."""

import random

import pytest

from ce_helpers import CrossEntropyExplorer
from ce_helpers.explorers.cross_entropy_picture import LIMITS
from ce_helpers.explorers.sample_panels import labels
from ce_helpers.live.limits import fitted
from tests.browser.live_page import (
    OVERLAPS,
    SHAPES,
    TEXTS,
    differences,
    drawn_by_matplotlib,
    drawn_in_the_browser,
    expected_texts,
    make,
    open_page,
    put,
    refit,
    set_models,
    state_of,
    states,
    twin,
)  # fmt: skip
from tools.browser.lab import slider


@pytest.fixture(scope="module", params=SHAPES)
def opened_shape(request, browser, tmp_path_factory):
    explorer = make(request.param)
    page = open_page(browser, tmp_path_factory.mktemp("page"), explorer)
    yield request.param, explorer, page
    assert page.errors == []


def show(explorer, page, element, logits, target):
    """Shows a state on the page, in limits that fit it, and in the explorer's state."""
    put(explorer._state, element, logits, target)
    controls = {f"logits.{c}": value for c, value in enumerate(logits)}
    set_models(page, {"element": element, **controls})
    refit(page, explorer._state.class_names, target)


def places(explorer, count, seed):
    dice = random.Random(seed)
    num_elements = explorer.loss.numel()
    for logits, target in states(explorer._state.num_classes, count, seed):
        yield dice.randrange(num_elements), logits, target


def seen_row(explorer, page):
    """The row of the one handle, where rows are too low for one each."""
    state = explorer._state
    if state.num_classes <= 10:
        return {}
    label = page.locator(".ce-range").first.get_attribute("aria-label").removesuffix(", target")
    row = state.class_names.index(label.removeprefix("logit of "))
    return {
        "row": row, "row_label": labels(state.class_names)[row],
        "row_logit": state.selected_logits[row].item(), "row_p": state.probs[row].item(),
    }  # fmt: skip


def test_everything_lies_where_matplotlib_draws_it(opened_shape, cases):
    _, explorer, page = opened_shape
    for element, logits, target in places(explorer, 2 * cases, seed=11):
        show(explorer, page, element, logits, target)
        picture = twin(explorer, **seen_row(explorer, page))
        found = differences(drawn_in_the_browser(page), drawn_by_matplotlib(page, picture))
        assert found == [], (element, logits, target)
        assert page.evaluate(f"({OVERLAPS})(document)") == [], (element, logits, target)


def test_no_line_that_a_grid_gets_lies_in_front_of_a_bar(opened_shape):
    """What is painted later lies in front; the lines that the browser adds have no name."""
    *_, page = opened_shape
    added = page.evaluate("""() => [...document.querySelectorAll("svg")].flatMap((svg) => {
      const paths = [...svg.querySelectorAll("path")];
      const bar = paths.findIndex(({ style }) => style.fill === "var(--ce-other)");
      const isAdded = (path) => path.style.stroke === "var(--ce-grid)" && !path.parentElement.id;
      return bar < 0 ? [] : paths.flatMap((path, k) => isAdded(path) ? [k < bar] : []);
    })""")
    assert added and all(added)


def test_shown_digits_are_torchs_before_it_answers(opened_shape, cases):
    _, explorer, page = opened_shape
    picture, wrong, numbers = twin(explorer), [], 0
    for element, logits, target in places(explorer, 4 * cases, seed=5):
        show(explorer, page, element, logits, target)
        said = page.evaluate(TEXTS)
        values = {**picture.viewed(explorer._state.values()), "fresh": 1}
        values |= seen_row(explorer, page)
        expected = expected_texts(picture, values)
        for gid, text in expected.items():
            numbers += 1
            if said[gid] != text:
                wrong.append((gid, said[gid], text, logits, target))
    assert len(wrong) <= 0.005 * numbers, wrong[:5]


@pytest.fixture
def single(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "single"))
    yield page
    assert page.errors == []


def code(page):
    return page.locator(".ce-code").text_content()


KEYS = {"ArrowRight": 0.1, "ArrowLeft": -0.1, "PageUp": 1, "PageDown": -1}


def grown(limits, needed, table):
    """Limits at rest: each grows if a value has reached it."""
    found = {}
    for limit in LIMITS:
        edge = abs(limits[limit.name])
        values = [(table[name], factor) for name, factor in limit.of if name not in limits]
        reached = any(
            factor / abs(factor) * value >= edge
            for some, factor in values
            for value in (some if isinstance(some, list) else [some])
        )
        more = reached and abs(needed[limit.name]) > edge
        found[limit.name] = (needed if more else limits)[limit.name]
    return found


def test_walks_by_key_grow_limits_and_keep_what_stood_before(browser, tmp_path, cases):
    explorer, dice = make("single"), random.Random(5)
    page, wrong, things = open_page(browser, tmp_path, explorer), [], 0
    for walk in range(3 * cases):
        page.get_by_text("↺ Reset").click()
        explorer.reset()
        before = explorer._state.values()
        table = {**explorer._constants, **before}
        limits = fitted(LIMITS, table)
        c, key, presses = dice.randrange(4), dice.choice([*KEYS]), dice.randrange(1, 13)
        if not walk:
            c, key, presses = 0, "PageDown", 11  # beyond the axis
        slider(page, f"class {c}").focus()
        for _ in range(presses):
            page.keyboard.press(key)
            value = round(explorer.logit_sliders[c].value + KEYS[key], 6)
            explorer.logit_sliders[c].value = value
            table = {**explorer._constants, **explorer._state.values()}
            limits = grown(limits, fitted(LIMITS, table), table)
        stood = {f"before.{name}": value for name, value in before.items()}
        picture = twin(explorer, **limits, **stood, moved=1, fresh=0)
        seen = drawn_in_the_browser(page)
        found = differences(seen, drawn_by_matplotlib(page, picture))
        assert [thing for _, _, thing in found if thing[0] == "path"] == [], (c, key)
        wrong += found
        things += sum(map(len, seen))
        assert page.evaluate(f"({OVERLAPS})(document)") == []
    assert len(wrong) <= 0.005 * things, wrong[:5]  # of a preview, as above
    assert page.errors == []


def test_keys_move_one_bar_or_all(single):
    slider(single, "class 0").focus()
    for key in ("ArrowRight", "ArrowUp", "PageUp", "ArrowLeft"):
        single.keyboard.press(key)
    assert "[[5.1, 3., 2., 10.]]" in code(single)
    single.keyboard.press("Home")
    assert "[[-5., 3., 2., 10.]]" in code(single)
    single.keyboard.press("End")
    assert "[[30., 3., 2., 10.]]" in code(single)
    single.get_by_text("↺ Reset").click()
    slider(single, "class 0").focus()
    single.keyboard.press("Shift+ArrowRight")
    single.get_by_label("all logits together").focus()
    single.keyboard.press("PageUp")
    assert "[[5.1, 4.1, 3.1, 11.1]]" in code(single)


def test_a_press_in_a_row_takes_it_and_a_drag_moves_it_while_axes_stand(single):
    row = slider(single, "class 1").bounding_box()
    middle = row["y"] + row["height"] / 2
    single.mouse.move(row["x"] + row["width"] / 2, middle)
    single.mouse.down()
    assert "[[4., 12.5, 2., 10.]]" in code(single)
    single.mouse.move(row["x"] + row["width"] + 40, middle)
    assert "[[4., 30., 2., 10.]]" in code(single)
    labels = single.locator(".ce-logits text:visible").all_text_contents()
    assert "30" in labels and "50" not in labels
    single.mouse.up()
    assert single.locator(".ce-handle.drag").count() == 0


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("-0.03", "-0.03"), ("1,5", "1.5"), ("1e-3", "0.001"), ("−2.01", "-2.01"), ("7/2", "3.5")],
)
def test_numbers_are_typed_in_place(single, typed, shown):
    field = single.get_by_label("logit of class 0, exact")
    field.click()
    field.fill(typed)
    field.press("Enter")
    assert f"[[{shown}, 3., 2., 10.]]" in code(single)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("abc", "No number can be read from “abc”."), ("", "Nothing is typed yet."),
     ("1e999", "That number is too large"), ("4,096", "“4,096” can be read in two ways."),
     ("5000", "“5000” is out of range: from −1000 to 1000."), ("nan", "“nan” is out of range")],
)  # fmt: skip
def test_nonsense_is_refused_with_a_word_and_changes_nothing(single, typed, words):
    field = single.get_by_label("logit of class 3, exact")
    field.click()
    field.fill(typed)
    field.press("Enter")
    assert words in single.locator(".ce-words").text_content()
    assert "class 3 stays at 10." in single.locator(".ce-words").text_content()
    field.press("Escape")
    assert "[[4., 3., 2., 10.]]" in code(single)
    slider(single, "class 0").press("ArrowRight")
    assert words not in single.locator(".ce-words").text_content()


def test_a_name_or_a_row_of_p_becomes_the_target(single):
    single.get_by_label("class 1 is the target").check(force=True)
    assert "torch.tensor([1])" in code(single)
    rows = single.locator(".ce-row").bounding_box()
    single.mouse.click(rows["x"] + 200, rows["y"] + 2.5 * rows["height"] / 4)
    assert "torch.tensor([2])" in code(single)
    assert "Target class 2 holds" in single.locator(".ce-words").text_content()


def test_presets_replace_everything(single):
    single.get_by_text("confident and wrong").click()
    assert "[[20., 2., 3., 4.]]" in code(single)
    assert "16.0000" in single.locator(".ce-words").text_content()
    assert single.get_by_text("✓ 16 reached").count() == 1


def test_one_handle_serves_a_hundred_rows(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "hundred"))
    field = page.locator(".ce-field").bounding_box()
    rows = page.locator(".ce-range").count()
    assert rows == 2  # one bar's end, and all together
    handle = page.locator(".ce-range").first
    page.mouse.click(field["x"] + field["width"] / 2, field["y"] + field["height"] / 2)
    name = handle.get_attribute("aria-label").removesuffix(", target")
    assert name in ("logit of class 49", "logit of class 50")
    page.keyboard.press("ArrowDown")
    after = handle.get_attribute("aria-label").removesuffix(", target")
    assert int(after.split()[-1]) == int(name.split()[-1]) + 1
    before = page.evaluate(f"window.models['logits.{after.split()[-1]}'].get('value')")
    page.keyboard.press("ArrowRight")
    now = page.evaluate(f"window.models['logits.{after.split()[-1]}'].get('value')")
    assert now == pytest.approx(before + 0.1)
    page.locator("select.ce-list").select_option("class 5")
    assert "torch.tensor(5)" in code(page)
    assert page.errors == []


def test_hundred_rows_say_what_the_handle_is_at(browser, tmp_path):
    explorer = make("hundred")
    page = open_page(browser, tmp_path, explorer)
    page.locator(".ce-range").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    picture, said = twin(explorer, **seen_row(explorer, page)), page.evaluate(TEXTS)
    expected = expected_texts(picture, picture.values)
    assert {gid: said[gid] for gid in expected} == expected


def test_axes_have_room_for_what_a_hand_has_made_of_another_element(browser, tmp_path):
    explorer = make("batch")
    page = open_page(browser, tmp_path, explorer)
    show(explorer, page, 0, [-10.0, 20.0, 0.0], 0)
    show(explorer, page, 1, [1.0, 0.0, -1.0], 0)
    theirs = drawn_by_matplotlib(page, twin(explorer))
    assert differences(drawn_in_the_browser(page), theirs) == []
    assert page.evaluate(f"({OVERLAPS})(document)") == []
    # the loss of element 0 is 30, and its dot stands there
    assert "40" in page.locator(".ce-softplus text").filter(visible=True).all_text_contents()


def test_dots_that_coincide_are_counted(browser, tmp_path):
    logits = [[3.0, 1.0], [3.0, 1.0], [5.0, 3.0], [0.0, 9.0]]
    explorer = CrossEntropyExplorer(logits, [0, 0, 0, 0])
    page = open_page(browser, tmp_path, explorer)
    expected = drawn_by_matplotlib(page, twin(explorer))
    assert differences(drawn_in_the_browser(page), expected) == []
    counts = page.locator(".ce-softplus text", has_text="×").all_text_contents()
    assert [count for count in counts if count.strip()] == ["×3"]


def test_a_point_beyond_the_edge_is_a_triangle_while_a_bar_is_held(single):
    single.get_by_label("logit of class 3, exact").fill("0")
    single.get_by_label("logit of class 3, exact").press("Enter")
    marks = """() => [...document.querySelectorAll(".ce-softplus path")]
      .filter((path) => getComputedStyle(path).visibility !== "hidden")
      .filter((path) => getComputedStyle(path).fill === "rgb(179, 65, 0)")
      .map((path) => path.getAttribute("d").includes("C") ? "point" : "triangle")"""
    assert single.evaluate(marks) == ["point"]
    row = slider(single, "class 0").bounding_box()
    middle = row["y"] + row["height"] / 2
    single.mouse.move(row["x"] + row["width"] / 2, middle)
    single.mouse.down()
    single.mouse.move(row["x"] + row["width"], middle)
    assert single.evaluate(marks) == ["triangle"]  # 30, where the axis ends at 20
    single.mouse.up()
    assert single.evaluate(marks) == ["point"]  # the axis has grown


def test_a_map_is_pressed_and_walked(browser, tmp_path):
    explorer = make("map")
    page = open_page(browser, tmp_path, explorer)
    box = page.locator(".ce-pixels").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 10.5 / 30, box["y"] + box["height"] * 3.5 / 24)

    def chosen():
        return page.evaluate("window.models.element.get('value')")

    assert chosen() == 3 * 30 + 10
    for key, element in (("ArrowUp", 70), ("ArrowRight", 71), ("ArrowDown", 101)):
        page.keyboard.press(key)
        assert chosen() == element
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    assert chosen() == 11  # it stays on the map
    logits = explorer.logits[0, :, 0, 11].tolist()
    shown = [page.evaluate(f"window.models['logits.{c}'].get('value')") for c in range(3)]
    assert shown == pytest.approx(logits)
    pixel = """([x, y]) => [...document.querySelector("canvas").getContext("2d")
      .getImageData(x, y, 1, 1).data]"""
    before = page.evaluate(pixel, [11, 0]), page.evaluate(pixel, [12, 0])
    slider(page, "sky").focus()
    for _ in range(8):
        page.keyboard.press("PageUp")
    after = page.evaluate(pixel, [11, 0]), page.evaluate(pixel, [12, 0])
    assert after[0] != before[0] and after[1] == before[1]
    assert page.errors == []


@pytest.mark.parametrize("kind", SHAPES)
def test_a_phone_has_one_column_and_legible_type(browser, tmp_path, kind):
    page = open_page(browser, tmp_path, state_of(make, kind), width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sizes = page.evaluate("""() => [...document.querySelectorAll(".ce-panel text")].map((text) =>
      parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)""")
    assert min(sizes) >= 12
    low = page.evaluate("""() => [...document.querySelectorAll(".ce-range, .ce-pick, .ce button")]
      .filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect())
      .filter(({ width, height }) => width < 24 || height < 24).length""")
    assert low == 0
    lefts = page.locator(".ce-panel text").evaluate_all(
        "(texts) => texts.map((text) => text.getBoundingClientRect().left)"
    )
    assert min(lefts) >= 0


@pytest.mark.parametrize("kind", ["single", "positions", "map"])
def test_the_dark_theme_has_no_white_slab(browser, tmp_path, kind):
    page = open_page(browser, tmp_path, state_of(make, kind), theme="dark")
    colors = page.evaluate("""() => {
      const { backgroundColor, color } = getComputedStyle(document.querySelector(".ce"));
      return [backgroundColor, color];
    }""")
    assert colors == ["rgb(17, 17, 17)", "rgb(232, 236, 239)"]
    light = page.evaluate("""() => [...document.querySelectorAll(".ce svg *")].filter((node) =>
      getComputedStyle(node).fill === "rgb(255, 255, 255)" && node.tagName !== "g").length""")
    assert light == 0


def test_the_presenter_shows_everything_on_one_screen(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "single"), width=1280)
    page.set_viewport_size({"width": 1280, "height": 720})
    before = page.locator(".ce-frame").bounding_box()["width"]
    page.get_by_role("button", name="Presenter").click()
    for part in (".ce-question", ".ce-frame", ".ce-tools"):
        box = page.locator(part).bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 720
    assert page.locator(".ce-frame").bounding_box()["width"] > 1.25 * before
    page.keyboard.press("Escape")
    assert page.locator(".ce-presenting").count() == 0
