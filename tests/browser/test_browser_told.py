"""Questions, cards, explain and diagnose for everyone: narrow, dark, forced colours, any text."""

import base64
import json
import re

import pytest
import torch
from playwright.sync_api import expect

from ce_helpers import ErrorClinic, diagnose, explain
from ce_helpers.learning.questions import Mistake, Question
from ce_helpers.live.modules import module, style
from tests.browser.audits import (
    COLORS,
    ODD,
    STAND,
    choose_theme,
    colored,
    found,
    make_narrow,
    serious,
)  # fmt: skip
from tests.browser.test_browser_everyone import REPOSITORY, outer
from tools.browser.lab import SCREEN

COUNT = Question(
    f"How many `elements` {ODD[0]} has {ODD[3]}, {ODD[2]}?", 12, f"3 times 4. {'x' * 300}",
    (f"Count {ODD[1]}.", "Slowly."), (Mistake(7, "You added: `3 + 4`."), Mistake(4, ODD[3])),
    exact=True,
)  # fmt: skip
CHOICE = Question("Which?", ODD[1], "It is.", (), tuple(
    Mistake(name, f"Not {name}.") for name in (ODD[0], *ODD[2:])
), tuple(ODD))  # fmt: skip
TRIES = [{"given": "7"}, {"given": "4"}, {"hint": 0}]
CARDS = [
    (COUNT, []), (COUNT, TRIES[:1]), (COUNT, TRIES), (COUNT, [*TRIES, {"given": "12"}]),
    (COUNT, [*TRIES, {"shown": True}]), (CHOICE, []), (CHOICE, [{"given": ODD[0]}]),
    (CHOICE, [{"given": ODD[0]}, {"given": ODD[2]}, {"given": ODD[1]}]),
]  # fmt: skip
LOGITS = torch.tensor([[1.0, 2, 3, 0], [0, 0, 1, -12], [1.5, 0, 0.5, 9]])
TARGET = torch.tensor([0, 1, 3])
KEYWORDS = {"weight": torch.tensor([1.0, 1, 3, 0.5]), "ignore_index": 1, "label_smoothing": 0.1}


def outputs():
    """What stands in outputs of cells."""
    return [
        explain(LOGITS, TARGET, **KEYWORDS, class_names=ODD),
        explain(LOGITS[:, :1], TARGET * 0),
        explain(torch.randn(2, 100, 16, 16), torch.zeros(2, 16, 16).long()),
        diagnose(torch.softmax(LOGITS, 1), TARGET),
        diagnose(torch.zeros(2, 7, 3), torch.full((2, 7), 3)),
        diagnose(LOGITS, TARGET),
        diagnose(object(), [[1, 2], [3]]),
    ]


def address(name):
    return "data:text/javascript;base64," + base64.b64encode(module(name).encode()).decode()


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """All of it on one page without a kernel, each in a main of its own."""
    decks = [ErrorClinic().deck(group).page_state() for group in ("shape", "averaging")]
    judged = {card["key"]: card["outcome"] for deck in decks for card in deck["cards"]}
    cards, dealt = (
        json.dumps(one).replace("</", "<\\/")
        for one in ([(question.described(), events) for question, events in CARDS], decks)
    )
    html = "".join(f"<main>{each._repr_html_()}</main>" for each in outputs())
    path = tmp_path_factory.mktemp("told") / "told.html"
    path.write_text(f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>told</title>
<meta name="viewport" content="width=device-width"><style>{style()}body {{ margin: 8px }}
body:has([data-theme="dark"]), [data-theme="dark"] body {{ background: #111 }}</style>{html}
<script type="module">
import {{ ask }} from "{address("questions.js")}";
import {{ deck }} from "{address("clinic.js")}";
const place = () => document.body.appendChild(document.createElement("main"));
for (const [question, events] of {cards}) ask(place(), question, events);
const dealt = {dealt}, judged = {json.dumps(judged)};
for (const {{ cards, outcomes }} of dealt) deck(place(), cards, outcomes, judged);
deck(place(), dealt[0].cards, dealt[0].outcomes); // nothing is judged there yet
window.isReady = true;
</script>""")
    page = browser.new_page(viewport={"width": 848, "height": 900}, reduced_motion="reduce")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_function("window.isReady")
    yield page
    assert errors == []
    page.close()


@pytest.mark.parametrize("width", outer(256, 320, 390, 848))
def test_everything_fits_and_is_large_enough_for_a_finger(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert found(page, "controls", "texts", "widths") == []


@pytest.mark.parametrize("colors", COLORS)
def test_text_and_focus_stand_out(page, colors):
    with colored(page, colors):
        assert found(page, "reads", "focus", "edges") == []


def test_every_stop_of_the_tab_key_has_a_name_and_regions_stand_before_they_speak(page):
    # several remedies and cards each have a Copy, beside the line that it copies
    twice = [
        one for one in found(page, "names", "regions") if "two are called button Copy" not in one
    ]
    assert twice == []


def test_axe_finds_nothing_serious(page):
    assert serious(page, "main", contrast=False) == []


def test_any_text_is_shown_as_it_is(page):
    text = page.locator("body").inner_text()
    for name in ODD:
        assert text.count(" ".join(name.split())) >= 3
    assert page.locator("b", has_text="sky").count() == 0


def test_a_table_stands_upright_and_on_a_phone_it_is_turned(page):
    table, places = page.locator(".ce-steps").first, {}
    for width in (848, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(STAND)
        places[width] = table.locator("tr.ce-target td").evaluate_all(
            "cells => cells.map((cell) => cell.getBoundingClientRect()).map(({ x, y }) => [x, y])"
        )
    xs, ys = zip(*places[848], strict=True)
    assert len(set(ys)) == 1 and sorted(set(xs)) == list(xs)
    xs, ys = zip(*places[390], strict=True)
    assert len(set(xs)) == 1 and sorted(set(ys)) == list(ys)


def test_a_remedy_is_copied(page):
    remedy = page.locator("main", has_text="torch runs").first.locator(".ce-remedy").first
    remedy.get_by_role("button", name="Copy").click()
    assert page.evaluate("String(getSelection())").strip() == "logits = logits.log()"
    expect(remedy.get_by_role("button", name="Copied")).to_be_visible()


# In JupyterLab.

CELLS = (
    "from ce_helpers import ErrorClinic, ask, check, diagnose, explain, progress\n"
    "from tests.browser.test_browser_told import outputs\ndisplay(*outputs())",
    'display(ask("lower_target"), ask("add_to_all"), ErrorClinic().deck("shape"), progress("01"))',
    'check("loss_from_probs", lambda probs, target: probs[target])',
)


@pytest.fixture(scope="module")
def notebook(open_notebooks):
    repository = f"import sys\nsys.path.insert(0, {str(REPOSITORY)!r})\n"
    cells = [repository * (k == 0) + cell for k, cell in enumerate(CELLS)]
    page = open_notebooks.run_cells("told.ipynb", cells)
    page.locator(".ce-ask").last.wait_for(state="attached")
    return page


ROOTS = ".ce-ask, .jp-OutputArea-output .ce-said"


@pytest.mark.parametrize("width", [600, 640])  # 640 is what 200 % leave of 1280
def test_in_a_narrow_jupyterlab_everything_fits(notebook, width):
    make_narrow(notebook, width)
    # what check and progress say is text of the output itself
    for root in (ROOTS, ".jp-OutputArea-output"):
        assert found(notebook, "controls", "texts", "widths", root=root) == []


def test_in_jupyterlabs_dark_theme_everything_stands_out(notebook):
    notebook.set_viewport_size(SCREEN)
    choose_theme(notebook, "JupyterLab Dark")
    notebook.keyboard.press("Tab")
    assert found(notebook, "reads", "focus", root=ROOTS) == []
    assert found(notebook, "reads", root=".jp-OutputArea-output") == []
    choose_theme(notebook, "JupyterLab Light")


def test_in_jupyterlab_names_are_no_formulas(notebook):
    title = notebook.locator(".ce-steps").first
    assert "$a$ and \\frac{1}{2}" in re.sub(r"\s+", " ", title.inner_text())
    expect(notebook.locator(".ce-said mjx-container")).to_have_count(0)
