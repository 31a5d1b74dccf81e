"""What pixel maps show: an image, its target, and what torch makes of each pixel's logits."""

import numpy as np
import torch

from ce_helpers.explorers.cursor_state import CursorState
from ce_helpers.explorers.state import CrossEntropyState
from ce_helpers.formatting import format_number, to_numpy


class PixelMapsState(CursorState):
    """An image with logits and target, and a cursor over its pixels.

    Shape:
        image: (H, W). logits: (1, C, H, W). target: (1, H, W).

    Args:
        image: brightness from 0 to 1.
        logits: no unit.
        target: class indices.
        class_names: one name per class; "class 0", "class 1", … if None.
        cell: the row and the column to start with.
        fit: cuts a class name to the room beside a map's title.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; an image of another size, a cell outside.
    """

    def __init__(self, image, logits, target, class_names, cell, *, fit=str) -> None:
        self.image = torch.as_tensor(image)
        call = CrossEntropyState(logits, target, class_names)
        if (
            call.logits.ndim != 4
            or len(call.logits) != 1
            or self.image.shape != call.loss.shape[1:]
        ):
            raise ValueError(
                f"image has shape {tuple(self.image.shape)} and logits "
                f"{tuple(call.logits.shape)}; expected (H, W) and (1, C, H, W)."
            )
        self.logits, self.target, self.loss = call.logits, call.target, call.loss
        self.class_names, self.labels = call.class_names, [*map(fit, call.class_names)]
        super().__init__(("row", "column"), tuple(self.image.shape), cell)
        self.probs = torch.softmax(self.logits, dim=1)  # (1, C, H, W)
        self.p_target = self.probs.gather(1, self.target.unsqueeze(1))[0, 0]  # (H, W)
        self.prediction = self.probs[0].argmax(dim=0)  # (H, W)

    def values(self) -> dict:
        """The flat table; the arrays that were sent ahead hold the same names."""
        row, column = self.cell
        target, prediction = int(self.target[0][self.cell]), int(self.prediction[self.cell])
        return {
            **self.controls(),
            "image": self.image[self.cell].item(),
            "target": target,
            "prediction": prediction,
            "target_name": self.class_names[target],
            "prediction_name": self.class_names[prediction],
            "target_label": self.labels[target],
            "prediction_label": self.labels[prediction],
            "mark": target,
            "probs": self.probs[0, :, row, column].tolist(),
            "p": self.p_target[self.cell].item(),
            "loss": self.loss[0][self.cell].item(),
        }

    def maps(self) -> dict[str, np.ndarray]:
        """Each value at every pixel."""
        names, labels = np.array(self.class_names), np.array(self.labels)
        target, prediction = self.target[0].numpy(), self.prediction.numpy()
        return {
            "image": to_numpy(self.image),
            "target": target,
            "prediction": prediction,
            "target_name": names[target],
            "prediction_name": names[prediction],
            "target_label": labels[target],
            "prediction_label": labels[prediction],
            "mark": target,
            "probs": to_numpy(self.probs[0].movedim(0, 2).contiguous()),
            "p": to_numpy(self.p_target),
            "loss": to_numpy(self.loss[0]),
        }

    def code(self) -> str:
        """A PyTorch line that gives this pixel's loss."""
        row, column = self.cell
        call = 'torch.nn.functional.cross_entropy(logits, target, reduction="none")'
        return f"{call}[0, {row}, {column}]"

    def text(self) -> str:
        """The marked pixel's value in each map."""
        now = self.values()
        told = {
            "image": format_number(now["image"]),
            "target": now["target_name"],
            "prediction": now["prediction_name"],
            "p(target)": format_number(now["p"]),
            "loss": format_number(now["loss"]),
        }
        each = "   ".join(f"{name}: {value}" for name, value in told.items())
        return f"row {self.row}, column {self.column}: {each}"
