import numpy as np
import pytest
import torch

from ce_helpers import SCENARIOS
from ce_helpers.explorers.state import CrossEntropyState

SHAPES = {
    (4,): (),
    (1, 4): (1,),
    (3, 4): (3,),
    (2, 4, 2): (2, 2),
    (2, 3, 4, 5): (2, 4, 5),
    (1, 2, 2, 3, 2): (1, 2, 3, 2),
}


def random_state(shape):
    generator = torch.Generator().manual_seed(0)
    num_classes = shape[0 if len(shape) == 1 else 1]
    target = torch.randint(num_classes, SHAPES[shape], generator=generator)
    return CrossEntropyState(torch.randn(shape, generator=generator), target)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_element_of_every_shape_can_be_selected_and_edited_alone(shape):
    state = random_state(shape)
    for index in np.ndindex(state.sizes):
        state.select(index[0], tuple(index[1:]))
        before, loss = state.logits.clone(), state.loss.clone()
        state.set_logit(0, 7.5)
        changed = state.logits != before
        assert changed.sum() == 1
        assert (state.loss != loss).sum() == 1
        assert state.selected_loss == state.loss[index if state.loss.ndim else ()].item()
        element = (index[0], slice(None), *index[1:]) if len(shape) > 1 else slice(None)
        assert torch.equal(state.selected_logits, state.logits[element])
        assert torch.equal(state.probs, torch.softmax(state.logits[element], dim=0))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_code_it_shows_gives_the_loss_it_shows(shape):
    state = random_state(shape)
    names = {"torch": torch}
    exec(state.code().replace("\n", "\nloss = "), names)
    whole = state.logits.numel() <= 64
    assert torch.equal(names["loss"], state.loss if whole else torch.tensor(state.selected_loss))


def test_a_map_shows_samples_by_positions_or_one_samples_image():
    state = random_state((2, 4, 2))
    state.select(1, 0)
    losses, cell = state.map()
    assert np.array_equal(losses, state.loss.numpy())
    assert cell == (1, 0)
    image = random_state((2, 3, 4, 5))
    image.select(1, (3, 2))
    losses, cell = image.map()
    assert np.array_equal(losses, image.loss[1].numpy())
    assert cell == (3, 2)
    assert random_state((1, 4)).map_shape is None


def test_the_given_tensors_are_copied():
    logits, target = SCENARIOS["two_positions"].logits, SCENARIOS["two_positions"].target
    state = CrossEntropyState(logits.transpose(1, 2).contiguous().transpose(1, 2), target)
    state.set_logit(0, 9)
    state.set_target(0)
    assert torch.equal(logits, SCENARIOS["two_positions"].logits)
    assert torch.equal(target, SCENARIOS["two_positions"].target)


def test_the_summary_of_one_element_and_of_several():
    assert CrossEntropyState(
        SCENARIOS["confident_right"].logits, SCENARIOS["confident_right"].target
    ).summary() == [
        "target = class 3   softmax = [2.4696e-03, 9.0850e-04, 3.3422e-04, 0.9963]   "
        "loss = −log(0.9963) = 0.0037"
    ]
    state = CrossEntropyState(SCENARIOS["batch_of_two"].logits, SCENARIOS["batch_of_two"].target)
    state.select(1, 1)
    first, second, third = state.summary()
    assert first == "sample 1, position 1: logits[1, :, 1] = [20, 3, 2, 10]"
    assert second.endswith("loss = −log(0.99995) = 4.5418e-05")
    assert third == "all 4 elements: sum = 2.4939, mean = sum / 4 = 0.6235"


def test_of_many_elements_the_summary_gives_the_mean_alone():
    state = random_state((2, 3, 4, 5))
    assert state.summary()[-1] == f"all 40 elements: mean = {state.loss.mean():.4f}"


def test_a_probability_that_rounds_to_zero_is_not_written_as_its_log():
    (line,) = CrossEntropyState(torch.tensor([[104.0, 0.0]]), torch.tensor([1])).summary()
    assert line.endswith("loss = −log_softmax = 104.0000 (p rounds to 0)")


BAD_CALLS = [
    ([[4, 3, 2, 10]], [3], TypeError, "softmax takes only floating point"),
    (torch.tensor([[1 + 1j, 2]]), [0], TypeError, "softmax takes only floating point"),
    ([[4.0, 3.0]], [2], ValueError, "target holds 2, but with C = 2"),
    ([[4.0, 3.0]], [-100], ValueError, "target holds -100"),
    ([[4.0, 3.0]], [0.0], TypeError, "target"),
    ([[0.4, 0.6]], [[0.0, 1.0]], TypeError, "probabilities; expected class indices"),
    ([[4.0, 3.0]], [0, 1], ValueError, "target"),
    (torch.zeros(2, 3, 4), torch.zeros(2, 5).long(), ValueError, "target"),
    (torch.zeros(()), torch.zeros(()).long(), ValueError, "shape"),
    (torch.zeros(2, 0), torch.zeros(2).long(), ValueError, "no classes"),
    (torch.zeros(0, 3), torch.zeros(0).long(), ValueError, "hold no element"),
    (torch.zeros(1, 101), [0], ValueError, "101 classes; an explorer has room for 100"),
    ([[float("nan"), 1.0]], [0], ValueError, "nan or inf"),
    ([[float("inf"), 1.0]], [0], ValueError, "nan or inf"),
]


@pytest.mark.parametrize(("logits", "target", "error", "words"), BAD_CALLS)
def test_a_bad_call_is_refused_in_one_sentence(logits, target, error, words):
    with pytest.raises(error, match=words) as raised:
        CrossEntropyState(logits, target)
    assert "\n" not in str(raised.value)


def test_class_names_must_be_one_for_each_class():
    with pytest.raises(ValueError, match="class_names has 1 names; expected one for each of 2"):
        CrossEntropyState([[1.0, 2.0]], [0], ["cat"])
    assert CrossEntropyState([[1.0, 2.0]], [0], np.array(["cat", "dog"])).class_names == [
        "cat", "dog",
    ]  # fmt: skip
    assert CrossEntropyState([[1.0, 2.0]], [0]).class_names == ["class 0", "class 1"]


@pytest.mark.parametrize(
    ("sample", "position", "error", "words"),
    [
        (2, None, ValueError, "sample is 2; expected 0 to 1"),
        (-1, None, ValueError, "sample is -1"),
        (None, 2, ValueError, "position is 2; expected 0 to 1"),
        (1, (0, 0), ValueError, "has 2 indices"),
        (1.0, None, TypeError, "sample is 1.0; expected an integer"),
        (True, None, TypeError, "sample is True"),
        (None, "0", TypeError, "position is '0'"),
    ],
)
def test_a_wrong_selection_changes_nothing(sample, position, error, words):
    state = random_state((2, 4, 2))
    state.select(1, 1)
    with pytest.raises(error, match=words):
        state.select(sample, position)
    assert state.selected == (1, 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_reset_brings_back_tensors_and_selection(shape):
    start = random_state(shape)
    last = tuple(size - 1 for size in start.sizes)
    state = CrossEntropyState(start.logits, start.target, selected=last)
    assert state.selected == last
    before = state.summary(), state.code()
    state.select(0, (0,) * (len(last) - 1))
    state.set_logit(0, 7.5)
    state.set_target(1 - state.selected_target % 2)
    state.reset()
    assert state.selected == last
    assert (state.summary(), state.code()) == before
    start.select(last[0], last[1:])
    start.reset()
    assert start.selected == (0,) * len(last)


@pytest.mark.parametrize(
    ("selected", "error", "words"),
    [
        (1, ValueError, r"selected is 1; expected a tuple \(sample, position\)"),
        ((1,), ValueError, r"selected is \(1,\); expected a tuple"),
        ((1, 0, 0), ValueError, "expected a tuple"),
        ((0, 2), ValueError, "position is 2; expected 0 to 1"),
        ((0, 1.0), TypeError, "position is 1.0; expected an integer"),
    ],
)
def test_a_wrong_start_is_refused(selected, error, words):
    start = random_state((2, 4, 2))
    with pytest.raises(error, match=words):
        CrossEntropyState(start.logits, start.target, selected=selected)


@pytest.mark.parametrize(
    ("logits", "words"),
    [
        (torch.zeros(2, 2), r"shape \(2, 2\); expected \(2, 4, 2\) for all elements, or \(4,\)"),
        ([1.0, 2.0, 3.0], r"shape \(3,\)"),
        ([1.0, 2.0, 3.0, float("nan")], "nan or inf"),
    ],
)
def test_wrong_logits_change_nothing(logits, words):
    state = random_state((2, 4, 2))
    before, loss = state.logits.clone(), state.loss.clone()
    with pytest.raises(ValueError, match=words):
        state.set_logits(logits)
    assert torch.equal(state.logits, before)
    assert torch.equal(state.loss, loss)


def test_set_logits_of_all_elements_and_of_the_selected_one():
    state = random_state((2, 4, 2))
    state.set_logits(torch.arange(16.0).view(2, 4, 2))
    state.select(1, 0)
    state.set_logits([9.0, 8.0, 7.0, 6.0])
    expected = torch.arange(16.0).view(2, 4, 2)
    expected[1, :, 0] = torch.tensor([9.0, 8.0, 7.0, 6.0])
    assert torch.equal(state.logits, expected)
    expected_loss = torch.nn.functional.cross_entropy(expected, state.target, reduction="none")
    assert torch.equal(state.loss, expected_loss)
