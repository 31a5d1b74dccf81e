import pytest
from playwright.sync_api import expect

from tools.browser.lab import live, press_slider


@pytest.mark.parametrize("name", ["04_mean_and_weights.ipynb"])
def test_weights_and_buttons_move_the_quotient(open_notebooks, name):
    ledger = live(open_notebooks.page(name))
    ledger.get_by_role("button", name="Reset").click()
    press_slider(ledger, "weight bird", "ArrowRight", times=5)
    expect(ledger.get_by_text("4.6362 ÷ 6.0000 = 0.7727")).to_be_visible()
    ledger.get_by_role("button", name="sum").click()
    expect(ledger.get_by_text("loss = sum of the losses = 4.6362")).to_be_visible()
    ledger.get_by_role("button", name="bird").click()
    expect(ledger.get_by_text("ignored elements: 2, 3")).to_be_visible()
    ledger.get_by_role("button", name="Reset").click()
    expect(ledger.get_by_text("3.5639 ÷ 5.0000 = 0.7128")).to_be_visible()
    expect(ledger.locator("[role=alert]")).to_have_count(0)
