"""Live pictures on a page without a kernel: where everything lies, what it says, how it is moved."""

import random

import pytest

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
    states,
    twin,
)  # fmt: skip


@pytest.fixture(scope="module", params=SHAPES)
def opened_shape(request, browser, tmp_path_factory):
    explorer = make(request.param)
    page = open_page(browser, tmp_path_factory.mktemp("page"), explorer)
    yield request.param, explorer, page
    assert page.errors == []
    page.close()


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
    names = explorer._state.class_names
    label = page.locator(".ce-range").first.get_attribute("aria-label")
    row = names.index(label.removeprefix("logit of ")) if len(names) > 10 else 0
    if len(names) <= 10:
        return {}
    state = explorer._state
    return {
        "row": row, "row_name": names[row], "row_logit": state.selected_logits[row].item(),
        "row_p": state.probs[row].item(),
    }  # fmt: skip


def test_everything_lies_where_matplotlib_draws_it(opened_shape, cases):
    _, explorer, page = opened_shape
    for element, logits, target in places(explorer, 4 * cases, seed=11):
        show(explorer, page, element, logits, target)
        picture = twin(explorer, **seen_row(explorer, page))
        found = differences(drawn_in_the_browser(page), drawn_by_matplotlib(page, picture))
        assert found == [], (element, logits, target)
        assert page.evaluate(f"({OVERLAPS})(document)") == [], (element, logits, target)


def test_shown_digits_are_torchs_before_it_answers(opened_shape, cases):
    _, explorer, page = opened_shape
    picture, wrong, numbers = twin(explorer), [], 0
    for element, logits, target in places(explorer, 40 * cases, seed=5):
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
