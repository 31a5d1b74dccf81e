"""What is refused: rules on types, shapes and values, in the order in which to mend them.

They follow what torch does, not its messages. `RULES` at the end says which of them torch itself
refuses, and which only the steps.
"""

import torch

from ce_helpers.calls import inputs
from ce_helpers.calls.call import Call, Remedy, Rule, Seen, mend, without
from ce_helpers.calls.evidence import FLOAT_TYPES, is_distribution
from ce_helpers.calls.indices import wrong_index, wrong_target_type
from ce_helpers.calls.inputs import EXPECTED
from ce_helpers.calls.shapes import mend_shapes, misfit


def no_dimension(call: Call) -> Seen | None:
    """Logits without a class dimension."""
    if call.shape:
        return None
    return "logits are one number of shape ()", mend(f"# logits must be {EXPECTED['logits']}")


def swapped(call: Call) -> Seen | None:
    """Target in the place of logits."""
    logits, target = call.logits, call.target
    if not _is_swapped(call):
        return None
    seen = (
        f"logits have shape {call.shape} and type {logits.dtype}, target has shape "
        f"{tuple(target.shape)} and type {target.dtype}: the two are swapped"
    )
    return seen, mend("logits, target = target, logits", logits=target, target=logits)


def _is_swapped(call: Call) -> bool:
    logits, target = call.logits, call.target
    if target.dtype not in FLOAT_TYPES or not target.ndim:
        return False
    dim = 0 if target.ndim == 1 else 1
    if without(tuple(target.shape), dim) == call.shape:
        return True
    # One-hot rows and logits have one shape: the integers are the rows.
    is_float = logits.is_floating_point() or logits.is_complex()
    if call.has_indices or is_float or not target.numel():
        return False
    return not is_distribution(target, dim)


def no_floats(call: Call) -> Seen | None:
    """Logits of which softmax cannot be taken."""
    # Without a single number, torch does not reach the code that refuses the type.
    if not call.has_indices and not call.logits.numel():
        return None
    return no_floats_nor_numbers(call)


def no_floats_nor_numbers(call: Call) -> Seen | None:
    """The same, also where there is not a single number."""
    logits = call.logits
    if logits.dtype in FLOAT_TYPES:
        return None
    seen = f"logits are {logits.dtype}, and softmax takes only floating point"
    real = logits.is_complex()
    line = f"logits = logits.{'real' if real else 'float()'}"
    return seen, mend(line, logits=logits.real if real else logits.float())


def wrong_target_shape(call: Call) -> Seen | None:
    """A target that has neither the shape of logits nor that shape without C."""
    target = tuple(call.target.shape)
    if not call.has_indices or target == call.element_shape:
        return None
    if len(call.shape) == 1 and target == (1,) and not call.label_smoothing > 0:
        return None
    return misfit(call), mend_shapes(call) or mend(f"# target must be {EXPECTED['target']}")


def no_class_for_an_index(call: Call) -> Seen | None:
    """No class to choose. With 0 or 2 dimensions after C, torch asks only what is not ignored."""
    if not call.has_indices or not call.target.numel():
        return None
    if len(call.shape) in (1, 2, 4) and (call.target.long() == call.ignore_index).all():
        return None
    return no_class(call)


def no_class(call: Call) -> Seen | None:
    """No class to choose, also where torch finds nothing to do."""
    if call.num_classes:
        return None
    return f"logits of shape {call.shape} have no classes", mend("# C must be 2 or more")


def index_to_ignore(call: Call) -> Seen | None:
    """ignore_index from 0 on together with probabilities."""
    if call.has_indices or call.ignore_index < 0:
        return None
    seen = f"ignore_index={call.ignore_index} works only with class indices, not probabilities"
    return seen, mend("ignore_index = -100", ignore_index=-100)


def wrong_weight_shape(call: Call) -> Seen | None:
    """A weight that has not one number for each class."""
    weight, num_classes = call.weight, call.num_classes
    # Without smoothing, indices with d1…dK read a weight of any shape as a flat one.
    flat = call.has_indices and len(call.shape) > 2 and not call.label_smoothing > 0
    if weight is None or (weight.numel() == num_classes and (weight.ndim == 1 or flat)):
        return None
    seen = f"weight has shape {tuple(weight.shape)}, and must have shape ({num_classes},)"
    if weight.numel() == num_classes:
        return seen, mend("weight = weight.reshape(-1)", weight=weight.reshape(-1))
    return seen, mend(f"# weight needs one number for each of the {num_classes} classes")


def wrong_weight_type(call: Call) -> Seen | None:
    """A weight of another type than logits, where target holds indices."""
    weight, logits = call.weight, call.logits
    if weight is None or not call.has_indices or weight.dtype == logits.dtype:
        return None
    seen = f"weight is {weight.dtype}, and must be as logits, {logits.dtype}"
    real, line = (weight.real, "weight.real") if weight.is_complex() else (weight, "weight")
    return seen, mend(f"weight = {line}.to(logits.dtype)", weight=real.to(logits.dtype))


def weight_to_train(call: Call) -> Seen | None:
    """A weight that asks for a gradient, which class indices do not give."""
    weight = call.weight
    if weight is None or not call.has_indices or not torch.is_grad_enabled():
        return None
    if not weight.requires_grad:
        return None
    seen = "weight requires a gradient, and torch has none for it with class indices"
    return seen, mend("weight = weight.detach()", weight=weight.detach())


def complex_weight(call: Call) -> Seen | None:
    """A weight that makes the loss complex."""
    if call.weight is None or not call.weight.is_complex():
        return None
    seen = f"weight is {call.weight.dtype}. torch runs, and the loss is complex"
    return seen, mend("weight = weight.real", weight=call.weight.real)


def odd_keywords(call: Call) -> Seen | None:
    """Keywords that torch takes, though not as they read."""
    smoothing = call.label_smoothing
    if not smoothing >= 0:
        seen = f"label_smoothing={smoothing} is below 0 or nan. torch runs and takes it as 0"
        return seen, mend("label_smoothing = 0.0", label_smoothing=0.0)
    if call.reduction == "elementwise_mean":
        seen = "reduction='elementwise_mean' is an old name for 'mean'"
        return seen, mend('reduction = "mean"', reduction="mean")
    return None


HELPLESS = "no line mends this: look where the arguments are made"
RULES = (
    *inputs.RULES,
    Rule(no_dimension),
    Rule(swapped, error=TypeError),
    Rule(no_floats, error=TypeError),
    Rule(wrong_target_shape),
    Rule(wrong_target_type, error=TypeError),
    Rule(no_class_for_an_index),
    Rule(wrong_index),
    Rule(index_to_ignore),
    Rule(wrong_weight_shape),
    Rule(wrong_weight_type, error=TypeError),
    Rule(weight_to_train),
    Rule(no_floats_nor_numbers, "steps refuse", TypeError),
    Rule(no_class, "steps refuse"),
    Rule(complex_weight, "steps refuse", TypeError),
    Rule(odd_keywords, "steps refuse"),
)


def first_refusal(call: Call) -> tuple[Rule, Seen] | None:
    """The first rule that sees something, and what it saw; each remedy is tried, and helps."""
    if (found := _first(call)) is None:
        return None
    rule, (seen, remedies) = found
    helpful = tuple(remedy for remedy in remedies if _helps(call, remedy, seen))
    return rule, (seen, helpful or mend("# " + HELPLESS))


def _first(call: Call) -> tuple[Rule, Seen] | None:
    return next(((rule, seen) for rule in RULES if (seen := rule.sees(call))), None)


def _helps(call: Call, remedy: Remedy, seen: str) -> bool:
    """Whether the mended call is another one to the rules: taken, or refused for what is next."""
    if not remedy.new:
        return True
    again = _first(call.after(remedy))
    return again is None or again[1][0] != seen


def refuse(call: Call) -> None:
    """Raises what the first rule saw, as one sentence: what was given, and the remedy."""
    if refusal := first_refusal(call):
        rule, (seen, remedies) = refusal
        raise rule.error(f"{seen}; {', or '.join(map(str, remedies))}")
