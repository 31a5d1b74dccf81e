"""The four calls of the source article, as fresh tensors."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Scenario:
    """One call to cross entropy: a name to show, logits, target and class names.

    Each access to `logits` or `target` returns a new tensor, so changing one never changes
    the scenario.

    Args:
        title: what to call it, in a few words.
        logit_values: nested tuples, read as float32. Logits have no unit.
        target_values: nested tuples of class indices, read as int64.
        class_names: one name per class; "class 0", "class 1", … if None.

    Example:
        >>> SCENARIOS["confident_right"].logits
        tensor([[ 4.,  3.,  2., 10.]])
    """

    title: str
    logit_values: tuple
    target_values: tuple
    class_names: tuple[str, ...] | None = None

    @property
    def logits(self) -> torch.Tensor:
        """The logits, float32, of shape (N, C) or (N, C, d1…dK)."""
        return torch.tensor(self.logit_values, dtype=torch.float32)

    @property
    def target(self) -> torch.Tensor:
        """The target's class indices, int64, of shape (N) or (N, d1…dK)."""
        return torch.tensor(self.target_values, dtype=torch.int64)


# Source of all figures: the article "How is cross entropy computed in pytorch ?".
SCENARIOS = {
    "confident_right": Scenario("confident and right", ((4, 3, 2, 10),), (3,)),
    "confident_wrong": Scenario("confident and wrong", ((20, 2, 3, 4),), (3,)),
    "two_positions": Scenario("two positions", (((4, 10), (3, 2), (2, 3), (10, 4)),), ((3, 1),)),
    "batch_of_two": Scenario(
        "batch of two",
        (((4, 4), (3, 3), (2, 2), (2, 20)), ((20, 20), (3, 3), (2, 2), (10, 10))),
        ((3, 3), (0, 0)),
    ),
}
