"""Training, cards and temperature on a page without a kernel: where everything lies."""

import random

import pytest
import torch
from playwright.sync_api import expect

from ce_helpers import TemperatureExplorer, TrainingCards, TrainingExplorer
from ce_helpers.explorers.temperature_state import TEMPERATURES
from ce_helpers.live.values import plain
from ce_helpers.training import held_out, points, train
from tests.browser.live_page import (
    OVERLAPS,
    differences,
    drawn_by_matplotlib,
    drawn_in_the_browser,
    open_page,
    state_of,
)  # fmt: skip


def make(kind: str):
    """One explorer of each kind."""
    if kind == "training":
        return TrainingExplorer(*points(12), held_out=held_out())
    if kind == "cards":
        return TrainingCards()
    inputs, target = held_out()
    return TemperatureExplorer(train(*points(12), 300).logits(inputs), target)


def drawn_states(kind: str, dice: random.Random):
    """Names of controls with values for them; endless."""
    while True:
        if kind == "cards":
            yield {f"named.{k}": dice.random() < 0.5 for k in range(8)}
        elif kind == "temperature":
            yield {"stop": dice.randrange(len(TEMPERATURES))}
        else:
            first = [list(at) for at in zip(*points(12)[0].T.tolist(), strict=True)]
            for i in dice.sample(range(12), 2):
                first[i] = [round(dice.uniform(-4.2, 4.2), 2) for _ in "xy"]
            yield {
                **{f"xs.{i}": x for i, (x, _) in enumerate(first)},
                **{f"ys.{i}": y for i, (_, y) in enumerate(first)},
                "first_scale": dice.randrange(3), "weight_decay": dice.randrange(3),
                "smoothing": dice.randrange(2), "steps": dice.choice([0, 1, 7, 60, 400]),
            }  # fmt: skip


def reset(page, kind):
    """Presses what returns to the start."""
    page.get_by_role("button", name="Hide" if kind == "cards" else "Reset").click()


def answer(explorer, page):
    """Sends torch's values to the page, as the kernel does."""
    state = explorer._state
    sent = {"n": "", "controls": state.controls(), "values": plain(state.values())}
    page.evaluate("(answer) => window.models.view.set('answer', answer)", sent)


def shapes(panels):
    """What is no text: a preview's last digit may be another one."""
    return [[thing for thing in panel if thing[0] == "path"] for panel in panels]


@pytest.mark.parametrize("kind", ["training", "cards", "temperature"])
def test_everything_lies_where_matplotlib_draws_it(browser, tmp_path, cases, kind):
    explorer = make(kind)
    page = open_page(browser, tmp_path, explorer)
    for _, state in zip(range(2 * cases), drawn_states(kind, random.Random(4)), strict=False):
        show_state(explorer, page, kind, state)
        theirs = drawn_by_matplotlib(page, type(explorer.picture())(explorer._state, fresh=1))
        assert differences(shapes(drawn_in_the_browser(page)), shapes(theirs)) == [], state
        answer(explorer, page)
        assert differences(drawn_in_the_browser(page), theirs) == [], state
        assert page.evaluate(f"({OVERLAPS})(document)") == [], state
    assert page.errors == []


def show_state(explorer, page, kind, state):
    """Makes explorer and page begin at a state: Reset goes where a page is told that it began."""
    kept = explorer._state
    if kind == "training":
        axes = [[state[f"{axis}.{i}"] for i in range(12)] for axis in ("xs", "ys")]
        kept.start = torch.tensor(axes).T.contiguous()
        kept.reset()
    for name, value in state.items():
        if not name.startswith(("xs.", "ys.")):
            kept.set(name, value)
    page.evaluate("(state) => Object.assign(window.state.start.controls, state)", state)
    reset(page, kind)


def seen(page, name):
    """A value of the words that are shown."""
    return page.locator(f".ce-{name}").inner_text()


def test_the_browser_trains_as_torch_does(browser, tmp_path):
    explorer = make("training")
    page = open_page(browser, tmp_path, explorer)
    for _ in range(10):
        page.get_by_role("button", name="Step").click()
    explorer.train(10)
    expected = explorer.view.answer["values"]
    words = seen(page, "words")
    assert "Step 10:" in words
    assert f"loss {expected['largest_loss']:.3f}"[:-1] in words
    assert page.evaluate("window.models.steps.get('value')") == 10
    page.get_by_role("button", name="Run").click()
    page.wait_for_function("window.models.steps.get('value') > 60")
    page.get_by_role("button", name="Run").click()
    stopped = page.evaluate("window.models.steps.get('value')")
    page.wait_for_timeout(100)
    assert page.evaluate("window.models.steps.get('value')") == stopped
    page.get_by_role("button", name="Run").click()
    page.wait_for_function("window.models.steps.get('value') === 10000")
    explorer.train(10_000)
    last = explorer.view.answer["values"]
    assert f"Step 10000: the largest point, of class {last['largest_class']}" in seen(page, "words")
    page.get_by_role("button", name="weight decay").or_(
        page.get_by_role("group", name="weight decay").get_by_role("button", name="0.1", exact=True)
    ).last.click()
    assert page.evaluate("window.models.steps.get('value')") == 0
    assert "Step 0:" in seen(page, "words")
    assert page.errors == []


def test_a_point_is_dragged_and_walked(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "training"))
    point = page.locator(".ce-point").nth(2)
    assert point.get_attribute("aria-label") == "point of class A at (−1.8, 1.73)"
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 90, steps=4)
    page.mouse.up()
    x, y = (page.evaluate(f"window.models['{axis}.2'].get('value')") for axis in ("xs", "ys"))
    scale = page.locator(".ce-plane svg").bounding_box()["width"] / 384 * 376 / 8.4
    assert x == pytest.approx(-1.8 + 106 / scale, abs=0.1)
    assert y == pytest.approx(1.73 - 76 / scale, abs=0.1)
    point.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowLeft")
    moved = [page.evaluate(f"window.models['{axis}.2'].get('value')") for axis in ("xs", "ys")]
    assert moved == [pytest.approx(x - 1), pytest.approx(y + 0.1)]
    for _ in range(9):
        page.keyboard.press("Shift+ArrowDown")
    assert page.evaluate("window.models['ys.2'].get('value')") == -4.2  # the edge
    assert "in a wrong region" not in point.get_attribute("aria-label")  # all logits are equal
    for key, at in (("PageDown", 3), ("PageUp", 2), ("PageUp", 1)):
        page.keyboard.press(key)
        expect(page.locator(".ce-point").nth(at)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".ce-point:focus")).to_have_count(0)  # all are one stop,
    page.keyboard.press("Tab")
    expect(page.locator(".ce-point").nth(1)).to_be_focused()  # where it was left
    assert page.errors == []


def test_a_card_that_is_pressed_names_its_bug(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "cards"))
    card = page.get_by_role("button", name="card 5")
    assert card.get_attribute("aria-pressed") == "false"
    card.click()
    assert card.get_attribute("aria-pressed") == "true"
    assert card.get_attribute("aria-label") == "card 5: no zero_grad"
    titles = page.locator("svg text:visible").all_text_contents()
    assert "no zero_grad" in titles and "card 4" in titles and "labels off by one" not in titles
    page.get_by_role("button", name="Name all").click()
    assert page.locator(".ce-toggle[aria-pressed=true]").count() == 8
    page.get_by_role("button", name="Hide").click()
    assert page.locator(".ce-toggle[aria-pressed=true]").count() == 0
    assert page.errors == []


def test_the_temperature_is_said_as_it_is(browser, tmp_path):
    explorer = make("temperature")
    page = open_page(browser, tmp_path, explorer)
    slider = page.get_by_role("slider", name="temperature")
    slider.press("ArrowRight")
    explorer.stop_slider.value += 1
    assert slider.get_attribute("aria-valuetext") == f"{explorer.temperature:.4g}"
    assert f"{explorer.loss:.2f}" in seen(page, "words")
    assert page.errors == []
