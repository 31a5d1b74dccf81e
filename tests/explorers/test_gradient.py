import contextlib
import itertools
import threading
import time
from functools import partial

import numpy as np
import pytest
import torch

from ce_helpers import GradientExplorer, cross_entropy_steps
from ce_helpers.formatting import format_list, format_number
from tests.at_once import at_once
from tests.spoken import said_by

LOGITS = torch.tensor([[3.0, 1.0, 0.5]])
TARGET = torch.tensor([1])


@pytest.fixture
def explorer():
    explorer = GradientExplorer(LOGITS, TARGET, class_names=["cat", "dog", "bird"])
    yield explorer
    assert explorer.error is None


def autograd(explorer):
    """Loss and gradient once more, from the tensors and the controls."""
    with torch.enable_grad():
        logits = explorer.logits.requires_grad_()
        given = logits / explorer.temperature_slider.value
        if explorer.softmax_first_box.value:
            given = given.softmax(dim=-1)
        loss = torch.nn.functional.cross_entropy(given, explorer.target)
        (gradient,) = torch.autograd.grad(loss, logits)
    return loss.detach(), gradient


def told(explorer, **message):
    """What the browser sends, with a number of its own."""
    explorer.view._handle_custom_msg({"n": "a:1", **message}, [])


def step_by_hand(explorer):
    """Presses Take one step."""
    told(explorer, load="step")


def assert_consistent(explorer):
    """Tensors, controls, what is sent, the page's lines and the text all tell the same state."""
    loss, gradient = autograd(explorer)
    assert torch.equal(explorer.loss, loss)
    assert torch.equal(explorer.gradient, gradient)
    assert explorer.losses[-1] == loss.item()
    target = explorer.target.item()
    logits = explorer.logits.view(-1)
    sliders, shown = explorer.logit_sliders, explorer.view.answer["values"]
    kind = logits.dtype
    assert torch.equal(torch.tensor([slider.value for slider in sliders]).to(kind), logits)
    assert explorer.target_buttons.value == target
    assert shown["logits"] == shown["tails"] == logits.tolist()
    assert shown["gradient"] == gradient.view(-1).tolist()
    assert shown["losses"] == explorer.losses
    assert shown["steps"] == len(explorer.losses) - 1
    stepped = logits - explorer.learning_rate_slider.value * gradient.view(-1)
    assert shown["heads"] == torch.where(stepped.isfinite(), stepped, logits).tolist()
    assert shown["is_full"] == (shown["steps"] == 20)
    assert f" = {format_number(loss)} after {shown['steps']} step" in explorer.text()
    assert f"autograd  = {format_list(gradient.view(-1))}" in explorer.text()
    page = said_by(explorer)
    if kind == torch.float32:
        assert page.startswith(explorer.code() + "\n")
    assert " ".join(page.split()).endswith(" ".join(explorer.text().split("\n", 1)[1].split()))


def test_it_starts_with_p_minus_y(explorer):
    steps = cross_entropy_steps(LOGITS, TARGET)
    assert explorer.gradient.numpy() == pytest.approx(steps.grad, abs=1e-7)
    assert explorer.losses == [pytest.approx(float(steps.loss))]
    assert_consistent(explorer)


def test_in_every_state_values_text_controls_and_torch_agree(explorer):
    for dog, target, temperature, softmax_first in itertools.product(
        (-5.0, 0.3), (0, 2), (0.5, 1.0, 5.0), (False, True)
    ):
        explorer.reset()
        explorer.logit_sliders[1].value = dog
        explorer.target_buttons.value = target
        explorer.temperature_slider.value = temperature
        explorer.softmax_first_box.value = softmax_first
        explorer.learning_rate_slider.value = 10.0 if softmax_first else 0.1
        assert explorer.logits[0, 1] == dog and explorer.target.tolist() == [target]
        assert_consistent(explorer)
        step_by_hand(explorer)
        assert len(explorer.losses) == 2
        assert_consistent(explorer)


@pytest.mark.parametrize(
    "move",
    [
        lambda e: setattr(e.logit_sliders[0], "value", -1.0),
        lambda e: setattr(e.target_buttons, "value", 0),
        lambda e: setattr(e.learning_rate_slider, "value", 3.0),
        lambda e: setattr(e.temperature_slider, "value", 3.0),
        lambda e: setattr(e.softmax_first_box, "value", True),
        lambda e: e.set_logits([[1.0, 2.0, 3.0]]),
    ],
    ids=["logit", "target", "learning rate", "temperature", "softmax first", "set_logits"],
)
def test_when_a_control_moves_the_history_begins_again(explorer, move):
    for _ in range(3):
        step_by_hand(explorer)
    stepped = explorer.logits
    before = explorer.view.answer
    move(explorer)
    assert len(explorer.losses) == 1
    assert (explorer.logits != stepped).sum() <= 3
    assert explorer.view.answer != before
    assert_consistent(explorer)


def test_a_moved_slider_leaves_the_other_logits_as_the_steps_left_them(explorer):
    explorer.step()
    stepped = explorer.logits
    explorer.logit_sliders[2].value = 0.0
    assert torch.equal(explorer.logits[0, :2], stepped[0, :2])
    assert explorer.logits[0, 2] == 0


def test_a_second_softmax_has_a_name_of_its_own(explorer):
    explorer.softmax_first_box.value = True
    p = torch.softmax(explorer.logits, dim=1)
    told = dict(line.split("= ", 1) for line in explorer.text().splitlines()[1:])
    told = {name.strip(): numbers for name, numbers in told.items()}
    assert told["p"] == format_list(p[0])
    assert told["softmax(p)"].startswith(f"{format_list(torch.softmax(p, dim=1)[0])}   y = [0, 1")
    assert "p − y" not in told
    assert_consistent(explorer)


def test_the_arrows_promise_what_a_step_does(explorer):
    explorer.learning_rate_slider.value = 2.0
    promised = explorer.view.answer["values"]["heads"]
    explorer.step()
    assert explorer.logits[0].tolist() == pytest.approx(promised)
    assert explorer.losses[1] < explorer.losses[0]


def test_steps_lead_where_the_notebook_says(explorer):
    for _ in range(8):
        step_by_hand(explorer)
    assert explorer.losses[7] > 0.1 > explorer.losses[8]
    assert np.all(np.diff(explorer.losses, 2) > 0)  # the first steps gain most
    told(explorer, load="reset")
    explorer.learning_rate_slider.value = 5.0
    step_by_hand(explorer)
    assert f"{explorer.loss:.4f}" == "0.0065"


@pytest.mark.parametrize(
    ("softmax_first", "start", "end"), [(False, 10.0, 0.096), (True, 1.7, 1.7)]
)
def test_a_softmax_first_freezes_the_steps(softmax_first, start, end):
    frozen = GradientExplorer([[10.0, 0.0, 0.0, 0.0]], [1])
    frozen.softmax_first_box.value = softmax_first
    assert (frozen.gradient.abs().max() < 1e-4) == softmax_first
    for _ in range(10):
        step_by_hand(frozen)
    assert [float(f"{loss:.2g}") for loss in (frozen.losses[0], frozen.losses[-1])] == [start, end]
    assert frozen.error is None


def test_after_twenty_steps_the_button_rests_until_a_control_moves(explorer):
    for _ in range(20):
        assert not explorer.view.answer["values"]["is_full"]
        step_by_hand(explorer)
    assert explorer.view.answer["values"]["is_full"]
    before = explorer.logits
    with pytest.raises(ValueError, match="20 steps were taken"):
        explorer.step()
    assert torch.equal(explorer.logits, before)
    assert_consistent(explorer)
    explorer.learning_rate_slider.value = 2.0
    assert not explorer.view.answer["values"]["is_full"]
    step_by_hand(explorer)
    assert len(explorer.losses) == 2
    assert_consistent(explorer)


def test_a_step_that_cannot_be_taken_says_so_and_changes_nothing():
    explorer = GradientExplorer(torch.tensor([[60000.0, 0]], dtype=torch.float16), [1])
    explorer.temperature_slider.value = 0.5
    before = explorer.logits, explorer.text()
    step_by_hand(explorer)
    assert "the step leads to nan or inf, so no logit moved" in explorer.view.error
    assert (explorer.text(), len(explorer.losses)) == (before[1], 1)
    assert torch.equal(explorer.logits, before[0])
    told(explorer, load="reset")
    assert explorer.error is None and explorer.view.error == ""
    assert_consistent(explorer)


@pytest.mark.parametrize("typed", [float("nan"), float("inf"), float("-inf"), 1e300, -1e300])
@pytest.mark.parametrize("name", ["logit", "learning_rate", "temperature"])
def test_numbers_that_are_not_finite_never_break_it(explorer, name, typed):
    explorer.step()
    slider = explorer.logit_sliders[0] if name == "logit" else getattr(explorer, f"{name}_slider")
    before = slider.value
    with contextlib.suppress(ValueError):  # ±1e300 is cut to the limits
        slider.value = typed
    if np.isnan(typed):
        assert slider.value == before
        assert len(explorer.losses) == 2  # nothing moved
    assert np.isfinite(slider.value)
    assert_consistent(explorer)
    explorer.step()
    assert_consistent(explorer)


def test_reset_brings_back_the_start(explorer):
    before = explorer.text()
    explorer.logit_sliders[1].value = -3.0
    explorer.target_buttons.value = 2
    explorer.learning_rate_slider.value = 9.0
    explorer.temperature_slider.value = 4.0
    explorer.softmax_first_box.value = True
    explorer.step()
    told(explorer, load="reset")
    assert explorer.text() == before
    assert explorer.learning_rate_slider.value == explorer.temperature_slider.value == 1
    assert not explorer.softmax_first_box.value
    assert_consistent(explorer)


def test_set_logits(explorer):
    explorer.set_logits([0.0, 12.0, -3.14159])
    assert explorer.logits.tolist() == [[0, 12, pytest.approx(-3.14159)]]
    assert_consistent(explorer)
    before = explorer.text(), explorer.view.answer
    for refused in ([1.0, 2.0], [[1.0, float("nan"), 0.0]]):
        with pytest.raises(ValueError):
            explorer.set_logits(refused)
    assert (explorer.text(), explorer.view.answer) == before
    assert_consistent(explorer)


def test_one_dimension_and_six_classes():
    explorer = GradientExplorer([0.5, -1.0, 2.0, 0.0, 1.0, 3.0], 4)
    assert explorer.gradient.shape == explorer.logits.shape == (6,)
    explorer.softmax_first_box.value = True
    explorer.step()
    assert_consistent(explorer)
    assert explorer.error is None
    with pytest.raises(ValueError, match="room for 6"):
        GradientExplorer(torch.zeros(1, 7), [0])
    with pytest.raises(ValueError, match="takes one sample"):
        GradientExplorer(torch.zeros(2, 3), [0, 1])


def test_its_repr_makes_it_again_and_its_code_gives_the_gradient(explorer):
    explorer.step()
    again = eval(repr(explorer), {"torch": torch, "GradientExplorer": GradientExplorer})
    assert torch.equal(again.gradient, explorer.gradient)
    explorer.temperature_slider.value = 0.7
    explorer.softmax_first_box.value = True
    first, second = explorer.code().splitlines()
    names = {"torch": torch}
    exec(first, names)
    assert torch.equal(eval(second, names), explorer.gradient)
    assert "torch.softmax(logits / 0.7, dim=1)" in said_by(explorer)


def test_without_a_kernel_there_is_a_picture_and_a_text(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["width"] == 864
    first, *rest = data["text/plain"].splitlines()
    assert first == "GradientExplorer(torch.tensor([[3., 1., 0.5]]), torch.tensor([1]))"
    assert rest[-1] == "loss                  = 2.1967 after 0 steps"
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize(
    "break_it",
    [
        lambda e: setattr(e.logit_sliders[0], "value", 1.5),
        lambda e: setattr(e.temperature_slider, "value", 2.0),
        lambda e: setattr(e.target_buttons, "value", 0),
        step_by_hand,
    ],
    ids=["logit", "temperature", "target", "step"],
)
def test_an_error_in_a_callback_is_shown_and_reset_mends_it(break_it, monkeypatch):
    explorer = GradientExplorer(LOGITS, TARGET)
    monkeypatch.setattr(explorer._state, "_compute", lambda: 1 / 0)
    break_it(explorer)
    assert isinstance(explorer.error, ZeroDivisionError)
    assert "ZeroDivisionError: division by zero" in explorer.view.error
    monkeypatch.undo()
    told(explorer, load="reset")
    assert explorer.error is None and explorer.view.error == ""
    assert torch.equal(explorer.logits, LOGITS)
    assert_consistent(explorer)


def test_threads_lose_no_event(explorer):
    def move(control, values):
        for value in values:
            control.value = value

    def script():
        for step in range(10):
            explorer.set_logits(torch.full((1, 3), step / 10))
            explorer.step()

    moves = [partial(move, explorer.logit_sliders[c], np.arange(20) / 10 + c) for c in range(3)]
    at_once(*moves, partial(move, explorer.temperature_slider, np.arange(6, 21) / 5), script)
    assert explorer.error is None
    assert explorer.temperature_slider.value == 4
    assert_consistent(explorer)


@pytest.mark.parametrize(
    ("control", "value"),
    [("temperature_slider", 4.0), ("learning_rate_slider", 3.0), ("softmax_first_box", True),
     ("target_buttons", 2)],
)  # fmt: skip
def test_a_step_does_not_take_back_a_move_that_waits_for_its_turn(explorer, control, value):
    control = getattr(explorer, control)
    thread = threading.Thread(target=setattr, args=(control, "value", value))
    with explorer.lock:
        thread.start()
        while control.value != value:  # set, and its callback waits for the lock
            time.sleep(0.001)
        explorer.step()
    thread.join()
    assert control.value == value
    assert len(explorer.losses) == 1
    assert_consistent(explorer)


def test_callbacks_work_on_any_thread_and_record_no_gradients(explorer):
    thread = threading.Thread(target=step_by_hand, args=(explorer,))
    thread.start()
    thread.join()
    assert len(explorer.losses) == 2
    assert not any(t.requires_grad for t in (explorer.loss, explorer.gradient, explorer.logits))
