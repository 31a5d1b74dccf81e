"""What the ledger shows: each element's part above and below the line, and what torch returns."""

import torch
from torch.nn.functional import cross_entropy, one_hot

from ce_helpers.explorers.state import CrossEntropyState
from ce_helpers.formatting import format_list, format_number, tensor_literal

MOST_ELEMENTS, MOST_CLASSES = 8, 6
NOTHING_IGNORED = -100  # torch's default
FORMS = ("indices", "one-hot rows")
REDUCTIONS = ("mean", "sum", "none")
PLACES = ("form", "reduction", "ignore", "cut")  # controls that are whole numbers


class LedgerState:
    """A batch and the keywords of one call; `values()` is what everything drawn follows.

    Shape:
        logits: (N, C) or (N, C, d1), at most 8 elements and 6 classes. target: (N) or (N, d1).

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
        if self.logits.ndim not in (2, 3) or self.target.numel() > MOST_ELEMENTS:
            raise ValueError(
                f"logits have shape {tuple(self.logits.shape)}; a ledger takes (N, C) or "
                f"(N, C, d1) with at most {MOST_ELEMENTS} elements, e.g. logits[:{MOST_ELEMENTS}]."
            )
        num_classes = len(self.class_names)
        if num_classes > MOST_CLASSES:
            raise ValueError(
                f"logits have {num_classes} classes; a ledger has room for {MOST_CLASSES} weights."
            )
        self.num_samples = len(self.target)
        self.positions = self.target.numel() // self.num_samples
        self.one_hot = one_hot(self.target, num_classes).movedim(-1, 1).to(self.logits)
        log_probs = torch.log_softmax(self.logits, dim=1)
        self.log_probs = log_probs.movedim(1, -1).reshape(-1, num_classes)  # (elements, C)
        self.classes = self.target.flatten().tolist()
        self.reset()

    def reset(self) -> None:
        """Returns to the mean of one batch without weights, ignored classes or smoothing."""
        self.weights = [1.0] * len(self.class_names)
        self.label_smoothing = 0.0
        self.form = self.reduction = self.ignore = 0  # places among the choices
        self.cut = self.num_samples  # so many samples stand before the cut
        self.compute()

    def set(self, name: str, value: float) -> None:
        """One control moved: `weights.2`, or another by its name."""
        if name.startswith("weights."):
            self.weights[int(name.removeprefix("weights."))] = value
        else:
            setattr(self, name, int(value) if name in PLACES else value)
        self.compute()

    @property
    def keywords(self) -> dict[str, object]:
        """The keywords that the controls stand for, as `cross_entropy` takes them."""
        is_ignoring = self.ignore and not self.form  # probabilities know no ignore_index
        return {
            "weight": torch.tensor(self.weights).to(self.logits),
            "ignore_index": self.ignore - 1 if is_ignoring else NOTHING_IGNORED,
            "reduction": REDUCTIONS[self.reduction],
            "label_smoothing": self.label_smoothing,
        }

    def compute(self) -> None:
        """Asks torch for the loss, for that of each part, and for each element's."""
        keywords, given = self.keywords, self.one_hot if self.form else self.target
        self.loss = cross_entropy(self.logits, given, **keywords)
        reduction = "mean" if self.reduction == 0 else "sum"
        self.parts = [
            cross_entropy(self.logits[part], given[part], **keywords | {"reduction": reduction})
            for part in (slice(self.cut), slice(self.cut, None))
        ]
        above = cross_entropy(self.logits, given, **keywords | {"reduction": "none"})
        self.above = above.flatten()  # (elements)
        counted = self.target != keywords["ignore_index"]  # (N, d1)
        weight = torch.ones_like(keywords["weight"]) if self.form else keywords["weight"]
        self.below = (weight[self.target] * counted).flatten()  # (elements)
        self.counted = counted.flatten()

    def controls(self) -> dict[str, float]:
        """What each control shows."""
        weights = {f"weights.{c}": weight for c, weight in enumerate(self.weights)}
        return weights | {name: getattr(self, name) for name in (*PLACES, "label_smoothing")}

    def tensors(self) -> dict[str, bytes]:
        """Nothing beside the table."""
        return {}

    def values(self) -> dict:
        """The flat table. formulas.js computes the same names until these arrive."""
        keywords, elements = self.keywords, range(len(self.classes))
        above, below = self.above.tolist(), self.below.tolist()
        own = [-self.log_probs[n, y].item() for n, y in enumerate(self.classes)]
        own_weights = [self.weights[y] for y in self.classes]
        rights = self.below.double().cumsum(0).tolist()
        edges = rights[self.positions - 1 :: self.positions]  # of samples
        is_mean, is_one = self.reduction == 0 and rights[-1] > 0, self.reduction < 2
        cut_at = edges[self.cut - 1]
        share = 1 - self.label_smoothing + self.label_smoothing / len(self.weights)
        ignored = [n for n in elements if not self.counted[n]]
        first, second = (part.item() for part in self.parts)
        of_parts = (first + second) / 2 if self.reduction == 0 else first + second
        return {
            **{name: getattr(self, name) for name in (*PLACES, "label_smoothing")},
            "weights": [*self.weights],
            "ignore_index": keywords["ignore_index"],
            "reduction_name": keywords["reduction"],
            "own": own,
            "own_weights": own_weights,
            "above": above,
            "below": below,
            "ignored": ignored,
            "out": [int(n in ignored) for n in elements],
            "ignored_told": _in_words(ignored),
            # a column is as wide as what it adds below the line; its area is what it adds above
            "lefts": [0.0, *rights[:-1]],
            "rights": rights,
            "middles": [right - width / 2 for right, width in zip(rights, below, strict=True)],
            "floors": [0.0 for _ in elements],
            "highs": [own[n] * own_weights[n] * share / b if (b := below[n]) else 0.0
                      for n in elements],
            "tops": [above[n] / b if (b := below[n]) else 0.0 for n in elements],
            "wide": [width >= 0.5 for width in below],  # enough for a number
            "numerator": self.above.sum().item(),
            "denominator": self.below.sum().item(),
            "loss": self.loss.item() if is_one else 0.0,
            "level": self.loss.item() if is_mean else 0.0,
            "has_level": int(is_mean),
            "over_samples": self.above.sum().item() / self.num_samples,
            # two batches in the place of one
            "edges": edges,
            "cut_at": cut_at,
            "is_cut": int(self.cut < self.num_samples),
            "both_count": int(is_mean and self.cut < self.num_samples and 0 < cut_at < rights[-1]),
            "first": first,
            "second": second,
            "of_parts": of_parts,
            # rounding does not tell which is higher where both are the same
            "all_higher": int(self.loss.item() >= of_parts * (1 - 1e-6)) if is_one else 0,
        }  # fmt: skip

    def code(self) -> str:
        """The PyTorch call that gives the present loss."""
        keywords = self.keywords
        return (
            f"torch.nn.functional.cross_entropy({tensor_literal(self.logits)}, "
            f"{self.target_code()[self.form]}, weight={tensor_literal(keywords['weight'])}, "
            f"ignore_index={keywords['ignore_index']}, reduction={keywords['reduction']!r}, "
            f"label_smoothing={keywords['label_smoothing']})"
        )

    def target_code(self) -> tuple[str, str]:
        """The target as code: as indices, and as one-hot rows."""
        indices = tensor_literal(self.target)
        rows = f"torch.nn.functional.one_hot({indices}, {len(self.weights)})"
        moved = "" if self.target.ndim == 1 else ".movedim(-1, 1)"
        return indices, f"{rows}{moved}.to({self.logits.dtype})"

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        now = self.values()
        fraction = f"{format_number(now['numerator'])} ÷ {format_number(now['denominator'])}"
        loss = [
            f"loss = {fraction} = {format_number(now['loss'])}",
            f"loss = sum of the losses = {format_number(now['loss'])}",
            "loss = one per element",
        ][self.reduction]
        lines = [
            f"losses = {format_list(self.above)}   below the line = {format_list(self.below)}"
            + now["ignored_told"],
            loss,
        ]
        if self.reduction == 2 or not now["is_cut"]:
            return lines
        first, second, both = (format_number(now[name]) for name in ("first", "second", "of_parts"))
        said = "the mean of these" if self.reduction == 0 else "their sum"
        return [*lines, f"the two batches alone: {first} and {second}, {said} {both}"]


def _in_words(ignored: list[int]) -> str:
    return f"   ignored elements: {', '.join(map(str, ignored))}" if ignored else ""
