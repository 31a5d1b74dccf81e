"""What is wrong with a call of cross_entropy, in plain words, before it is made."""

import html
import warnings
from dataclasses import dataclass, fields

import torch

from ce_helpers.calls import refusals, suspicious
from ce_helpers.calls.shapes import without

IN_ORDER = "The call is in order: nothing to mend. Check that C is the dimension you mean."


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a call.

    Args:
        kind: "raises" or "suspicious".
        message: what was seen, what torch does with it, and why that is wrong.
        remedy: a line of code that mends it, with the arguments and torch as names. Where no line
            can, it is a comment that says where to look.
    """

    kind: str
    message: str
    remedy: str


@dataclass(frozen=True, eq=False)
class Call:
    """The arguments of one call, under the names that remedies use."""

    logits: torch.Tensor
    target: torch.Tensor
    weight: torch.Tensor | None
    ignore_index: int
    reduction: str
    label_smoothing: float

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of logits: (C), (N, C) or (N, C, d1…dK)."""
        return tuple(self.logits.shape)

    @property
    def dim(self) -> int:
        """The class dimension."""
        return 0 if len(self.shape) == 1 else 1

    @property
    def element_shape(self) -> tuple[int, ...]:
        """The shape of the losses: (), (N) or (N, d1…dK)."""
        return without(self.shape, self.dim)

    @property
    def has_indices(self) -> bool:
        """Whether torch reads target as class indices; it asks the shape alone."""
        return self.target.shape != self.logits.shape

    def mended(self, remedy: str) -> "Call":
        """The call after the line `remedy`: what the reader is told to run is what runs here."""
        scope = {"torch": torch, **vars(self)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # from_numpy warns of read-only arrays
            exec(remedy, scope)
        return Call(**{field.name: scope[field.name] for field in fields(Call)})


@dataclass(frozen=True)
class Diagnosis:
    """What `diagnose` found.

    Args:
        findings: what is wrong, in the order in which to mend it; empty for a call in order.
        reading: how torch reads the shapes.
    """

    findings: tuple[Finding, ...]
    reading: str

    def __str__(self) -> str:
        lines = [self.reading]
        for number, finding in enumerate(self.findings, 1):
            lines += [f"{number}. {_title(finding)}: {finding.message}.", f"   {finding.remedy}"]
        return "\n".join(lines if self.findings else [*lines, IN_ORDER])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li><b>{_title(finding)}</b>: {html.escape(finding.message)}."
            f"<br><code>{html.escape(finding.remedy)}</code></li>"
            for finding in self.findings
        )
        found = f"<ol>{items}</ol>" if items else f"<p>{IN_ORDER}</p>"
        return f"<div><p>{html.escape(self.reading)}</p>{found}</div>"


def _title(finding) -> str:
    return "torch raises" if finding.kind == "raises" else "torch runs, but this is suspicious"


def diagnose(
    logits, target, *, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0
) -> Diagnosis:
    """Say what is wrong with a call of cross_entropy, and the lines that mend it.

    A finding of kind "raises" means that torch raises. One of kind "suspicious" means that torch
    runs and the number is likely not the one wanted. Each remedy is a line of code; run them in
    order, since each finding looks at the call that the earlier remedies leave. The arguments
    stay as they are.

    Shape:
        Any. In order are logits (C), (N, C) or (N, C, d1…dK), with target as class indices (),
        (N) or (N, d1…dK), or as probabilities of the shape of logits, and weight (C).

    Args:
        logits: what goes to cross_entropy; logits have no unit.
        target: class indices or class probabilities.
        weight: how much each class counts.
        ignore_index: the target value that adds nothing.
        reduction: "mean", "sum" or "none".
        label_smoothing: the part of each target, 0 to 1, that is spread over all classes.

    Raises:
        Nothing: every call gets a diagnosis.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html

    Example:
        >>> diagnose(torch.zeros(2, 3), torch.tensor([[0], [2]])).findings[0].remedy
        'target = target.squeeze(1)'
    """
    call = Call(logits, target, weight, _number(ignore_index), reduction, _number(label_smoothing))
    if any(getattr(value, "is_meta", False) for value in (logits, target, weight)):
        problem = "a tensor on the meta device holds no values", "# give tensors that hold values"
        return Diagnosis((Finding("suspicious", *problem),), _reading(call))
    found, mended = _raising(call)
    # Where no line mends the call there is nothing to look at.
    if not (found and found[-1].remedy.startswith("#")):
        found += _suspicious(mended)
    return Diagnosis(tuple(found), _reading(call))


def _number(value):
    """A tensor of one number is a number to torch."""
    if not isinstance(value, torch.Tensor) or value.dim() or value.requires_grad or value.is_meta:
        return value
    return value.item()


def _raising(call) -> tuple[list[Finding], Call]:
    """What torch refuses: mend it, and look again until torch takes the call."""
    found = []
    for _ in range(2 * len(refusals.RULES)):  # more than any call needs
        problem = next(filter(None, (rule(call) for rule in refusals.RULES)), None)
        if problem is None:
            break
        found.append(Finding("raises", *problem))
        if problem[1].startswith("#"):
            break
        call = call.mended(problem[1])
    return found, call


def _suspicious(call) -> list[Finding]:
    found = []
    for rule in suspicious.RULES:
        if problem := rule(call):
            found.append(Finding("suspicious", *problem))
            call = call.mended(problem[1])
    return found


def _reading(call) -> str:
    """The shapes as torch reads them: N, C, d1…dK, and what target holds."""
    parts = [f"{name}: {_described(getattr(call, name))}" for name in ("logits", "target")]
    if refusals.no_tensor(call) or not call.shape:
        return "; ".join(parts)
    extra = (f"d{k}" for k in range(1, len(call.shape) - 1))
    names = ["C"] if call.dim == 0 else ["N", "C", *extra]
    sizes = ", ".join(f"{name} = {size}" for name, size in zip(names, call.shape, strict=True))
    holds = "class indices" if call.has_indices else "probabilities"
    return f"{parts[0]}, read as {sizes}; {parts[1]}, read as {holds}"


def _described(value) -> str:
    if getattr(value, "is_nested", False):
        return "a nested tensor"
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    if not isinstance(shape, tuple) or dtype is None:
        return f"a {type(value).__name__}"
    return f"shape {tuple(shape)}, {dtype}"
