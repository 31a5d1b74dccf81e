"""A training that a hand holds: points, a linear model, and what each step leaves behind."""

import math

import torch
from torch.nn.functional import cross_entropy

from ce_helpers.explorers.plane import REACH, regions
from ce_helpers.formatting import format_number, to_numpy
from ce_helpers.training import CLASS_NAMES, Run, train

MOST_POINTS = 12  # each is held by a hand
MOST_STEPS = 10_000
SCALES, DECAYS, SMOOTHINGS = (0.0, 1.0, 10.0), (0.0, 0.01, 0.1), (0.0, 0.1)
SETTINGS = ("first_scale", "weight_decay", "smoothing")


def kept_steps() -> list[int]:
    """After which steps the curves keep a point: all to 20, then 25 for each factor of ten."""
    later = {round(10 ** (k / 25)) for k in range(math.ceil(25 * math.log10(20)), 101)}
    return [*range(21), *sorted(step for step in later if step > 20)]


KEPT = kept_steps()


class TrainingState:
    """Points in the plane in three classes, and a linear model that is trained on them.

    A setting or Reset begins the training again; a point that is moved does not: the next step goes
    on from the weights that stand.

    Shape:
        points: (N, 2) with 1 ≤ N ≤ 12. target: (N). held_out: (M, 2) and (M).

    Args:
        points: coordinates between −4.2 and 4.2.
        target: class indices 0, 1 or 2.
        held_out: points that are not trained on, and their classes; None for none.

    Raises:
        ValueError: another shape, a class that is none, a point outside.
    """

    def __init__(self, points, target, held_out=None) -> None:
        points, target = torch.as_tensor(points), torch.as_tensor(target)
        if points.ndim != 2 or points.shape[1] != 2 or not 1 <= len(points) <= MOST_POINTS:
            message = (
                f"points have shape {tuple(points.shape)}; expected (N, 2) with 1 to "
                f"{MOST_POINTS} points"
            )
            if points.ndim == 2 and len(points) > MOST_POINTS:
                every = math.ceil(len(points) / MOST_POINTS)  # the first ones may be of one class
                message += f", e.g. points[::{every}] and target[::{every}]"
            raise ValueError(f"{message}.")
        if target.shape != points.shape[:1]:
            raise ValueError(
                f"target has shape {tuple(target.shape)}; {len(points)} points need "
                f"({len(points)},): one class for each."
            )
        if not bool(((target >= 0) & (target < len(CLASS_NAMES))).all()):
            raise ValueError(f"target holds {target.tolist()}; expected the classes 0, 1 and 2.")
        if not bool((points.abs() <= REACH).all()):
            raise ValueError(f"a point lies outside the plane of −{REACH} to {REACH}.")
        self.target = target.detach().long().clone()
        self.start = points.detach().float().clone()
        self.held_out = held_out
        self.reset()

    def reset(self) -> None:
        """Returns to the first points and settings, before the first step."""
        self.points = self.start.clone()
        self.first_scale = self.weight_decay = self.smoothing = 0
        self.restart()

    def restart(self) -> None:
        """Forgets what was learnt."""
        self.run, self.steps = self._trained(0), 0
        self.history: list[tuple[float, ...]] = []
        self.stays, self.is_dragged = True, False  # the last entry; whether a point moved since
        self._note(stays=True)

    def set(self, name: str, value: float) -> None:
        """One control moved: `xs.2`, `ys.2`, a setting's place, or `steps`.

        Fewer steps than were taken begin the training again.
        """
        if name in SETTINGS:
            setattr(self, name, int(value))
            self.restart()
        elif name == "steps":
            self._go_to(int(value))
        else:
            axis, index = name.split(".")
            place = (int(index), ("xs", "ys").index(axis))
            if self.points[place].item() == value:
                return
            self.points[place] = min(max(value, -REACH), REACH)
            self._drag()

    def train(self, steps: int = 1) -> None:
        """Takes so many more steps, up to 10,000 in all."""
        self._go_to(self.steps + steps)

    def _go_to(self, steps: int) -> None:
        if steps < self.steps:
            self.restart()
        self.stays, self.is_dragged = self.stays or self.is_dragged, False
        while self.steps < min(steps, MOST_STEPS):
            stop = min(steps, next(step for step in KEPT if step > self.steps))
            self.run = self._trained(stop - self.steps, after=self.run)
            self.steps = stop
            self._note(stays=stop in KEPT)

    def _drag(self) -> None:
        """A stroke in the curves: from where the loss stood to where it stands now."""
        self.stays = self.stays or not self.is_dragged
        self._note(stays=False)
        self.is_dragged = True

    def _trained(self, steps: int, after: Run | None = None) -> Run:
        return train(
            self.points, self.target, steps, scale=SCALES[self.first_scale],
            weight_decay=DECAYS[self.weight_decay], after=after, loss=self._loss,
        )  # fmt: skip

    def _loss(self, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        return cross_entropy(logits, target, label_smoothing=SMOOTHINGS[self.smoothing])

    def _note(self, *, stays: bool) -> None:
        """Step, loss, accuracy, largest logit, held-out loss; in place of an entry that passes."""
        logits = self.logits
        if not self.stays:
            self.history.pop()
        self.history.append((
            self.steps,
            self._loss(logits, self.target).item(),
            (logits.argmax(1) == self.target).double().mean().item(),
            logits.abs().max().item(),
            self.held_out_loss,
        ))  # fmt: skip
        self.stays = stays

    # What follows from points and weights.

    @property
    def logits(self) -> torch.Tensor:
        """The model's logits, (N, 3)."""
        return self.run.logits(self.points)

    @property
    def loss(self) -> torch.Tensor:
        """What `cross_entropy` returned for the present points and weights: their mean."""
        return self._loss(self.logits, self.target)

    @property
    def losses(self) -> torch.Tensor:
        """Each point's loss in nats, without smoothing, (N)."""
        return cross_entropy(self.logits, self.target, reduction="none")

    @property
    def held_out_loss(self) -> float:
        """The mean loss on the points that are not trained on; 0 if there are none."""
        if self.held_out is None:
            return 0.0
        points, target = self.held_out
        return cross_entropy(self.run.logits(points), target).item()

    # For everything that is drawn or written.

    def controls(self) -> dict[str, float]:
        """What each control shows."""
        columns = zip(("xs", "ys"), to_numpy(self.points).T, strict=True)
        found = {f"{axis}.{i}": round(float(at), 4) for axis, ats in columns
                 for i, at in enumerate(ats)}  # fmt: skip
        return {**found, **{name: getattr(self, name) for name in SETTINGS}, "steps": self.steps}

    def tensors(self) -> dict[str, bytes]:
        """Nothing beside the table."""
        return {}

    def values(self) -> dict:
        """The flat table. training.js computes the same names until these arrive."""
        logits, losses = self.logits, self.losses.double()
        largest = int(losses.argmax())
        wrong = logits.argmax(1) != self.target
        steps, mean, accuracy, size, unseen = map(list, zip(*self.history, strict=True))
        xs, ys = self.points.T.tolist()
        return {
            "xs": xs,
            "ys": ys,
            **{name: getattr(self, name) for name in SETTINGS},
            "decay": DECAYS[self.weight_decay],
            "steps": self.steps,
            "now": self.steps + 1,  # where it stands on a logarithmic axis
            "weight": self.run.weight.flatten().tolist(),
            "bias": self.run.bias.tolist(),
            "losses": losses.tolist(),
            "wrong": wrong.int().tolist(),
            "wrong_count": int(wrong.sum()),
            "largest": largest,
            "largest_x": xs[largest],
            "largest_y": ys[largest],
            "largest_loss": losses[largest].item(),
            "largest_p": math.exp(-losses[largest].item()),
            "largest_class": CLASS_NAMES[self.target[largest]],
            "share": 100 * losses[largest].item() / total if (total := losses.sum().item()) else 0,
            "loss": self.loss.item(),
            "accuracy": accuracy[-1],
            "size": size[-1],
            "unseen": unseen[-1],
            "kept": [step + 1 for step in steps],
            "mean_curve": mean,
            "accuracy_curve": accuracy,
            "size_curve": size,
            "unseen_curve": unseen,
            "stays": self.stays,
            "is_dragged": self.is_dragged,
            "regions": regions(self.run.weight.tolist(), self.run.bias.tolist()),
            "is_full": self.steps >= MOST_STEPS,
        }

    def code(self) -> str:
        """A PyTorch line that gives the present loss."""
        smoothing = SMOOTHINGS[self.smoothing]
        keyword = f", label_smoothing={smoothing}" if smoothing else ""
        return (
            f"F.cross_entropy(points @ weight + bias, target{keyword})   "
            f"# lr 1, weight_decay {DECAYS[self.weight_decay]:g}"
        )

    def summary(self) -> list[str]:
        """What the picture shows, in lines of text."""
        found = self.values()
        told = [
            f"step {self.steps}: loss {found['loss']:.2g}, accuracy {found['accuracy']:.2f}, "
            f"largest logit {found['size']:.2g}",
            f"largest point: class {found['largest_class']}, loss {found['largest_loss']:.2g}, "
            f"{found['share']:.0f}% of the sum",
        ]
        if self.held_out is not None:
            told.append(f"loss on {len(self.held_out[1])} new points: {found['unseen']:.2g}")
        return told

    def __repr__(self) -> str:
        return f"loss {format_number(self.loss)} after {self.steps} steps"
