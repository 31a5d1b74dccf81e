"""Random calls of cross_entropy that are what they say: diagnose finds nothing in them."""

import math

import numpy as np
import torch

FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def random_logits(random, shape, dim, dtype):
    """Logits of many kinds; none has all rows summing to 1 as closely as softmax leaves them."""
    logits = torch.from_numpy(random.normal(size=shape) * random.choice([0.1, 1, 10, 100]))
    kind = random.integers(0, 8)
    if kind == 2 and logits.numel() >= 17:  # so many from 0 to 1 are found: a sigmoid made them
        kind = 7
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
    if dtype == torch.float16:  # a sum of losses must stay below 65504
        logits = logits.clamp(-20, 20)
    return logits.to(dtype)


def random_target(random, shape, dim, keywords):
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
    target = random_target(random, shape, dim, keywords)
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
