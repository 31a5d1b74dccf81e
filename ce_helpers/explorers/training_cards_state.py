"""The eight trainings, and which of them are named."""

from ce_helpers.training import TRAININGS, trained_wrong

CHAOTIC = "learning rate × 100"  # its digits differ from machine to machine: none is told
HEALTHY = "nothing is wrong"


class TrainingCardsState:
    """Eight runs that stand still, and a mark for each card that is named."""

    def __init__(self) -> None:
        self.names = list(TRAININGS)
        self.runs = {name: trained_wrong(name) for name in self.names}
        self.reset()

    def reset(self) -> None:
        """Hides all names."""
        self.named = [False] * len(self.names)

    def name_all(self) -> None:
        """Names all cards."""
        self.named = [True] * len(self.names)

    def set(self, name: str, value: float) -> None:
        """One control moved: `named.2`."""
        self.named[int(name.removeprefix("named."))] = bool(value)

    def controls(self) -> dict[str, bool]:
        """What each control shows."""
        return {f"named.{k}": is_named for k, is_named in enumerate(self.named)}

    def tensors(self) -> dict[str, bytes]:
        """Nothing beside the table."""
        return {}

    def values(self) -> dict:
        """The flat table."""
        return {"named": [*self.named]}

    def told(self, k: int) -> str:
        """A card's curves in words, with two digits: a training's others differ by machine."""
        run = self.runs[self.names[k]]
        if self.names[k] == CHAOTIC:
            return "loss leaps above 2 again and again"
        first, last = run.losses[0], run.losses[-1]
        return f"loss {first:.2g} to {last:.2g}, accuracy at the end {run.accuracies[-1]:.2f}"

    def code(self) -> str:
        """How a card is trained again."""
        return "trained_wrong(name)   # 60 steps on 90 points, learning rate 0.3"

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        return [
            f"card {k + 1}: {self.told(k)}{f'   {name}' if self.named[k] else ''}"
            for k, name in enumerate(self.names)
        ]
