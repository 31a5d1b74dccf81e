"""What the explorer shows: logits and target of any shape, one element selected, torch's values."""

import numpy as np
import torch

from ce_helpers.explorers.state import MOST_PASTED_NUMBERS, CrossEntropyState
from ce_helpers.formatting import format_list, shortest, to_numpy

MOST_TABLED = 8  # elements in a table; more become a map
MOST_DOTS = 100  # elements that all have a dot on the curves
MOST_ROWS = 10  # classes with a row of their own


class ExplorerState(CrossEntropyState):
    """The tensors are the truth; `values()` is what everything drawn or written follows.

    Shape, Args, Raises: as `CrossEntropyState`.

    Args:
        softmax_first: whether the loss is given softmax(logits) for logits, a known mistake.
    """

    def __init__(
        self, logits, target, class_names=None, selected=None, *, softmax_first=False
    ) -> None:
        self.softmax_first = softmax_first
        super().__init__(logits, target, class_names, selected)

    def given(self, logits: torch.Tensor) -> torch.Tensor:
        """What the loss is given: the logits, or their softmax."""
        return torch.softmax(logits, dim=_class_dim(logits)) if self.softmax_first else logits

    @property
    def num_classes(self) -> int:
        """C."""
        return self._elements.shape[1]

    @property
    def element(self) -> int:
        """The selected element's place among all, flat."""
        return int(np.ravel_multi_index(self.selected, self.sizes))

    @property
    def in_a_table(self) -> bool:
        """Whether all elements stand in a table: there are several, and few."""
        return 1 < self.loss.numel() <= MOST_TABLED and self.num_classes <= MOST_ROWS

    @property
    def dotted(self) -> bool:
        """Whether each element has a dot on the curves."""
        return 1 < self.loss.numel() <= MOST_DOTS

    @property
    def on_a_map(self) -> bool:
        """Whether the losses form a map."""
        return self.loss.numel() > 1 and not self.in_a_table

    def set(self, name: str, value: float) -> None:
        """One control moved: `logits.2`, `target` or `element`."""
        if name == "target":
            self.set_target(int(value))
        elif name == "element":
            sample, *position = np.unravel_index(int(value), self.sizes)
            self.select(int(sample), tuple(int(index) for index in position))
        else:
            self.set_logit(int(name.removeprefix("logits.")), value)

    def controls(self) -> dict[str, float]:
        """What each control shows: decimals that read back as the same logit."""
        logits = to_numpy(self.selected_logits)
        found = {f"logits.{c}": float(shortest(z)) for c, z in enumerate(logits)}
        # the element first: the browser takes its logits from there
        return {"element": self.element, "target": self.selected_target, **found}

    def tensors(self) -> dict[str, bytes]:
        """Whole tensors for the browser, element by element."""
        return {
            "logits": self.columns().float().numpy().tobytes(),
            "targets": self.target.view(-1).to(torch.uint8).numpy().tobytes(),
            "losses": self.loss.view(-1).float().numpy().tobytes(),
        }

    def code_shape(self) -> dict:
        """How the line of code is written: of the whole call, or of the selected element's."""
        dtype = str(self.logits.dtype)
        return {
            "whole": self.logits.numel() <= MOST_PASTED_NUMBERS,
            "logits": list(self.logits.shape),
            "target": list(self.target.shape),
            "dtype": "" if dtype == "torch.float32" else f", dtype={dtype}",
            "softmax": _class_dim(self.pasteable()[0]) if self.softmax_first else None,
        }

    def code(self) -> str:
        """As `CrossEntropyState`."""
        given = f"torch.softmax(logits, dim={_class_dim(self.pasteable()[0])})"
        code = super().code()
        return code.replace("(logits,", f"({given},") if self.softmax_first else code

    def summary(self) -> list[str]:
        """As `CrossEntropyState`; what went in for logits is told first."""
        told = [f"in place of logits: p = {format_list(self.given(self.selected_logits))}"]
        return told * self.softmax_first + super().summary()

    def columns(self) -> torch.Tensor:
        """Every element's logits as a row of its own: (E, C)."""
        return self._elements.movedim(1, 2).reshape(-1, self.num_classes)

    def values(self) -> dict:
        """The flat table. formulas.js computes the same names until these arrive."""
        logits, target = self.selected_logits, self.selected_target
        given = self.given(logits)
        others, apart = _others(given[None], torch.tensor([target]))
        losses = self.loss.view(-1)
        rest = torch.cat([self.probs[:target], self.probs[target + 1 :]])
        found = {
            "logits": logits.tolist(),
            "target": target,
            "target_logit": given[target].item(),
            "probs": self.probs.tolist(),
            "p": self.probs[target].item(),
            "loss": self.selected_loss,
            # the others as one class: no answer of torch's, so in float64
            "others": others.item(),
            "others_p": rest.double().sum().item(),
            "s": apart.item(),  # loss = softplus(s)
            "element": self.element,
            "index": list(self.selected),
            "best": int(logits.argmax()),
        }
        if self.softmax_first:
            found["first_probs"], found["first_p"] = given.tolist(), given[target].item()
        if losses.numel() > 1:
            found["sum"] = losses.double().sum().item()
            found["mean"] = losses.double().mean().item()
            found["smaller"] = 100 * (losses < self.selected_loss).double().mean().item()
        if self.on_a_map:
            _, cell = self.map()
            counts = torch.bincount(self.target.view(-1), minlength=self.num_classes)
            found["cell"] = list(cell)
            found["shares"] = (100 * counts.double() / counts.sum()).tolist()
        return found | (self._elementwise() if self.dotted else {})

    def _elementwise(self) -> dict:
        """Every element's dot, and what a table of them holds, element by element."""
        columns, targets = self.columns(), self.target.view(-1)
        given = self.given(columns)
        probs = torch.softmax(given, dim=1)
        cells = torch.arange(len(targets)) * self.num_classes + targets
        found = {
            "losses": self.loss.view(-1).tolist(),
            "distances": _others(given, targets)[1].tolist(),
            "ps": probs.flatten()[cells].tolist(),
        }
        if self.in_a_table:
            found |= {
                "cell_logits": columns.flatten().tolist(),
                "cell_probs": probs.flatten().tolist(),
                "cell_targets": cells.tolist(),
                "targets": targets.tolist(),
            }
        return found

    def extremes(self) -> dict[str, float]:
        """What axes have room for: every element of a table, of a map all but its rarest."""
        rare = 0.05 if self.on_a_map else 0
        columns, targets = self.columns().double().numpy(), self.target.view(-1)
        distances = _others(self.given(self.columns()), targets)[1].numpy()
        losses = self.loss.double().view(-1).numpy()
        return {
            "logits_least": float(np.quantile(columns, rare)),
            "logits_most": float(np.quantile(columns, 1 - rare)),
            "loss_most": float(np.quantile(losses, 1 - rare)),
            "s_least": float(np.quantile(distances, rare)) if self.num_classes > 1 else 0.0,
        }


def _others(columns: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Log Σ exp of all classes but the target, and how far it lies above the target's logit.

    Shape:
        columns: (E, C).
        targets: (E).
        returns: (E), (E), float64.
    """
    columns = columns.double()
    own = columns.gather(1, targets[:, None])  # (E, 1)
    rest = columns.scatter(1, targets[:, None], -torch.inf)
    others = torch.logsumexp(rest, dim=1)
    return others, others - own[:, 0]


def _class_dim(logits: torch.Tensor) -> int:
    """Where the classes stand."""
    return min(logits.ndim - 1, 1)


def lanes() -> int:
    """How many floats torch's kernels add side by side: the order decides a sum's last digits."""
    return {"AVX512": 16, "AVX2": 8}.get(torch.backends.cpu.get_cpu_capability(), 4)
