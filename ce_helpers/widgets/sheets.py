"""Maps with a cursor: which C numbers form one softmax, and what became of each pixel."""

import ipywidgets as widgets
import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.colors import ListedColormap

from ce_helpers.arguments import to_numpy
from ce_helpers.formatting import format_list, shortest
from ce_helpers.live_figure import LiveFigure
from ce_helpers.sheets_figure import Sheet, SheetsFigure
from ce_helpers.state import CrossEntropyState
from ce_helpers.widgets.base import LiveWidget, text_html
from ce_helpers.widgets.slider import Slider

MOST_SHEETS = 6


class SheetsWidget(LiveWidget):
    """Maps of the same elements side by side, with a slider for the row and one for the column.

    Args:
        sheets: up to 6 maps of one shape.
        row_name, column_name: what the sliders are called.
        cell: the row and the column to start with.

    Raises:
        ValueError: no map, or more than 6; a cell outside.
    """

    def __init__(
        self, sheets: list[Sheet], row_name: str, column_name: str, cell: tuple[int, int] = (0, 0)
    ) -> None:
        if not 1 <= len(sheets) <= MOST_SHEETS:
            raise ValueError(
                f"{len(sheets)} maps were given; there is room for 1 to {MOST_SHEETS} of them."
            )
        shape = sheets[0].values.shape
        if cell not in np.ndindex(shape):
            raise ValueError(
                f"cell is {cell!r}; expected a tuple ({row_name}, {column_name}) inside {shape}."
            )
        self._sheets_figure = SheetsFigure(sheets)
        super().__init__(LiveFigure(self._sheets_figure.figure))
        sliders = [
            Slider(
                lock=self.lock, description=name, max=size - 1, step=1, value=index,
                layout={"width": "300px"},
            )
            for name, size, index in zip((row_name, column_name), shape, cell, strict=True)
        ]  # fmt: skip
        self.row_slider, self.column_slider = sliders
        for slider in sliders:
            self._watch(slider, self._draw)
        moving = [slider for slider in sliders if slider.max > 0]
        self._place(widgets.HBox(moving), self.live_figure.image)
        self._draw()

    @property
    def cell(self) -> tuple[int, int]:
        """The marked row and column."""
        return int(self.row_slider.value), int(self.column_slider.value)

    def _draw(self) -> None:
        self._sheets_figure.update(*self.cell)
        self.live_figure.draw()
        self.summary.value = text_html(self.text())

    def text(self) -> str:
        """The marked cell's value in each map."""
        sheets = self._sheets_figure.sheets
        told = "   ".join(f"{sheet.title}: {sheet.tell(self.cell)}" for sheet in sheets)
        names = self.row_slider.description, self.column_slider.description
        return f"{names[0]} {self.cell[0]}, {names[1]} {self.cell[1]}: {told}"


class DimLens(SheetsWidget):
    """Logits as one sheet per class; softmax runs through the sheets, at one place.

    Shape:
        logits: (N, C, d1) or (1, C, H, W), with C ≤ 6.

    Args:
        logits: no unit.
        class_names: one name per class; "class 0", "class 1", … if left out.
        cell: the row and the column to start with; (sample, position) for (N, C, d1).

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; another shape, more than 6 classes, or a
            cell outside.

    Example:
        >>> lens = DimLens(torch.tensor([[[4.0, 10.0], [3.0, 2.0], [2.0, 3.0], [10.0, 4.0]]]))
        >>> print(lens.text())
        logits[0, :, 0] = [4, 3, 2, 10]   softmax = [0.0025, 9.0850e-04, 3.3422e-04, 0.9963]
    """

    def __init__(self, logits, class_names=None, *, cell=(0, 0)) -> None:
        logits = torch.as_tensor(logits).detach()
        is_image = logits.ndim == 4 and len(logits) == 1
        if logits.ndim != 3 and not is_image:
            raise ValueError(
                f"logits have shape {tuple(logits.shape)}; a lens takes (N, C, d1) or (1, C, H, W)."
            )
        # the state checks the logits; which target it has plays no part here
        element_shape = (len(logits), *logits.shape[2:])
        state = CrossEntropyState(logits, torch.zeros(element_shape).long(), class_names)
        self.logits, self._is_image = state.logits, is_image
        sheets = state.logits[0] if is_image else state.logits.transpose(0, 1)  # (C, rows, columns)
        limits = float(sheets.min()), float(sheets.max())
        super().__init__(
            [
                Sheet(name, to_numpy(sheet), limits, format_value=_as_given)
                for name, sheet in zip(state.class_names, sheets, strict=True)
            ],
            *(("row", "column") if is_image else ("sample", "position")),
            cell,
        )

    def text(self) -> str:
        """The C numbers at the marked place, and their softmax."""
        row, column = self.cell
        index = (0, slice(None), row, column) if self._is_image else (row, slice(None), column)
        logits = self.logits[index]  # (C)
        place = ", ".join(":" if isinstance(i, slice) else str(i) for i in index)
        numbers = ", ".join(map(shortest, to_numpy(logits)))
        return (
            f"logits[{place}] = [{numbers}]   softmax = {format_list(torch.softmax(logits, dim=0))}"
        )


class PixelMaps(SheetsWidget):
    """An image with its target, prediction, p(target) and loss, and a cursor through all of them.

    Shape:
        image: (H, W). logits: (1, C, H, W). target: (1, H, W).

    Args:
        image: brightness from 0 to 1.
        logits: no unit.
        target: class indices.
        class_names: one name per class; "class 0", "class 1", … if left out.
        cell: the row and the column to start with.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; an image of another size, or a cell outside.
    """

    def __init__(self, image, logits, target, class_names=None, *, cell=(0, 0)) -> None:
        image = torch.as_tensor(image)
        state = CrossEntropyState(logits, target, class_names)
        if state.logits.ndim != 4 or len(state.logits) != 1 or image.shape != state.loss.shape[1:]:
            raise ValueError(
                f"image has shape {tuple(image.shape)} and logits {tuple(state.logits.shape)}; "
                "expected (H, W) and (1, C, H, W)."
            )
        self.logits, self.target, self.loss = state.logits, state.target, state.loss
        probs = torch.softmax(state.logits, dim=1)  # (1, C, H, W)
        p_target = probs.gather(1, state.target.unsqueeze(1))[0, 0]  # (H, W)
        num_classes = len(state.class_names)
        classes = {
            "limits": (0, num_classes - 1),
            "colormap": ListedColormap(colormaps["viridis"](np.linspace(0, 1, num_classes))),
            "format_value": lambda c: state.class_names[int(c)],
        }
        super().__init__(
            [
                Sheet("image", to_numpy(image), (0, 1), colormaps["gray"]),
                Sheet("target", to_numpy(state.target[0]), **classes),
                Sheet("prediction", to_numpy(probs[0].argmax(dim=0)), **classes),
                Sheet("p(target)", to_numpy(p_target), (0, 1)),
                Sheet("loss", to_numpy(state.loss[0]), gamma=0.5),
            ],
            "row",
            "column",
            cell,
        )


def _as_given(value: np.floating) -> str:
    return f"{value:.4g}"
