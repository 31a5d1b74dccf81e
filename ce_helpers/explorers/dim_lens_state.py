"""What the dim lens shows: the numbers that meet in one softmax, and what becomes of them."""

import numpy as np
import torch

from ce_helpers.explorers.cursor_state import CursorState
from ce_helpers.explorers.state import CrossEntropyState
from ce_helpers.formatting import format_list, format_number, shortest, to_numpy
from ce_helpers.live.ahead import Ahead
from ce_helpers.live.numbers import computed

MOST_LENS_CLASSES = 6
MOST_TABLED = 8  # elements in a table; more become maps
DIM_NAMES = ("sample", "class", "position")


class DimLensState(CursorState):
    """Logits, a cursor, and the dim along which softmax runs.

    Shape:
        logits: (N, C, d1) or (1, C, H, W), with C ≤ 6.
        target: (N, d1) or (1, H, W).

    Args:
        logits: no unit.
        target: class indices; None for numbers without a loss.
        class_names: one name per class; "class 0", "class 1", … if None.
        cell: the row and the column to start with.
        fit: cuts a class name to the room that a row's label has.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; another shape, too many classes, a cell
            outside.
    """

    def __init__(self, logits, target, class_names, cell, *, fit=str) -> None:
        logits = torch.as_tensor(logits).detach()
        self.is_image = logits.ndim == 4 and len(logits) == 1
        if logits.ndim != 3 and not self.is_image:
            raise ValueError(
                f"logits have shape {tuple(logits.shape)}; a lens takes (N, C, d1) or (1, C, H, W)."
            )
        if not 1 <= logits.shape[1] <= MOST_LENS_CLASSES:
            raise ValueError(
                f"logits have {logits.shape[1]} classes; there is room for 1 to "
                f"{MOST_LENS_CLASSES} of them. Keep the classes that matter, e.g. "
                f"logits[:, :{MOST_LENS_CLASSES}]."
            )
        self.has_target = target is not None
        if not self.has_target:  # which target there is plays no part in a softmax
            target = torch.zeros((len(logits), *logits.shape[2:])).long()
        call = CrossEntropyState(logits, target, class_names)
        self.logits, self.target, self.class_names = call.logits, call.target, call.class_names
        self.labels = [*map(fit, call.class_names)]
        shape = tuple(self.target.shape[-2:])
        super().__init__(
            ("row", "column") if self.is_image else ("sample", "position"), shape, cell
        )
        self.tabled = not self.is_image and shape[0] * shape[1] <= MOST_TABLED
        self.dim = 1
        dims = range(3) if self.tabled else (1,)
        self.softmaxes = {dim: torch.softmax(self.logits, dim=dim) for dim in dims}
        self.losses = {dim: self._losses(dim) for dim in dims}  # (rows, columns)

    def _losses(self, dim: int) -> torch.Tensor:
        """Every element's loss in nats, if softmax runs along `dim`; 1 is cross_entropy's way."""
        if dim == 1:
            losses = torch.nn.functional.cross_entropy(self.logits, self.target, reduction="none")
            return losses.view(self.shape)
        log_probs = torch.log_softmax(self.logits, dim=dim)
        return -log_probs.gather(1, self.target.unsqueeze(1)).squeeze(1)

    def reset(self) -> None:
        """Returns to the first cell and to dim=1."""
        super().reset()
        self.dim = 1

    def controls(self) -> dict[str, int]:
        """What each control shows."""
        return {**super().controls(), **({"dim": self.dim} if self.tabled else {})}

    # One softmax.

    def place(self, dim: int, row: int, column: int) -> tuple:
        """Where the numbers stand that meet: an index with a slice along `dim`."""
        if self.is_image:
            return 0, slice(None), row, column
        place = [row, int(self.target[row, column]), column]
        place[dim] = slice(None)
        return tuple(place)

    def marked(self, dim: int, row: int, column: int) -> int:
        """Which of the numbers that meet is the target's."""
        target = self.target[0] if self.is_image else self.target
        return (row, int(target[row, column]), column)[dim]

    def values(self) -> dict:
        """The flat table; the arrays that were sent ahead hold the same names."""
        found = self.described(self.dim, *self.cell)
        return {**super().controls(), "dim": self.dim, **found}

    def described(self, dim: int, row: int, column: int) -> dict:
        """Values at one place, along one dim."""
        place = self.place(dim, row, column)
        probs, numbers = self.softmaxes[dim][place], self.logits[place]
        mark = self.marked(dim, row, column)
        found = {
            "probs": probs.tolist(),
            "loss": self.losses[dim][row, column].item(),
            "p": probs[mark].item(),
            "mark": mark if self.has_target else -1,
        }
        if not self.tabled:
            return {**found, "numbers": numbers.tolist()}
        samples, num_classes, positions = self.logits.shape
        spare = max(self.logits.shape) - len(probs)
        elements = row * positions + column
        c = int(self.target[row, column])
        cells = {  # element by element, as the table's numbers
            0: [(n * positions + column) * num_classes + c for n in range(samples)],
            1: [elements * num_classes + k for k in range(num_classes)],
            2: [(row * positions + d) * num_classes + c for d in range(positions)],
        }[dim]
        named = [f"{DIM_NAMES[dim]} {k}" for k in range(len(probs))]
        labels = self.labels if dim == 1 else named
        return {
            **found,
            "probs": found["probs"] + [0.0] * spare,
            "told": [*map(computed, found["probs"])] + [" "] * spare,
            "labels": [*labels, *[" "] * spare],
            "cells": [*cells, *[-1] * spare],
            "count": len(probs),
            "class": c,
            "class_name": self.class_names[c],
            "element": elements,
            "softmax": format_list(probs),
            "losses": self.losses[dim].view(-1).tolist(),
            "loss_of_classes": self.losses[1][row, column].item(),
        }  # fmt: skip

    def ahead(self) -> Ahead:
        """The answers at every cell, of a table along every dim."""
        if not self.tabled:
            return super().ahead()
        rows, columns = self.shape
        found = [[[self.described(dim, row, column) for column in range(columns)]
                  for row in range(rows)] for dim in range(3)]  # fmt: skip
        axes = {"dim": (0, 3), "row": (0, rows), "column": (0, columns)}
        return Ahead(axes, {
            name: ([*axes], [[[one[name] for one in line] for line in dim] for dim in found])
            for name in found[0][0][0]
        })  # fmt: skip

    def maps(self) -> dict[str, np.ndarray]:
        """Each value at every cell."""
        logits, target = self.sheets()  # (R, K, C), (R, K)
        probs = self.softmaxes[1].movedim(1, -1).reshape(logits.shape)
        found = {
            "probs": probs, "numbers": logits, "loss": self.losses[1],
            "p": probs.gather(2, target[:, :, None])[:, :, 0],
            "mark": target if self.has_target else torch.full_like(target, -1),
        }  # fmt: skip
        return {name: to_numpy(tensor) for name, tensor in found.items()}

    def sheets(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits with the classes last, (rows, columns, C), and the target, (rows, columns)."""
        if self.is_image:
            return self.logits[0].movedim(0, 2).contiguous(), self.target[0]
        return self.logits.movedim(1, 2).contiguous(), self.target

    # Words.

    def indices(self) -> str:
        """The place as Python writes it; the colon stands where softmax runs."""
        place = self.place(self.dim, *self.cell)
        return ", ".join(":" if isinstance(i, slice) else str(i) for i in place)

    def code(self) -> str:
        """A PyTorch line that gives the softmax."""
        return f"torch.softmax(logits, dim={self.dim})[{self.indices()}]"

    def text(self) -> str:
        """The numbers that meet, their softmax, and its loss if there is a target."""
        place = self.place(self.dim, *self.cell)
        numbers, probs = to_numpy(self.logits[place]), self.softmaxes[self.dim][place]
        told = (
            f"logits[{self.indices()}] = [{', '.join(map(shortest, numbers))}]   "
            f"softmax = {format_list(probs)}"
        )
        loss = format_number(self.losses[self.dim][self.cell])
        return told + f"   loss = {loss}" * self.has_target
