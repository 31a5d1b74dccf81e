"""Questions of 05_floating_point, and its code exercises."""

import itertools

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.formatting import format_number
from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import options
from ce_helpers.learning.tasks.floating_point_exercises import EXERCISES

__all__ = ["EXERCISES", "QUESTIONS"]
STEP = 2.0**-23  # from 1 to the next larger float32
DTYPES = ("float16", "float32", "float64")


def reads_zero(numbers: Numbers) -> Question:
    """A lead from which on the loss is less than half a step."""
    dtype = numbers.pick("float32", DTYPES)
    rivals = numbers.pick(1, range(1, 4))
    others = "the other one is" if rivals == 1 else f"the {rivals} others are all"
    leads = {each: _first_lead_that_reads_0(each, rivals) for each in DTYPES}
    lead = leads[dtype]
    return Question(
        f"The target's logit is 0, and {others} lower by a whole number, the target's lead. What "
        f"is the smallest lead at which `cross_entropy` in {dtype} reads exactly 0?",
        lead,
        f"Beside 1 the sum holds {'' if rivals == 1 else f'{rivals} · '}exp(−{lead}), less than "
        f"half a step of {dtype}. So the sum stays 1, and log 1 is 0.",
        (
            f"Move the gap to the left, step by step, and watch the row of {dtype}.",
            "The strip turns white where the loss reads 0. Where does the white begin?",
        ),
        (
            Mistake(-lead, "The place is right. How far ahead is the target there?"),
            Mistake(lead - 1, "There it reads more than 0. Look at the number beside the strip."),
            Mistake(lead + 1, "There it reads 0, but not for the first time."),
            *(Mistake(leads[each], f"That is where {each} gives out.") for each in DTYPES),
            Mistake(104, "That is on the other side, where −log(softmax) becomes inf."),
        ),
        exact=True,
    )


def _first_lead_that_reads_0(dtype: str, rivals: int) -> int:
    logits = (np.array([[0.0, *[-lead] * rivals]], dtype) for lead in itertools.count(1))
    losses = (cross_entropy_steps(row, [0]).loss for row in logits)
    return next(lead for lead, loss in enumerate(losses, 1) if loss == 0)


def rounded_sum(numbers: Numbers) -> Question:
    """A small loss is a whole number of steps."""
    exact = numbers.pick(2.6, (1.7, 3.6, 4.3, 5.7, 6.2, 7.8, 8.4, 9.7))
    logits = np.array([[0, np.log(exact * STEP)]], dtype=np.float32)
    loss = cross_entropy_steps(logits, [0]).loss.item()
    down, up = np.floor(exact), np.ceil(exact)
    return Question(
        f"The largest logit is the target's, and after it is subtracted the exact sum of exp is "
        f"1 + {exact} · 2⁻²³. What loss does float32 give?",
        loss,
        f"The nearest float32 is {round(loss / STEP)} steps above 1, and the log of 1 plus a "
        "little is that little.",
        (
            "Between 1 and 2 float32 goes in steps of 2⁻²³. Which is nearest to the sum?",
            "The loss is the log of that sum, and log(1 + x) is x when x is tiny.",
        ),
        (
            Mistake(exact * STEP, "That is the exact loss. Is there a float32 at that sum?"),
            Mistake(down * STEP, "That is rounded down. The nearest float32 is on the other side."),
            Mistake(up * STEP, "That is rounded up. The nearest float32 is on the other side."),
            Mistake(round(exact), "Those are the steps. How many nats is a step worth?"),
            Mistake(STEP, "That is one step. The sum lies further above 1."),
            Mistake(0, "That comes out below half a step. The sum lies further above 1."),
            Mistake(round(exact) * 2.0**-52, "That is float64's step. Float32 has a larger one."),
            Mistake(round(exact) * 2.0**-10, "That is float16's step. Float32 has a smaller one."),
        ),
    )


def naive_at_8(numbers: Numbers) -> Question:
    """Below 1 the floats stand closer than above."""
    logits = torch.tensor([[0.0, -8.0]])
    exact = cross_entropy(logits.double(), torch.tensor([0])).item()
    by_torch = cross_entropy(logits.half(), torch.tensor([0])).item()
    naive = -torch.softmax(logits.half(), dim=1)[0, 0].log().item()
    hints = {
        "Floats just below 1 lie closer together than floats just above 1.": "",
        "Softmax loses fewer digits than log-softmax.": "Go further right, past 18. Which of the "
        "two is finite there?",
        "Float16 keeps small numbers better than large ones.": "So it does. But which number "
        "near 1 is rounded by each of the two?",
        "The logarithm undoes the error of the exponential.": "Once a digit is rounded away, "
        "nothing brings it back.",
    }
    return Question(
        "The target is 8 ahead, in float16. The exact loss is "
        f"{format_number(exact)}. `cross_entropy` reads {format_number(by_torch)}, and "
        f"−log(softmax) reads {format_number(naive)}, which is closer. Why?",
        next(iter(hints)),
        "`cross_entropy` rounds a sum just above 1, where float16's step is 2⁻¹⁰. Softmax rounds "
        "p just below 1, where the step is half as long. So it holds out for one more gap, and "
        "reads 0 from 9 on.",
        (
            "One way takes the log of a sum, the other the log of p. On which side of 1 is each?",
            "The step of a float type halves at each power of two on the way down.",
        ),
        *options(numbers, hints),
    )


def overflow_by_hand(numbers: Numbers) -> Question:
    """Infinity over infinity."""
    largest = numbers.pick(1000, range(100, 1000, 50))
    logits = torch.tensor([largest, 0.0, 0.0, 0.0])
    answer = str((logits.exp() / logits.exp().sum())[0].item())
    hints = {
        "1": "On paper. What is exp of such a logit in float32?",
        "inf": "That is what exp gives. The sum below the line is just as large.",
        "nan": "",
        "0": "That is what the other three give.",
        "an error": "Floats do not raise. They have values for such a case.",
    }
    return Question(
        f"Softmax by its formula, in float32: `exp` of the logits `[{largest}, 0, 0, 0]`, divided "
        "by the sum. What comes out for class 0?",
        answer,
        f"exp({largest}) is inf, so is the sum, and inf / inf is not a number.",
        (
            "The largest float32 is about 3.4e38, which is exp(88.7).",
            "What stands above the line, what below it, and what is their quotient?",
        ),
        *options(numbers, hints),
    )


def gap_of_200(numbers: Numbers) -> Question:
    """A probability becomes 0, a log-probability does not."""
    gap = numbers.pick(200, range(110, 400, 10))
    steps = cross_entropy_steps(np.array([[0, gap]], dtype=np.float32), [0])
    with np.errstate(divide="ignore"):
        by_softmax = -np.log(steps.probs[0, 0])
    answer = f"{by_softmax:g} and {steps.loss:g}"
    hints = {
        f"{gap} and {gap}": "On paper, yes. How small a probability can float32 hold?",
        f"18.42 and {gap}": "That is the patched log. Here nothing is added to p.",
        f"inf and {gap}": "",
        f"nan and {gap}": "nan comes from inf / inf. Here the log of one number is taken.",
        "inf and inf": "`cross_entropy` subtracts the largest logit and forms no probability.",
    }
    return Question(
        f"In float32 the logits are `[0, {gap}]`, and the target is class 0. What do "
        "−log(softmax) and `cross_entropy` give, in this order?",
        answer,
        f"exp(−{gap}) is far below the smallest float32, so p is 0 and −log(p) is inf. "
        f"`cross_entropy` computes 0 − {gap} − log 1 and turns the sign.",
        (
            "Softmax must store the probability exp(−gap) in a float32. Does it fit?",
            "Which of the two forms a probability on the way?",
        ),
        *options(numbers, hints),
    )


def other_patch(numbers: Numbers) -> Question:
    """What is added inside the log is the largest loss."""
    digits = numbers.pick(6, (4, 5, 7, 9, 10, 12))
    p = cross_entropy_steps(np.array([[0, 200]], dtype=np.float32), [0]).probs[0, 0]
    limit = -np.log(p + 10.0**-digits).item()
    return Question(
        f"Someone adds another small number: −log(p + 1e-{digits}), in float32. What loss comes "
        "out when p has become 0?",
        limit,
        f"Only the small number is left, and −log(1e-{digits}) is {digits} · ln 10. No sample can "
        "cost more, however wrong.",
        (
            "Put p = 0 into the formula. What is left inside the log?",
            "The field reads ln, powers and a minus sign.",
        ),
        (
            Mistake(-np.log(1e-8), "That is where 1e-8 stops. Here another number is added."),
            Mistake(digits, "That is log base 10. Losses use ln, the natural log."),
            Mistake(limit / np.log(2), "That is measured in bits. Losses use ln."),
            Mistake(-limit, "A loss is never negative here. Look at the sign before the log."),
            Mistake(10.0**-digits, "That is what is left inside the log. Take minus its log."),
        ),
    )


def bfloat_step(numbers: Numbers) -> Question:
    """The step grows with the number."""
    power = numbers.pick(4, range(2, 7))
    step = torch.finfo(torch.bfloat16).eps * 2**power
    return Question(
        "From 1 to 2 bfloat16 goes in steps of 2⁻⁷. What is its step from "
        f"{2**power} to {2 ** (power + 1)}, where losses may lie?",
        step,
        f"A float keeps the same number of digits, so its step doubles at each power of two: "
        f"2⁻⁷ · {2**power}.",
        (
            "From 2 to 4 there are as many numbers as from 1 to 2.",
            f"How many times must 1 be doubled to get to {2**power}?",
        ),
        (
            Mistake(step / 2**power, "That is the step just above 1. It grows with the number."),
            Mistake(step / 2, "You doubled the step one time too few."),
            Mistake(step * 2, "You doubled the step one time too many."),
            Mistake(2.0 ** (power - 23), "That is float32's step. bfloat16 keeps fewer digits."),
            Mistake(2.0 ** (power - 10), "That is float16's step. bfloat16 keeps fewer digits."),
            Mistake(2.0 ** (-7 - power), "The larger the number, the longer the step."),
        ),
    )


def half_mean(numbers: Numbers) -> Question:
    """The mean adds first, in the type of the losses."""
    loss = numbers.pick(10, range(9, 16))
    count = numbers.pick(8192, (2**13, 2**14, 2**15))
    logits = torch.tensor([[0.0, loss]]).repeat(count, 1).half()
    answer = str(cross_entropy(logits, torch.zeros(count, dtype=torch.long)).item())
    limit = torch.finfo(torch.float16).max
    hints = {
        str(loss): "On paper. How large is the sum before it is divided?",
        answer: "",
        f"{limit / count:.4g}": "The sum doesn't stop at the largest number. What does float16 "
        "hold for what is larger?",
        "nan": "That takes a 0 or two such numbers in a quotient. Here one is divided by a count.",
        "0": "Nothing is too small here. Is anything too large?",
    }
    return Question(
        f"{count:,} losses, each about {loss}, from float16 logits. The largest float16 is "
        f"{limit:,.0f}. What does `F.cross_entropy(logits, target)` return?",
        answer,
        f"The mean adds the losses first, and {loss * count:,} is beyond float16. "
        '`reduction="none"` and `.mean()` give the right number, for `mean` adds in float32.',
        (
            "A mean is a sum, divided. How large is the sum?",
            f"Compare {count:,} · {loss} with the largest float16.",
        ),
        *options(numbers, hints),
    )


QUESTIONS = (
    reads_zero,
    rounded_sum,
    naive_at_8,
    overflow_by_hand,
    gap_of_200,
    other_patch,
    bfloat_step,
    half_mean,
)
