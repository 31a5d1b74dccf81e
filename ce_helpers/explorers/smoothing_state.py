"""What the smoothing explorer shows: a smoothed target q, the model's p, and torch's loss."""

import math

import torch
from torch.nn.functional import cross_entropy, kl_div

from ce_helpers.explorers.state import CrossEntropyState
from ce_helpers.formatting import format_list, format_number, tensor_literal

LEADS = (-2.0, 12.0)  # of the target's logit over the others
MOST_SMOOTHING = 0.5
FEWEST_CLASSES, MOST_CLASSES = 2, 8
FAR = 2.4  # leads from which the lowest point has room for its name


class SmoothingState:
    """One sample whose target leads all other classes alike: logits [lead, 0, 0, …], target 0.

    Args:
        num_classes: 2 to 8.
        lead: the target's logit minus the others', no unit.
        label_smoothing: the share of the target that is spread evenly over all classes.
        class_names: one name per class, the target's first; "class 0", "class 1", … if None.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; too few or too many classes, a lead or a
            smoothing beyond its slider.
    """

    def __init__(self, num_classes, lead, label_smoothing, class_names=None) -> None:
        if num_classes not in range(FEWEST_CLASSES, MOST_CLASSES + 1):
            raise ValueError(
                f"num_classes is {num_classes!r}; expected a whole number from {FEWEST_CLASSES} "
                f"to {MOST_CLASSES}, e.g. 4."
            )
        for name, value, (low, high) in (
            ("lead", lead, LEADS), ("label_smoothing", label_smoothing, (0, MOST_SMOOTHING))
        ):  # fmt: skip
            if not low <= value <= high:
                raise ValueError(
                    f"{name} is {value}; expected {low:g} to {high:g}, where its slider ends."
                )
        self.num_classes = num_classes
        names = CrossEntropyState([[0.0] * num_classes], [0], class_names).class_names
        self.class_names, self.target = names, torch.tensor([0])  # (1)
        self.start = {"lead": float(lead), "label_smoothing": float(label_smoothing)}
        self.reset()

    def reset(self) -> None:
        """Returns to the lead and the smoothing that it was made with."""
        self.lead, self.label_smoothing = self.start.values()
        self.compute()

    def set(self, name: str, value: float) -> None:
        """One control moved: `lead` or `label_smoothing`."""
        setattr(self, name, float(value))
        self.compute()

    def compute(self) -> None:
        """Asks torch for the loss."""
        self.logits = torch.tensor([[self.lead, *[0.0] * (self.num_classes - 1)]])  # (1, C)
        self.loss = cross_entropy(self.logits, self.target, label_smoothing=self.label_smoothing)

    def controls(self) -> dict[str, float]:
        """What each control shows."""
        return {name: getattr(self, name) for name in self.start}

    def tensors(self) -> dict[str, bytes]:
        """Nothing beside the table."""
        return {}

    def values(self) -> dict:
        """The flat table. formulas.js computes the same names until these arrive."""
        share = self.label_smoothing / self.num_classes
        q = [1 - self.label_smoothing + share, *[share] * (self.num_classes - 1)]
        best = math.log(q[0] / share) if share else math.inf
        exact = torch.tensor(q, dtype=torch.float64)
        entropy = torch.special.entr(exact).sum().item()
        # in float64: beside the lowest point float32 has no digits left for it
        gap = kl_div(torch.log_softmax(self.logits[0].double(), dim=0), exact, reduction="sum")
        has_best = best <= LEADS[1]
        return {
            **self.controls(),
            "target": 0,
            "logits": self.logits[0].tolist(),
            "q": q,
            "probs": torch.softmax(self.logits[0], dim=0).tolist(),
            "loss": self.loss.item(),
            "entropy": entropy,
            "block": [entropy],  # nothing gets below it
            "gap": max(gap.item(), 0.0),
            "best": best,
            "has_best": int(has_best),
            "is_far": int(has_best and abs(self.lead - best) > FAR),
        }

    def code(self) -> str:
        """The PyTorch call that gives the present loss."""
        return (
            f"torch.nn.functional.cross_entropy({tensor_literal(self.logits)}, "
            f"{tensor_literal(self.target)}, label_smoothing={self.label_smoothing})"
        )

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        now = self.values()
        return [
            f"q = {format_list(now['q'])}   p = {format_list(now['probs'])}",
            f"loss = {format_number(now['loss'])} = {format_number(now['entropy'])}, the entropy "
            f"of q, + {format_number(now['gap'])} because p is not q",
        ]
