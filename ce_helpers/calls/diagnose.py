"""What is wrong with a call of cross_entropy, in plain words, before it is made."""

from dataclasses import dataclass

from ce_helpers.calls import refusals, suspicious
from ce_helpers.calls.call import Call, Remedy, number
from ce_helpers.calls.diagnosed import Sizes, aligned, diagnosis_html, finding_html
from ce_helpers.calls.inputs import no_tensor
from ce_helpers.calls.outputs import equal_logits
from ce_helpers.calls.shifts import not_compared, wrong_shift
from ce_helpers.markup import tag

SIGNS = {"raises": "✕", "suspicious": "⚠"}
IN_ORDER = "The call is in order: nothing to mend. Check that C is the dimension you mean."
MORE = ("../docs/my_loss_is.md", "My loss is …: from what you see to its cause")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a call.

    Args:
        kind: "raises" or "suspicious".
        message: what was seen, what torch does with it, and why that is wrong.
        remedies: what mends it: one, or one for each way to read the call.
    """

    kind: str
    message: str
    remedies: tuple[Remedy, ...]

    @property
    def remedy(self) -> str:
        """The first remedy's line: code, or where no line mends it a comment, where to look."""
        return self.remedies[0].line


@dataclass(frozen=True)
class Diagnosis:
    """What `diagnose` found.

    Args:
        findings: what is wrong, in the order in which to mend it; empty for a call in order.
        reading: how torch reads the shapes.
        notes: what is worth knowing and no fault.
        shapes: the reading laid out by dimension; empty where there are no shapes.
    """

    findings: tuple[Finding, ...]
    reading: str
    notes: tuple[str, ...] = ()
    shapes: tuple[Sizes, ...] = ()

    def __str__(self) -> str:
        lines = [self.reading]
        for place, finding in enumerate(self.findings, 1):
            lines.append(f"{place}. {_title(finding)}: {finding.message}.")
            lines += [f"   {remedy.line}" for remedy in finding.remedies]
        return "\n".join([*lines, *([] if self.findings else [IN_ORDER]), *self.notes])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        findings = []
        for place, finding in enumerate(self.findings, 1):
            title = f"{SIGNS[finding.kind]} {_title(finding)}"
            title = f"{place} · {title}" if len(self.findings) > 1 else title
            message = f"{finding.message}."
            findings.append(finding_html(finding.kind, title, message, finding.remedies))
        if findings:
            findings.append(tag("p", tag("a", MORE[1], href=MORE[0])))
        else:
            findings = [finding_html("", "✓ In order", IN_ORDER, ())]
        return diagnosis_html(self.reading, self.shapes, findings, self.notes)


def _title(finding: Finding) -> str:
    return (
        "torch raises"
        if finding.kind == "raises"
        else "torch runs, the number is likely not the one you want"
    )


def diagnose(
    logits: object,
    target: object,
    *,
    weight: object = None,
    ignore_index: object = -100,
    reduction: object = "mean",
    label_smoothing: object = 0.0,
    inputs: object = None,
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
        inputs: the tokens that a language model was given, (N, T) or (T), to find a target that
            was not shifted against them, or twice.

    Raises:
        Nothing: every call gets a diagnosis.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html

    Example:
        >>> import torch
        >>> diagnose(torch.zeros(2, 3), torch.tensor([[0], [2]])).findings[0].remedy
        'target = target.squeeze(1)'
    """
    call = Call(logits, target, weight, number(ignore_index), reduction, number(label_smoothing))
    refused, mended = _refused(call)
    # Where no line mends the call there is nothing to look at.
    is_mended = all(finding.remedies[0].new for finding in refused)
    if not is_mended:
        return Diagnosis(tuple(refused), _reading(call), shapes=_shapes(call))
    notes = filter(None, (equal_logits(mended), not_compared(mended, inputs)))
    findings = (*refused, *_suspicious(mended, inputs))
    return Diagnosis(findings, _reading(call), tuple(notes), _shapes(call))


def _refused(call: Call) -> tuple[list[Finding], Call]:
    """What torch or the steps refuse: mend it, and look again until they take the call."""
    found: list[Finding] = []
    for _ in range(2 * len(refusals.RULES)):  # more than any call needs
        refusal = refusals.first_refusal(call)
        if refusal is None:
            break
        rule, (seen, remedies) = refusal
        found.append(
            Finding("raises" if rule.who == "torch raises" else "suspicious", seen, remedies)
        )
        if not remedies[0].new:
            break
        call = call.after(remedies[0])
    return found, call


def _suspicious(call: Call, inputs: object) -> list[Finding]:
    found = []
    sights = (lambda call: wrong_shift(call, inputs), *(rule.sees for rule in suspicious.RULES))
    for sees in sights:
        if seen := sees(call):
            found.append(Finding("suspicious", *seen))
            if seen[1][0].loss is not None:
                break
            call = call.after(seen[1][0])
    return found


def _reading(call: Call) -> str:
    """The shapes as torch reads them: N, C, d1…dK, and what target holds."""
    parts = [f"{name}: {_described(getattr(call, name))}" for name in ("logits", "target")]
    if not _has_shapes(call):
        return "; ".join(parts)
    extra = (f"d{k}" for k in range(1, len(call.shape) - 1))
    names = ["C"] if call.dim == 0 else ["N", "C", *extra]
    sizes = ", ".join(f"{name} = {size}" for name, size in zip(names, call.shape, strict=True))
    holds = "class indices" if call.has_indices else "probabilities"
    return f"{parts[0]}, read as {sizes}; {parts[1]}, read as {holds}"


def _has_shapes(call: Call) -> bool:
    return not no_tensor(call) and bool(call.shape)


def _shapes(call: Call) -> tuple[Sizes, ...]:
    return aligned(call) if _has_shapes(call) else ()


def _described(value: object) -> str:
    if getattr(value, "is_nested", False):
        return "a nested tensor"
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    if not isinstance(shape, tuple) or dtype is None:
        return f"a {type(value).__name__}"
    return f"shape {tuple(shape)}, {dtype}"
