"""A question answered wrong, a hint, then right: with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tools.browser.lab import run_all

NAME = "01_single_sample.ipynb"


@pytest.fixture
def questions(opened, request):
    page = opened(NAME, fresh=hasattr(request, "param"))
    found = page.locator(".ce-question")
    found.first.scroll_into_view_if_needed()
    return found


def tab_to(page, element, key="Tab"):
    for _ in range(20):
        page.keyboard.press(key)
        if element.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {element}")


@pytest.mark.parametrize("questions", ["none answered yet"], indirect=True)
def test_a_number_wrong_then_a_hint_then_right(questions):
    page = questions.page
    question = questions.nth(0)
    field = question.get_by_role("textbox")
    field.focus()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(question.get_by_role("status")).to_contain_text("Not yet. That is the target's logit.")
    tab_to(page, question.get_by_role("button", name="Hint 1 of 2"))
    page.keyboard.press("Enter")
    expect(question.get_by_text("Which of the four exp is by far the largest?")).to_be_visible()
    expect(question.get_by_role("button", name="Hint 2 of 2")).to_be_visible()
    tab_to(page, field, "Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("20 - 9")
    page.keyboard.press("Enter")
    expect(question.get_by_role("status").first).to_contain_text("Right.")
    expect(page.get_by_text("Questions: 1 of 3 right.")).to_be_attached()
    expect(question.get_by_role("alert")).to_have_count(0)


def test_a_choice_wrong_then_right(questions):
    page = questions.page
    question = questions.nth(1)
    question.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    check = question.get_by_role("button", name="Check")
    tab_to(page, check)
    page.keyboard.press("Enter")
    expect(question.get_by_role("status")).to_contain_text("Not yet. The log of the sum of exp")
    tab_to(page, question.get_by_role("radio", name="It stays the same."), "Shift+Tab")
    page.keyboard.press("Space")
    tab_to(page, check)
    page.keyboard.press("Space")
    expect(question.get_by_role("status")).to_contain_text("Right.")


def test_run_all_again_keeps_what_was_answered(lab_folder, questions):
    question = questions.nth(0)
    question.get_by_role("textbox").fill("11")
    question.get_by_role("textbox").press("Enter")
    expect(question.get_by_role("status").first).to_contain_text("Right.")
    saved = run_all(questions.page, lab_folder / "notebooks" / NAME)
    expect(questions.nth(0).get_by_role("status").first).to_contain_text("Right.")
    expect(questions.nth(0).get_by_role("textbox")).to_have_value("11")
    # docs/teaching.md sends teachers there
    texts = {
        "".join(cell["source"]): "".join(cell["outputs"][0]["data"]["text/plain"])
        for cell in saved["cells"]
        if "".join(cell["source"]).startswith(("ask(", "progress("))
    }
    assert "\nRight. " in texts['ask("lower_target")']
    assert "Questions: 0" not in texts['progress("01")'] and "of 3 right" in texts['progress("01")']
