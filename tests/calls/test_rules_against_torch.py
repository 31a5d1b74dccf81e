"""Every rule against torch: who refuses a call, in which words, and what each remedy line does.

One run over a grid of calls asks torch, diagnose and the steps.
"""

import itertools
import math
import warnings

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from ce_helpers.calls.call import Call, number
from ce_helpers.calls.diagnose import diagnose
from ce_helpers.calls.refusals import RULES, first_refusal
from ce_helpers.calls.steps import cross_entropy_steps
from tests.calls.correct_calls import FLOATS

DEFAULTS = {"weight": None, "ignore_index": -100, "reduction": "mean", "label_smoothing": 0.0}


def torch_accepts(call):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            functional.cross_entropy(*call[:2], **call[2])
        except (RuntimeError, ValueError, TypeError, IndexError):
            return False
    return True


def raises(diagnosis):
    return any(finding.kind == "raises" for finding in diagnosis.findings)


def steps_refuse(call):
    """The sentence with which they refuse, or None."""
    try:
        cross_entropy_steps(*call[:2], **call[2])
    except (ValueError, TypeError) as error:
        return str(error)
    return None


def run_remedies(diagnosis, logits, target, **keywords):
    """Run every line in order, as a reader does; each gives the arguments that its remedy names."""
    call = {"logits": logits, "target": target} | DEFAULTS | keywords
    for finding in diagnosis.findings:
        before = call
        for remedy in reversed(finding.remedies):  # the first one is the one that is gone on with
            scope = {"torch": torch} | before
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # from_numpy warns of read-only arrays
                exec(remedy.line, scope)
            call = {name: scope[name] for name in before}
            assert before.keys() >= remedy.new.keys()
            assert is_same(scope.get("loss"), remedy.loss), (finding, remedy)
            for name, value in call.items():
                assert is_same(value, (before | remedy.new)[name]), (finding, name)
            assert remedy.is_place == remedy.line.startswith("# ")
    return call


def is_same(value, other):
    if value is other or not isinstance(value, torch.Tensor):
        return value is other or (type(value) is type(other) and value == other)
    same = (value.dtype, value.shape) == (other.dtype, other.shape)
    return same and repr(value.tolist()) == repr(other.tolist())  # nan is nan


SHAPES = [
    ((), ()), ((), (1,)), ((3,), ()), ((3,), (1,)), ((3,), (2,)), ((3,), (3,)), ((3,), (1, 1)),
    ((1,), ()), ((1,), (1,)), ((2, 3), (2,)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ()),
    ((2, 3), (2, 3)), ((1, 3), ()), ((1, 3), (1,)), ((1, 3), (3,)), ((2, 1), (2,)),
    ((2, 1), (2, 1)), ((2, 3, 4), (2, 4)), ((2, 3, 4), (2, 3)), ((2, 3, 4), (2, 4, 1)),
    ((2, 3, 4), (2, 1, 4)), ((2, 3, 4), (1, 4)), ((2, 3, 4), (3, 4)), ((2, 3, 4), (2,)),
    ((2, 3, 4), (2, 3, 4)), ((2, 3, 1), (2,)), ((2, 3, 1), (2, 1)), ((2, 3, 4, 2), (2, 4, 2)),
    ((2, 3, 4, 2), (2, 1, 4, 2)), ((2, 3, 4, 2), (2, 3, 4, 2)), ((2, 3, 4, 2), (2, 2, 4)),
    ((2, 3, 4, 2), (3, 4, 2)), ((2, 3, 1, 4), (2, 4)), ((2, 3, 2, 2), (2, 1, 2)),
    ((2, 3, 4, 2, 2), (2, 4, 2, 2)), ((2, 3, 4, 2, 2), (2, 4, 2)),
    ((2, 3, 4, 2, 2), (2, 4, 2, 3)), ((2, 3, 4, 2, 2), (2, 1, 4, 2, 2)),
    ((0, 3), (0,)), ((0, 3), (0, 3)), ((0, 3), ()), ((0, 3, 2), (0, 2)), ((2, 3, 0), (2, 0)),
    ((2, 3, 0), (2, 3, 0)), ((2, 3, 0, 2), (2, 0, 2)), ((0, 3, 2, 2, 2), (0, 2, 2, 2)),
    ((2, 0), (2,)), ((2, 0), (2, 0)), ((0,), ()), ((0,), (0,)), ((0, 0), (0,)),
    ((2, 0, 3), (2, 3)), ((2, 0, 2, 2), (2, 2, 2)),
]  # fmt: skip
TORCH_TYPES = [
    torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool, torch.float16,
    torch.bfloat16, torch.float32, torch.float64, torch.complex64,
]  # fmt: skip


def grid():
    """Well and badly formed calls: shapes by target types, logits types, weights, keywords."""
    for logits_shape, target_shape in SHAPES:
        for dtype in TORCH_TYPES:
            for smoothing in (0.0, 0.1):
                target = torch.zeros(target_shape, dtype=dtype)
                yield torch.zeros(logits_shape), target, {"label_smoothing": smoothing}
    for dimensions in ((), (1,), (2, 1)):
        logits = torch.zeros(2, 3, *dimensions)
        target = torch.zeros(2, *dimensions, dtype=torch.int64)
        yield from weights_and_types(logits, target)
        for value in (-101, -100, -1, 2, 3, 255):
            for ignore_index in (-100, -1, 0, 3, 255):
                yield logits, target.fill_(value).clone(), {"ignore_index": ignore_index}
        for keywords in ODD_KEYWORDS:
            yield logits, torch.zeros_like(target), keywords
            yield logits, torch.zeros_like(logits), keywords


ODD_KEYWORDS = [
    *({"reduction": value} for value in ("Mean", "", None, 1, True, "elementwise_mean")),
    *({"label_smoothing": value} for value in (0, 1, True, 1.0001, math.inf, math.nan, -0.1)),
    *({"label_smoothing": value} for value in ("0.1", None, np.float32(0.1), torch.tensor(0.1))),
    *({"ignore_index": value} for value in (0, 5, 1.0, None, True, np.int64(1), 2**40, 2**70)),
    *({"ignore_index": value} for value in ("1", np.bool_(True), torch.tensor(1))),
]


def weights_and_types(logits, target):
    for logits_type in TORCH_TYPES:
        yield logits.to(logits_type), target, {}
        for target_type in TORCH_TYPES:
            yield logits.to(logits_type), torch.zeros_like(logits, dtype=target_type), {}
        for weight_type in TORCH_TYPES:
            weight = torch.ones(3, dtype=weight_type)
            yield logits.to(logits_type), target, {"weight": weight}
            yield logits.to(logits_type), torch.zeros_like(logits), {"weight": weight}
    for shape in ((), (0,), (1,), (2,), (3,), (4,), (1, 3), (3, 1), (2, 3)):
        for smoothing in (0.0, 0.1):
            keywords = {"weight": torch.ones(shape), "label_smoothing": smoothing}
            yield logits, target, keywords
            yield logits, torch.zeros_like(logits), keywords
            yield logits, target.to(torch.uint8), keywords


def more_grid():
    """What `grid` leaves out."""
    for reduction, smoothing, weight in itertools.product(
        ("mean", "sum", "none", "elementwise_mean"), (0.0, 0.1, -0.1), (None, torch.ones(3))
    ):
        keywords = {"reduction": reduction, "label_smoothing": smoothing, "weight": weight}
        for shape in ((2,), (2, 2), (0,), (0, 2), (2, 0), ()):
            logits = torch.zeros((*shape[:1], 3, *shape[1:]))
            for dtype in (torch.uint8, torch.int64):
                yield logits, torch.zeros(shape, dtype=dtype), keywords
            yield logits, torch.zeros_like(logits), keywords
        yield torch.zeros(3), torch.zeros(1, dtype=torch.int64), keywords
    yield torch.zeros(2, 3, device="meta"), torch.zeros(2, device="meta").long(), {}
    yield from odd_values()


def odd_values():
    for dtype in (torch.int64, torch.complex64, torch.bool):
        for shape in ((0, 3), (2, 3, 0), (0, 3, 2)):
            target = torch.zeros(shape[:1] + shape[2:], dtype=torch.int64)
            yield torch.zeros(shape, dtype=dtype), target, {}
            yield torch.zeros(shape, dtype=dtype), torch.zeros(shape), {}
    for weight_shape, smoothing in itertools.product(((1, 3), (3, 1), (1, 3, 1)), (0.0, 0.1)):
        keywords = {"weight": torch.ones(weight_shape), "label_smoothing": smoothing}
        yield torch.zeros(2, 3, 2), torch.zeros(2, 2, dtype=torch.int64), keywords
    for value in (torch.tensor(0.1, requires_grad=True), torch.tensor([0.1]), 1j, "0.1"):
        yield torch.zeros(2, 3), torch.zeros(2, dtype=torch.int64), {"label_smoothing": value}
    for value in (2**63 - 1, 2**63, -(2**63), torch.tensor(1.0), [1]):
        yield torch.zeros(2, 3), torch.zeros(2, dtype=torch.int64), {"ignore_index": value}
    for shape in ((0,), (2, 0), (0, 0), (2, 0, 2, 2), (2, 0, 3), (2, 0, 2, 2, 2)):
        target = torch.zeros(shape[:1] + shape[2:] if shape[1:] else (), dtype=torch.int64)
        for ignore_index in (-100, 0):
            yield torch.zeros(shape), target, {"ignore_index": ignore_index}
            yield torch.zeros(shape), torch.zeros(shape), {"ignore_index": ignore_index}
    values = (-(2**40), -1, 0, 1, 156, 200, 255)  # 156 is -100 for a careless uint8
    for value, ignore_index in itertools.product(values, (-100, -1, 1, 255)):
        for dtype in (torch.int64, torch.uint8):
            if dtype == torch.uint8 and value < 0:
                continue
            target = torch.tensor([value, 0], dtype=dtype)
            yield torch.zeros(2, 3), target, {"ignore_index": ignore_index}


def test_torch_diagnose_and_steps_refuse_the_same_calls_but_for_rules_that_say_so():
    wrong, stricter, accepted, cases = [], set(), 0, 0
    for call in itertools.chain(grid(), more_grid()):
        cases += 1
        by_torch, by_steps = torch_accepts(call), steps_refuse(call)
        accepted += by_torch
        diagnosis = diagnose(*call[:2], **call[2])
        run_remedies(diagnosis, *call[:2], **call[2])
        fits = raises(diagnosis) != by_torch
        if by_torch and by_steps:
            rule = first_refusal_of(call)
            stricter.add(rule)
            fits &= rule.who == "steps refuse"
        if by_steps:
            first = diagnosis.findings[0]
            fits &= by_steps.startswith(f"{first.message}; ")
            fits &= by_steps.endswith(", or ".join(map(str, first.remedies)))
        if not fits or not (by_torch or by_steps):
            wrong.append((call[0].shape, call[0].dtype, call[1].shape, call[1].dtype, call[2]))
    assert wrong == []
    assert stricter == {rule for rule in RULES if rule.who == "steps refuse"}
    assert 500 < accepted < cases - 500
    print(f"\n{cases} well and badly formed calls, {accepted} of them accepted by torch", end="")


def first_refusal_of(call):
    keywords = {name: number(value) for name, value in (DEFAULTS | call[2]).items()}
    return first_refusal(Call(*call[:2], **keywords))[0]


SIZES = st.lists(st.integers(0, 4), max_size=5).map(tuple)
TYPES = st.sampled_from(
    [*FLOATS, torch.int64, torch.int32, torch.uint8, torch.bool, torch.complex64]
)


@st.composite
def odd_calls(draw):
    shape, target_shape = draw(SIZES), draw(SIZES)
    if draw(st.booleans()):
        dim = draw(st.integers(0, 4))
        target_shape = shape[:dim] + shape[dim + 1 :]
    target_type, value = draw(TYPES), draw(st.integers(-2, 5))
    target = torch.full(target_shape, max(value, 0) if target_type == torch.uint8 else value)
    reduction = draw(st.sampled_from(["mean", "sum", "none"]))
    logits = torch.full(shape, 1.5).to(draw(TYPES))
    return logits, target.to(target_type), {"reduction": reduction}


@given(odd_calls())
def test_any_shapes_and_types(call):
    diagnosis = diagnose(*call[:2], **call[2])
    by_torch = torch_accepts(call)
    assert raises(diagnosis) != by_torch
    assert by_torch or steps_refuse(call)
    run_remedies(diagnosis, *call[:2], **call[2])
