"""One sample's gradient from autograd, and gradient descent on its logits."""

import torch

from ce_helpers.formatting import format_list, format_number, tensor_literal
from ce_helpers.state import CrossEntropyState

MOST_BARS = 6  # of a picture: one for each class
MOST_STEPS = 20  # as many as a picture holds


class Descent:
    """One sample's logits, what torch computes from them, and steps along the gradient.

    The settings `learning_rate`, `temperature` and `softmax_first` are set as attributes; after
    setting one, or after changing `state`, call `restart`.

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
        self.reset()

    def reset(self) -> None:
        """Returns to the first logits and target, and to settings that change nothing."""
        self.state.reset()
        self.learning_rate, self.temperature, self.softmax_first = 1.0, 1.0, False
        self.restart()

    def restart(self) -> None:
        """Computes the present state; the history begins with it."""
        self._compute()
        self.losses = [self.loss.item()]

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

    def _compute(self) -> None:
        """Asks torch for the loss and its gradient, and for the p of which the loss is a log."""
        with torch.enable_grad():  # a widget's callback has switched it off
            logits = self.state.logits.clone().requires_grad_()
            given = logits / self.temperature
            if self.softmax_first:
                given = torch.softmax(given, dim=self._dim)
            loss = torch.nn.functional.cross_entropy(given, self.state.target)
            (self.gradient,) = torch.autograd.grad(loss, logits)  # the logits' shape
        self.loss = loss.detach()  # ()
        self.probs = torch.softmax(given.detach(), dim=self._dim)  # the logits' shape
        self.stepped = self.state.logits - self.learning_rate * self.gradient

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
        name = "p − y" if self.temperature == 1 else f"(p − y) / {self.temperature}"
        steps = len(self.losses) - 1
        rows = {
            "p": f"{format_list(probs)}   y = {one_hot.int().tolist()}",
            name: format_list(difference),
            "gradient by autograd": format_list(self.gradient.view(-1)),
            "logits after one step": format_list(self.stepped.view(-1)),
            "loss": f"{format_number(self.loss)} after {steps} step{'s' * (steps != 1)}",
        }
        if self.softmax_first:
            rows["gradient by autograd"] += f"   not {name}: softmax ran twice"
        if steps:
            rows["loss"] += f"; before, the last one first: {format_list(self.losses[-2::-1])}"
        return [f"{name:<21} = {told}" for name, told in rows.items()]
