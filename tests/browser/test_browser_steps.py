"""Gradient, ledger, smoothing on a page without a kernel: where all lies, and what it says."""

import random
import re

import pytest
import torch

from ce_helpers import DenominatorLedger, GradientExplorer, SmoothingExplorer
from ce_helpers.explorers.gradient_picture import GradientPicture
from ce_helpers.explorers.ledger_picture import LedgerPicture
from ce_helpers.explorers.smoothing_picture import SmoothingPicture
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
    state_of,
)  # fmt: skip
from tests.spoken import said

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]\d+)?")
PICTURES = {
    "gradient": GradientPicture, "frozen": GradientPicture, "ledger": LedgerPicture,
    "ledger of positions": LedgerPicture, "smoothing": SmoothingPicture,
}  # fmt: skip
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
        "ledger of positions": lambda: DenominatorLedger(
            BATCH[[0, 1, 2, 3, 4, 2, 1, 0]].view(4, 2, 3).mT, [[0, 1], [2, 0], [2, 2], [1, 0]]
        ),
        "smoothing": SmoothingExplorer,
    }[kind]()


# A side on which nothing counts while smoothing still adds above the line; two means of which only
# rounding says which is higher.
RARE = [
    {
        **{f"weights.{c}": weight for c, weight in enumerate(weights)}, "form": 0, "reduction": 0,
        "ignore": 2, "cut": cut, "label_smoothing": smoothing,
    }
    for weights, cut, smoothing in (((0, 1, 0), 2, 0.37), ((1, 0, 2.5), 3, 0))
]  # fmt: skip


def drawn_states(kind: str, dice: random.Random):
    """Names of controls with values for them; endless."""
    while True:
        if kind.startswith("ledger"):
            yield {
                **{f"weights.{c}": dice.choice([0, 0.1, 1, 1, 2.5, 3]) for c in range(3)},
                "form": dice.choice([0, 0, 1]), "reduction": dice.choice([0, 0, 0, 1, 2]),
                "ignore": dice.choice([0, 0, 1, 2, 3]), "cut": dice.randrange(1, 5),
                "label_smoothing": dice.choice([0, 0, 0.1, 0.37, 0.5]),
            }  # fmt: skip
        elif kind == "smoothing":
            yield {
                "lead": round(dice.uniform(-2, 12), dice.choice([1, 3])),
                "label_smoothing": dice.choice([0, 0.01, 0.1, 0.25, 0.5]),
            }
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
    for _, state in zip(range(2 * cases), drawn_states(kind, dice), strict=False):
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
    picture, dice = PICTURES[kind](explorer._state, fresh=1), random.Random(9)
    wrong, numbers = [], 0
    for _, state in zip(range(6 * cases), drawn_states(kind, dice), strict=False):
        show(explorer, page, state)
        found = page.evaluate(TEXTS)
        values = {**picture.viewed(explorer._state.values()), "fresh": 1}
        for gid, text in expected_texts(picture, values).items():
            if gid in found:
                numbers += 1
                if found[gid] != text:
                    wrong.append((gid, found[gid], text, state))
    assert numbers > 50 * cases
    assert len(wrong) <= 0.005 * numbers, wrong[:5]


@pytest.mark.parametrize("state", RARE)
def test_a_ledgers_preview_agrees_to_the_last_digit_in_rare_states(browser, tmp_path, state):
    explorer = make("ledger")
    page = open_page(browser, tmp_path, explorer)
    show(explorer, page, state)
    picture = LedgerPicture(explorer._state, fresh=1)
    found, expected = page.evaluate(TEXTS), expected_texts(picture, picture.values)
    assert {gid: found[gid] for gid in expected} == expected


def test_steps_draw_a_history_over_that_of_the_run_before(browser, tmp_path, cases):
    explorer, dice = make("gradient"), random.Random(2)
    page = open_page(browser, tmp_path, explorer)
    for _, state in zip(range(2 * cases), drawn_states("gradient", dice), strict=False):
        show(explorer, page, state)
        kept = explorer._state
        picture = GradientPicture(kept)
        limits = fitted(picture.limits, picture.values)
        for _ in range(dice.randrange(1, 13)):
            before = kept.values()
            explorer.step()
        answer(explorer, page)
        needed = fitted(picture.limits, kept.values())
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


def parted(text):
    """Words and numbers of a text."""
    text = text.replace("−", "-")
    return NUMBER.sub("", text), [float(number) for number in NUMBER.findall(text)]


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
        picture = GradientPicture(explorer._state, moved=int(key != "sure"))
        shown, expected = page.evaluate(TEXTS), expected_texts(picture, picture.values)
        for gid, text in expected.items():  # but for last digits, until torch answers
            words, numbers = parted(shown.get(gid, text))
            assert words == parted(text)[0], (name, gid)
            assert numbers == pytest.approx(parted(text)[1], rel=1e-3, abs=2e-4), (name, gid)
    assert explorer.losses[0] == pytest.approx(1.5514 if twice else 10.0001, abs=1e-4)
    assert len(explorer.losses) == 21
    assert page.get_by_role("button", name="10 steps").is_disabled()
    logits = [page.evaluate(f"window.models['logits.{c}'].get('value')") for c in range(3)]
    assert logits == pytest.approx(explorer.logits.view(-1).tolist(), abs=1e-4)
    assert page.errors == []
    page.close()


def test_a_pointer_stops_at_round_rates_and_a_key_walks_by_a_tenth(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "gradient"))
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
    assert page.get_by_text("Asked for 1").is_visible()
    assert page.errors == []


def test_a_pointer_cuts_between_samples_and_a_key_walks_from_one_to_the_next(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "ledger"))
    weight = page.get_by_role("slider", name="weight bird")
    weight.press("End")
    cut = page.get_by_role("slider", name="samples before the cut")
    box = cut.bounding_box()
    x, y = box["x"], box["y"] + box["height"] / 2
    unit = 276 / 848 * page.locator(".ce-frame").bounding_box()["width"] / 10  # of weight
    margin = box["width"] / 304 * 14
    for at, samples in ((0.2, 1), (2.3, 2), (4.4, 3), (7.9, 4), (9.4, 5), (5.1, 3)):
        page.mouse.click(x + margin + at * unit, y)
        page.wait_for_timeout(30)
        assert page.evaluate("window.models.cut.get('value')") == samples, at
    pill = page.locator(".ce-columns .ce-handle").bounding_box()
    assert pill["x"] + pill["width"] / 2 == pytest.approx(x + margin + 5 * unit, abs=1)
    for key, samples in (("ArrowRight", 4), ("End", 5), ("ArrowLeft", 4), ("Home", 1)):
        cut.press(key)
        assert page.evaluate("window.models.cut.get('value')") == samples, key
    assert page.errors == []


def test_a_lead_is_dragged_along_the_axis_and_the_lowest_loss_is_named(browser, tmp_path):
    page = open_page(browser, tmp_path, state_of(make, "smoothing"))
    lead = page.get_by_role("slider", name="lead of the target’s logit")
    box = lead.bounding_box()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.41 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    while float(lead.input_value()) > 3.6:
        lead.press("ArrowLeft")
    while float(lead.input_value()) < 3.6:
        lead.press("ArrowRight")
    assert "The loss is all entropy, 0.3488" in page.locator(".ce-words").text_content()
    page.get_by_role("slider", name="label_smoothing").press("Home")
    assert "a larger lead is always better" in page.locator(".ce-words").text_content()
    assert page.errors == []
