import pytest
import torch

from ce_helpers import SCENARIOS
from ce_helpers.explorers.cross_entropy_state import ExplorerState


def state_of(key):
    return ExplorerState(SCENARIOS[key].logits, SCENARIOS[key].target)


def test_values_are_torchs():
    state = state_of("confident_right")
    values = state.values()
    logits = torch.tensor([4.0, 3.0, 2.0, 10.0])
    assert values["probs"] == torch.softmax(logits, 0).tolist()
    assert values["loss"] == torch.nn.functional.cross_entropy(logits, torch.tensor(3)).item()
    assert values["others"] == pytest.approx(torch.logsumexp(logits[:3].double(), 0).item())
    assert torch.nn.functional.softplus(torch.tensor(values["s"])).item() == pytest.approx(
        values["loss"], rel=1e-5
    )
    assert values["others_p"] == pytest.approx(1 - values["p"], abs=1e-6)


def test_controls_are_set_by_name():
    state = state_of("batch_of_two")
    state.set("element", 3)
    assert state.selected == (1, 1)
    state.set("logits.2", 7.5)
    state.set("target", 2)
    assert state.logits[1, 2, 1] == 7.5
    assert state.target[1, 1] == 2
    assert state.controls()["logits.2"] == 7.5
    assert list(state.controls())[:2] == ["element", "target"]


def test_a_table_holds_every_element():
    state = state_of("batch_of_two")
    values = state.values()
    assert state.in_a_table and not state.on_a_map
    assert values["cell_logits"][4:8] == SCENARIOS["batch_of_two"].logits[0, :, 1].tolist()
    assert values["losses"] == state.loss.flatten().tolist()
    assert values["mean"] == pytest.approx(state.loss.mean().item())
    assert values["cell_targets"] == [3, 7, 8, 12]


def test_whole_tensors_are_sent_element_by_element():
    state = state_of("batch_of_two")
    sent = state.tensors()
    logits = torch.frombuffer(bytearray(sent["logits"]), dtype=torch.float32).view(4, 4)
    assert torch.equal(logits, state.columns())
    assert list(sent["targets"]) == [3, 3, 0, 0]


def test_one_class_has_no_others():
    values = ExplorerState(torch.zeros(1, 1), torch.tensor([0])).values()
    assert values["others"] == float("-inf") and values["loss"] == 0


def test_softmax_before_the_loss_is_given_in_place_of_logits():
    logits = torch.tensor([[[4.0, 1.0], [3.0, 0.0], [2.0, 5.0]]])  # (1, 3, 2)
    target = torch.tensor([[0, 2]])
    state = ExplorerState(logits, target, softmax_first=True)
    state.select(0, 1)
    p = torch.softmax(logits, dim=1)
    losses = torch.nn.functional.cross_entropy(p, target, reduction="none")
    values = state.values()
    assert torch.equal(state.loss, losses)
    assert values["loss"] == losses[0, 1].item()
    assert values["logits"] == [1, 0, 5]
    assert values["first_probs"] == pytest.approx(p[0, :, 1].tolist())
    assert values["first_p"] == values["target_logit"] == values["first_probs"][2]
    assert values["probs"] == pytest.approx(torch.softmax(p[0, :, 1], 0).tolist())
    softplus = torch.nn.functional.softplus(torch.tensor(values["distances"]))
    assert softplus.tolist() == pytest.approx(losses[0].tolist(), rel=1e-5)
    assert state.extremes()["logits_most"] == 5


@pytest.mark.parametrize("shape", [(4,), (1, 4), (2, 4, 2), (20, 5)])
def test_the_code_with_softmax_first_gives_the_present_loss(shape):
    target = torch.zeros((shape[0], *shape[2:]) if len(shape) > 1 else (), dtype=torch.long)
    logits = torch.arange(torch.Size(shape).numel()).view(shape).float().sin() * 5
    state = ExplorerState(logits, target, softmax_first=True)
    *setup, last = state.code().splitlines()
    names = {"torch": torch}
    exec("\n".join(setup), names)
    shown = state.loss if state.code_shape()["whole"] else state.loss[0]
    assert torch.allclose(eval(last, names), shown)


@pytest.mark.parametrize(("count", "dotted"), [(1, False), (2, True), (100, True), (101, False)])
def test_up_to_a_hundred_elements_have_a_dot_each(count, dotted):
    values = ExplorerState(torch.zeros(count, 3), torch.zeros(count, dtype=torch.long)).values()
    assert ("distances" in values) == ("ps" in values) == dotted
    if dotted:
        assert len(values["losses"]) == len(values["distances"]) == len(values["ps"]) == count
