"""Questions of 01_single_sample."""

import math

import numpy as np

from ce_helpers.calls.steps import cross_entropy_steps
from ce_helpers.formatting import format_number
from ce_helpers.learning.questions import Mistake, Numbers, Question, loss_mistakes
from ce_helpers.learning.tasks.common import options


def reach_16(numbers: Numbers) -> Question:
    """A loss is high where another logit rises; the target's may stand still."""
    rest = numbers.pick([3, 2], ([1, 2], [2, 3], [3, 1]))
    target_logit = numbers.pick(10, range(8, 12))
    start = numbers.pick(4, range(3, 6))
    wanted = numbers.pick(16, range(12, 19))
    kept = np.logaddexp.reduce([*rest, target_logit])  # the log of the sum of their exp
    answer = wanted + target_logit + math.log1p(-math.exp(kept - wanted - target_logit))

    def loss_at(logit):
        return cross_entropy_steps([[float(logit), *rest, target_logit]], [3]).loss.item()

    return Question(
        f"The logits `[{start}, {rest[0]}, {rest[1]}, {target_logit}]` have a loss of "
        f"{format_number(loss_at(start))}. Only class 0 may move. Where must it stand for the "
        f"loss to be {wanted}?",
        answer,
        f"Level with the target it costs {loss_at(target_logit):.4f}. Soon each step of 1 adds 1: "
        f"the loss is how far class 0 stands above {target_logit}. The target never moved.",
        (
            "Move class 0 up to the target’s bar. What is the loss there?",
            "Go on in steps of 1. What does each of them add?",
        ),
        (
            Mistake(wanted, f"There it is {loss_at(wanted):.4f}. What does one more step add?"),
            Mistake(wanted + start, "Count from the target’s bar, not from where class 0 stood."),
            Mistake(target_logit, "There class 0 is level with the target. Read the loss there."),
        ),
    )


def outweigh(numbers: Numbers) -> Question:
    """One mistake costs thousands of successes."""
    logits = [4, 3, 2, numbers.pick(10, range(8, 12))]
    right = cross_entropy_steps([[float(logit) for logit in logits]], [3]).loss.item()
    wrong = numbers.pick(16, range(12, 19))
    ratio = wrong / right
    hints = {
        _about(wrong): "That is the one loss. Divide it by the other.",
        _about(ratio / 10): "Count the zeros behind the point once more.",
        _about(ratio): "",
        _about(10 * ratio): "Count the zeros behind the point once more.",
    }
    return Question(
        f"A sure and right answer costs {format_number(right)}, a sure and wrong one {wrong}. "
        "How many of the right ones cost as much as one wrong one?",
        _about(ratio),
        "A mean over that many samples can double because of one of them.",
        ("How many times does the small number go into the large one?", "Divide them."),
        *options(numbers, hints),
    )


def _about(count: float) -> str:
    """A count with two significant digits, in words."""
    return f"about {float(f'{count:.1e}'):,.0f}"


def even_odds(numbers: Numbers) -> Question:
    """All other classes together are one class, at the log of the sum of their exp."""
    rest = numbers.pick([4, 3, 2], ([5, 3, 2], [4, 4, 1], [6, 5, 3], [5, 4, 2]))
    target_logit = numbers.pick(10, range(9, 13))
    answer = float(np.logaddexp.reduce(rest))
    top, low = max(rest), sum(rest) / 3

    def p_at(logit):
        return cross_entropy_steps([[*map(float, rest), logit]], [3]).probs[0, 3]

    return Question(
        f"From `{[*rest, target_logit]}` lower only the target, class 3, until its p is ½. "
        "Where does it stand?",
        answer,
        "There it is level with the three others taken as one class, and the dot lies at s = 0. "
        "The loss is ln 2 = 0.6931.",
        (
            "p is ½ where the target’s exp is as large as the three others’ together.",
            "Add up the three exp, then take the log.",
        ),
        (
            Mistake(
                target_logit / 2,
                f"Half the logit is not half of p: there p is {p_at(target_logit / 2):.4f}.",
            ),
            Mistake(top, f"Level with the largest alone p is {p_at(top):.4f}: the others count."),
            Mistake(low, "That is the mean of the others. Their exp favours the largest."),
            Mistake(sum(rest), "Exps add up, logits do not."),
            Mistake(math.exp(answer), "That is the sum of the exp. Its log is missing."),
        ),
    )


def quarter(numbers: Numbers) -> Question:
    """A blind guess: the target holds one part, the others the rest."""
    rest = numbers.pick([4, 3, 2], ([5, 3, 2], [4, 4, 1], [6, 5, 3], [5, 4, 2]))
    others = float(np.logaddexp.reduce(rest))
    return Question(
        f"Class 3 is the target, and the others stand at {rest[0]}, {rest[1]} and {rest[2]}. Where "
        "must the target stand for a loss of ln 4 = 1.3863, a blind guess among four?",
        others - math.log(3),
        "p is ¼, so the others hold three times as much: the target lies ln 3 below them. The "
        "dot lies in the bend of the curve, at s = ln 3.",
        (
            "Which p has a loss of ln 4?",
            "Then the others together hold three times as much. How much lower is that as a logit?",
        ),
        (
            Mistake(others, "There p is ½, and the loss ln 2."),
            Mistake(others - math.log(2), "There p is a third: the others hold twice as much."),
            Mistake(
                others - math.log(4), "There p is a fifth: the others hold four times as much."
            ),
            Mistake(math.log(4), "That is the loss. A logit is asked for."),
        ),
    )


def lower_target(numbers: Numbers) -> Question:
    """The loss of a confident mistake is a gap between two logits."""
    top = numbers.pick(20, range(20, 31))
    target_logit = numbers.pick(9, range(5, 10))
    logits = [top, 2.0, 3.0, target_logit]
    loss = cross_entropy_steps([logits], [3]).loss.item()
    return Question(
        f"The logits are `[{top}, 2, 3, {target_logit}]`, and the target is class 3. "
        "What is the loss?",
        loss,
        f"The sum of the exp is almost exp({top}) alone, so the loss is the gap "
        f"{top} − {target_logit}.",
        (
            "Which of the four exp is by far the largest? The others hardly count in the sum.",
            "The loss is log(sum of exp) − target's logit.",
        ),
        (
            Mistake(target_logit, "That is the target's logit. The loss compares it with the sum."),
            Mistake(top, "That is the log of the sum. The target's logit is missing."),
            Mistake(top - 4, "That would be so if the target stood at 4. Where does it stand?"),
            *loss_mistakes(loss),
        ),
    )


def equal_logits(numbers: Numbers) -> Question:
    """Equal logits are a blind guess, whatever their value."""
    num_classes = numbers.pick(10, range(3, 13))
    value = numbers.pick(2, range(3, 9))
    loss = cross_entropy_steps([[float(value)] * num_classes], [0]).loss.item()
    return Question(
        f"A model with {num_classes} classes gives all of them the same logit, {value}. "
        "What is the loss, whichever class is the target?",
        loss,
        f"Each class gets 1/{num_classes} of the probability, and −ln(1/{num_classes}) is the "
        "loss. The value of the logits plays no part.",
        (
            "If all logits are equal, so are all probabilities. How large is each?",
            "Then take minus the natural log of that probability. The field reads ln as well.",
        ),
        (
            Mistake(0, "A loss of 0 means all probability on the target. Here it has a share."),
            Mistake(value, "That is the logit. Softmax comes first."),
            Mistake(num_classes, "That is how many classes there are. A log is missing."),
            Mistake(
                math.log(num_classes - 1),
                "That is s, how far the target lies below the others as one. Read the loss on the "
                "curve.",
            ),
            *loss_mistakes(loss),
        ),
    )


def add_to_all(numbers: Numbers) -> Question:
    """Softmax sees only differences between logits."""
    logits = numbers.logits([[4, 3, 2, 10]])
    added = numbers.pick(5, range(2, 10))
    change = (
        cross_entropy_steps(logits + np.float32(added), [3]).loss
        - cross_entropy_steps(logits, [3]).loss
    ).item()
    # what is said to happen, by how much, and the hint for it
    claims = (
        (f"It grows by {added}.", added, "The log of the sum of exp grows too. By how much?"),
        (f"It falls by {added}.", -added, "The target gains, and so does every other class."),
        ("It stays the same.", 0, "Softmax is a fraction. What happens above and below its line?"),
        (
            "It depends on which class is the target.",
            np.inf,
            "Write the loss as log(sum of exp) − target's logit. Do both change alike?",
        ),
    )
    answer = min(claims, key=lambda claim: abs(claim[1] - change))[0]
    shown = ", ".join(f"{logit:g}" for logit in logits[0])
    return Question(
        f"You add {added} to every one of the logits `[{shown}]`. What becomes of the loss?",
        answer,
        f"exp({added}) is a factor of every exp and of their sum, and it cancels. "
        "Softmax sees only the differences between logits.",
        (
            "Write softmax as a fraction. What happens above and below its line?",
            f"exp(x + {added}) = exp(x) · exp({added}).",
        ),
        *options(numbers, {text: hint for text, _, hint in claims}),
    )


def twice(numbers: Numbers) -> Question:
    """Probabilities are too close together to be logits."""
    num_classes = numbers.pick(4, range(3, 8))
    rest = [4.0, 3.0, 2.0, 1.0, 0.0, -1.0][: num_classes - 1]
    logits = [*rest, numbers.pick(10.0, (8.0, 9.0))]
    right = cross_entropy_steps([logits], [num_classes - 1])
    again = cross_entropy_steps(right.probs, [num_classes - 1]).loss.item()
    floor = math.log(math.e + num_classes - 1) - 1
    hints = {
        "It falls to 0.": "How far apart can two probabilities be?",
        f"It falls to {right.loss:.4f}.": "What goes into the second softmax: logits?",
        f"It falls to {math.log1p(math.exp(-1)):.4f}.": "That is so with one other class at p = 0. "
        "How many are there?",
        f"It never gets below {math.floor(100 * floor) / 100:.2f}.": "",
    }
    return Question(
        f"A model ends in softmax, and its output goes into `CrossEntropyLoss`: the loss is "
        f"{again:.4f} where {right.loss:.4f} belongs. Push the target’s logit up as far as you "
        "like. What becomes of the loss?",
        list(hints)[-1],
        f"At best p is 1 for the target and 0 for the others. As logits, these are only 1 apart: "
        f"the loss stays above {floor:.4f}.",
        (
            "What is the best p that the first softmax can give?",
            "Take those numbers for logits. How far does the target stand above the others?",
        ),
        *options(numbers, hints),
    )


QUESTIONS = (
    reach_16, outweigh, even_odds, quarter, lower_target, equal_logits, add_to_all, twice,
)  # fmt: skip
