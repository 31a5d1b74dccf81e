"""One number that mends a model that is too sure: the temperature, and what it does to the loss."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.live.ahead import Ahead
from ce_helpers.training import best_temperature, calibration_error, reliability

BINS = 10
TEMPERATURES = tuple(round(0.5 * 2 ** (k / 6), 3) for k in range(31))  # 0.5 to 16


class TemperatureState:
    """Logits of points that were not trained on, divided by a temperature.

    Half of the points find the best temperature, the other half is shown.

    Shape:
        logits: (N, C) with N ≥ 2. target: (N).

    Args:
        logits: no unit.
        target: class indices.

    Raises:
        ValueError: another shape.
    """

    def __init__(self, logits, target) -> None:
        logits, target = torch.as_tensor(logits).detach(), torch.as_tensor(target)
        if logits.ndim != 2 or target.shape != logits.shape[:1] or len(logits) < 2:
            raise ValueError(
                f"logits have shape {tuple(logits.shape)} and target {tuple(target.shape)}; "
                "expected (N, C) and (N) with N of 2 or more."
            )
        self.logits, self.target = logits[1::2].float(), target[1::2]
        self.best = best_temperature(logits[::2].float(), target[::2])
        self.answers = [self.computed(t) for t in TEMPERATURES]
        self.reset()

    def reset(self) -> None:
        """Returns to a temperature of 1, which changes nothing."""
        self.stop = TEMPERATURES.index(1.0)

    def set(self, name: str, value: float) -> None:
        """The one control moved."""
        self.stop = int(value)

    def computed(self, t: float) -> dict:
        """All that a picture shows of one temperature."""
        logits = self.logits / t
        rows = reliability(logits, self.target, BINS)
        sure, right, counts = (np.zeros(BINS) for _ in range(3))
        for mean, accuracy, count in rows:
            k = min(int(np.ceil(mean * BINS)) - 1, BINS - 1)
            sure[k], right[k], counts[k] = mean, accuracy, count
        return {
            "t": t,
            "loss": cross_entropy(logits, self.target).item(),
            "error": calibration_error(logits, self.target, BINS),
            "accuracy": (logits.argmax(1) == self.target).double().mean().item(),
            "sure": sure.tolist(),
            "right": right.tolist(),
            "has": (counts > 0).astype(int).tolist(),
        }

    def ahead(self) -> Ahead:
        """The answers at every stop."""
        axes = {"stop": (0, len(TEMPERATURES))}
        return Ahead(axes, {
            name: (["stop"], [answer[name] for answer in self.answers]) for name in self.answers[0]
        })  # fmt: skip

    def controls(self) -> dict[str, int]:
        """What the control shows."""
        return {"stop": self.stop}

    def tensors(self) -> dict[str, bytes]:
        """What is sent once."""
        return self.ahead().tensors()

    def values(self) -> dict:
        """The flat table; the arrays that were sent ahead hold the same names."""
        return {"stop": self.stop, **self.answers[self.stop]}

    def code(self) -> str:
        """A PyTorch line that gives the present loss."""
        return f"F.cross_entropy(logits / {TEMPERATURES[self.stop]:g}, target)"

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text; two digits, for a training is behind them."""
        now = self.answers[self.stop]
        return [
            f"T = {now['t']:g}: loss {now['loss']:.2g}, calibration error {now['error']:.2g}, "
            f"accuracy {now['accuracy']:.2f}"
        ]
