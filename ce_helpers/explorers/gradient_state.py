"""One sample's gradient from autograd, and gradient descent on its logits."""

import torch

from ce_helpers.explorers.state import CrossEntropyState
from ce_helpers.formatting import format_list, format_number, shortest, tensor_literal, to_numpy
from ce_helpers.live.limits import up
from ce_helpers.live.numbers import short

MOST_BARS = 6  # of a picture: one for each class
MOST_STEPS = 20  # as many as a picture holds
SETTINGS = ("learning_rate", "temperature", "softmax_first")
GRADIENT_LIMITS = (1, 2, 5, 10)  # p − y lies between −1 and 1; a temperature divides it


class Descent:
    """One sample's logits, what torch computes from them, and steps along the gradient.

    When a logit, the target or a setting changes, the history of the loss begins again; the one
    before is kept as `earlier`.

    Shape:
        logits: (C) or (1, C) with 1 ≤ C ≤ 6. target: () or (1).

    Args:
        logits: floating point, finite, no unit.
        target: a class index.
        class_names: one name per class; "class 0", "class 1", … if None.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; more than one sample, or too many classes.

    Example:
        >>> descent = Descent([[2.0, 0.0]], [1])
        >>> descent.gradient
        tensor([[ 0.8808, -0.8808]])
        >>> descent.step()
        >>> [round(loss, 4) for loss in descent.losses]
        [2.1269, 0.8194]
    """

    def __init__(self, logits, target, class_names=None) -> None:
        self.state = CrossEntropyState(logits, target, class_names)
        shape = tuple(self.state.logits.shape)
        if shape[:-1] not in ((), (1,)):
            raise ValueError(
                f"logits have shape {shape}; a gradient explorer takes one sample, (C) or (1, C), "
                "e.g. logits[:1]."
            )
        if shape[-1] > MOST_BARS:
            raise ValueError(
                f"logits have {shape[-1]} classes; a gradient explorer has room for "
                f"{MOST_BARS}, e.g. logits[:, :{MOST_BARS}]."
            )
        self._dim = len(shape) - 1
        self.losses: list[float] = []
        self.earlier, self.earlier_told, self._settings = [], "", ""
        self.reset()

    def reset(self) -> None:
        """Returns to the first logits and target, and to settings that change nothing."""
        self.state.reset()
        self.learning_rate, self.temperature, self.softmax_first = 1.0, 1.0, False
        self.restart()

    def set(self, name: str, value: float) -> None:
        """One control moved: `logits.2`, `target`, or a setting by its name."""
        if name == "target":
            self.state.set_target(int(value))
        elif name in SETTINGS:
            setattr(self, name, bool(value) if name == "softmax_first" else value)
        else:
            self.state.set_logit(int(name.removeprefix("logits.")), value)
        self.restart()

    def set_logits(self, logits) -> None:
        """Replaces all logits.

        Raises:
            ValueError: another shape, or a number that is not finite; then nothing changes.
        """
        self.state.set_logits(logits)
        self.restart()

    def set_call(self, logits: list[float], target: int) -> None:
        """Replaces the logits and the target; the history begins again."""
        self.state.set_target(target)
        self.set_logits(logits)

    def restart(self) -> None:
        """Computes the present state; the history begins with it."""
        if len(self.losses) > 2:
            self.earlier, self.earlier_told = self.losses, self._settings
        self._settings = self._settings_told()
        self._compute()
        self.losses = [self.loss.item()]

    def _settings_told(self) -> str:
        told = f"{'twice' if self.softmax_first else 'once'}, rate {short(self.learning_rate)}"
        return told if self.temperature == 1 else f"{told}, T {short(self.temperature)}"

    def step(self) -> None:
        """Replaces the logits by logits − learning rate × gradient.

        Raises:
            ValueError: 20 steps were taken, or the step leads to nan or inf; then nothing changes.
        """
        if self.is_full:
            raise ValueError(
                f"{MOST_STEPS} steps were taken, as many as the picture holds; move a control to "
                "start another descent from here, or call reset()."
            )
        if not self.stepped.isfinite().all():
            raise ValueError(
                "the step leads to nan or inf, so no logit moved; the logits are too large for "
                f"{self.stepped.dtype}."
            )
        self.state.set_logits(self.stepped)
        self._compute()
        self.losses.append(self.loss.item())

    def walk(self, count: int) -> None:
        """Takes so many steps, or as many as there is room for.

        Raises:
            ValueError: a step leads to nan or inf; those before it were taken.
        """
        for _ in range(min(count, MOST_STEPS + 1 - len(self.losses))):
            self.step()

    def _compute(self) -> None:
        """Asks torch for the loss and its gradient, and for the p of which the loss is a log."""
        with torch.enable_grad():  # a widget's callback has switched it off
            logits = self.state.logits.clone().requires_grad_()
            given = logits / self.temperature
            if self.softmax_first:
                given = torch.softmax(given, dim=self._dim)
            loss = torch.nn.functional.cross_entropy(given, self.state.target)  # ()
            (self.gradient,) = torch.autograd.grad(loss, logits)  # the logits' shape
        self.loss = loss.detach()  # ()
        self.probs = torch.softmax(given.detach(), dim=self._dim)  # the logits' shape
        self.stepped = self.state.logits - self.learning_rate * self.gradient

    # For everything that is drawn or written.

    def controls(self) -> dict[str, float | bool]:
        """What each control shows: decimals that read back as the same logit."""
        logits = to_numpy(self.state.selected_logits)
        found = {f"logits.{c}": float(shortest(z)) for c, z in enumerate(logits)}
        settings = {name: getattr(self, name) for name in SETTINGS}
        return {**found, "target": self.state.selected_target, **settings}

    def tensors(self) -> dict[str, bytes]:
        """Nothing beside the table."""
        return {}

    def values(self) -> dict:
        """The flat table. formulas.js computes the same names until these arrive."""
        logits, stepped = self.state.selected_logits, self.stepped.view(-1)  # (C)
        target, gradient = self.state.selected_target, self.gradient.view(-1)
        one_hot = [int(c == target) for c in range(len(logits))]
        probs = self.probs.view(-1)
        high = float(up(max(1.0, 0.999 / self.temperature), GRADIENT_LIMITS))
        return {
            "logits": logits.tolist(),
            "target": target,
            "target_name": self.state.class_names[target],
            **{name: getattr(self, name) for name in SETTINGS},
            "first_probs": torch.softmax(logits / self.temperature, dim=0).tolist(),
            "probs": probs.tolist(),
            "p": probs[target].item(),
            "one_hot": one_hot,
            "difference": ((probs - torch.tensor(one_hot).to(probs)) / self.temperature).tolist(),
            "gradient": gradient.tolist(),
            "slope": gradient[target].item(),
            "gradient_low": -high,
            "gradient_high": high,
            # an arrow stands while its bar travels along it; none where there is no step
            "tails": logits.tolist(),
            "heads": torch.where(stepped.isfinite(), stepped, logits).tolist(),
            "changes": (stepped - logits).tolist(),
            "change": (stepped - logits)[target].item(),
            "stepped": stepped.tolist(),
            "loss": self.loss.item(),
            "losses": [*self.losses],
            "steps": len(self.losses) - 1,
            "past": self.losses[-2::-1],
            "is_full": self.is_full,
            "settings_told": self._settings,
            "earlier": [*self.earlier],
            "earlier_steps": max(0, len(self.earlier) - 1),
            "earlier_told": self.earlier_told,
        }

    @property
    def is_full(self) -> bool:
        """Whether no further step can be taken."""
        return len(self.losses) > MOST_STEPS

    def code(self) -> str:
        """PyTorch lines that give the present gradient."""
        logits, target = tensor_literal(self.state.logits), tensor_literal(self.state.target)
        given = "logits" if self.temperature == 1 else f"logits / {self.temperature}"
        if self.softmax_first:
            given = f"torch.softmax({given}, dim={self._dim})"
        return (
            f"logits, target = {logits.removesuffix(')')}, requires_grad=True), {target}\n"
            "torch.autograd.grad("
            f"torch.nn.functional.cross_entropy({given}, target), logits)[0]"
        )

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        probs = self.probs.view(-1)  # (C)
        one_hot = torch.arange(len(probs)) == self.state.selected_target  # (C)
        difference = (probs - one_hot.to(probs)) / self.temperature  # (C)
        asked = f"{format_list(probs)}   y = {one_hot.int().tolist()}"
        steps = len(self.losses) - 1
        if self.softmax_first:
            first = torch.softmax(self.state.selected_logits / self.temperature, dim=0)
            rows = {"p": format_list(first), "softmax(p)": asked}
        else:
            name = "p − y" if self.temperature == 1 else f"(p − y) / {self.temperature}"
            rows = {"p": asked, name: format_list(difference)}
        rows |= {
            "gradient by autograd": format_list(self.gradient.view(-1)),
            "logits after one step": format_list(self.stepped.view(-1)),
            "loss": f"{format_number(self.loss)} after {steps} step{'s' * (steps != 1)}",
        }
        if self.softmax_first:
            rows["gradient by autograd"] += "   not softmax(p) − y: softmax ran twice"
        if steps:
            rows["loss"] += f"; before, the last one first: {format_list(self.losses[-2::-1])}"
        return [f"{name:<21} = {told}" for name, told in rows.items()]
