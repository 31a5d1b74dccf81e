import pytest
from playwright.sync_api import expect

from ce_helpers.learning.cards import GROUPS


@pytest.fixture(params=["07_error_clinic.ipynb"])
def deck(request, opened):
    page = opened(request.param)
    deck = page.locator(".ce-deck").first
    deck.scroll_into_view_if_needed()
    return deck


def press(page, deck, name):
    """Reaches a button with Tab alone and presses it."""
    button = deck.get_by_role("button", name=name)
    for _ in range(30):
        if button.evaluate("button => button === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def test_a_right_and_a_wrong_prediction_by_keyboard_alone(deck):
    page = deck.page
    deck.get_by_role("button", name="raises").focus()
    press(page, deck, "raises")
    expect(deck.get_by_text("You are right.")).to_be_visible()
    expect(deck.get_by_text("multi-target not supported")).to_be_visible()
    expect(deck.get_by_text("1 of 30 cards answered, 1 judged rightly.")).to_be_visible()
    press(page, deck, "Next card")
    expect(deck.get_by_text("Card 2 of 6.")).to_be_visible()
    deck.get_by_role("button", name="raises").focus()
    press(page, deck, "runs and is wrong")
    expect(deck.get_by_text("Not quite: it runs and is right.")).to_be_visible()
    expect(deck.get_by_text("tensor([[3.7192e-03, 8.0037e+00]])")).to_be_visible()
    wrong = deck.get_by_role("button", name="runs and is wrong")
    expect(wrong).to_be_focused()
    assert wrong.get_attribute("aria-pressed") == "true"  # chosen, and not by its colour alone
    expect(deck.get_by_text("2 of 30 cards answered, 1 judged rightly.")).to_be_visible()
    press(page, deck, "runs and is right")
    expect(deck.get_by_text("2 of 30 cards answered, 2 judged rightly.")).to_be_visible()
    expect(page.locator(".ce-deck [role=alert]")).to_have_count(0)


def test_one_card_is_one_screen(deck):
    page = deck.page
    room = page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
    for group in range(len(GROUPS)):
        deck = page.locator(".ce-deck").nth(group)
        deck.scroll_into_view_if_needed()
        next_card = deck.get_by_role("button", name="Next card")
        while True:
            deck.get_by_role("button", name="raises").click()
            expect(deck.get_by_role("status").first).to_be_visible()
            assert deck.bounding_box()["height"] <= room
            if next_card.get_attribute("aria-disabled") == "true":
                break
            next_card.click()
