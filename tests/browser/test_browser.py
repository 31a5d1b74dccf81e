"""The explorer as a reader meets it: in JupyterLab, with keys, clicks and other widgets."""

import os
import signal

import pytest
import torch
from playwright.sync_api import expect

from ce_helpers.formatting import format_number
from tests.browser.conftest import GIVEN_UP
from tests.browser.kernel import attached
from tools.browser.lab import kernel_of, live, slider

CELLS = (
    "from ce_helpers import SCENARIOS, CrossEntropyExplorer\nimport ipywidgets as widgets\n"
    "explorer = CrossEntropyExplorer(SCENARIOS['confident_right'])\nexplorer",
    "explorer",
    "batch = CrossEntropyExplorer(SCENARIOS['batch_of_two'])\nbatch",
    "explorer.logit_sliders[0]",
)


@pytest.fixture(scope="module")
def notebook(open_notebooks, lab, lab_folder):
    """A page with two views of one explorer and an explorer of several elements."""
    page = open_notebooks.run_cells("live.ipynb", CELLS)
    with attached(lab_folder, kernel_of(lab, "live.ipynb")) as page.kernel:
        yield page


@pytest.fixture
def explorer(notebook):
    widget = live(notebook)
    expect(widget.locator(".ce-code")).to_be_visible()
    ask(notebook, "explorer.reset(); batch.reset()")
    yield widget
    expect(widget.get_by_role("alert")).to_be_hidden()


def ask(page, code):
    """Runs code in the notebook's kernel and returns what it printed."""
    page.wait_for_timeout(250)  # until the kernel knows what a hand has done
    printed = page.kernel.printed(code)
    page.wait_for_timeout(250)  # until what the code has set is shown
    return printed


def handle(widget, name):
    widget.scroll_into_view_if_needed()
    found = slider(widget, name)
    found.focus()
    return found


def test_presses_and_buttons_keep_their_order(notebook, explorer, cases):
    for _ in range(3 * cases):
        handle(explorer, "class 3")
        for _ in range(25):
            notebook.keyboard.press("ArrowLeft")
        explorer.get_by_role("button", name="Reset").click()
        expect(explorer.locator(".ce-code")).to_contain_text("[[4., 3., 2., 10.]]")
        notebook.wait_for_timeout(300)
        expect(explorer.locator(".ce-code")).to_contain_text("[[4., 3., 2., 10.]]")
    assert ask(notebook, "print(explorer.logits.tolist(), explorer.error)") == (
        "[[4.0, 3.0, 2.0, 10.0]] None"
    )


def test_a_press_moves_the_picture_in_the_same_frame(notebook, explorer):
    moved = handle(explorer, "class 3").evaluate("""async (input) => {
      const code = input.closest(".ce").querySelector(".ce-code"), before = code.textContent;
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
      return code.textContent !== before;
    }""")
    assert moved


def test_settled_digits_are_torchs(notebook, explorer, cases):
    generator = torch.Generator().manual_seed(3)
    for _ in range(5 * cases):
        logits = (6 * torch.randn(4, generator=generator)).round(decimals=2).tolist()
        code = f"for s, z in zip(explorer.logit_sliders, {logits}): s.value = z\n"
        loss = format_number(float(ask(notebook, f"{code}print(explorer.loss.item())")))
        expect(explorer.locator(".ce-words")).to_contain_text(f"= {loss}.")
    # a hand's moves as well: what torch computed stands there, and no preview
    ask(notebook, "explorer._state.values = lambda v=explorer._state.values: v() | {'loss': 7.125}")
    handle(explorer, "class 0").press("ArrowRight")
    expect(explorer.locator(".ce-words")).to_contain_text("= 7.1250.")
    ask(notebook, "del explorer._state.values")


def test_two_views_links_and_scripts_show_one_state(notebook, explorer):
    second = live(notebook, 1)
    handle(second, "class 0").press("PageUp")
    expect(explorer.locator(".ce-code")).to_contain_text("[[5., 3., 2., 10.]]")
    ask(
        notebook,
        "field = widgets.FloatText(); field\n"
        "link = widgets.jslink((explorer.logit_sliders[2], 'value'), (field, 'value'))",
    )
    handle(explorer, "class 2").press("ArrowRight")
    assert ask(notebook, "print(field.value, explorer.logits.tolist())") == (
        "2.1 [[5.0, 3.0, 2.0999999046325684, 10.0]]"
    )
    ask(notebook, "link.close(); explorer.logit_sliders[1].value = 0.123456")
    for widget in (explorer, second):
        expect(widget.locator(".ce-code")).to_contain_text("[[5., 0.123456, 2.1, 10.]]")


def test_a_slider_shown_on_its_own_rounds_nothing(notebook, explorer):
    ask(notebook, "explorer.logit_sliders[0].value = 0.123456789")
    assert ask(notebook, "print(explorer.logit_sliders[0].value)") == "0.123456789"


def test_in_a_batch_only_the_chosen_elements_loss_changes(notebook, explorer):
    batch = live(notebook, 2)
    batch.locator(".ce-elements .ce-pick").nth(3).click()
    expect(batch.locator(".ce-words")).to_contain_text("logits [20, 3, 2, 10]")
    handle(batch, "class 0").press("ArrowLeft")
    expect(batch.locator(".ce-code")).to_contain_text(
        "[[20., 19.9], [3., 3.], [2., 2.], [10., 10.]]"
    )
    expect(batch.locator(".ce-code")).to_contain_text("[[4., 4.], [3., 3.], [2., 2.], [2., 20.]]")
    assert ask(notebook, "print(batch.selected, batch.logits[1, :, 1].tolist(), batch.error)") == (
        "(1, 1) [19.899999618530273, 3.0, 2.0, 10.0] None"
    )
    ask(notebook, "batch.select(sample=0, position=0)")
    expect(batch.locator(".ce-words")).to_contain_text("logits [4, 3, 2, 2]")
    assert batch.get_by_label("sample 0, position 0").is_checked()


def test_an_error_in_a_callback_is_seen_and_reset_clears_it(notebook, explorer):
    ask(notebook, "explorer._state.compute = lambda: 1 / 0")
    handle(explorer, "class 3").press("ArrowLeft")
    expect(explorer.get_by_role("alert")).to_contain_text("ZeroDivisionError")
    ask(notebook, "del explorer._state.compute")
    explorer.get_by_role("button", name="Reset").click()
    expect(explorer.get_by_role("alert")).to_be_hidden()


def test_without_its_kernel_it_says_so_and_goes_on(notebook, explorer):
    pid = int(ask(notebook, "import os; print(os.getpid())"))
    os.kill(pid, signal.SIGSTOP)
    try:
        handle(explorer, "class 3").press("ArrowLeft")
        expect(explorer.locator(".ce-code")).to_contain_text("9.9]]")
        expect(explorer.get_by_text("torch is busy or gone")).to_be_visible(timeout=6000)
    finally:
        os.kill(pid, signal.SIGCONT)
    expect(explorer.get_by_text("torch is busy or gone")).to_be_hidden()
    assert ask(notebook, "print(explorer.logits[0, 3].item())") == "9.899999618530273"


def test_a_model_that_loaded_late_hears_its_kernel(notebook, explorer):
    """After two seconds anywidget gives a model up; here it does so at once."""
    notebook.evaluate("""() => {
      const waits = AbortSignal.timeout;
      AbortSignal.timeout = () => {
        AbortSignal.timeout = waits;
        return { addEventListener: (name, giveUp) => giveUp() };
      };
    }""")
    cell = notebook.locator(".jp-Notebook .jp-CodeCell", has_text="batch = Cross").first
    cell.locator(".jp-InputArea-editor").click()
    with notebook.expect_event("pageerror", lambda error: GIVEN_UP in str(error)):
        notebook.keyboard.press("Control+Enter")
    ask(notebook, "batch._state.values = lambda v=batch._state.values: v() | {'loss': 7.125}")
    handle(live(notebook, 2), "class 0").press("ArrowRight")
    expect(live(notebook, 2).locator(".ce-words")).to_contain_text("= 7.1250")


def test_a_cell_that_runs_again_frees_what_it_made(notebook, explorer):
    count = "print(len(widgets.widget._instances))"
    before = ask(notebook, count)
    cell = notebook.locator(".jp-Notebook .jp-CodeCell", has_text="batch = Cross").first
    for _ in range(3):
        cell.locator(".jp-InputArea-editor").click()
        notebook.keyboard.press("Control+Enter")
        notebook.wait_for_timeout(1500)
    assert ask(notebook, count) == before
