"""The denominator ledger: where the one number of a batch comes from."""

import ipywidgets as widgets
import torch

from ce_helpers.formatting import format_list, format_number, tensor_literal, to_numpy
from ce_helpers.ledger_figure import LedgerFigure
from ce_helpers.live_figure import LiveFigure
from ce_helpers.state import CrossEntropyState
from ce_helpers.widgets.base import LiveWidget, code_html, text_html
from ce_helpers.widgets.slider import Slider

MOST_ELEMENTS, MOST_CLASSES = 8, 6
LARGEST_WEIGHT = 3.0
NOTHING_IGNORED = -100  # torch's default
SMOOTHINGS = [("0", 0.0), ("0.1", 0.1), ("0.2", 0.2)]


class DenominatorLedger(LiveWidget):
    """Each element's loss and weight, and numerator ÷ denominator = loss, live.

    Shape:
        logits: (N, C) with N ≤ 8 and C ≤ 6. target: (N).

    Args:
        logits: no unit.
        target: class indices.
        class_names: one name per class; "class 0", "class 1", … if left out.

    Raises:
        TypeError, ValueError: as `CrossEntropyState`; another shape, or too many elements.

    Example:
        >>> ledger = DenominatorLedger([[2.0, 0.0], [2.0, 0.0]], [0, 1])
        >>> ledger.weight_sliders[1].value = 3
        >>> print(ledger.text().splitlines()[-1])
        loss = 6.5077 ÷ 4.0000 = 1.6269   (the losses' plain average: 3.2539)
    """

    def __init__(self, logits, target, *, class_names=None) -> None:
        state = CrossEntropyState(logits, target, class_names)
        self.logits, self.target, self.class_names = state.logits, state.target, state.class_names
        if self.logits.ndim != 2 or len(self.logits) > MOST_ELEMENTS:
            raise ValueError(
                f"logits have shape {tuple(self.logits.shape)}; a ledger takes (N, C) with at "
                f"most {MOST_ELEMENTS} elements, e.g. logits[:{MOST_ELEMENTS}]."
            )
        if len(self.class_names) > MOST_CLASSES:
            raise ValueError(
                f"logits have {len(self.class_names)} classes; a ledger has room for "
                f"{MOST_CLASSES} weights."
            )
        names = [f"n = {n}: {self.class_names[y]}" for n, y in enumerate(self.target)]
        largest = max(self._cross_entropy(label_smoothing=e).max() for _, e in SMOOTHINGS)
        self._ledger_figure = LedgerFigure(names, LARGEST_WEIGHT * float(largest), LARGEST_WEIGHT)
        super().__init__(LiveFigure(self._ledger_figure.figure))
        self._make_controls()
        self._draw()

    @property
    def keywords(self) -> dict[str, object]:
        """The keywords that the controls stand for, as `cross_entropy` takes them."""
        return {
            "weight": torch.tensor([slider.value for slider in self.weight_sliders]).to(
                self.logits
            ),
            "ignore_index": self.ignore_buttons.value,
            "reduction": self.reduction_buttons.value,
            "label_smoothing": self.smoothing_buttons.value,
        }

    @property
    def loss(self) -> torch.Tensor:
        """What `torch.nn.functional.cross_entropy` returns for the present controls, in nats."""
        return self._loss.clone()

    def reset(self) -> None:
        """Returns to the mean without weights, ignored classes or smoothing."""
        with self.lock:
            with self._loading_controls():
                for slider in self.weight_sliders:
                    slider.show(1.0)
                self.reduction_buttons.value = "mean"
                self.ignore_buttons.value = NOTHING_IGNORED
                self.smoothing_buttons.value = 0.0
            self._show_error(None)
            self._draw()

    def _cross_entropy(self, reduction="none", **keywords) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(
            self.logits, self.target, reduction=reduction, **keywords
        )

    def _make_controls(self) -> None:
        self.weight_sliders = [
            Slider(
                lock=self.lock, description=f"weight {name}", max=LARGEST_WEIGHT, value=1.0,
                layout={"width": "auto"},
            )
            for name in self.class_names
        ]  # fmt: skip
        self.reduction_buttons = _buttons(["mean", "sum", "none"])
        ignorable = [
            ("nothing", NOTHING_IGNORED),
            *((n, c) for c, n in enumerate(self.class_names)),
        ]
        self.ignore_buttons = _buttons(ignorable)
        self.smoothing_buttons = _buttons(SMOOTHINGS)
        self.reset_button = widgets.Button(description="Reset", icon="undo")
        self.reset_button.on_click(self.guarded(self.reset))
        choices = [self.reduction_buttons, self.ignore_buttons, self.smoothing_buttons]
        for control in (*self.weight_sliders, *choices):
            self._watch(control, self._draw)
        rows = zip(("reduction", "ignore class", "label_smoothing"), choices, strict=True)
        labelled = [
            widgets.HBox([widgets.Label(name, layout={"width": "110px"}), control])
            for name, control in rows
        ]
        labelled[0].children += (self.reset_button,)
        self._place(
            self.live_figure.image,
            widgets.GridBox(
                self.weight_sliders, layout={"grid_template_columns": "repeat(2, minmax(0, 1fr))"}
            ),
            *labelled,
        )

    def _draw(self) -> None:
        keywords = self.keywords
        self._loss = self._cross_entropy(**keywords)
        self._losses = self._cross_entropy(**keywords | {"reduction": "none"})  # (N)
        self._mask = self.target != keywords["ignore_index"]  # (N)
        self._weights = keywords["weight"][self.target] * self._mask  # (N)
        reduction = keywords["reduction"]
        self._ledger_figure.update(
            to_numpy(self._losses), to_numpy(self._weights), to_numpy(self._mask),
            float(self._loss) if reduction != "none" else 0.0, reduction,
        )  # fmt: skip
        self.live_figure.draw()
        self.summary.value = text_html("\n".join(self._summary())) + code_html(self.code())

    def _summary(self) -> list[str]:
        ignored = [n for n, is_counted in enumerate(self._mask.tolist()) if not is_counted]
        lines = [
            f"losses = {format_list(self._losses)}   weights = {format_list(self._weights)}"
            + (f"   ignored: {', '.join(f'n = {n}' for n in ignored)}" if ignored else "")
        ]
        total, weights = self._losses.sum(), self._weights.sum()
        reduction = self.reduction_buttons.value
        if reduction == "none":
            return [*lines, "loss = one per element"]
        if reduction == "sum":
            return [*lines, f"loss = sum of the losses = {format_number(self._loss)}"]
        return [
            *lines,
            f"loss = {format_number(total)} ÷ {format_number(weights)} = "
            f"{format_number(self._loss)}   (the losses' plain average: "
            f"{format_number(self._losses.mean())})",
        ]

    def code(self) -> str:
        """The PyTorch call that gives the present loss."""
        keywords = self.keywords
        return (
            f"torch.nn.functional.cross_entropy({tensor_literal(self.logits)}, "
            f"{tensor_literal(self.target)}, weight={tensor_literal(keywords['weight'])}, "
            f"ignore_index={keywords['ignore_index']}, reduction={keywords['reduction']!r}, "
            f"label_smoothing={keywords['label_smoothing']})"
        )

    def text(self) -> str:
        """The call and what becomes of it."""
        return "\n".join((self.code(), *self._summary()))


def _buttons(options: list) -> widgets.ToggleButtons:
    return widgets.ToggleButtons(options=options, style={"button_width": "auto"})
