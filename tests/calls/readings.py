"""Calls with more than one reading, or where a plausible line would give a wrong loss.

Each row: logits, target, keywords, and each remedy by what its line holds, with the loss that is
meant by one who reads the call so; None for a place to look. All remedies, in their order.
"""

import torch

F = torch.nn.functional
G = torch.Generator().manual_seed(32)


def normal(*shape):
    return torch.randn(shape, generator=G)


def mean(logits, target, **keywords):
    return F.cross_entropy(logits, target, **keywords)


def binary(logits, target, **keywords):
    return F.binary_cross_entropy_with_logits(logits, target.to(logits.dtype), **keywords)


IMAGE, FLAT = normal(2, 5, 6, 6), normal(6, 4)
MASK = torch.arange(72).reshape(2, 6, 6) % 5
TWO, HALF = normal(2, 2, 4, 4), torch.arange(32).reshape(2, 4, 4) % 2
VOID = MASK.masked_fill(MASK == 4, 255)
CHANCES = torch.rand(2, 4, 4, generator=G)
THREE = normal(2, 3, 4, 4)
GRAY = torch.arange(32).reshape(2, 4, 4) % 3
TOKENS, TEXT = normal(3, 5, 7), torch.arange(18).reshape(3, 6) % 6  # (N, T, C) and (N, T + 1)
CLASSES_FIRST = normal(3, 7, 5)
PADDED = torch.tensor([[1, 2, 4, 4], [3, 1, 2, 4]])
SEQUENCE = normal(2, 4, 4)
SINGLE, YES = normal(6), torch.tensor([0, 1, 1, 0, 1, 1])
MANY = torch.tensor([[1, 1, 0, 0], [0, 1, 0, 1], [1, 0, 0, 0]]).float()
SOME = torch.tensor([[1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]).float()
WIDE = normal(2, 3, 4, 6)
AWAY = "# take the s"
WITH_LOGITS = "binary_cross_entropy_with_logits(logits"
SIGMOID = "binary_cross_entropy(logits"
UNDERFLOWN = torch.tensor([[0.0, 104, 0], [1, 2, 3]])

READINGS = {
    # 1: fractions in the place of class indices
    "ids / 255": (
        IMAGE, MASK.float() / 255, {}, {"(target * 255).round().long()": mean(IMAGE, MASK)},
    ),
    "ids / 255 with void": (
        IMAGE, VOID.float() / 255, {},
        {"(target * 255)": mean(IMAGE, VOID, ignore_index=255)},
    ),
    "ids / 255 in float16": (
        IMAGE, (MASK.float() / 255).half(), {}, {"(target * 255)": mean(IMAGE, MASK)},
    ),
    "chances of class 1": (
        TWO, CHANCES, {},
        {"torch.stack([1 - target, target], 1)":
         mean(TWO, torch.stack([1 - CHANCES, CHANCES], 1))},
    ),
    "fractions of no kind": (IMAGE, MASK + 0.5, {}, {"# find them: (target !=": None}),
    "chances and many classes": (IMAGE, torch.rand(2, 6, 6, generator=G), {},
                                 {"# find them: (target !=": None}),
    "nan in a target": (
        FLAT[:3], torch.tensor([0, torch.nan, 1]), {}, {"# find them: (~target.isfinite": None},
    ),
    "inf in a target": (
        FLAT[:3], torch.tensor([0, torch.inf, 1]), {}, {"# find them: (~target.isfinite": None},
    ),
    # 2: classes as black and white
    "0 and 255": (
        TWO, HALF * 255, {},
        {"target // 255": mean(TWO, HALF),
         "ignore_index = 255": mean(TWO, HALF * 255, ignore_index=255)},
    ),
    "0 and 255 as uint8": (
        TWO, (HALF * 255).byte(), {},
        {"target // 255": mean(TWO, HALF),
         "ignore_index = 255": mean(TWO, HALF * 255, ignore_index=255)},
    ),
    "0, 127 and 255": (
        THREE, torch.tensor([0, 127, 255])[GRAY], {}, {"target / 127.5": mean(THREE, GRAY)},
    ),
    "0, 128 and 255 / 255": (
        THREE, torch.tensor([0, 128, 255])[GRAY] / 255, {}, {"target * 255": mean(THREE, GRAY)},
    ),
    "-1 and 1": (
        FLAT[:, :2], 2 * YES - 1, {},
        {"(target + 1) // 2": mean(FLAT[:, :2], YES),
         "ignore_index = -1": mean(FLAT[:, :2], 2 * YES - 1, ignore_index=-1)},
    ),
    "void beside classes": (
        IMAGE, VOID, {}, {"ignore_index = 255": mean(IMAGE, VOID, ignore_index=255)},
    ),
    # 3: an id equal to C
    "padding id C where 0 is a class": (
        FLAT, torch.tensor([0, 1, 4, 2, 3, 4]), {},
        {"ignore_index = 4": mean(FLAT, torch.tensor([0, 1, 4, 2, 3, 4]), ignore_index=4),
         "# if 4 is a class": None},
    ),
    "padding id C at the ends of rows": (
        SEQUENCE, PADDED, {},
        {"ignore_index = 4": mean(SEQUENCE, PADDED, ignore_index=4),
         "target - 1": mean(SEQUENCE, PADDED - 1)},
    ),
    "padding id C at the starts of rows": (
        SEQUENCE, PADDED.flip(1), {},
        {"ignore_index = 4": mean(SEQUENCE, PADDED.flip(1), ignore_index=4),
         "target - 1": mean(SEQUENCE, PADDED.flip(1) - 1)},
    ),
    "counted from 1": (
        FLAT, torch.tensor([4, 1, 2, 4, 3, 1]), {},
        {"target - 1": mean(FLAT, torch.tensor([3, 0, 1, 3, 2, 0])),
         "ignore_index = 4": mean(FLAT, torch.tensor([4, 1, 2, 4, 3, 1]), ignore_index=4)},
    ),
    "an id far above C at the ends of rows": (
        SEQUENCE, PADDED.masked_fill(PADDED == 4, 999), {},
        {"ignore_index = 999": mean(SEQUENCE, PADDED, ignore_index=4)},
    ),
    # 4: one output a sample
    "(N) and 0/1 (N)": (SINGLE, YES.float(), {}, {WITH_LOGITS: binary(SINGLE, YES)}),
    "(N) and integers": (SINGLE, YES, {}, {WITH_LOGITS: binary(SINGLE, YES)}),
    "(N) and (N, 1)": (SINGLE, YES[:, None], {}, {WITH_LOGITS: binary(SINGLE, YES)}),
    "(N, 1) and (N, 1)": (
        SINGLE[:, None], YES[:, None].float(), {}, {WITH_LOGITS: binary(SINGLE, YES)},
    ),
    "(N, 1) and (N)": (SINGLE[:, None], YES, {}, {WITH_LOGITS: binary(SINGLE, YES)}),
    "(N, 1) and floats (N), summed": (
        SINGLE[:, None], YES.float(), {"reduction": "sum"},
        {WITH_LOGITS: binary(SINGLE, YES, reduction="sum")},
    ),
    "(N, 1, H, W) and its mask": (
        TWO[:, :1], HALF[:, None].float(), {}, {WITH_LOGITS: binary(TWO[:, 0], HALF)},
    ),
    "sigmoid (N) and 0/1": (
        SINGLE.sigmoid(), YES.float(), {},
        {SIGMOID: binary(SINGLE, YES), WITH_LOGITS: binary(SINGLE.sigmoid(), YES)},
    ),
    "sigmoid (N, 1) that saturates": (
        (40 * SINGLE[:, None]).sigmoid(), YES[:, None].float(), {},
        {"# after a sigmoid": None,
         WITH_LOGITS: binary((40 * SINGLE[:, None]).sigmoid(), YES[:, None])},
    ),
    "one output and class weights": (
        SINGLE[:, None], YES, {"weight": torch.ones(1)}, {"# use torch.nn.functional.b": None},
    ),
    # 5: several labels a row
    "multi-hot": (FLAT[:3], MANY, {}, {WITH_LOGITS: binary(FLAT[:3], MANY)}),
    "multi-hot integers": (FLAT[:3], MANY.long(), {}, {WITH_LOGITS: binary(FLAT[:3], MANY)}),
    "one-hot with empty rows": (
        FLAT[:3], SOME, {},
        {".any(-1)]": mean(FLAT[[0, 2]], torch.tensor([0, 2])),
         WITH_LOGITS: binary(FLAT[:3], SOME)},
    ),
    "chances of several labels": (
        FLAT[:3], 0.9 * MANY, {},
        {WITH_LOGITS: binary(FLAT[:3], 0.9 * MANY),
         "target / target.sum(1": mean(FLAT[:3], MANY / MANY.sum(1, keepdim=True))},
    ),
    # 6: the shift of a language model
    "(N, T, C), a token more": (
        TOKENS, TEXT, {},
        {"logits.transpose(1, 2), target[:, 1:]": mean(TOKENS.transpose(1, 2), TEXT[:, 1:])},
    ),
    "(N, T, C), a token less": (
        TOKENS, TEXT[:, 1:5], {},
        {"logits[:, :-1].transpose(1, 2)": mean(TOKENS[:, :4].transpose(1, 2), TEXT[:, 1:5])},
    ),
    "(N, C, T), a token more": (
        CLASSES_FIRST, TEXT, {}, {"target = target[:, 1:]": mean(CLASSES_FIRST, TEXT[:, 1:])},
    ),
    "(T, C), a token more": (
        TOKENS[0], TEXT[0], {},
        {"target = target[1:]": mean(TOKENS[0], TEXT[0, 1:]),
         "logits[:5], target[:5]": mean(TOKENS[0], TEXT[0, :5])},
    ),
    "H and W swapped": (
        WIDE, torch.arange(48).reshape(2, 4, 6).transpose(1, 2) % 3, {},
        {"target.transpose(1, 2)": mean(WIDE, torch.arange(48).reshape(2, 4, 6) % 3)},
    ),
    "no image is the other, scaled": (
        WIDE, torch.zeros(2, 8, 20).long(), {}, {"# target must be": None},
    ),
    # 7: after softmax
    "softmax that underflowed": (
        UNDERFLOWN.softmax(1), torch.tensor([0, 2]), {}, {AWAY: None},
    ),
    "percentages": (
        100 * FLAT.softmax(1), YES, {}, {"(logits / 100).log()": mean(FLAT, YES)},
    ),
    "whole percentages": (
        torch.tensor([[50.0, 30, 20], [25, 25, 50], [80, 19, 1]]), torch.tensor([0, 1, 2]), {},
        {"(logits / 100).log()": -torch.tensor([0.5, 0.25, 0.01]).log().mean()},
    ),
    "minus log_softmax": (-FLAT.log_softmax(1), YES, {}, {"logits = -logits": mean(FLAT, YES)}),
    "softmax along the samples": (FLAT.softmax(0), YES, {}, {"# take that s": None}),
    "log_softmax along the samples": (FLAT.log_softmax(0), YES, {}, {"# take that softmax": None}),
    "softmax along rows of pixels": (IMAGE.softmax(3), MASK, {}, {"# take that softmax": None}),
    "sigmoid over many classes": (
        FLAT.sigmoid(), YES, {}, {"torch.logit(logits)": mean(FLAT, YES)},
    ),
    "sigmoid that saturates": ((10 * FLAT).sigmoid(), YES, {}, {AWAY: None}),
    # what torch adds up, and weighs
    "float16, a mean of many": (
        torch.tensor([[10.0, 0]]).expand(8192, 2).half(), torch.ones(8192).long(), {},
        {"logits = logits.float()": torch.tensor(10.0000454)},
    ),
    "float16, a weighted sum": (
        torch.tensor([[10.0, 0]]).expand(8192, 2).half(), torch.ones(8192).long(),
        {"weight": torch.ones(2).half(), "reduction": "sum"},
        {"logits, weight = logits.float(), weight.float()": torch.tensor(81920.372)},
    ),
    "float16, smoothing over many classes": (
        torch.cat([torch.full((2, 1), 20.0), torch.zeros(2, 9000)], 1).half(),
        torch.zeros(2).long(), {"label_smoothing": 0.1},
        {"logits = logits.float()": mean(
            torch.cat([torch.full((2, 1), 20.0), torch.zeros(2, 9000)], 1),
            torch.zeros(2).long(), label_smoothing=0.1)},
    ),
    "weight with nan": (
        FLAT, YES, {"weight": torch.tensor([1, torch.nan, 1, 1])}, {"# find them: (~weight": None},
    ),
    "weight with inf": (
        FLAT, YES, {"weight": torch.tensor([1, torch.inf, 1, 1])}, {"# find them: (~weight": None},
    ),
    "negative weight": (
        FLAT, YES, {"weight": torch.tensor([1, -1.0, 1, 1])}, {"# find them: (~weight": None},
    ),
    "weight to train": (
        FLAT, YES, {"weight": torch.ones(4, requires_grad=True)},
        {"weight.detach()": mean(FLAT, YES)},
    ),
}  # fmt: skip
