"""Broken calls of cross_entropy, each with what mends it and the number that it then gives."""

import math

import torch
from torch.nn import functional

SEED = 7

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
        BINARY, torch.tensor([0, 1, 1]), {}, "raises", "binary_cross_entropy_with_logits(",
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
        BINARY, torch.tensor([0, 0, 0]), {}, "suspicious", "binary_cross_entropy_with_logits(",
        functional.softplus(BINARY).mean(),
    ),
    "C == 1, float target": (
        BINARY, torch.tensor([[0.0], [1], [1]]), {}, "suspicious", "_cross_entropy_with_logits(",
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
