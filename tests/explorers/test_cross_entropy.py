import itertools
import threading
from functools import partial

import ipywidgets as widgets
import pytest
import torch

from ce_helpers import SCENARIOS, CrossEntropyExplorer
from ce_helpers.formatting import format_number
from tests.at_once import at_once


@pytest.fixture
def explorer():
    explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])
    yield explorer
    assert explorer.error is None


@pytest.fixture
def batch():
    explorer = CrossEntropyExplorer(SCENARIOS["batch_of_two"])
    yield explorer
    assert explorer.error is None


def cross_entropy(explorer):
    return torch.nn.functional.cross_entropy(explorer.logits, explorer.target, reduction="none")


def assert_consistent(explorer):
    """Tensors, controls and what was sent to the browser all tell the same state."""
    assert torch.equal(explorer.loss, cross_entropy(explorer))
    one = (explorer.selected[0], slice(None), *explorer.selected[1:])
    logits = explorer.logits[one if explorer.logits.ndim > 1 else slice(None)]
    loss = explorer.loss[explorer.selected if explorer.loss.ndim else ()]
    target = explorer.target[explorer.selected if explorer.loss.ndim else ()]
    sliders = torch.tensor([slider.value for slider in explorer.logit_sliders])
    assert torch.equal(sliders.to(logits.dtype), logits)
    assert explorer.target_buttons.value == target
    answer = explorer.view.answer
    assert answer["values"]["loss"] == loss
    assert answer["values"]["logits"] == logits.tolist()
    assert answer["values"]["probs"] == torch.softmax(logits, dim=0).tolist()
    assert answer["controls"]["target"] == answer["values"]["target"] == target
    assert [answer["controls"][f"logits.{c}"] for c in range(len(logits))] == [
        slider.value for slider in explorer.logit_sliders
    ]


def tell(explorer, n="view:1", **message):
    """What a view sends."""
    explorer.view._handle_custom_msg({"n": n, **message}, [])
    assert explorer.view.answer["n"] == n


@pytest.mark.parametrize("key", SCENARIOS)
def test_it_starts_with_the_scenario(key):
    explorer = CrossEntropyExplorer(SCENARIOS[key])
    assert torch.equal(explorer.logits, SCENARIOS[key].logits)
    assert torch.equal(explorer.target, SCENARIOS[key].target)
    assert_consistent(explorer)


def test_a_slider_changes_its_logit_the_loss_and_the_text(explorer):
    explorer.logit_sliders[3].value = 3.5
    assert explorer.logits.tolist() == [[4, 3, 2, 3.5]]
    assert "loss = −log(0.2875) = 1.2466" in explorer.text()
    assert_consistent(explorer)


def test_a_target_button_changes_the_target(explorer):
    explorer.target_buttons.value = 1
    assert explorer.target.tolist() == [1]
    assert "target = class 1" in explorer.text()
    assert_consistent(explorer)


def test_presets_and_reset(explorer):
    loads = explorer.view.picture["loads"]
    assert [load["key"] for load in loads] == ["confident_right", "confident_wrong", "reset"]
    tell(explorer, load="confident_wrong")
    assert explorer.loss.tolist() == [16]
    assert_consistent(explorer)
    explorer.logit_sliders[0].value = -3
    explorer.target_buttons.value = 0
    tell(explorer, load="reset")
    assert torch.equal(explorer.logits, SCENARIOS["confident_right"].logits)
    assert torch.equal(explorer.target, SCENARIOS["confident_right"].target)
    assert_consistent(explorer)


def test_a_hand_moves_several_controls_in_one_message(explorer):
    seen = []
    explorer.logit_sliders[1].observe(lambda change: seen.append(change.new), "value")
    tell(explorer, controls={"logits.1": 7.25, "target": 2})
    assert explorer.logits.tolist() == [[4, 7.25, 2, 10]]
    assert explorer.target.tolist() == [2]
    assert seen == [7.25]
    assert_consistent(explorer)


def test_values_are_exact_and_a_step_is_a_keys_stride(explorer):
    slider = explorer.logit_sliders[0]
    slider.value = 0.123456789
    assert slider.value == 0.123456789
    assert slider.step == 0.1
    assert explorer.logits[0, 0] == torch.tensor(0.123456789)
    explorer.select(sample=0)
    assert explorer.logits[0, 0] == torch.tensor(0.123456789)
    # a slider's view rounds to a step and sends that back; a field does not
    assert slider._view_name == "FloatTextView"


def test_other_widgets_may_be_linked(explorer):
    other = widgets.FloatText(1.5)
    widgets.link((other, "value"), (explorer.logit_sliders[2], "value"))
    assert explorer.logits[0, 2] == 1.5
    other.value = -2.25
    assert explorer.logits[0, 2] == -2.25
    assert_consistent(explorer)


def test_only_the_selected_elements_loss_changes(batch):
    before = batch.loss
    batch.select(sample=1, position=0)
    assert torch.equal(batch.loss, before)
    assert_consistent(batch)
    batch.logit_sliders[0].value = -3
    changed = batch.loss != before
    assert changed.tolist() == [[False, False], [True, False]]
    assert batch.view.answer["values"]["losses"] == batch.loss.flatten().tolist()
    assert_consistent(batch)


def test_reset_returns_to_the_first_selection_too(batch):
    before = batch.text()
    batch.select(sample=1, position=1)
    batch.logit_sliders[0].value = -3
    tell(batch, load="reset")
    assert batch.selected == (0, 0)
    assert batch.text() == before
    assert_consistent(batch)


def test_it_starts_with_the_element_that_is_given_and_returns_to_it():
    scenario = SCENARIOS["batch_of_two"]
    explorer = CrossEntropyExplorer(scenario, selected=(1, 0))
    assert explorer.selected == (1, 0)
    assert_consistent(explorer)
    explorer.select(sample=0, position=1)
    explorer.reset()
    assert explorer.selected == (1, 0)
    assert_consistent(explorer)


def test_one_sample_moved_as_notebook_01_says(explorer):
    for logit, loss in ((10, "0.6938"), (18, "8.0003"), (26, "16.0000")):
        explorer.logit_sliders[0].value = logit
        assert format_number(explorer.loss) == loss
    explorer.reset()
    for logit, loss in ((4.40761, "0.6931"), (3.309, "1.3863")):
        explorer.logit_sliders[3].value = logit
        assert format_number(explorer.loss) == loss


def test_one_position_moved_as_notebook_02_says():
    explorer = CrossEntropyExplorer(SCENARIOS["two_positions"])
    explorer.select(position=1)
    explorer.logit_sliders[1].value = 14
    assert [format_number(loss) for loss in explorer.loss[0]] == ["0.0037", "0.0182"]
    assert_consistent(explorer)


def test_one_pixel_moved_as_notebook_02_says():
    pixel = torch.tensor([-4.24, -0.03, -2.01, -9.0]).view(1, 4, 1, 1)
    logits = pixel + torch.linspace(0, 1, 64 * 40).view(1, 1, 64, 40).round(decimals=2)
    explorer = CrossEntropyExplorer(
        logits,
        torch.full((1, 64, 40), 2),
        selected=(0, 56, 37),
        class_names=["black", "dark", "grey", "bright"],
    )
    before = explorer.loss
    assert format_number(before[0, 56, 37]) == "2.1224"
    explorer.set_logits(pixel.flatten())
    explorer.logit_sliders[2].value = 3
    changed = explorer.loss != before
    assert changed.nonzero().tolist() == [[0, 56, 37]]
    assert format_number(explorer.loss[0, 56, 37]) == "0.0479"
    assert explorer.error is None


def test_a_batch_mended_as_notebook_03_says(batch):
    batch.logit_sliders[3].value = 20
    assert f"{batch.loss.mean():.1e}" == "2.3e-05"


def test_training_samples_mended_as_notebook_03_says():
    logits = [[3, 0.5, 0], [0, 2.5, 0.5], [6.0, 0, -1], [0.5, 0, 3], [1, 1, 1]]
    explorer = CrossEntropyExplorer(logits, [0, 1, 2, 2, 0], logits_limit=10)
    explorer.select(sample=2)
    cat, _, bird = explorer.logit_sliders
    cat.value = -10
    assert format_number(explorer.loss[2]) == "1.3133"
    cat.value, bird.value = 6, 10
    assert format_number(explorer.loss[2]) == "0.0182"
    assert format_number(explorer.loss.mean()) == "0.3123"
    assert_consistent(explorer)


def test_a_hand_chooses_an_element_and_then_moves_it(batch):
    tell(batch, controls={"element": 3})
    assert batch.selected == (1, 1)
    assert "logits[1, :, 1] = [20, 3, 2, 10]" in batch.text()
    tell(batch, n="view:2", controls={"logits.0": 1.0})
    assert batch.logits[1, :, 1].tolist() == [1, 3, 2, 10]
    assert_consistent(batch)
    batch.element_slider.value = 99  # it never points outside
    assert batch.selected == (1, 1)
    batch.select(sample=0, position=0)
    assert batch.element_slider.value == 0
    assert_consistent(batch)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_looking_at_every_element_changes_no_logit(dtype):
    logits = SCENARIOS["batch_of_two"].logits.to(dtype)
    logits[0, :, 1] = torch.tensor([33.3, 3.14159, -1e-9, 2 / 3])
    explorer = CrossEntropyExplorer(logits, SCENARIOS["batch_of_two"].target)
    for sample, position in itertools.product(range(2), repeat=2):
        explorer.select(sample=sample, position=position)
    explorer.select(sample=0, position=1)
    assert torch.equal(explorer.logits, logits)
    sliders = explorer.logit_sliders
    if dtype == torch.float32:
        assert [slider.value for slider in sliders[:2]] == [33.3, 3.14159]
    sliders[1].value = 1
    logits[0, 1, 1] = 1
    assert torch.equal(explorer.logits, logits)
    assert explorer.error is None


def test_a_limit_holds_logits_back_but_never_the_given_ones():
    wide = CrossEntropyExplorer([[33.3, 0.0]], [0], logits_limit=20)
    assert (wide.logit_sliders[1].min, wide.logit_sliders[1].max) == (-50, 50)
    narrow = CrossEntropyExplorer([[0.5, 0.0]], [0], logits_limit=1)
    narrow.logit_sliders[1].value = 9
    assert narrow.logits[0, 1] == 1
    assert_consistent(narrow)


@pytest.mark.parametrize("typed", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_numbers_that_are_not_finite_never_break_it(explorer, typed):
    explorer.logit_sliders[0].value = typed
    assert torch.isfinite(explorer.logits).all()
    assert_consistent(explorer)
    explorer.logit_sliders[0].value = 5
    assert explorer.logits[0, 0] == 5
    assert_consistent(explorer)


def test_a_refused_call_changes_nothing(batch):
    batch.select(sample=1, position=1)
    before = batch.text(), batch.view.answer
    with pytest.raises(ValueError, match=r"expected \(2, 4, 2\) for all elements"):
        batch.set_logits([[1.0, 2.0]])
    with pytest.raises(ValueError, match="sample is 2; expected 0 to 1"):
        batch.select(sample=2, position=0)
    with pytest.raises(TypeError, match=r"position is 0\.5"):
        batch.select(position=0.5)
    assert (batch.text(), batch.view.answer) == before
    assert_consistent(batch)


def test_a_hundred_classes_work_and_one_more_is_refused():
    explorer = CrossEntropyExplorer(torch.zeros(1, 100), torch.tensor([99]))
    explorer.logit_sliders[99].value = 10
    assert explorer.error is None
    assert torch.equal(explorer.loss, cross_entropy(explorer))
    with pytest.raises(ValueError, match="room for 100"):
        CrossEntropyExplorer(torch.zeros(1, 101), torch.tensor([0]))


@pytest.mark.parametrize(
    "break_it",
    [
        lambda explorer: setattr(explorer.logit_sliders[0], "value", 1.5),
        lambda explorer: setattr(explorer.target_buttons, "value", 0),
        lambda explorer: tell(explorer, controls={"logits.0": 1.5}),
    ],
    ids=["slider", "button", "hand"],
)
def test_an_error_in_a_callback_is_shown_and_stored(break_it, monkeypatch):
    explorer = CrossEntropyExplorer(SCENARIOS["confident_right"])
    monkeypatch.setattr(explorer._state, "compute", lambda: 1 / 0)
    break_it(explorer)
    assert isinstance(explorer.error, ZeroDivisionError)
    assert "ZeroDivisionError: division by zero Press Reset" in explorer.view.error
    monkeypatch.undo()
    tell(explorer, n="view:2", load="reset")
    assert explorer.error is None
    assert explorer.view.error == ""
    assert_consistent(explorer)


def test_callbacks_record_no_gradients_on_any_thread(explorer):
    def move():
        with torch.enable_grad():
            explorer.logit_sliders[0].value = 1

    thread = threading.Thread(target=move)
    thread.start()
    thread.join()
    assert not explorer.loss.requires_grad


def test_threads_lose_no_event(batch):
    def move(c):
        for step in range(40):
            batch.logit_sliders[c].value = step / 10 + c

    def script():
        for step in range(20):
            batch.set_logits(torch.full((2, 4, 2), float(step)))
            batch.select(sample=step % 2)

    def hand():
        for step in range(40):
            batch.view._handle_custom_msg(
                {"n": f"v:{step}", "controls": {"logits.3": step / 8}}, []
            )

    at_once(*(partial(move, c) for c in range(3)), hand, script)
    assert batch.error is None
    assert_consistent(batch)


def test_without_a_kernel_there_is_a_picture_and_a_text(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["width"] == 864
    assert data["text/plain"] == (
        "CrossEntropyExplorer(torch.tensor([[4., 3., 2., 10.]]), torch.tensor([3]))\n"
        "target = class 3   softmax = [2.4696e-03, 9.0850e-04, 3.3422e-04, 0.9963]   "
        "loss = −log(0.9963) = 0.0037"
    )
    assert "application/vnd.jupyter.widget-view+json" in data


def test_its_repr_makes_it_again(batch):
    batch.logit_sliders[0].value = 3.3
    names = {"torch": torch, "CrossEntropyExplorer": CrossEntropyExplorer}
    again = eval(repr(batch), names)
    assert torch.equal(again.loss, batch.loss)


def test_closing_frees_every_widget_and_leaves_a_picture():
    before = len(widgets.widget._instances)
    explorer = CrossEntropyExplorer(SCENARIOS["batch_of_two"])
    assert len(widgets.widget._instances) > before
    explorer.close()
    assert len(widgets.widget._instances) == before
    data, _ = explorer._repr_mimebundle_()
    assert sorted(data) == ["image/png", "text/plain"]


def test_a_cell_that_runs_again_closes_what_it_made(monkeypatch):
    message = {"header": {"msg_id": "1"}, "metadata": {"cellId": "a cell"}}
    shell = type("Shell", (), {"parent_header": message})
    monkeypatch.setattr("ce_helpers.live.reruns.get_ipython", lambda: shell)
    first, second = (CrossEntropyExplorer(SCENARIOS["confident_right"]) for _ in range(2))
    message["header"]["msg_id"] = "2"
    third = CrossEntropyExplorer(SCENARIOS["confident_right"])
    assert first.comm is None and second.comm is None and third.comm is not None
    third.logit_sliders[0].value = 1
    assert third.logits[0, 0] == 1


def test_a_page_without_a_kernel_is_told_everything(batch):
    state = batch.page_state()
    assert state["picture"]["names"] == batch._state.class_names
    assert state["start"]["logits"]["step"] == 1
    odd = CrossEntropyExplorer(torch.tensor([[0.1234567, 2.0]]), [0]).page_state()
    assert odd["start"]["logits"]["step"] is None


def test_before_its_steps_are_named_it_tells_the_loss_alone():
    explorer = CrossEntropyExplorer(SCENARIOS["confident_right"], steps=False)
    assert explorer.text().splitlines()[1] == "target = class 3   loss = 0.0037"
    assert [panel.name for grid in explorer.picture().grids for panel in grid] == [
        "logits", "softplus"
    ]  # fmt: skip
    drawn = " ".join(text.get_text() for panel in explorer.picture().grids[0]
                     for text in panel.figure.texts)  # fmt: skip
    assert "loss" in drawn
    assert not any(word in drawn for word in ("softplus", "softmax", "others as one", "−log"))
    explorer.logit_sliders[0].value = 26
    assert explorer.text().endswith("loss = 16.0000")


def test_softmax_twice_is_shown_step_by_step_and_told():
    explorer = CrossEntropyExplorer(SCENARIOS["confident_right"], softmax_first=True)
    assert explorer.loss.item() == pytest.approx(0.7463, abs=5e-5)
    titles = [panel.figure.texts[0].get_text() for grid in explorer.picture().grids
              for panel in grid]  # fmt: skip
    assert titles == ["logits", "p = softmax(logits)", "loss", "softmax(p)"]
    assert "in place of logits: p = [2.4696e-03, 9.0850e-04, 3.3422e-04, 0.9963]" in explorer.text()
    for value in (20, 100, 1000):
        explorer.logit_sliders[3].value = value
        assert explorer.loss.item() >= 0.7436
    explorer.set_logits([[20.0, 2, 3, 4]])
    assert explorer.loss.item() == pytest.approx(1.7437, abs=5e-5)


def test_its_options_are_told_by_its_repr():
    made = CrossEntropyExplorer([[4.0, 3]], [1], steps=False, softmax_first=True)
    again = eval(repr(made), {"torch": torch, "CrossEntropyExplorer": CrossEntropyExplorer})
    assert again.text() == made.text()
    assert again.loss == made.loss
