"""Pictures whose answers were sent ahead, on a page without a kernel: places, words, hands."""

import json
import random

import numpy as np
import pytest
import torch

from ce_helpers import SCENARIOS, DimLens, PixelMaps, PrecisionLens
from tests.browser.live_page import (
    OVERLAPS,
    TEXTS,
    differences,
    drawn_by_matplotlib,
    drawn_in_the_browser,
    expected_texts,
    open_page,
    set_models,
    state_of,
)  # fmt: skip

STATES = 2  # .ci/run asks for twice as many


def tensors(*shape):
    generator = torch.Generator().manual_seed(0)
    logits = (3 * torch.randn(shape, generator=generator)).round(decimals=2)
    target = torch.randint(shape[1], (shape[0], *shape[2:]), generator=generator)
    return logits, target


def make(kind):
    """One explorer of each kind and layout."""
    logits, target = tensors(1, 3, 24, 30)
    table, names = SCENARIOS["batch_of_two"], ["sky", "tree", "road"]
    many, its_target = tensors(2, 3, 3)
    return {
        "precision": PrecisionLens,
        "precision on a phone": PrecisionLens,
        "table": lambda: DimLens(table.logits, target=table.target),
        "table without target": lambda: DimLens(many),
        "wide table": lambda: DimLens(many, ["a", "b", "c"], target=its_target),
        "sheets": lambda: DimLens(logits, names, target=target),
        "maps": lambda: PixelMaps(torch.rand(24, 30), logits, target, names, cell=(3, 4)),
    }[kind]()


KINDS = (
    "precision", "precision on a phone", "table", "table without target", "wide table", "sheets",
    "maps",
)  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def opened_kind(request, browser, tmp_path_factory):
    explorer = make(request.param)
    width = 390 if "phone" in request.param else 900
    page = open_page(browser, tmp_path_factory.mktemp("page"), explorer, width=width)
    yield request.param, explorer, page
    assert page.errors == []


def moved(explorer, page, count, seed):
    """Random places of all controls, shown on the page and in the explorer's state."""
    dice = random.Random(seed)
    axes = explorer._state.ahead().axes | (
        {"method": (0, 3)} if isinstance(explorer, PrecisionLens) else {}
    )
    for _ in range(count):
        places = {name: first + dice.randrange(number) for name, (first, number) in axes.items()}
        if dice.random() < 0.3 and "gap" in places:
            places["gap"] = dice.choice([-40, -37, -17, -16, -8, 0, 18, 104, 120])
        set_models(page, places)
        for name, place in places.items():
            explorer._state.set(name, place)
        yield places


def test_everything_lies_where_matplotlib_draws_it(opened_kind, cases):
    kind, explorer, page = opened_kind
    hidden = "wide" if "phone" in kind else "narrow"
    for places in moved(explorer, page, STATES * cases, seed=3):
        drawn = drawn_by_matplotlib(page, explorer.picture(), hidden)
        found = differences(drawn_in_the_browser(page), drawn)
        assert found == [], places
        assert page.evaluate(f"({OVERLAPS})(document)") == [], places


def test_shown_digits_are_torchs(opened_kind, cases):
    _, explorer, page = opened_kind
    picture = explorer.picture()
    for places in moved(explorer, page, 3 * STATES * cases, seed=4):
        said = page.evaluate(TEXTS)
        expected = expected_texts(picture, picture.viewed(explorer._state.values()))
        assert {gid: said[gid] for gid in expected} == {
            gid: text.strip() for gid, text in expected.items()
        }, places
        words = page.locator(".ce-words").inner_text()
        for number in numbers(explorer):
            assert number in " ".join(words.split()), places
        assert code_is_right(explorer, page.locator(".ce-code").inner_text()), places


@pytest.mark.parametrize("gap", [-40, -16, 104])
def test_line_and_pill_stand_at_the_gap(browser, tmp_path, gap):
    page = open_page(browser, tmp_path, PrecisionLens(gap))
    middles = page.evaluate("""() => {
      const panel = document.querySelector(".ce-strips");
      const line = [...panel.querySelectorAll("g[id] > path")]
        .map((path) => path.getBoundingClientRect())
        .filter(({ width, height }) => width < 4 && height > 300);
      const pill = panel.querySelector(".ce-parameter .pill").getBoundingClientRect();
      return [...line, pill].map((box) => box.x + box.width / 2);
    }""")
    left = page.locator(".ce-strips svg").bounding_box()["x"]
    assert middles == pytest.approx([left + 240 + 596 * (gap + 40) / 160] * 2, abs=0.5)


def test_the_caret_points_at_the_loss(browser, tmp_path):
    explorer = make("maps")
    page = open_page(browser, tmp_path, explorer)
    spots = page.evaluate("""() => [...document.querySelectorAll(".ce-loss svg path")]
      .map((path) => path.getBoundingClientRect()).filter(({ width }) => width > 12 && width < 18)
      .map(({ x, width }) => x + width / 2)""")
    (panel,) = [p for grid in explorer.picture().grids for p in grid if p.name == "loss"]
    placed = [part["x"] for part in panel.parts if part["kind"] == "place" and part["x"]]
    (scale,) = {x["scale"] for x in placed if x["value"] == "loss"}
    left = page.locator(".ce-loss svg").bounding_box()["x"]
    share = (float(explorer.loss[0][explorer.cell]) / scale.high) ** 0.5
    expected = left + scale.start + share * (scale.end - scale.start)
    assert min(abs(spot - expected) for spot in spots) <= 0.5


def numbers(explorer):
    """What the words must say."""
    text = explorer.text()
    if isinstance(explorer, DimLens):
        return [text[text.index("softmax = [") : text.index("]", text.index("softmax")) + 1]]
    if isinstance(explorer, PixelMaps):
        return [part.replace(": ", " ").strip() for part in text.split(": ", 1)[1].split("   ")]
    return [text.splitlines()[1].split("   ")[0], text.splitlines()[-1].split("; ")[1]]


def code_is_right(explorer, shown):
    """Whether the line that a reader may copy gives what torch gives for the explorer's own."""
    names = {"torch": torch, "F": torch.nn.functional, "logits": getattr(explorer, "logits", None)}
    names["target"] = getattr(explorer, "target", None)
    found = []
    for code in (shown, explorer.code()):
        *first, last = code.strip().splitlines()
        exec("\n".join(first), names)
        found.append(eval(last, names))
    return torch.equal(*found)


@pytest.mark.parametrize("kind", ["precision", "table", "sheets", "maps"])
def test_keys_move_sliders_by_whole_strides(browser, tmp_path, kind):
    page = open_page(browser, tmp_path, state_of(make, kind))
    for slider in page.get_by_role("slider").all():
        name = slider.get_attribute("aria-label")
        low, high = (float(slider.get_attribute(end)) for end in ("min", "max"))
        now = slider.evaluate("s => Number(s.value)")
        for key, to in (("Home", low), ("ArrowRight", low + 1), ("PageUp", low + 11), ("End", high),
                        ("ArrowLeft", high - 1)):  # fmt: skip
            slider.press(key)
            now = slider.evaluate("s => Number(s.value)")
            assert now == min(max(to, low), high), (name, key)
            model = {"sample": "row", "position": "column"}.get(name, name)
            assert page.evaluate(f"window.models['{model}'].get('value')") == now
    assert page.errors == []


def test_a_dragged_handle_follows(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "precision"))
    box = page.get_by_role("slider").bounding_box()
    handle = page.locator(".ce-parameter").first.bounding_box()
    page.mouse.move(handle["x"] + handle["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 14, box["y"] + 10, steps=5)
    page.mouse.up()
    assert page.evaluate("window.models.gap.get('value')") == 120


@pytest.mark.parametrize("kind", ["sheets", "maps"])
def test_maps_are_pressed_and_walked_and_up_is_up(browser, tmp_path, kind):
    page = open_page(browser, tmp_path, state_of(make, kind))

    def cell():
        return page.evaluate("['row', 'column'].map((name) => window.models[name].get('value'))")

    field = page.locator(".ce-pixels").nth(1)
    box = field.bounding_box()
    field.click(position={"x": box["width"] * 12.5 / 30, "y": box["height"] * 7.5 / 24})
    assert cell() == [7, 12]
    for key, expected in (("ArrowUp", [6, 12]), ("ArrowLeft", [6, 11]), ("ArrowDown", [7, 11]),
                          ("Shift+ArrowRight", [7, 21]), ("Shift+ArrowUp", [0, 21])):  # fmt: skip
        field.press(key)
        assert cell() == expected
    assert page.errors == []


def test_a_tables_columns_are_pressed_and_dims_chosen(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "table"))
    page.locator(".ce-row").nth(2).click()
    assert page.evaluate("[window.models.row.get('value'), window.models.column.get('value')]") == [
        1,
        0,
    ]
    page.get_by_role("button", name="dim=2").click()
    assert page.evaluate("window.models.dim.get('index')") == 2
    assert page.get_by_role("button", name="dim=2").get_attribute("aria-pressed") == "true"
    assert "torch.softmax(logits, dim=2)[1, 0, :]" in page.locator(".ce-code").inner_text()
    page.get_by_role("button", name="Reset").click()
    assert "torch.softmax(logits, dim=1)[0, :, 0]" in page.locator(".ce-code").inner_text()


@pytest.mark.parametrize("kind", ["sheets", "maps"])
def test_pixels_have_the_colours_of_their_values(browser, tmp_path, kind):
    """On a canvas as in the PNG, and loss and paper follow a dark theme."""
    explorer = make(kind)
    page = open_page(browser, tmp_path, explorer)
    pixels = json.loads(
        page.evaluate("""() => JSON.stringify(
      [...document.querySelectorAll("canvas")].map((canvas) =>
        [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data]))""")
    )
    panels = [panel for grid in explorer.picture().grids for panel in grid if panel.only_still]
    assert len(pixels) == len(panels) > 0
    for shown, panel in zip(pixels, panels, strict=True):
        (image,) = panel.only_still
        drawn = (255 * image.to_rgba(np.asarray(image.get_array()))).round()
        assert np.abs(np.reshape(shown, drawn.shape) - drawn).max() <= 6, panel.name  # 64 colours


@pytest.mark.parametrize("kind", ["precision", "table", "maps"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_nothing_overlaps_and_type_is_large_enough(browser, tmp_path, kind, theme):
    page = open_page(browser, tmp_path, state_of(make, kind), width=390, theme=theme)
    assert page.evaluate(f"({OVERLAPS})(document)") == []
    smallest = page.evaluate("""() => Math.min(...[...document.querySelectorAll("svg text")]
      .filter((text) => text.getBoundingClientRect().width)
      .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))""")
    assert smallest >= 12
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
