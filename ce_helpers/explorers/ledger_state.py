"""What the ledger shows: each element's part above and below the line, and what torch returns."""

import torch

from ce_helpers.formatting import format_list, format_number, tensor_literal
from ce_helpers.state import CrossEntropyState

MOST_ELEMENTS, MOST_CLASSES = 8, 6
NOTHING_IGNORED = -100  # torch's default
REDUCTIONS = ("mean", "sum", "none")
SMOOTHINGS = (0.0, 0.1, 0.2)
CHOICES = ("reduction", "ignore", "smoothing")


class LedgerState:
    """A batch and the keywords of one call; `values()` is what everything drawn follows.

    Shape:
        logits: (N, C) with N ≤ 8 and C ≤ 6. target: (N).

    Args:
        logits: no unit.
        target: class indices.
        class_names: one name per class; "class 0", "class 1", … if None.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; another shape, or too many elements.
    """

    def __init__(self, logits, target, class_names=None) -> None:
        state = CrossEntropyState(logits, target, class_names)
        self.logits, self.target, self.class_names = state.logits, state.target, state.class_names
        if self.logits.ndim != 2 or len(self.logits) > MOST_ELEMENTS:
            raise ValueError(
                f"logits have shape {tuple(self.logits.shape)}; a ledger takes (N, C) with at "
                f"most {MOST_ELEMENTS} elements, e.g. logits[:{MOST_ELEMENTS}]."
            )
        if len(self.class_names) > MOST_CLASSES:
            raise ValueError(
                f"logits have {len(self.class_names)} classes; a ledger has room for "
                f"{MOST_CLASSES} weights."
            )
        self.log_probs = torch.log_softmax(self.logits, dim=1)  # (N, C)
        self.reset()

    def reset(self) -> None:
        """Returns to the mean without weights, ignored classes or smoothing."""
        self.weights = [1.0] * len(self.class_names)
        self.reduction = self.ignore = self.smoothing = 0  # places among the choices
        self.compute()

    def set(self, name: str, value: float) -> None:
        """One control moved: `weights.2`, or a choice by its name."""
        if name in CHOICES:
            setattr(self, name, int(value))
        else:
            self.weights[int(name.removeprefix("weights."))] = value
        self.compute()

    @property
    def keywords(self) -> dict[str, object]:
        """The keywords that the controls stand for, as `cross_entropy` takes them."""
        return {
            "weight": torch.tensor(self.weights).to(self.logits),
            "ignore_index": self.ignore - 1 if self.ignore else NOTHING_IGNORED,
            "reduction": REDUCTIONS[self.reduction],
            "label_smoothing": SMOOTHINGS[self.smoothing],
        }

    def compute(self) -> None:
        """Asks torch for the loss, and for each element's part of it."""
        keywords = self.keywords
        call = torch.nn.functional.cross_entropy
        self.loss = call(self.logits, self.target, **keywords)
        self.above = call(self.logits, self.target, **keywords | {"reduction": "none"})  # (N)
        self.counted = self.target != keywords["ignore_index"]  # (N)
        self.below = keywords["weight"][self.target] * self.counted  # (N)

    def controls(self) -> dict[str, float]:
        """What each control shows."""
        weights = {f"weights.{c}": weight for c, weight in enumerate(self.weights)}
        return weights | {name: getattr(self, name) for name in CHOICES}

    def tensors(self) -> dict[str, bytes]:
        """Nothing beside the table."""
        return {}

    def values(self) -> dict:
        """The flat table. formulas.js computes the same names until these arrive."""
        keywords, rows = self.keywords, range(len(self.target))
        smoothing, num_classes = keywords["label_smoothing"], len(self.weights)
        above, below = self.above.tolist(), self.below.tolist()
        own = (-self.log_probs[list(rows), self.target]).tolist()
        rights = self.below.double().cumsum(0).tolist()
        is_mean = self.reduction == 0 and rights[-1] > 0
        is_one = self.reduction < 2
        ignored = [n for n in rows if not self.counted[n]]
        return {
            **{name: getattr(self, name) for name in CHOICES},
            "weights": [*self.weights],
            "ignore_index": keywords["ignore_index"],
            "reduction_name": keywords["reduction"],
            "label_smoothing": smoothing,
            "own": own,
            "own_weights": [self.weights[y] for y in self.target.tolist()],
            "above": above,
            "below": below,
            "ignored": ignored,
            "out": [int(n in ignored) for n in rows],
            "ignored_told": _told(ignored),
            # a column is as wide as its weight, and as high as its loss for each unit of that
            "lefts": [0.0, *rights[:-1]],
            "rights": rights,
            "middles": [right - width / 2 for right, width in zip(rights, below, strict=True)],
            "floors": [0.0 for _ in rows],
            "highs": [
                own[n] * (1 - smoothing + smoothing / num_classes) if below[n] else 0.0
                for n in rows
            ],
            "tops": [above[n] / below[n] if below[n] else 0.0 for n in rows],
            "wide": [width >= 0.5 for width in below],  # enough for a number
            "numerator": self.above.sum().item(),
            "denominator": self.below.sum().item(),
            "plain_mean": self.above.mean().item(),
            "loss": self.loss.item() if is_one else 0.0,
            "level": self.loss.item() if is_mean else 0.0,
            "has_level": int(is_mean),
        }

    def code(self) -> str:
        """The PyTorch call that gives the present loss."""
        keywords = self.keywords
        return (
            f"torch.nn.functional.cross_entropy({tensor_literal(self.logits)}, "
            f"{tensor_literal(self.target)}, weight={tensor_literal(keywords['weight'])}, "
            f"ignore_index={keywords['ignore_index']}, reduction={keywords['reduction']!r}, "
            f"label_smoothing={keywords['label_smoothing']})"
        )

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        now = self.values()
        lines = [
            f"losses = {format_list(self.above)}   weights = {format_list(self.below)}"
            + now["ignored_told"]
        ]
        if self.reduction == 2:
            return [*lines, "loss = one per element"]
        if self.reduction == 1:
            return [*lines, f"loss = sum of the losses = {format_number(self.loss)}"]
        return [
            *lines,
            f"loss = {format_number(now['numerator'])} ÷ {format_number(now['denominator'])} = "
            f"{format_number(self.loss)}   (the losses' plain average: "
            f"{format_number(now['plain_mean'])})",
        ]


def _told(ignored: list[int]) -> str:
    return f"   ignored: {', '.join(f'n = {n}' for n in ignored)}" if ignored else ""
