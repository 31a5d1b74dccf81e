"""Questions of 08_training, and its code exercises."""

import math

from ce_helpers.learning.questions import Mistake, Numbers, Question
from ce_helpers.learning.tasks.common import options
from ce_helpers.learning.tasks.training_curves import card_one
from ce_helpers.learning.tasks.training_exercises import EXERCISES

__all__ = ["EXERCISES", "QUESTIONS"]


def first_loss(numbers: Numbers) -> Question:
    """Equal logits are a blind guess."""
    num_classes = numbers.pick(3, (4, 5, 6, 8, 10))
    blind = math.log(num_classes)
    return Question(
        f"All weights of a model with {num_classes} classes are 0. What is its loss before the "
        "first step?",
        blind,
        f"All logits are equal, so each class gets 1/{num_classes}: the loss is ln {num_classes}.",
        (
            "Weights of 0 give equal logits. What does softmax make of these?",
            f"Every class gets 1/{num_classes}. What is −log of that?",
        ),
        (
            Mistake(0, "That would be a model that is sure and right."),
            Mistake(1 / num_classes, "That is the target's probability. The loss is −log of it."),
            Mistake(
                math.log10(num_classes), "That is log base 10. Losses use ln, the natural log."
            ),
            Mistake(math.log2(num_classes), "That is measured in bits. Losses use ln, not log 2."),
            Mistake(num_classes, "That many classes are equally likely. The loss is its ln."),
        ),
    )


def hardest_pull(numbers: Numbers) -> Question:
    """A sample's share of the gradient is 1 − p of its target."""
    wrong = numbers.pick(0.001, (0.002, 0.004, 0.005, 0.008, 0.01))
    right = 1 - wrong
    ratio = (1 - wrong) / (1 - right)
    return Question(
        f"Two points. The model gives the target of one p = {right:g}, of the other p = {wrong:g}. "
        "Each pulls at its target's logit by 1 − p. How many times as hard does the second pull?",
        ratio,
        f"It pulls by {1 - wrong:g}, the first by {wrong:g}.",
        (
            "What is 1 − p for each of the two?",
            f"The first pulls by {wrong:g}. Divide the other pull by that.",
        ),
        (
            Mistake(
                math.log(wrong) / math.log(right),
                "That is how the losses compare. The pull is 1 − p, and it is never above 1.",
            ),
            Mistake(1 / ratio, "That is the first beside the second. Turn it round."),
            Mistake(1, "Each point has the same weight in the mean, but not the same pull."),
            Mistake(right - wrong, "That is the difference. How many times as large is it?"),
            Mistake(-math.log(wrong), "That is the second one's loss. The pull is 1 − p."),
        ),
    )


def pencil_loss(numbers: Numbers) -> Question:
    """The mean loss of five samples, four of them right."""
    sure = numbers.pick(0.99, (0.98, 0.97, 0.95))
    doubtful = numbers.pick(0.4, (0.3, 0.35, 0.45))
    losses = [-math.log(sure)] * 4 + [-math.log(doubtful)]
    mean = sum(losses) / 5
    return Question(
        "Two models, two classes, five samples. The first gives each target p = 0.51: all right, "
        f"and a mean loss of 0.673. The second gives four targets p = {sure:g} and the fifth "
        f"p = {doubtful:g}: four of five right. Its mean loss?",
        mean,
        "It is lower than 0.673, though the model is right less often: the loss also pays for "
        "being sure.",
        (
            "Each sample costs −ln p. Four cost the same.",
            f"−ln {sure:g} = {losses[0]:.4f} and −ln {doubtful:g} = {losses[4]:.4f}.",
        ),
        (
            Mistake(sum(losses), "That is the sum of the five. The mean is asked for."),
            Mistake(
                -math.log((4 * sure + doubtful) / 5),
                "That is −ln of the mean p. Take −ln first, then the mean.",
            ),
            Mistake(mean / math.log(10), "That is log base 10. Losses use ln, the natural log."),
            Mistake(losses[4] / 4, "Five samples, so divide by five; the four sure ones count."),
            Mistake(losses[4] / 5, "Nearly: the four sure ones cost a little too."),
        ),
    )


def after_the_drag(numbers: Numbers) -> Question:
    """A training on can lower loss and accuracy together."""
    choices = {
        "It rises to 100%.": "Straight lines cannot reach that point any more.",
        "It stays at 92%.": "The lines move to serve the far point. Who was near?",
        "It falls to about 60%.": "",
        "It falls to 0.": "Most points still lie where they can be told apart.",
    }
    return Question(
        "After 100 steps a linear model has all 12 points right. The leftmost of class A is "
        "dragged to (0, −4), deep among the others: the loss leaps to 2.2 and 11 of 12 are right. "
        "2,000 more steps bring the loss down to 0.63. What becomes of the accuracy?",
        "It falls to about 60%.",
        "The far point costs so much that lines which serve it better pay, although other points "
        "end up on the wrong side.",
        (
            "The training minimises the loss and knows nothing of accuracy.",
            "One point costs 26. Twelve points share three straight lines. Who pays for it?",
        ),
        *options(numbers, choices),
    )


def reaching_zero(numbers: Numbers) -> Question:
    """On separable points the loss goes on falling and the weights go on growing."""
    choices = {
        "The loss reaches 0, and the weights stop.": (
            "For a loss of 0 softmax would have to give 1 exactly. How large a gap is that?"
        ),
        "Both go on: the loss falls, the weights grow.": "",
        "The loss stops at a floor above 0.": (
            "Smoothing or points that cannot be told apart make a floor. Here, neither."
        ),
        "The loss rises again.": (
            "On the points it is trained on, each small enough step goes down."
        ),
    }
    return Question(
        "A linear model has all its 12 points right after 10 steps. What do loss and weights do in "
        "the next 10,000?",
        "Both go on: the loss falls, the weights grow.",
        "Doubling all weights makes every right answer surer, so there is always less to gain and "
        "never nothing.",
        (
            "Every point is right. What happens to the loss if all logits are doubled?",
            "Can softmax ever give exactly 1?",
        ),
        *options(numbers, choices),
    )


def unseen_points(numbers: Numbers) -> Question:
    """Held-out loss may rise while accuracy stands."""
    choices = {
        "Its loss falls as well, its accuracy rises.": (
            "Some new points lie on the wrong side. What do larger logits make of those?"
        ),
        "Its loss rises, its accuracy hardly moves.": "",
        "Its loss rises, its accuracy drops to one third.": (
            "One third is a blind guess. The lines still part the three groups."
        ),
        "Neither moves.": "All logits grow. Can a loss stand still then?",
    }
    return Question(
        "The same training on 12 points, looked at with 900 of the same kind that it has never "
        "seen. What happens from step 10 to step 10,000?",
        "Its loss rises, its accuracy hardly moves.",
        "The lines stay about where they are. But the model grows surer, of its mistakes as well, "
        "and a sure mistake is dear.",
        (
            "The weights grow. What does that do to a point on the wrong side of a line?",
            "Do the lines move much, once all 12 points are right?",
        ),
        *options(numbers, choices),
    )


def temperature_changes(numbers: Numbers) -> Question:
    """Dividing all logits leaves their order."""
    choices = {
        "The loss alone.": "",
        "The accuracy alone.": "Does dividing change which logit is the largest?",
        "Both.": "Accuracy asks only which logit is the largest.",
        "Neither.": "The gaps shrink. What does softmax make of smaller gaps?",
    }
    temperature = numbers.pick(5, (2, 3, 4, 8))
    return Question(
        f"All logits of a trained model are divided by one number, T = {temperature}. On new "
        "points, what changes?",
        "The loss alone.",
        "The order of a point's logits stays, so the prediction does. How sure it is changes.",
        (
            "Which class has the largest logit after the division?",
            "And how large are the gaps between them?",
        ),
        *options(numbers, choices),
    )


def summed_start(numbers: Numbers) -> Question:
    """A sum of losses starts at N ln C."""
    points = numbers.pick(90, range(60, 160, 12))
    total, blind = points * math.log(3), math.log(3)
    return Question(
        f"{points} points in three classes, weights of 0, and `reduction=\"sum\"`: what is the "
        "first loss?",
        total,
        f"Each point costs ln 3, and the sum counts all {points}. The steps are {points} times as "
        "long as well.",
        (
            "What does one point cost before the first step?",
            f"A blind guess costs ln 3 = {blind:.4f}. How many points are there?",
        ),
        (
            Mistake(blind, "That is the mean. The sum is asked for."),
            Mistake(blind / points, "The sum is larger than one point's loss, not smaller."),
            Mistake(points, "One point does not cost 1 but ln 3."),
            Mistake(points * math.log10(3), "That is log base 10. Losses use ln."),
        ),
    )  # fmt: skip


QUESTIONS = (
    first_loss, hardest_pull, pencil_loss, after_the_drag, reaching_zero, unseen_points,
    temperature_changes, card_one, summed_start,
)  # fmt: skip
