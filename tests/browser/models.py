"""What each explorer must hold, say and show after a move: computed here, by torch alone.

A model begins with what its explorer held at the start. Then `move` does what a reader did, `holds`
is what the explorer must hold, `numbers` what its words must say, `sliders` where those must
stand, and `chosen` which choices must be on.
"""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers import SCENARIOS
from ce_helpers.formatting import format_list, format_number
from ce_helpers.live.numbers import near, short

MOST_COLUMNS = 8  # elements in a table; more are a map
PRESETS = {scenario.title: key for key, scenario in SCENARIOS.items()}


class EntropyModel:
    """A `CrossEntropyExplorer`."""

    def __init__(self, look: dict, class_names: list[str]) -> None:
        self.class_names = class_names
        self.start = torch.tensor(look["logits"]), torch.tensor(look["target"]), look["selected"]
        line = look["text"].partition("\n")[0]
        self.softmax_first, self.steps = "softmax_first=True" in line, "steps=False" not in line
        self.reset()

    def reset(self) -> None:
        self.logits, self.target = (tensor.clone() for tensor in self.start[:2])
        self.selected = [*self.start[2]]

    @property
    def cell(self) -> tuple[int, ...]:
        """The selected element in target and loss."""
        return tuple(self.selected) if self.target.ndim else ()

    @property
    def element(self) -> torch.Tensor:
        """The selected element's logits, of shape (C): a view."""
        return self.logits.movedim(min(self.logits.ndim - 1, 1), -1)[self.cell]

    @property
    def elements(self) -> dict[str, tuple[int, ...]]:
        """Each element by its name."""
        names = ["sample", *{2: ["position"], 3: ["row", "column"]}.get(self.target.ndim, [])]
        return {
            ", ".join(f"{name} {index}" for name, index in zip(names, cell, strict=True)): cell
            for cell in np.ndindex(self.target.shape)
        }

    def shift(self, by: float, is_end: bool, least: float, most: float) -> None:
        """All logits by the same amount, within limits; or the last of them to an end."""
        lowest, highest = self.element.min().item(), self.element.max().item()
        by = by - (highest if by > 0 else lowest) if is_end else by
        by = min(max(by, least - lowest), most - highest)
        moved = [round(logit + by, 6) for logit in self.element.double().tolist()]
        self.element[:] = torch.tensor(moved)

    def walk(self, down: int, right: int) -> None:
        """From element to element of an image."""
        places = zip(self.selected[-2:], (down, right), self.target.shape[-2:], strict=True)
        self.selected[-2:] = [min(max(place + by, 0), size - 1) for place, by, size in places]

    def move(self, name: str, value: float | None) -> None:
        """A slider to `value`, or a button, which has None."""
        if name in self.elements:
            self.selected = [*self.elements[name]]
        elif name in PRESETS:
            scenario = SCENARIOS[PRESETS[name]]
            self.logits, self.target = scenario.logits.clone(), scenario.target.clone()
        elif name == "Reset":
            self.reset()
        elif value is not None:
            self.element[self.class_names.index(name)] = value
        elif name in self.class_names:
            self.target[self.cell] = self.class_names.index(name)

    def given(self, logits: torch.Tensor, dim: int) -> torch.Tensor:
        """What `cross_entropy` is given for these logits."""
        return torch.softmax(logits, dim=dim) if self.softmax_first else logits

    def losses(self) -> torch.Tensor:
        """All losses."""
        given = self.given(self.logits, min(self.logits.ndim - 1, 1))
        return cross_entropy(given, self.target, reduction="none")

    def holds(self) -> dict[str, object]:
        held = {"logits": self.logits, "target": self.target, "loss": self.losses()}
        return {name: tensor.tolist() for name, tensor in held.items()} | {
            "selected": self.selected
        }

    def numbers(self) -> list[str]:
        loss, own = self.losses(), self.target[self.cell]
        name, cost = self.class_names[own], format_number(loss[self.cell])
        p, last = (
            torch.softmax(z, dim=0)[own] for z in (self.element, self.given(self.element, 0))
        )
        if not self.steps:
            return [f"The target is {name}, the loss {cost}."]
        if self.softmax_first:
            told = f"Softmax gives target {name} p = {near(float(p))}, and softmax of these p gives"
            return [f"{told} it {near(float(last))}: the loss is {cost}."]
        told = [
            f"Target {name} holds p = {near(float(p))}",
            f"the loss is −log {near(float(p))} = {cost}",
        ]
        if loss.numel() > 1:
            told.append(f" mean is {format_number(loss.double().mean())}")
        return told

    def sliders(self) -> dict[str, float]:
        return dict(zip(self.class_names, self.element.tolist(), strict=True))

    def chosen(self) -> set[str]:
        chosen = {self.class_names[self.target[self.cell]]}
        if 1 < self.target.numel() <= MOST_COLUMNS:
            chosen |= {name for name, cell in self.elements.items() if cell == self.cell}
        return chosen


STEPS = {"Take one step": 1, "10 steps": 10}


class GradientModel:
    """A `GradientExplorer`."""

    def __init__(self, look: dict, class_names: list[str]) -> None:
        self.class_names = class_names
        self.start = torch.tensor(look["logits"]), torch.tensor(look["target"])
        self.reset()

    def reset(self) -> None:
        self.logits, self.target = (tensor.clone() for tensor in self.start)
        self.settings = {"learning rate": 1.0, "temperature": 1.0}
        self.softmax_first = False
        self.losses = [self.computed()[0].item()]

    def computed(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The loss and its gradient."""
        logits = self.logits.clone().requires_grad_()
        given = logits / self.settings["temperature"]
        given = torch.softmax(given, dim=-1) if self.softmax_first else given
        loss = cross_entropy(given, self.target)
        return loss.detach(), torch.autograd.grad(loss, logits)[0]

    def move(self, name: str, value: float | None) -> None:
        if name == "Reset":
            return self.reset()
        if name in STEPS:
            for _ in range(STEPS[name]):
                self.logits = self.logits - self.settings["learning rate"] * self.computed()[1]
                self.losses.append(self.computed()[0].item())
            return None
        if name == "sure and wrong":
            wrong = 0 if self.start[1].item() else 1
            self.logits = torch.zeros_like(self.logits)
            self.logits[..., wrong] = 10
            self.target = self.start[1].clone()
        elif name in self.settings:
            self.settings[name] = value
        elif name == "softmax first":
            self.softmax_first = not self.softmax_first
        elif value is not None:
            self.logits[..., self.class_names.index(name)] = value
        else:
            self.target[...] = self.class_names.index(name)
        self.losses = [self.computed()[0].item()]
        return None

    def holds(self) -> dict[str, object]:
        loss, gradient = self.computed()
        held = {"logits": self.logits, "target": self.target, "loss": loss, "gradient": gradient}
        return {name: tensor.tolist() for name, tensor in held.items()} | {"losses": self.losses}

    def numbers(self) -> list[str]:
        loss, gradient = self.computed()
        stepped = self.logits - self.settings["learning rate"] * gradient
        return [
            f"gradient by autograd  = {format_list(gradient.view(-1))}",
            f"logits after one step = {format_list(stepped.view(-1))}",
            f"{format_number(loss)} after {len(self.losses) - 1} step",
        ]

    def sliders(self) -> dict[str, float]:
        return (
            dict(zip(self.class_names, self.logits.view(-1).tolist(), strict=True)) | self.settings
        )

    def chosen(self) -> set[str]:
        return {self.class_names[self.target]} | (
            {"softmax first"} if self.softmax_first else set()
        )


class LedgerModel:
    """A `DenominatorLedger`."""

    FORMS, REDUCTIONS = ("indices", "one-hot rows"), ("mean", "sum", "none")

    def __init__(self, look: dict, class_names: list[str]) -> None:
        self.class_names = class_names
        self.logits, self.target = torch.tensor(look["logits"]), torch.tensor(look["target"])
        self.reset()

    def reset(self) -> None:
        self.weights = {f"weight {name}": 1.0 for name in self.class_names}
        self.form, self.reduction, self.ignored = "indices", "mean", "nothing"
        self.others = {"label_smoothing": 0.0, "samples before the cut": len(self.target)}

    @property
    def keywords(self) -> dict[str, object]:
        is_ignoring = self.ignored != "nothing" and self.form == "indices"
        return {
            "weight": torch.tensor([*self.weights.values()]), "reduction": self.reduction,
            "ignore_index": self.class_names.index(self.ignored) if is_ignoring else -100,
            "label_smoothing": self.others["label_smoothing"],
        }  # fmt: skip

    def call(self, samples: slice, **keywords: str) -> torch.Tensor:
        rows = torch.nn.functional.one_hot(self.target, len(self.class_names))
        rows = rows.movedim(-1, 1).float()
        given = self.target if self.form == "indices" else rows
        return cross_entropy(self.logits[samples], given[samples], **self.keywords | keywords)

    def move(self, name: str, value: float | None) -> None:
        if name == "Reset":
            self.reset()
        elif name in self.weights:
            self.weights[name] = value
        elif name in self.others:
            self.others[name] = value
        elif name in self.FORMS:
            self.form = name
        elif name in self.REDUCTIONS:
            self.reduction = name
        else:
            self.ignored = name

    def holds(self) -> dict[str, object]:
        keywords = self.keywords | {"weight": self.keywords["weight"].tolist()}
        return {"loss": self.call(slice(None)).tolist(), "keywords": keywords}

    def numbers(self) -> list[str]:
        losses = self.call(slice(None), reduction="none").flatten()
        told = [f"losses = {format_list(losses)}"]
        cut = int(self.others["samples before the cut"])
        if self.reduction != "none":
            told.append(f"= {format_number(self.call(slice(None)))}")
            if cut < len(self.target):
                parts = (self.call(slice(cut)), self.call(slice(cut, None)))
                told.append("alone: {} and {}".format(*map(format_number, parts)))
        return told

    def sliders(self) -> dict[str, float]:
        return self.weights | self.others

    def chosen(self) -> set[str]:
        return {self.form, self.reduction, self.ignored}


class SmoothingModel:
    """A `SmoothingExplorer`."""

    LEAD = "lead of the target’s logit"

    def __init__(self, look: dict, class_names: list[str]) -> None:
        self.start = torch.tensor(look["logits"]), look["label_smoothing"]
        self.reset()

    def reset(self) -> None:
        self.logits, self.smoothing = self.start[0].clone(), self.start[1]
        self.lead = self.logits[0, 0].item()

    def move(self, name: str, value: float | None) -> None:
        if name == "Reset":
            self.reset()
        elif name == self.LEAD:
            self.lead = self.logits[0, 0] = value
        else:
            self.smoothing = value

    def holds(self) -> dict[str, object]:
        loss = cross_entropy(self.logits, torch.tensor([0]), label_smoothing=self.smoothing)
        return {
            "logits": self.logits.tolist(),
            "loss": loss.item(),
            "label_smoothing": self.smoothing,
        }

    def numbers(self) -> list[str]:
        num_classes = self.logits.shape[1]
        hot = torch.nn.functional.one_hot(torch.tensor(0), num_classes)
        q = (1 - self.smoothing) * hot.double() + self.smoothing / num_classes
        entropy = torch.distributions.Categorical(q).entropy()
        return [f"loss = {format_number(self.holds()['loss'])} = {format_number(entropy)}, the"]

    def sliders(self) -> dict[str, float]:
        return {self.LEAD: self.lead, "label_smoothing": self.smoothing}

    def chosen(self) -> set[str]:
        return set()


class PrecisionModel:
    """A `PrecisionLens`."""

    METHODS = ("cross_entropy", "−log(softmax)", "−log(p + 1e-8)")

    def __init__(self, look: dict, class_names: list[str]) -> None:
        self.start = look["gap"]
        self.reset()

    def reset(self) -> None:
        self.gap, self.method, self.dtype = self.start, self.METHODS[0], "float32"

    def move(self, name: str, value: float | None) -> None:
        if name == "Reset":
            self.reset()
        elif name in self.METHODS:
            self.method = name
        elif name.startswith("float"):
            self.dtype = name
        elif name != "Presenter":
            self.gap = int(value)

    def holds(self) -> dict[str, object]:
        return {"gap": self.gap}

    def numbers(self) -> list[str]:
        gaps = (
            torch.tensor([[0.0, self.gap]], dtype=dtype)
            for dtype in (torch.float16, torch.float32, torch.float64)
        )
        losses = [cross_entropy(logits, torch.tensor([0])).item() for logits in gaps]
        return [f"logits = [0, {short(self.gap)}]", *map(format_number, losses)]

    def sliders(self) -> dict[str, float]:
        return {"gap": self.gap}

    def chosen(self) -> set[str]:
        return {self.method, self.dtype}


class CursorModel:
    """A `DimLens` or `PixelMaps`: tensors stand still, a cursor moves over them."""

    def __init__(self, look: dict, class_names: list[str]) -> None:
        self.logits, self.loss, self.cell = torch.tensor(look["logits"]), look["loss"], look["cell"]
        self.target = None if look["target"] is None else torch.tensor(look["target"])
        self.start, self.is_image = [*self.cell], self.logits.ndim == 4
        self.dim = 1

    def move(self, name: str, value: float | None) -> None:
        if name == "Reset":
            self.cell, self.dim = [*self.start], 1
        elif name.startswith("dim="):
            self.dim = int(name[-1])
        elif name != "Presenter":
            self.cell[name in ("column", "position")] = int(value)

    def walk(self, row: int, column: int) -> None:
        """An arrow key on a map."""
        steps = zip(self.cell, (row, column), self.logits.shape[-2:], strict=True)
        self.cell = [min(max(place + by, 0), size - 1) for place, by, size in steps]

    def holds(self) -> dict[str, object]:
        return {"logits": self.logits.tolist(), "cell": self.cell}

    def numbers(self) -> list[str]:
        row, column = self.cell
        if self.loss is not None:
            return [f"loss {format_number(self.loss[0][row][column])}"]
        place = [0, 0, row, column] if self.is_image else [row, 0, column]
        if self.target is not None and not self.is_image:
            place[1] = int(self.target[row, column])
        place[self.dim] = slice(None)
        return [f"softmax = {format_list(torch.softmax(self.logits, dim=self.dim)[tuple(place)])}"]

    def sliders(self) -> dict[str, float]:
        names = ("row", "column") if self.is_image else ("sample", "position")
        return dict(zip(names, self.cell, strict=True))

    def chosen(self) -> set[str]:
        return set() if self.is_image else {f"dim={self.dim}"}


MODELS = {
    "CrossEntropyExplorer": EntropyModel,
    "GradientExplorer": GradientModel,
    "DenominatorLedger": LedgerModel,
    "PrecisionLens": PrecisionModel,
    "SmoothingExplorer": SmoothingModel,
    "DimLens": CursorModel,
    "PixelMaps": CursorModel,
}
