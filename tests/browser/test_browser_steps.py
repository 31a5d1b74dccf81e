"""Gradient and ledger on a page without a kernel: where everything lies, and what it says."""

import random

import pytest
import torch

from ce_helpers import DenominatorLedger, GradientExplorer
from ce_helpers.explorers.gradient_picture import GradientPicture
from ce_helpers.explorers.ledger_picture import LedgerPicture
from ce_helpers.live.limits import fitted
from ce_helpers.live.values import plain
from tests.browser.live_page import (
    OVERLAPS,
    TEXTS,
    differences,
    drawn_by_matplotlib,
    drawn_in_the_browser,
    expected_texts,
    open_page,
)  # fmt: skip
from tests.spoken import said

PICTURES = {"gradient": GradientPicture, "frozen": GradientPicture, "ledger": LedgerPicture}
BATCH = torch.tensor([[3.0, 0.5, 0], [0, 2.5, 0.5], [1.5, 0, 0.5], [0.5, 0, 1], [1, 1, 1]])


def make(kind: str):
    """One explorer of each kind."""
    return {
        "gradient": lambda: GradientExplorer(
            [[3.0, 1.0, 0.5]], [1], class_names=["cat", "dog", "bird"]
        ),
        "frozen": lambda: GradientExplorer([10.0, 0.0, 0.0, -2.5], 1),
        "ledger": lambda: DenominatorLedger(
            BATCH, [0, 1, 2, 2, 0], class_names=["cat", "dog", "bird"]
        ),
    }[kind]()


def drawn_states(kind: str, dice: random.Random):
    """Names of controls with values for them; endless."""
    while True:
        if kind == "ledger":
            yield {
                **{f"weights.{c}": dice.choice([0, 0.1, 1, 1, 2.5, 3]) for c in range(3)},
                "reduction": dice.choice([0, 0, 1, 2]), "ignore": dice.choice([0, 0, 1, 2, 3]),
                "smoothing": dice.randrange(3),
            }  # fmt: skip
        else:
            count, spread = {"gradient": 3, "frozen": 4}[kind], dice.choice([1, 4, 12])
            logits = {
                f"logits.{c}": round(dice.uniform(-spread, spread), dice.choice([1, 4]))
                for c in range(count)
            }
            yield {
                **logits, "target": dice.randrange(count),
                "learning_rate": dice.choice([0.1, 1, 2.5, 10]),
                "temperature": dice.choice([0.3, 1, 1, 4]),
                "softmax_first": kind == "frozen" and dice.random() < 0.6,
            }  # fmt: skip


@pytest.fixture(scope="module", params=[*PICTURES])
def opened_kind(request, browser, tmp_path_factory):
    explorer = make(request.param)
    page = open_page(browser, tmp_path_factory.mktemp("page"), explorer)
    yield request.param, explorer, page
    assert page.errors == []


def show(explorer, page, state):
    """Makes the explorer hold a state, and the page show the browser's answer in limits that fit.

    Reset returns to where a page began, so the page is told that it began there.
    """
    for name, value in state.items():
        explorer._state.set(name, value)
    page.evaluate("(state) => Object.assign(window.state.start.controls, state)", state)
    page.get_by_role("button", name="Reset").click()


def shapes(panels):
    """What is no text: a preview's last digit may be another one."""
    return [[thing for thing in panel if thing[0] == "path"] for panel in panels]


def answer(explorer, page):
    """Sends torch's values to the page, as the kernel does."""
    state = explorer._state
    sent = {"n": "", "controls": state.controls(), "values": plain(state.values())}
    page.evaluate("(answer) => window.models.view.set('answer', answer)", sent)


def test_everything_lies_where_matplotlib_draws_it(opened_kind, cases):
    kind, explorer, page = opened_kind
    dice = random.Random(4)
    for _, state in zip(range(4 * cases), drawn_states(kind, dice), strict=False):
        show(explorer, page, state)
        picture = PICTURES[kind](explorer._state, fresh=1)
        theirs = drawn_by_matplotlib(page, picture)
        assert differences(shapes(drawn_in_the_browser(page)), shapes(theirs)) == [], state
        answer(explorer, page)
        assert differences(drawn_in_the_browser(page), theirs) == [], state
        assert page.evaluate(f"({OVERLAPS})(document)") == [], state
        assert " ".join(page.locator(".ce-code").text_content().split()) == " ".join(
            said(picture).split()
        )


def test_a_preview_is_torchs_answer(opened_kind, cases):
    kind, explorer, page = opened_kind
    dice, wrong, numbers = random.Random(9), [], 0
    for _, state in zip(range(16 * cases), drawn_states(kind, dice), strict=False):
        show(explorer, page, state)
        found, picture = page.evaluate(TEXTS), PICTURES[kind](explorer._state, fresh=1)
        for gid, text in expected_texts(picture, picture.values).items():
            if gid in found:
                numbers += 1
                if found[gid] != text:
                    wrong.append((gid, found[gid], text, state))
    assert numbers > 100 * cases
    assert len(wrong) <= 0.005 * numbers, wrong[:5]


def test_steps_draw_a_history_over_that_of_the_run_before(browser, tmp_path, cases):
    explorer, dice = make("gradient"), random.Random(2)
    page = open_page(browser, tmp_path, explorer)
    for _, state in zip(range(2 * cases), drawn_states("gradient", dice), strict=False):
        show(explorer, page, state)
        kept = explorer._state
        limits = fitted(GradientPicture(kept).limits, GradientPicture(kept).values)
        for _ in range(dice.randrange(1, 13)):
            before = kept.values()
            explorer.step()
        answer(explorer, page)
        needed = fitted(GradientPicture(kept).limits, kept.values())
        now = kept.values()
        parts = {
            "loss_high": max(*now["losses"], *now["earlier"], 0),
            "step_high": max(now["steps"], now["earlier_steps"]),
            "logit_high": max(now["logits"] + now["heads"]),
            "logit_low": -min(now["logits"] + now["heads"]),
        }
        for name, part in parts.items():  # a limit grows where a value has reached it
            if part >= abs(limits[name]) and abs(needed[name]) > abs(limits[name]):
                limits[name] = needed[name]
        picture = GradientPicture(kept, fresh=1, **limits)
        ours = drawn_in_the_browser(page)
        assert before["steps"] < now["steps"]
        assert differences(ours, drawn_by_matplotlib(page, picture)) == [], state
    assert page.errors == []


@pytest.mark.parametrize("twice", [False, True])
def test_steps_are_taken_without_a_kernel_too(browser, tmp_path, twice):
    """Buttons, and what they leave, are those of the kernel."""
    explorer = make("gradient")
    page = open_page(browser, tmp_path, explorer)
    if twice:
        page.get_by_label("softmax first").check()
        explorer.softmax_first_box.value = True
    for name in ("10 steps", "sure and wrong", "Take one step", "10 steps", "10 steps"):
        page.get_by_role("button", name=name).click()
        key = {"Take one step": "step", "10 steps": "steps"}.get(name, "sure")
        explorer._loads[key]()
        picture = GradientPicture(explorer._state)
        shown, expected = page.evaluate(TEXTS), expected_texts(picture, picture.values)
        apart = [
            (shown[gid], text) for gid, text in expected.items() if shown.get(gid, text) != text
        ]
        assert len(apart) <= 1, (name, apart)  # a last digit, until torch answers
        assert page.locator(".ce-words").inner_text().strip() != ""
    assert explorer.losses[0] > 10 and len(explorer.losses) == 21
    assert page.get_by_role("button", name="10 steps").is_disabled()
    logits = [page.evaluate(f"window.models['logits.{c}'].get('value')") for c in range(3)]
    assert logits == pytest.approx(explorer.logits.view(-1).tolist(), abs=1e-5)
    assert page.errors == []
    page.close()


def test_a_pointer_stops_at_round_rates_and_a_key_walks_by_a_tenth(browser, tmp_path):
    page = open_page(browser, tmp_path, make("gradient"))
    rate = page.get_by_role("slider", name="learning rate")
    box = rate.bounding_box()
    middle = box["y"] + box["height"] / 2
    stops = set()
    page.mouse.move(box["x"] + 0.3 * box["width"], middle)
    page.mouse.down()
    for k in range(30, 96, 3):
        page.mouse.move(box["x"] + k / 100 * box["width"], middle)
        page.wait_for_timeout(10)
        stops.add(float(rate.input_value()))
    page.mouse.up()
    assert stops <= {0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10}
    assert len(stops) > 8 and max(stops) >= 6
    rate.press("Home")
    rate.press("ArrowRight")
    assert float(rate.input_value()) == 0.2
    assert page.get_by_text("Asked is 1").is_visible()
    assert page.errors == []
