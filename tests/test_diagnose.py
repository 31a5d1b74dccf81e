"""diagnose against torch: what raises, what it says of correct calls, and whether remedies mend."""

import itertools
import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from ce_helpers.diagnose import Diagnosis, Finding, diagnose
from tests.test_steps_against_torch import grid, torch_accepts

FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
RANDOM_CALLS = 6000
SEED = 7


def raises(diagnosis):
    return any(finding.kind == "raises" for finding in diagnosis.findings)


def mended_loss(logits, target, **keywords):
    """Run every remedy in order, as a reader does, and then cross_entropy."""
    defaults = {
        "weight": None,
        "ignore_index": -100,
        "reduction": "mean",
        "label_smoothing": 0.0,
    }
    names = {"logits": logits, "target": target} | defaults | keywords
    scope = {"torch": torch} | names
    for finding in diagnose(logits, target, **keywords).findings:
        exec(finding.remedy, scope)
    after = {name: scope[name] for name in names}
    assert diagnose(**after).findings == ()
    return functional.cross_entropy(after.pop("logits"), after.pop("target"), **after)


# Raises or not: torch decides.


def more_grid():
    """What the grid of test_steps_against_torch leaves out."""
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


def test_a_finding_raises_if_and_only_if_torch_does():
    wrong, accepted, cases = [], 0, 0
    for call in itertools.chain(grid(), more_grid()):
        cases += 1
        by_torch = torch_accepts(call)
        accepted += by_torch
        if raises(diagnose(*call[:2], **call[2])) == by_torch:
            wrong.append((call[0].shape, call[0].dtype, call[1].shape, call[1].dtype, call[2]))
    assert wrong == []
    assert 500 < accepted < cases - 500
    print(f"\n{cases} calls of the grid, {accepted} of them accepted by torch", end="")


# No false alarm.


def random_logits(random, shape, dim, dtype):
    """Logits of many kinds; none has all rows summing to 1 as closely as softmax leaves them."""
    logits = torch.from_numpy(random.normal(size=shape) * random.choice([0.1, 1, 10, 100]))
    kind = random.integers(0, 8)
    if kind == 0:  # whole numbers: a row may well be 0 and 1
        logits = (logits * 2).round().clamp(-1, 1)
    if kind == 1:  # rows of 0 and 1
        logits = (logits == logits.amax(dim, keepdim=True)).double()
    if kind == 2:  # rows from 0 to 1 that sum nearly to 1
        off = random.uniform(20, 1000) * torch.finfo(dtype).eps
        logits = logits.softmax(dim) * (1 + random.choice([-1, 1]) * min(off, 0.5))
    if kind == 3:  # log_softmax before cross_entropy is harmless
        logits = logits.log_softmax(dim)
    if kind == 4:  # rows that sum to 1 with numbers below 0
        logits = logits - (logits.sum(dim, keepdim=True) - 1) / logits.shape[dim]
        below = logits.abs().max() + 1
        logits[(slice(None),) * dim + (0,)] -= below
        logits[(slice(None),) * dim + (-1,)] += below
    if kind == 5:  # all but one row are probabilities
        first = logits.softmax(dim).movedim(dim, -1).reshape(-1, shape[dim])
        first[0] += 1
        rest = shape[:dim] + shape[dim + 1 :]
        logits = first.reshape(*rest, shape[dim]).movedim(-1, dim)
    return logits.to(dtype)


def random_target(random, shape, dim, dtype, keywords):
    """Class indices, some ignored, or class probabilities."""
    num_classes, elements = shape[dim], shape[:dim] + shape[dim + 1 :]
    if random.random() < 0.4:
        rows = torch.from_numpy(random.dirichlet(np.full(num_classes, 0.3), elements or None))
        rows = rows.movedim(-1, dim).contiguous()
        if random.random() < 0.3:
            rows = (rows == rows.amax(dim, keepdim=True)).double()
        return rows.to(FLOATS[random.integers(4)])
    target = torch.from_numpy(np.asarray(random.integers(0, num_classes, elements)))
    if random.random() < 0.5 and target.numel() > 1:
        keywords["ignore_index"] = int(random.choice([-100, -1, 255, 0, 1]))
        target.view(-1)[1:][torch.from_numpy(random.random(target.numel() - 1) < 0.4)] = keywords[
            "ignore_index"
        ]
        target.view(-1)[0] = num_classes - 1
        if keywords["ignore_index"] == num_classes - 1:
            target.view(-1)[0] = 0
    uint8 = len(shape) < 3 and target.min() >= 0 and not keywords.get("label_smoothing")
    return target.to(torch.uint8) if uint8 and random.random() < 0.3 else target


def random_correct_call(random):
    """A call that torch takes, with a finite loss, that is what it says."""
    ndim = random.integers(1, 6)
    shape = tuple(int(size) for size in random.integers(2, 6, ndim))
    if ndim > 1:
        shape = (int(random.integers(1, 6)), *shape[1:])
    if ndim > 2 and random.random() < 0.4:  # C = d1 = …, and N too
        shape = (shape[0] if random.random() < 0.5 else shape[1], *[shape[1]] * (ndim - 1))
    if ndim > 2 and random.random() < 0.1:
        shape = (*shape[:2], *[1] * (ndim - 2))
    dim = min(1, int(ndim) - 1)
    dtype = FLOATS[random.integers(4)]
    keywords = {}
    if random.random() < 0.6:
        keywords["reduction"] = str(random.choice(["mean", "sum", "none"]))
    if random.random() < 0.4:
        keywords["label_smoothing"] = float(random.choice([0, 0.1, 0.5, 1]))
    logits = random_logits(random, shape, dim, dtype)
    target = random_target(random, shape, dim, dtype, keywords)
    if random.random() < 0.4:
        weight = torch.from_numpy(random.uniform(0.1, 2, shape[dim]))
        index = target.long()
        counted = index[index != keywords.get("ignore_index", -100)]
        kept = int(counted[0]) if target.shape != logits.shape else 0
        weight[torch.from_numpy(random.random(shape[dim]) < 0.3)] = 0
        weight[kept] = 1.0
        keywords["weight"] = weight.to(dtype)
    elif (
        target.shape != logits.shape
        and random.random() < 0.1
        and not (keywords.get("label_smoothing"))
    ):
        mask = torch.zeros(shape, dtype=torch.bool)
        mask.movedim(dim, -1)[..., -1] = True
        chosen = torch.where(target.long() == keywords.get("ignore_index", -100), 0, target.long())
        mask.scatter_(dim, chosen.unsqueeze(dim), False)
        logits = logits.masked_fill(mask, -math.inf)
    if random.random() < 0.3:
        logits.requires_grad_()
    return logits, target, keywords


def test_no_finding_on_random_correct_calls():
    random = np.random.default_rng(SEED)
    seen = {"C = d1": 0, "probabilities": 0, "weight": 0, "ignored": 0, "smoothed": 0}
    for number in range(RANDOM_CALLS):
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
    assert min(seen.values()) > RANDOM_CALLS / 20, seen
    print(f"\n{RANDOM_CALLS} random correct calls: {seen}", end="")


# Broken calls: the finding, its remedy, and the number after it.

G = torch.Generator().manual_seed(SEED)
FLAT = torch.randn(3, 4, generator=G)  # (N, C)
SEQUENCE = torch.randn(2, 4, 5, generator=G)  # (N, C, T)
SQUARE = torch.randn(4, 4, 4, generator=G)  # N = C = T
IMAGE = torch.randn(2, 4, 6, 6, generator=G)  # (N, C, H, W)
INDEX = torch.tensor([3, 0, 2])
STEPS = torch.tensor([[3, 1, 0, 2, 2], [0, 0, 1, 3, 1]])
CORNERS = torch.tensor([[0, 1, 2, 3], [3, 2, 1, 0], [1, 1, 2, 2], [0, 3, 3, 0]])
MASK = torch.arange(72).reshape(2, 6, 6) % 4
ONE_HOT = torch.eye(4)[INDEX]  # (N, C)
SOFT = torch.randn(3, 4, generator=G).softmax(1)
PALETTE = torch.tensor([[0, 0, 128], [0, 255, 0], [128, 64, 0], [255, 0, 0]], dtype=torch.uint8)
WEIGHT = torch.tensor([0.5, 2.0, 1.0, 3.0])
BINARY = torch.tensor([[0.3], [-2.0], [1.5]])


def by_hand(logits, target, **keywords):
    """Classes in dim 1, one index for each element; written out with log_softmax and gather."""
    weight = keywords.get("weight", torch.ones(logits.shape[1], dtype=logits.dtype))
    losses = -logits.log_softmax(1).gather(1, target.unsqueeze(1)).squeeze(1) * weight[target]
    return losses.sum() / weight[target].sum()


FLAT_LOSS = by_hand(FLAT, INDEX)
STEPS_LOSS = by_hand(SEQUENCE, STEPS)
MASK_LOSS = by_hand(IMAGE, MASK)
SOFT_LOSS = -(SOFT * FLAT.log_softmax(1)).sum(1).mean()
BINARY_LOSS = functional.softplus(torch.tensor([0.3, 2.0, -1.5])).mean()  # target 0, 1, 1
CLIPPED = torch.tensor([3, 0, -1])
TWO_LEFT = by_hand(FLAT[:2], INDEX[:2])
CAST = "target = target.long()"
SQUEEZE = "target = target.squeeze(1)"
COLORS = "# ids in the order of the sorted colors"

# name: (logits, target, keywords, kinds, the first remedy or what it holds, the right number)
BROKEN = {
    # calls that raise, row by row
    "float indices": (FLAT, INDEX.float(), {}, "raises", CAST, FLAT_LOSS),
    "int32 indices": (FLAT, INDEX.int(), {}, "raises", CAST, FLAT_LOSS),
    "bool indices": (FLAT, INDEX > 0, {}, "raises", CAST, by_hand(FLAT, torch.tensor([1, 0, 1]))),
    "uint8 mask": (IMAGE, MASK.byte(), {}, "raises", CAST, MASK_LOSS),
    "integer one-hot": (FLAT, ONE_HOT.long(), {}, "raises", "target = target.float()", FLAT_LOSS),
    "target (N, 1)": (FLAT, INDEX[:, None], {}, "raises", SQUEEZE, FLAT_LOSS),
    "float target (N, 1)": (FLAT, INDEX[:, None].float(), {}, "raises", SQUEEZE, FLAT_LOSS),
    "mask (N, 1, H, W)": (IMAGE, MASK[:, None], {}, "raises", SQUEEZE, MASK_LOSS),
    "mask (N, H, W, 1)": (IMAGE, MASK[..., None], {}, "raises", "squeeze(-1)", MASK_LOSS),
    "RGB mask": (IMAGE, PALETTE[MASK].movedim(-1, 1), {}, "raises", COLORS, MASK_LOSS),
    "RGB mask, channels last": (IMAGE, PALETTE[MASK], {}, "raises", COLORS, MASK_LOSS),
    "RGB mask of one id": (
        IMAGE, MASK[:, None].expand(2, 3, 6, 6), {}, "raises", "target.select(1, 0)", MASK_LOSS,
    ),
    "RGB mask and C = 3": (
        IMAGE[:, :3], PALETTE[MASK % 3].movedim(-1, 1), {}, "raises", COLORS,
        by_hand(IMAGE[:, :3], MASK % 3),
    ),
    "(N, T, C) logits": (
        SEQUENCE.transpose(1, 2), STEPS, {}, "raises", "logits = logits.transpose(1, 2)",
        STEPS_LOSS,
    ),
    "(N, T, C) logits, target (N·T)": (
        SEQUENCE.transpose(1, 2), STEPS.flatten(), {}, "raises", "logits.flatten(0, -2)",
        STEPS_LOSS,
    ),
    "(N·T, C) logits, target (N, T)": (
        SEQUENCE.transpose(1, 2).flatten(0, 1), STEPS, {}, "raises", "target.reshape(-1)",
        STEPS_LOSS,
    ),
    "(N, H, W, C) logits": (
        IMAGE.movedim(1, -1), MASK, {}, "raises", "logits = logits.movedim(-1, 1)", MASK_LOSS,
    ),
    "(N, H, W, C) one-hot": (
        IMAGE, torch.eye(4)[MASK], {}, "raises", "target = target.movedim(-1, 1)", MASK_LOSS,
    ),
    "(C, N) logits": (FLAT.T, INDEX, {}, "raises", "logits = logits.T", FLAT_LOSS),
    "H, W differ": (
        IMAGE[:, :, ::2, ::2], MASK, {}, "raises", "interpolate(logits, size=(6, 6))",
        by_hand(IMAGE[:, :, ::2, ::2].repeat_interleave(2, 2).repeat_interleave(2, 3), MASK),
    ),
    "N differs": (FLAT, INDEX[:2], {}, "raises", "logits[:2], target[:2]", TWO_LEFT),
    "1 to C": (FLAT, INDEX + 1, {}, "raises", "target = target - 1", FLAT_LOSS),
    "1 to C, some ignored": (
        FLAT, torch.tensor([4, 1, -100]), {}, "raises", "torch.where(", TWO_LEFT,
    ),
    "-1 as padding": (FLAT, CLIPPED, {}, "raises", "ignore_index = -1", TWO_LEFT),
    "-1 as padding, 1 to C": (
        FLAT, torch.tensor([4, 1, -1]), {}, "raises", "ignore_index = -1", TWO_LEFT,
    ),
    "-1 as padding beside ignore_index": (
        FLAT, torch.tensor([3, -100, -1]), {}, "raises", "masked_fill(target == -1, -100)",
        by_hand(FLAT[:1], INDEX[:1]),
    ),
    "255 as padding": (
        FLAT, torch.tensor([3, 0, 255]).byte(), {}, "raises", "ignore_index = 255", TWO_LEFT,
    ),
    "swapped": (INDEX, FLAT, {}, "raises", "logits, target = target, logits", FLAT_LOSS),
    "swapped, spatial": (MASK, IMAGE, {}, "raises", "logits, target = target, logits", MASK_LOSS),
    "swapped, integer one-hot": (
        ONE_HOT.long(), FLAT, {}, "raises", "logits, target = target, logits", FLAT_LOSS,
    ),
    "integer logits": (
        torch.tensor([[4, 3, 2, 10]]), torch.tensor([3]), {}, "raises", "logits = logits.float()",
        torch.tensor(math.log(1 + math.exp(-6) + math.exp(-7) + math.exp(-8))),
    ),
    "NumPy logits": (
        FLAT.numpy(), INDEX, {}, "raises", "logits = torch.from_numpy(logits)", FLAT_LOSS,
    ),
    "NumPy target": (
        FLAT, INDEX.numpy(), {}, "raises", "target = torch.from_numpy(target)", FLAT_LOSS,
    ),
    "NumPy, reversed": (
        FLAT.numpy()[::-1], INDEX.flip(0), {}, "raises", "from_numpy(logits.copy())", FLAT_LOSS,
    ),
    "lists": (
        FLAT.tolist(), INDEX.tolist(), {}, "raises", "logits = torch.tensor(logits)", FLAT_LOSS,
    ),
    "list of tensors": (
        list(FLAT), INDEX, {}, "raises", "logits = torch.stack(logits)", FLAT_LOSS,
    ),
    "number for a target": (
        FLAT[0], 3, {}, "raises", "target = torch.tensor(target)", by_hand(FLAT[:1], INDEX[:1]),
    ),
    "float64 weight": (
        FLAT, INDEX, {"weight": WEIGHT.double()}, "raises", "weight = weight.to(logits.dtype)",
        by_hand(FLAT, INDEX, weight=WEIGHT),
    ),
    "NumPy weight of float64": (
        FLAT, INDEX, {"weight": WEIGHT.double().numpy()}, "raises", "torch.from_numpy(weight)",
        by_hand(FLAT, INDEX, weight=WEIGHT),
    ),
    "weight (C, 1)": (
        FLAT, INDEX, {"weight": WEIGHT[:, None]}, "raises", "weight.reshape(-1)",
        by_hand(FLAT, INDEX, weight=WEIGHT),
    ),
    "ignore_index with probabilities": (
        FLAT, SOFT, {"ignore_index": 0}, "raises", "ignore_index = -100", SOFT_LOSS,
    ),
    "ignore_index as a float": (
        FLAT, CLIPPED, {"ignore_index": -1.0}, "raises", "ignore_index = -1", TWO_LEFT,
    ),
    "label_smoothing above 1": (
        FLAT, INDEX, {"label_smoothing": 1.5}, "raises", "label_smoothing = 0.1",
        0.9 * FLAT_LOSS - 0.1 * FLAT.log_softmax(1).mean(),
    ),
    "reduction in capitals": (
        FLAT, INDEX, {"reduction": "SUM"}, "raises", 'reduction = "sum"', 3 * FLAT_LOSS,
    ),
    "unknown reduction": (
        FLAT, INDEX, {"reduction": "average"}, "raises", 'reduction = "mean"', FLAT_LOSS,
    ),
    "(1, C) with ()": (
        FLAT[:1], INDEX[0], {}, "raises", "target = target.reshape((1,))",
        by_hand(FLAT[:1], INDEX[:1]),
    ),
    "(C, H, W) for one image": (
        IMAGE[0], MASK[0], {}, "raises", "logits.unsqueeze(0), target.unsqueeze(0)",
        by_hand(IMAGE[:1], MASK[:1]),
    ),
    "one image, target without N": (
        IMAGE[:1], MASK[0], {}, "raises", "target = target.unsqueeze(0)",
        by_hand(IMAGE[:1], MASK[:1]),
    ),
    "one image, logits without N": (
        IMAGE[0], MASK[:1], {}, "raises", "logits = logits.unsqueeze(0)",
        by_hand(IMAGE[:1], MASK[:1]),
    ),
    "C == 1, target 0 or 1": (
        BINARY, torch.tensor([0, 1, 1]), {}, "raises", "torch.cat([torch.zeros_like(logits)",
        BINARY_LOSS,
    ),
    # calls that run
    "softmax before": (FLAT.softmax(1), INDEX, {}, "suspicious", "logits.log()", FLAT_LOSS),
    "softmax before, one row": (
        FLAT[:1].softmax(1), INDEX[:1], {}, "suspicious", "logits.log()",
        by_hand(FLAT[:1], INDEX[:1]),
    ),
    "softmax before, (C)": (
        FLAT[0].softmax(0), INDEX[0], {}, "suspicious", "logits.log()",
        by_hand(FLAT[:1], INDEX[:1]),
    ),
    "softmax before, images": (
        IMAGE.softmax(1), MASK, {}, "suspicious", "logits.log()", MASK_LOSS,
    ),
    "softmax before, probabilities": (
        FLAT.softmax(1), SOFT, {}, "suspicious", "logits.log()", SOFT_LOSS,
    ),
    "softmax before, 3 decimals": (
        torch.tensor([[0.1, 0.2, 0.7]]), torch.tensor([2]), {}, "suspicious", "logits.log()",
        torch.tensor(-math.log(0.7)),
    ),
    "every target ignored": (
        FLAT, torch.full((3,), -100), {}, "suspicious", 'reduction = "sum"', torch.tensor(0.0),
    ),
    "weight 0 for every target": (
        FLAT, INDEX, {"weight": torch.tensor([0, 1.0, 0, 0])}, "suspicious", 'reduction = "sum"',
        torch.tensor(0.0),
    ),
    "empty batch": (FLAT[:0], INDEX[:0], {}, "suspicious", 'reduction = "sum"', torch.tensor(0.0)),
    "T == C, log-probabilities": (
        SQUARE.log_softmax(1).transpose(1, 2), CORNERS, {}, "suspicious", "logits.transpose(1, 2)",
        by_hand(SQUARE, CORNERS),
    ),
    "T == C, probabilities": (
        SQUARE.softmax(1).transpose(1, 2), CORNERS, {}, "suspicious", "logits.transpose(1, 2)",
        by_hand(SQUARE, CORNERS),
    ),
    "(C, H, W) for one image and C == H": (
        SQUARE.log_softmax(0), CORNERS, {}, "suspicious", "logits.unsqueeze(0)",
        by_hand(SQUARE[None], CORNERS[None]),
    ),
    "(N, T, C) logits and probabilities": (
        SEQUENCE.transpose(1, 2), torch.eye(4)[STEPS], {}, "suspicious", "movedim(-1, 1), target.",
        STEPS_LOSS,
    ),
    "C == 1": (
        BINARY, torch.tensor([0, 0, 0]), {}, "suspicious", "torch.cat([torch.zeros_like(logits)",
        functional.softplus(BINARY).mean(),
    ),
    "C == 1, float target": (
        BINARY, torch.tensor([[0.0], [1], [1]]), {}, "suspicious", "torch.cat([1 - target, target]",
        BINARY_LOSS,
    ),
    "target of logits": (
        FLAT, SOFT.log() + 1, {}, "suspicious", "target = target.softmax(1)", SOFT_LOSS,
    ),
    "target of log-probabilities": (
        FLAT, SOFT.log(), {}, "suspicious", "target = target.exp()", SOFT_LOSS,
    ),
    "target of counts": (
        FLAT, SOFT * 10, {}, "suspicious", "target = target / target.sum(1", SOFT_LOSS,
    ),
    "target with rows of zeros": (
        FLAT, ONE_HOT * torch.tensor([[1.0], [1], [0]]), {}, "suspicious", ".any(-1)]", TWO_LEFT,
    ),
    "swapped probabilities": (
        SOFT, FLAT, {}, "suspicious", "logits, target = target, logits", SOFT_LOSS,
    ),
    "label_smoothing below 0": (
        FLAT, INDEX, {"label_smoothing": -0.1}, "suspicious", "label_smoothing = 0.0", FLAT_LOSS,
    ),
    "old name of mean": (
        FLAT, INDEX, {"reduction": "elementwise_mean"}, "suspicious", 'reduction = "mean"',
        FLAT_LOSS,
    ),
    "-inf with probability 0": (
        torch.tensor([[0.0, 1.0, -math.inf]]), torch.tensor([[1.0, 0, 0]]), {}, "suspicious",
        "logits.clamp(", functional.softplus(torch.tensor(1.0)),
    ),
}  # fmt: skip


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
    (finding,) = diagnose(logits.to(dtype).softmax(1), target).findings
    assert finding.remedy == "logits = logits.log()"


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
    assert raises(diagnosis) != torch_accepts(LOOK[case])


def test_silent_mistake_without_evidence_shows_its_reading_only():
    diagnosis = diagnose(SQUARE.transpose(1, 2), CORNERS)
    assert diagnosis.findings == ()
    assert "N = 4, C = 4, d1 = 4" in str(diagnosis)


# Every argument gets a diagnosis, and stays as it is.

RUBBISH = [
    None, "", "logits", b"", {}, {"a": 1}, set(), [], [[]], [[1, 2], [3]], [None], ["a"], object(),
    0, 1.5, True, 1j, math.nan, 2**70, [2**70], range(3), np.array("a"), np.array(None),
    np.array([[1, 2]], dtype=object), np.float64(1), np.zeros((0, 3)), np.zeros((2, 3)),
    np.zeros((2, 3), dtype=">f4"), torch.zeros(()), torch.zeros(0), torch.zeros(2, 3),
    torch.zeros(2, dtype=torch.int64), torch.zeros(2, 3).to_sparse(), torch.zeros(2, 3, 2),
    torch.nested.nested_tensor([torch.zeros(3), torch.zeros(2)]),
    torch.zeros(2, 3, dtype=torch.complex64), torch.zeros(2, dtype=torch.complex64), torch.float32,
    torch.zeros(2, 1, dtype=torch.bool), torch.full((2, 3), math.nan), torch.nn.Linear(1, 1),
    torch.zeros(2, 3, device="meta"), torch.zeros((), device="meta"),
    torch.zeros(2, dtype=torch.int64, device="meta"),
    torch.zeros(2, 3, dtype=torch.float8_e4m3fn), int, len, torch.zeros(1, 3, 2, 2, 2, 2),
]  # fmt: skip


def test_rubbish_gets_a_diagnosis():
    good = torch.zeros(2, dtype=torch.int64)
    for first, second in itertools.product(RUBBISH, RUBBISH):
        diagnosis = diagnose(first, second)
        assert isinstance(diagnosis, Diagnosis)
        assert str(diagnosis)
        assert diagnosis._repr_html_()
    for value in RUBBISH:
        for keyword in ("weight", "ignore_index", "reduction", "label_smoothing"):
            assert str(diagnose(FLAT[:2], good, **{keyword: value}))


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


@settings(max_examples=1500)
@given(odd_calls())
def test_any_shapes_and_types(call):
    assert raises(diagnose(*call[:2], **call[2])) != torch_accepts(call)


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
    assert "suspicious" in str(diagnose(FLAT.softmax(1), INDEX))


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
    assert diagnosis.findings[0] == Finding("raises", diagnosis.findings[0].message, SQUEEZE)
