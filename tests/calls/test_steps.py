"""cross_entropy_steps: the article's numbers, each intermediate, and every error sentence."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from ce_helpers.calls.softmax import log_softmax, softmax
from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.scenarios import SCENARIOS

LOGITS = [[1.0, 2.0, 3.0], [0.0, 1.0, 5.0]]
HALVES = [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("confident_right", "[0.0037]"),
        ("confident_wrong", "[16.]"),
        ("two_positions", "[[3.7192e-03, 8.0037e+00]]"),
        ("batch_of_two", "[[2.4938e+00, 1.1921e-07],\n        [4.5418e-05, 4.5418e-05]]"),
    ],
)
def test_article_prints_these_losses(name, printed):
    scenario = SCENARIOS[name]
    steps = cross_entropy_steps(scenario.logits, scenario.target, reduction="none")
    assert str(torch.from_numpy(steps.loss)) == f"tensor({printed})"


def test_article_probabilities():
    scenario = SCENARIOS["confident_right"]
    steps = cross_entropy_steps(scenario.logits, scenario.target)
    printed = "tensor([[2.4696e-03, 9.0850e-04, 3.3422e-04, 9.9629e-01]])"
    assert str(torch.from_numpy(steps.probs)) == printed


def test_float64_shows_what_float32_rounds():
    scenario = SCENARIOS["batch_of_two"]
    steps = cross_entropy_steps(scenario.logits.double(), scenario.target, reduction="none")
    assert steps.loss[0, 1] == pytest.approx(1.6916e-07, rel=1e-4)
    assert steps.loss[1, 0] == pytest.approx(4.5456e-05, rel=1e-4)


def test_fields_come_in_the_order_of_computation():
    steps = cross_entropy_steps(LOGITS, [2, 0])
    names = [field.name for field in dataclasses.fields(steps)]
    assert names[:3] == ["logits", "target", "weight"]
    assert names[3:7] == ["logits_max", "shifted", "exp_shifted", "sum_exp"]
    assert names[7:10] == ["log_sum_exp", "log_probs", "probs"]
    assert names[-4:] == ["numerator", "denominator", "loss", "grad"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        steps.loss = 0


@pytest.mark.parametrize("shape", [(3,), (2, 3), (0, 3), (4, 500, 3, 3)])
def test_printed_steps_are_a_line_each(shape):
    steps = cross_entropy_steps(
        np.zeros(shape), np.zeros(shape[:1] + shape[2:] if shape[1:] else (), int)
    )
    lines = str(steps).splitlines()
    names = [field.name for field in dataclasses.fields(steps)]
    assert [line.split()[0] for line in lines] == names
    assert len(lines) <= 40
    assert all(len(line) <= 120 for line in lines)
    assert str(tuple(shape)) in lines[0]


def test_each_intermediate_of_one_small_call():
    # Logits that are logs make every number readable: probabilities 1/4 and 3/4, 1/2 and 1/2.
    logits = np.log([[1.0, 3.0], [2.0, 2.0]])
    steps = cross_entropy_steps(logits, [0, 1], weight=np.array([2.0, 1.0]))
    expected = {
        "weight": [2, 1],
        "logits_max": [[math.log(3)], [math.log(2)]],
        "shifted": [[-math.log(3), 0], [0, 0]],
        "exp_shifted": [[1 / 3, 1], [1, 1]],
        "sum_exp": [[4 / 3], [2]],
        "log_sum_exp": [[math.log(4 / 3)], [math.log(2)]],
        "log_probs": [[math.log(1 / 4), math.log(3 / 4)], [-math.log(2), -math.log(2)]],
        "probs": [[1 / 4, 3 / 4], [1 / 2, 1 / 2]],
        "mask": [True, True],
        "target_probs": [[1, 0], [0, 1]],
        "target_weight": [2, 1],
        "class_weight": [[2, 0], [0, 1]],
        "class_loss": [[2 * math.log(4), 0], [0, math.log(2)]],
        "per_element_loss": [2 * math.log(4), math.log(2)],
        "numerator": 5 * math.log(2),
        "denominator": 3,
        "loss": 5 * math.log(2) / 3,
        "grad": [[-2 / 3 * 3 / 4, 2 / 3 * 3 / 4], [1 / 6, -1 / 6]],
    }
    for name, value in expected.items():
        np.testing.assert_allclose(getattr(steps, name), value, rtol=1e-14, err_msg=name)


def test_ignored_element_adds_nothing():
    steps = cross_entropy_steps(LOGITS, [-100, 0])
    assert steps.mask.tolist() == [False, True]
    assert steps.per_element_loss[0] == 0
    assert steps.denominator == 1
    assert steps.grad[0].tolist() == [0, 0, 0]


def test_smoothing_spreads_the_target():
    steps = cross_entropy_steps(LOGITS, [2, -100], label_smoothing=0.3)
    np.testing.assert_allclose(steps.target_probs, [[0.1, 0.1, 0.8], [0, 0, 0]], rtol=1e-6)
    assert steps.denominator == 1


def test_weights_leave_the_denominator_of_probabilities_alone():
    weight = np.array([5, 5, 5], np.float32)
    steps = cross_entropy_steps(LOGITS, HALVES, weight=weight)
    plain = cross_entropy_steps(LOGITS, HALVES)
    assert steps.denominator == 2
    assert steps.loss == pytest.approx(5 * plain.loss)


def test_plain_gradient_is_probs_minus_one_hot():
    steps = cross_entropy_steps(LOGITS, [2, 0], reduction="sum")
    one_hot = np.eye(3, dtype=np.float32)[[2, 0]]
    np.testing.assert_array_equal(steps.grad, steps.probs - one_hot)


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_denominator_is_one_without_a_mean(reduction):
    steps = cross_entropy_steps(LOGITS, [2, 0], reduction=reduction)
    assert steps.denominator == 1
    assert steps.numerator == steps.per_element_loss.sum()


@pytest.mark.parametrize("num_classes", [1, 2, 10, 1000])
def test_uniform_logits_give_log_of_the_number_of_classes(num_classes):
    steps = cross_entropy_steps(np.full((1, num_classes), 7.0), [0])
    assert steps.loss == pytest.approx(math.log(num_classes))


@pytest.mark.parametrize("target", [np.zeros((0, 2), int), np.full((1, 2), -100)])
def test_mean_over_nothing_is_nan_and_sum_is_zero(target):
    logits = np.ones((len(target), 3, 2))
    assert math.isnan(cross_entropy_steps(logits, target).loss)
    assert cross_entropy_steps(logits, target, reduction="sum").loss == 0
    assert not cross_entropy_steps(logits, target).grad.any()


def test_huge_logits_do_not_overflow():
    steps = cross_entropy_steps([[1e30, -1e30, 0.0]], [0])
    assert steps.loss == 0
    assert steps.probs.tolist() == [[1, 0, 0]]


def test_float16_is_added_in_float32():
    # Added in float16, 1 + 1 + … would stop at 2048.
    steps = cross_entropy_steps(np.zeros((5000, 3), np.float16), np.zeros(5000, int))
    assert steps.denominator == 5000
    assert softmax(np.zeros((4000, 2), np.float16), dim=0)[0, 0] == np.float16(1 / 4000)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numpy_arrays_keep_their_type(dtype):
    steps = cross_entropy_steps(np.array(LOGITS, dtype), np.array([2, 0]))
    for name in ("log_probs", "probs", "per_element_loss", "denominator", "loss", "grad"):
        assert getattr(steps, name).dtype == dtype, name


def test_numbers_are_read_as_torch_reads_them():
    assert cross_entropy_steps(LOGITS, [2, 0]).logits.dtype == np.float32
    assert cross_entropy_steps(LOGITS, [2, 0]).target.dtype == np.int64
    rows = [list(row) for row in np.array(LOGITS)]  # np.float64, not Python's float
    assert cross_entropy_steps(rows, [2, 0]).logits.dtype == np.float64
    brain = torch.tensor(LOGITS, dtype=torch.bfloat16, requires_grad=True)
    assert cross_entropy_steps(brain, torch.tensor([2, 0])).loss.dtype == np.float32
    assert cross_entropy_steps([0.0, 0.0], [1]).target.shape == ()
    smoothing = np.float64(0.1)  # must not turn float32 into float64
    steps = cross_entropy_steps(LOGITS, [2, 0], label_smoothing=smoothing)
    assert steps.loss.dtype == np.float32


def test_arguments_are_left_as_they_were():
    logits, target = torch.tensor(LOGITS), torch.tensor([2, -100])
    before = logits.clone(), target.clone()
    cross_entropy_steps(logits, target, label_smoothing=0.1)
    assert torch.equal(logits, before[0])
    assert torch.equal(target, before[1])


def test_steps_stay_when_a_tensor_changes_later():
    logits = torch.tensor(LOGITS)
    steps = cross_entropy_steps(logits, [2, 0])
    logits.zero_()
    assert steps.logits.tolist() == LOGITS


def test_softmax_sums_to_one_along_dim():
    logits = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(softmax(logits, dim=0).sum(0), 1)
    np.testing.assert_allclose(softmax(logits, dim=-1).sum(-1), 1)
    np.testing.assert_allclose(np.exp(log_softmax(logits, dim=1)), softmax(logits, dim=1))


def logits_of(*shape):
    return np.zeros(shape, np.float32)


def target_of(*shape, dtype=np.int64):
    return np.zeros(shape, dtype)


IMAGES = logits_of(2, 3, 4, 5)

# Each row: logits, target, keywords, the error, and what the sentence must say.
MISTAKES = {
    "no dimension": (
        np.float32(1), 0, {}, ValueError,
        "logits are one number of shape (); logits must be a float tensor of shape (C), (N, C) or",
    ),
    "no classes": (
        logits_of(2, 0), target_of(2), {}, ValueError,
        "logits of shape (2, 0) have no classes",
    ),
    "integer logits": (
        [[1, 2]], [0], {}, TypeError,
        "logits are torch.int64, and softmax takes only floating point; remedy: "
        "logits = logits.float()",
    ),
    "boolean logits": ([[True, False]], [0], {}, TypeError, "logits are torch.bool, and"),
    "complex logits": ([[1j, 0]], [0], {}, TypeError, "remedy: logits = logits.real"),
    "ragged logits": (
        [[1.0], [1.0, 2.0]], [0, 0], {}, ValueError,
        "logits is a list whose rows differ in length",
    ),
    "column of targets": (
        logits_of(2, 3), target_of(2, 1), {}, ValueError,
        "logits of shape (2, 3) need class indices of shape (2,) or probabilities of shape "
        "(2, 3), but target has shape (2, 1); remedy: target = target.squeeze(1)",
    ),
    "mask with a channel": (IMAGES, target_of(2, 1, 4, 5), {}, ValueError, "target.squeeze(1)"),
    "colour mask": (
        IMAGES[:, :2], target_of(2, 3, 4, 5), {}, ValueError,
        "target has shape (2, 3, 4, 5); remedy: target = target.select(1, 0)",
    ),
    "one number for one row": (
        logits_of(1, 3), target_of(), {}, ValueError, "target.reshape((1,))",
    ),
    "N differs": (
        logits_of(2, 3), target_of(4), {}, ValueError,
        "logits[:2], target[:2]  # only if the first 2 belong together",
    ),
    "H and W differ": (
        IMAGES, target_of(2, 5, 5), {}, ValueError,
        "need class indices of shape (2, 4, 5) or probabilities of shape (2, 3, 4, 5), but "
        "target has shape (2, 5, 5); remedy: logits = torch.nn.functional.interp",
    ),
    "classes last in a sequence": (
        logits_of(2, 5, 4), target_of(2, 5), {}, ValueError,
        "; remedy: logits = logits.transpose(1, 2)",
    ),
    "classes last in an image": (
        IMAGES, target_of(2, 3, 4), {}, ValueError,
        "; remedy: logits = logits.movedim(-1, 1)",
    ),
    "one image without N": (
        IMAGES[0], target_of(4, 5), {}, ValueError,
        "remedy: logits, target = logits.unsqueeze(0), target.unsqueeze(0)",
    ),
    "float indices": (
        logits_of(2, 3), target_of(2, dtype=np.float32), {}, TypeError,
        "class indices must be int64, but target is torch.float32; remedy: target = target.long()",
    ),
    "int32 indices": (
        logits_of(2, 3), target_of(2, dtype=np.int32), {}, TypeError,
        "class indices must be int64, but target is torch.int32; remedy: target = target.long()",
    ),
    "uint8 mask": (
        IMAGES, target_of(2, 4, 5, dtype=np.uint8), {}, TypeError,
        "class indices must be int64, but target is torch.uint8, which torch takes only without d1",
    ),
    "integer one-hot": (
        logits_of(2, 3), target_of(2, 3), {}, TypeError,
        "so it holds probabilities, which must be floating point, but it is torch.int64; remedy: "
        "target = target.float()",
    ),
    "counted from 1": (
        logits_of(2, 3), [1, 3], {}, ValueError,
        "target holds 3, but with C = 3 an index must be from 0 to 2, or ignore_index=-100. The "
        "classes are counted from 1: 0 does not occur. Or 3 marks padding; remedy: "
        "target = target - 1, or remedy: ignore_index = 3",
    ),
    "padding of -1": (
        logits_of(1, 3, 2), [[0, -1]], {}, ValueError,
        "target holds -1, but with C = 3 an index must be from 0 to 2, or ignore_index=-100. If "
        "-1 marks padding, ignore it; remedy: ignore_index = -1",
    ),
    "void class 255": (logits_of(2, 3), [0, 255], {}, ValueError, "remedy: ignore_index = 255"),
    "plainly out of range": (
        logits_of(3), 7, {}, ValueError, "target holds 7, but with C = 3 an index must be "
        "from 0 to 2, or ignore_index=-100; find them: ((target < 0) | (target >= 3)).nonzero()",
    ),
    "ignored value is not the offence": (
        logits_of(2, 3), [-1, 9], {"ignore_index": -1}, ValueError, "target holds 9",
    ),
    "unknown reduction": (
        LOGITS, [0, 1], {"reduction": "average"}, ValueError,
        "reduction is 'average', and must be 'mean', 'sum' or 'none'; remedy: reduction = ",
    ),
    "smoothing above 1": (
        LOGITS, [0, 1], {"label_smoothing": 1.5}, ValueError,
        "label_smoothing is 1.5, and must be from 0 to 1; remedy: label_smoothing = 0.1",
    ),
    "smoothing below 0": (
        LOGITS, [0, 1], {"label_smoothing": -0.1}, ValueError, "label_smoothing=-0.1 is below 0",
    ),
    "smoothing is nan": (
        LOGITS, [0, 1], {"label_smoothing": math.nan}, ValueError, "=nan is below 0 or nan",
    ),
    "smoothing is text": (
        LOGITS, [0, 1], {"label_smoothing": "0.1"}, TypeError,
        "label_smoothing is of type str, not a number; remedy: label_smoothing = 0.0",
    ),
    "float ignore_index": (
        LOGITS, [0, 1], {"ignore_index": 1.0}, TypeError,
        "ignore_index is 1.0, and must be an int of 64 bits; remedy: ignore_index = 1",
    ),
    "boolean ignore_index": (LOGITS, [0, 1], {"ignore_index": True}, TypeError, "index is True"),
    "ignore_index with probabilities": (
        LOGITS, HALVES, {"ignore_index": 0}, ValueError,
        "ignore_index=0 works only with class indices",
    ),
    "short weight": (
        LOGITS, [0, 1], {"weight": [1.0, 1.0]}, ValueError,
        "weight has shape (2,), and must have shape (3,); weight needs one number for each of",
    ),
    "weight with two dimensions": (
        LOGITS, [0, 1], {"weight": [[1.0, 1.0, 1.0]]}, ValueError, "weight has shape (1, 3)",
    ),
    "float64 weight": (
        LOGITS, [0, 1], {"weight": np.ones(3)}, TypeError,
        "weight is torch.float64, and must be as logits, torch.float32; remedy: "
        "weight = weight.to(logits.dtype)",
    ),
    "complex weight": (
        LOGITS, HALVES, {"weight": np.ones(3, complex)}, TypeError,
        "weight is torch.complex128",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_told_in_one_sentence(name):
    logits, target, keywords, error, said = MISTAKES[name]
    with pytest.raises(error) as caught:
        cross_entropy_steps(logits, target, **keywords)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
