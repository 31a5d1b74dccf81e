"""What diagnose says of correct calls, of broken ones and of rubbish, and whether remedies mend."""

import contextlib
import itertools
import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn import functional

from ce_helpers.calls.call import Remedy
from ce_helpers.calls.diagnose import Diagnosis, Finding, diagnose
from ce_helpers.calls.explain import explain
from ce_helpers.calls.steps import cross_entropy_steps
from tests.calls.broken_calls import (
    BROKEN,
    CORNERS,
    FLAT,
    FLAT_LOSS,
    INDEX,
    ONE_HOT,
    SEED,
    SEQUENCE,
    SOFT,
    SOFT_LOSS,
    SQUARE,
    STEPS,
)
from tests.calls.correct_calls import FLOATS, random_correct_call
from tests.calls.test_rules_against_torch import run_remedies, torch_accepts

RANDOM_CALLS = 200  # .ci/run asks for ten times as many


def mended_loss(logits, target, **keywords):
    """Run every remedy in order, as a reader does, and then cross_entropy."""
    diagnosis = diagnose(logits, target, **keywords)
    after = run_remedies(diagnosis, logits, target, **keywords)
    if (loss := diagnosis.findings[-1].remedies[0].loss) is not None:
        return loss
    assert diagnose(**after).findings == ()
    return functional.cross_entropy(after.pop("logits"), after.pop("target"), **after)


# No false alarm.


def test_no_finding_on_random_correct_calls(cases):
    calls = RANDOM_CALLS * cases
    random = np.random.default_rng(SEED)
    seen = {"C = d1": 0, "probabilities": 0, "weight": 0, "ignored": 0, "smoothed": 0}
    for number in range(calls):
        logits, target, keywords = random_correct_call(random)
        loss = functional.cross_entropy(logits, target, **keywords)
        assert not loss.isnan().any(), number
        diagnosis = diagnose(logits, target, **keywords)
        assert diagnosis.findings == (), (number, logits, target, keywords)
        seen["C = d1"] += logits.ndim > 2 and logits.shape[1] == logits.shape[2]
        seen["probabilities"] += logits.shape == target.shape
        seen["weight"] += "weight" in keywords
        seen["ignored"] += bool((target == keywords.get("ignore_index", -100)).any())
        seen["smoothed"] += keywords.get("label_smoothing", 0) > 0
    assert min(seen.values()) > calls / 20, seen
    print(f"\n{calls} random correct calls: {seen}", end="")


# Broken calls: the finding, its remedy, and the number after it.


@pytest.mark.parametrize("name", BROKEN)
def test_broken_call_is_found_and_its_remedy_gives_the_right_number(name):
    logits, target, keywords, kind, remedy, expected = BROKEN[name]
    first = diagnose(logits, target, **keywords).findings[0]
    assert first.kind == kind
    assert remedy in first.remedy
    assert torch_accepts((logits, target, keywords)) == (kind == "suspicious")
    torch.testing.assert_close(mended_loss(logits, target, **keywords), expected)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("num_classes", [2, 10, 1000, 32000])
@pytest.mark.parametrize("scale", [0.1, 1, 5])
def test_softmax_is_found_in_every_type(dtype, num_classes, scale):
    logits = torch.randn(8, num_classes, generator=torch.Generator().manual_seed(SEED)) * scale
    target = torch.arange(8) % num_classes
    probs = logits.to(dtype).softmax(1)
    (finding,) = diagnose(probs, target).findings
    exact = (probs >= torch.finfo(dtype).tiny).all()
    assert finding.remedy.startswith(
        "logits = logits.log()" if exact else "# take the softmax away"
    )


LOOK = [
    (FLAT.masked_fill(FLAT > 1, math.nan), INDEX, {}),
    (FLAT.masked_fill(FLAT > 1, math.inf), INDEX, {}),
    (FLAT.masked_fill(ONE_HOT > 0, -math.inf), INDEX, {}),
    (torch.full((3, 4), -math.inf), INDEX, {}),
    (FLAT, torch.zeros(3, 4), {}),
    (torch.zeros(3, 0), torch.zeros(3, 0), {}),
    (FLAT, torch.tensor([3, 0, 9]), {}),
    (FLAT, torch.zeros(3, 7), {}),
    (FLAT, INDEX, {"weight": torch.ones(5)}),
    (torch.tensor(1.0), torch.tensor(0), {}),
]


@pytest.mark.parametrize("case", range(len(LOOK)))
def test_where_no_line_mends_the_remedy_says_where_to_look(case):
    logits, target, keywords = LOOK[case]
    diagnosis = diagnose(logits, target, **keywords)
    assert diagnosis.findings[0].remedy.startswith("# ")
    assert (diagnosis.findings[0].kind == "raises") != torch_accepts(LOOK[case])
    run_remedies(diagnosis, logits, target, **keywords)


def test_silent_mistake_without_evidence_shows_its_reading_only():
    diagnosis = diagnose(SQUARE.transpose(1, 2), CORNERS)
    assert diagnosis.findings == ()
    assert "N = 4, C = 4, d1 = 4" in str(diagnosis)


# Every argument gets a diagnosis, and stays as it is.


class Unspeakable:
    """An object that answers nothing."""

    def __len__(self):
        raise RuntimeError("len")

    def __array__(self, *args, **kwargs):
        raise RuntimeError("array")

    def __repr__(self):
        raise RuntimeError("repr")


def rubbish():
    """Made when asked for: a fake tensor loads torch's compiler, a second in each process."""
    with FakeTensorMode():
        fake = torch.zeros(2, 3)
    quantized = torch.quantize_per_tensor(torch.zeros(2, 3), 0.1, 0, torch.quint8)
    return [
        None, "", "logits", b"", {}, {"a": 1}, set(), [], [[]], [[1, 2], [3]], [None], ["a"],
        object(), 0, 1.5, True, 1j, math.nan, 2**70, [2**70], range(3), np.array("a"),
        np.array(None),
        np.array([[1, 2]], dtype=object), np.float64(1), np.zeros((0, 3)), np.zeros((2, 3)),
        np.zeros((2, 3), dtype=">f4"), torch.zeros(()), torch.zeros(0), torch.zeros(2, 3),
        torch.zeros(2, dtype=torch.int64), torch.zeros(2, 3).to_sparse(), torch.zeros(2, 3, 2),
        torch.nested.nested_tensor([torch.zeros(3), torch.zeros(2)]),
        torch.zeros(2, 3, dtype=torch.complex64), torch.zeros(2, dtype=torch.complex64),
        torch.float32,
        torch.zeros(2, 1, dtype=torch.bool), torch.full((2, 3), math.nan), torch.nn.Linear(1, 1),
        torch.zeros(2, 3, device="meta"), torch.zeros((), device="meta"),
        torch.zeros(2, dtype=torch.int64, device="meta"),
        torch.zeros(2, 3, dtype=torch.float8_e4m3fn), Unspeakable(), fake, quantized,
        torch.zeros(2, 3, dtype=torch.uint32), torch._neg_view(torch.zeros(2, 3)),
        int, len, torch.zeros(1, 3, 2, 2, 2, 2),
    ]  # fmt: skip


def test_rubbish_gets_a_diagnosis():
    good, values = torch.zeros(2, dtype=torch.int64), rubbish()
    for first, second in itertools.product(values, values):
        diagnosis = diagnose(first, second)
        assert isinstance(diagnosis, Diagnosis)
        assert str(diagnosis)
        assert diagnosis._repr_html_()
        run_remedies(diagnosis, first, second)
        for asked in (cross_entropy_steps, explain):
            # a sentence of ours, or an answer
            with contextlib.suppress(ValueError, TypeError):
                asked(first, second)
    for value in values:
        for keyword in ("weight", "ignore_index", "reduction", "label_smoothing"):
            assert str(diagnose(FLAT[:2], good, **{keyword: value}))


def test_arguments_stay_as_they_are():
    for logits, target, keywords, *_ in BROKEN.values():
        tensors = [x for x in (logits, target, keywords.get("weight")) if hasattr(x, "dtype")]
        before = [(x.tolist(), x.dtype, x.shape) for x in tensors]
        diagnose(logits, target, **keywords)
        assert repr(before) == repr([(x.tolist(), x.dtype, x.shape) for x in tensors])


def test_listed_exception_sparse_probabilities():
    # torch takes a sparse target of probabilities; diagnose asks for dense tensors everywhere.
    target = SOFT.to_sparse()
    torch.testing.assert_close(functional.cross_entropy(FLAT, target), SOFT_LOSS)
    assert diagnose(FLAT, target).findings[0].remedy == "target = target.to_dense()"
    torch.testing.assert_close(mended_loss(FLAT.to_sparse(), INDEX), FLAT_LOSS)


def test_equal_logits_are_a_note_and_no_fault():
    diagnosis = diagnose(torch.full((3, 4), 2.0), INDEX)
    assert diagnosis.findings == ()
    (note,) = diagnosis.notes
    assert "ln C = 1.3863" in note
    assert note in str(diagnosis) and note in diagnosis._repr_html_()
    assert diagnose(FLAT, INDEX).notes == ()
    assert diagnose(torch.zeros(3, 1), INDEX * 0).notes == ()


def test_numbers_from_rand_are_no_sigmoids():
    for dtype in (torch.float32, torch.float64):  # in fewer bits rounding hides rand's grid
        logits = torch.rand(64, 10, dtype=dtype, generator=torch.Generator().manual_seed(SEED))
        assert diagnose(logits, torch.arange(64) % 10).findings == ()


def test_a_tensor_that_requires_grad_is_in_order():
    logits = FLAT.clone().requires_grad_()
    assert diagnose(logits, INDEX).findings == ()
    assert logits.grad is None


# What the reader sees.


def test_text_of_a_call_in_order():
    text = str(diagnose(SEQUENCE, STEPS))
    assert "N = 2, C = 4, d1 = 5" in text
    assert "class indices" in text
    assert "in order" in text
    assert "C = 4" in str(diagnose(FLAT[0], INDEX[0]))
    assert "probabilities" in str(diagnose(FLAT, SOFT))


def test_text_of_findings():
    diagnosis = diagnose(FLAT, INDEX[:, None].float())
    text = str(diagnosis)
    assert "in order" not in text
    for finding in diagnosis.findings:
        assert finding.message in text
        assert finding.remedy in text
    assert text.index("1. torch raises") < text.index("2. torch raises")
    assert "likely not the one you want" in str(diagnose(FLAT.softmax(1), INDEX))


def test_html_is_escaped():
    diagnosis = diagnose(FLAT, INDEX, reduction="<script>")
    assert "<script>" in diagnosis.findings[0].message
    assert "<script>" not in diagnosis._repr_html_()
    assert "&lt;script&gt;" in diagnosis._repr_html_()
    assert "in order" in diagnose(FLAT, INDEX)._repr_html_()


def test_frozen():
    diagnosis = diagnose(FLAT, INDEX[:, None])
    assert isinstance(diagnosis.findings, tuple)
    with pytest.raises(FrozenInstanceError):
        diagnosis.findings = ()
    with pytest.raises(FrozenInstanceError):
        diagnosis.findings[0].kind = "suspicious"
    assert isinstance(diagnosis.findings[0], Finding)


def test_two_readings_show_two_remedies():
    remedies = (Remedy("target = target.exp()"), Remedy("# a < b"))
    diagnosis = Diagnosis((Finding("suspicious", "two readings", remedies),), "reading")
    assert diagnosis.findings[0].remedy == "target = target.exp()"
    assert str(diagnosis).endswith("two readings.\n   target = target.exp()\n   # a < b")
    html = diagnosis._repr_html_()
    assert "<code>target = target.exp()</code>" in html and "<p>a &lt; b</p>" in html
