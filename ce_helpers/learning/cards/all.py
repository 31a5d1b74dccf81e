"""The error clinic's cards: plausible calls, what becomes of them, and how to mend them."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn

from ce_helpers.calls.diagnose import Diagnosis, diagnose

RAISES, WRONG, RIGHT = "raises", "runs and is wrong", "runs and is right"
OUTCOMES = (RAISES, WRONG, RIGHT)
GROUPS = ("shape", "type", "value", "averaging")


@dataclass(frozen=True)
class Card:
    """One call to judge.

    Args:
        group: one of `GROUPS`.
        wish: what the writer of the call wants.
        setup: lines of code that make its arguments.
        call: the expression that is judged.
        outcome: one of `OUTCOMES`.
        reason: why, in a few sentences.
        remedy: the expression that gives what was wished; empty where `call` does.
    """

    group: str
    wish: str
    setup: str
    call: str
    outcome: str
    reason: str
    remedy: str = ""

    def run(self, expression: str) -> object:
        """What `expression` gives after `setup`; it raises what torch raises."""
        return eval(expression, self._names())

    def diagnosis(self) -> Diagnosis | None:
        """What `diagnose` says of the call, if it is one of cross_entropy alone."""
        if not self.call.startswith("F.cross_entropy("):
            return None
        return eval(self.call, self._names() | {"F": SimpleNamespace(cross_entropy=diagnose)})

    def _names(self) -> dict[str, object]:
        names = {"torch": torch, "nn": nn, "F": nn.functional, "np": np}
        exec(self.setup, names)
        return names


CARDS = {
    "target_column": Card(
        "shape",
        "The mean loss of three samples, of the classes 0, 1 and 1.",
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0], [0, 0, 2]])\n"
        "target = torch.tensor([[0], [1], [1]])",
        "F.cross_entropy(logits, target)",
        RAISES,
        "Logits (N, C) need class indices of shape (N). The shape (3, 1) has a dimension too many.",
        "F.cross_entropy(logits, target.squeeze(1))",
    ),
    "two_positions": Card(
        "shape",
        "Two losses for one sample with two positions.",
        "logits = torch.tensor([[[4.0, 10], [3, 2], [2, 3], [10, 4]]])  # (1, 4, 2)\n"
        "target = torch.tensor([[3, 1]])  # (1, 2)",
        'F.cross_entropy(logits, target, reduction="none")',
        RIGHT,
        "The classes stand at dim=1 and the target has the shape that is left without them.",
    ),
    "square_tokens": Card(
        "shape",
        "The mean loss of three tokens, each with three classes: (N, T, C).",
        "logits = torch.tensor([[[5.0, 0, 0], [5, 0, 0], [0, 0, 5]]])\n"
        "target = torch.tensor([[0, 0, 2]])  # right at every token",
        "F.cross_entropy(logits, target)",
        WRONG,
        "torch takes dim=1 for the classes. Here dim=1 holds the tokens. Since T = C, it cannot "
        "notice.",
        "F.cross_entropy(logits.transpose(1, 2), target)",
    ),
    "one_image": Card(
        "shape",
        "The mean loss of one image with 2 classes and 2 × 2 pixels: (C, H, W).",
        "logits = torch.tensor([[[3.0, -3], [3, -3]], [[-3.0, 3], [-3, 3]]])\n"
        "target = torch.tensor([[0, 1], [0, 1]])  # right at every pixel",
        "F.cross_entropy(logits, target)",
        WRONG,
        "Without a batch dimension (C, H, W) is read as (N, C, d1): two samples, and the rows of "
        "the image as classes. The sizes happen to fit.",
        "F.cross_entropy(logits.unsqueeze(0), target.unsqueeze(0))",
    ),
    "mask_channel": Card(
        "shape",
        "The mean loss of an image with 2 classes and 2 × 3 pixels.",
        "logits = torch.zeros(1, 2, 2, 3)  # (N, C, H, W)\n"
        "target = torch.tensor([[[[0, 1, 0], [1, 0, 1]]]])",
        "F.cross_entropy(logits, target)",
        RAISES,
        "The mask came with a channel, (1, 1, 2, 3). Without the classes (1, 2, 3) is left.",
        "F.cross_entropy(logits, target.squeeze(1))",
    ),
    "channels_last": Card(
        "shape",
        "The mean loss of an image with 4 classes and 2 × 3 pixels.",
        "logits = torch.zeros(1, 2, 3, 4)  # (N, H, W, C)\n"
        "target = torch.tensor([[[0, 1, 2], [3, 0, 1]]])  # (N, H, W)",
        "F.cross_entropy(logits, target)",
        RAISES,
        "torch takes dim=1, the rows, for the classes. With C = H = W there would be a number, and "
        "a wrong one.",
        "F.cross_entropy(logits.movedim(-1, 1), target)",
    ),
    "integer_one_hot": Card(
        "type",
        "The mean loss of two samples, of the classes 0 and 2.",
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0]])\n"
        "target = F.one_hot(torch.tensor([0, 2]), num_classes=3)",
        "F.cross_entropy(logits, target)",
        RAISES,
        "A target of the logits' shape is read as probabilities, and those must be floating "
        "point. one_hot gives integers.",
        "F.cross_entropy(logits, target.float())",
    ),
    "float_one_hot": Card(
        "type",
        "The same number as for the class indices [0, 2].",
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0]])\n"
        "target = torch.tensor([[1.0, 0, 0], [0, 0, 1]])",
        "F.cross_entropy(logits, target)",
        RIGHT,
        "One-hot rows are probabilities with all of it on one class. Without weights they give "
        "what indices give.",
    ),
    "module_built": Card(
        "type",
        "The mean loss of two samples.",
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0]])\ntarget = torch.tensor([0, 2])",
        "nn.CrossEntropyLoss(logits, target)",
        RAISES,
        "This builds the module, with logits as its weight. A module is built first and called "
        "second. With one sample there is not even an error: you get a module, not a loss.",
        "nn.CrossEntropyLoss()(logits, target)",
    ),
    "numpy_log": Card(
        "type",
        "The loss of class 3 by hand, during training.",
        "logits = torch.tensor([[4.0, 3, 2, 10]], requires_grad=True)",
        "-np.log(torch.softmax(logits, dim=1))[0, 3]",
        RAISES,
        "NumPy cannot take a tensor that records gradients, and it would end the record. Stay "
        "with torch's functions.",
        "-torch.log_softmax(logits, dim=1)[0, 3]",
    ),
    "target_from_one": Card(
        "value",
        "The mean loss of three samples, one of each class.",
        "logits = torch.tensor([[2.0, 0, 0], [0, 2, 0], [0, 0, 2]])\n"
        "target = torch.tensor([1, 2, 3])",
        "F.cross_entropy(logits, target)",
        RAISES,
        "Three classes have the indices 0, 1 and 2. Without the 3 in it this target would run "
        "and be wrong.",
        "F.cross_entropy(logits, target - 1)",
    ),
    "softmax_first": Card(
        "value",
        "The loss of a sample that the model gets right.",
        "scores = torch.tensor([[4.0, 3, 2, 10]])\n"
        "probs = torch.softmax(scores, dim=1)\n"
        "target = torch.tensor([3])",
        "F.cross_entropy(probs, target)",
        WRONG,
        "Softmax runs twice. With four classes the loss cannot get below 0.7437.",
        "F.cross_entropy(scores, target)",
    ),
    "log_softmax_first": Card(
        "value",
        "The loss of a sample that the model gets right.",
        "logits = torch.tensor([[4.0, 3, 2, 10]])\ntarget = torch.tensor([3])",
        "F.cross_entropy(torch.log_softmax(logits, dim=1), target)",
        RIGHT,
        "Log-probabilities are the logits, shifted so that their exp sums to 1. A second "
        "log_softmax changes nothing.",
    ),
    "nll_of_probs": Card(
        "value",
        "The loss of a sample that the model gets right.",
        "logits = torch.tensor([[4.0, 3, 2, 10]])\ntarget = torch.tensor([3])",
        "F.nll_loss(torch.softmax(logits, dim=1), target)",
        WRONG,
        "nll_loss takes log-probabilities: it only picks one and turns its sign. A negative loss "
        "is the sign of this mistake.",
        "F.nll_loss(torch.log_softmax(logits, dim=1), target)",
    ),
    "log_of_p_plus": Card(
        "value",
        "The loss of a sample that is very wrong.",
        "logits = torch.tensor([[0.0, 104]])\ntarget = torch.tensor([0])",
        "-torch.log(torch.softmax(logits, dim=1)[0, 0] + 1e-8)",
        WRONG,
        "The probability has become 0, and the 1e-8 meant to save the log is all that is left: "
        "the loss stops at 18.42, whatever the logits, and so does learning.",
        "F.cross_entropy(logits, target)",
    ),
    "minus_zero": Card(
        "value",
        "The loss of a sample that is very right.",
        "logits = torch.tensor([[0.0, 104]])\ntarget = torch.tensor([1])",
        'F.cross_entropy(logits, target, reduction="none")',
        RIGHT,
        "Next to 1, the other class's exp of about 7e-46 is lost: the sum is 1, and its log 0. Its "
        "sign is turned: -0. is 0.",
    ),
    "masked_row": Card(
        "value",
        "The mean loss of the rows in which a class is left.",
        'logits = torch.tensor([[1.0, 2, 3], [float("-inf")] * 3])  # all of row 1 is masked\n'
        "target = torch.tensor([0, 1])",
        "F.cross_entropy(logits, target)",
        WRONG,
        "Softmax divides 0 by 0 where all classes are masked: nan, and so is the mean. Such a row "
        "needs a target that is ignored.",
        "F.cross_entropy(logits, target.masked_fill(logits.isinf().all(dim=1), -100))",
    ),
    "large_negative_mask": Card(
        "value",
        "The smoothed loss over the two classes that are not masked.",
        "logits = torch.tensor([[1.0, 2, -1e9]])  # class 2 is masked\ntarget = torch.tensor([0])",
        "F.cross_entropy(logits, target, label_smoothing=0.1)",
        WRONG,
        "Smoothing asks for a little of every class, of the masked one too, and that costs a "
        "thirtieth of 1e9: 33,333,338. With −inf it costs inf.",
        "F.cross_entropy(logits[:, :2], target, label_smoothing=0.1)",
    ),
    "target_is_input": Card(
        "value",
        "The loss of a language model on the token that comes next.",
        "tokens = torch.tensor([[2, 0, 1]])  # (N, T)\n"
        "logits = 9.0 * F.one_hot(tokens, num_classes=3)  # a model that repeats its input",
        "F.cross_entropy(logits.transpose(1, 2), tokens)",
        WRONG,
        "Each place is asked for its own token, so repeating looks perfect. A model without a "
        "causal mask, which sees the next token, gets as low a loss by a right call.",
        "F.cross_entropy(logits[:, :-1].transpose(1, 2), tokens[:, 1:])",
    ),
    "weighted_mean": Card(
        "averaging",
        "The plain average of the two weighted losses.",
        "logits = torch.tensor([[2.0, 0], [2, 0]])\n"
        "target = torch.tensor([0, 1])\n"
        "weight = torch.tensor([1.0, 3])",
        "F.cross_entropy(logits, target, weight=weight)",
        WRONG,
        "With weights, mean divides by the sum of the targets' weights, here 1 + 3, not by the "
        "number of samples.",
        'F.cross_entropy(logits, target, weight=weight, reduction="none").mean()',
    ),
    "one_hot_weights": Card(
        "averaging",
        "The plain average of the two weighted losses.",
        "logits = torch.tensor([[2.0, 0], [2, 0]])\n"
        "target = torch.tensor([[1.0, 0], [0, 1]])\n"
        "weight = torch.tensor([1.0, 3])",
        "F.cross_entropy(logits, target, weight=weight)",
        RIGHT,
        "With probabilities, mean divides by the number of samples, whatever the weights. The "
        "same call with the indices [0, 1] divides by the sum of their weights, 1 + 3.",
    ),
    "ignored_sample": Card(
        "averaging",
        "The mean loss without sample 0.",
        "logits = torch.tensor([[3.0, 0], [0, 1], [1, 0]])\ntarget = torch.tensor([1, 1, 0])",
        "F.cross_entropy(logits, target, ignore_index=0)",
        WRONG,
        "ignore_index is a value of the target, not a position: this drops each sample of class "
        "0, here sample 2.",
        "F.cross_entropy(logits[1:], target[1:])",
    ),
    "smoothed_weight": Card(
        "averaging",
        "Smoothing of 0.1, with the target's weight as a factor of the sample's whole loss.",
        "logits = torch.tensor([[2.0, 0]])\n"
        "target = torch.tensor([0])\n"
        "weight = torch.tensor([1.0, 9])",
        "F.cross_entropy(logits, target, weight=weight, label_smoothing=0.1)",
        WRONG,
        "Smoothing gives each class a share, and each share is multiplied by the weight of its "
        "own class: the 9 enters although class 1 is not the target.",
        "(weight[target]\n"
        ' * F.cross_entropy(logits, target, label_smoothing=0.1, reduction="none")).mean()',
    ),
    "micro_batches": Card(
        "averaging",
        "The mean loss of four samples that come in two parts of 3 and 1.",
        "logits = torch.tensor([[3.0, 0], [3, 0], [3, 0], [0, 3]])\n"
        "target = torch.tensor([0, 0, 0, 0])",
        "(F.cross_entropy(logits[:3], target[:3]) + F.cross_entropy(logits[3:], target[3:])) / 2",
        WRONG,
        "The mean of means gives the lonely sample as much say as the other three together. Add "
        "sums and divide once.",
        '(F.cross_entropy(logits[:3], target[:3], reduction="sum")\n'
        ' + F.cross_entropy(logits[3:], target[3:], reduction="sum")) / 4',
    ),
    "mean_of_perplexities": Card(
        "averaging",
        "The perplexity of four tokens.",
        "losses = torch.tensor([2.0, 2, 2, 4])  # nats, one for each token",
        "losses.exp().mean()",
        WRONG,
        "Perplexity is exp of the mean loss over all tokens. The mean of the exps is larger, and "
        "a single bad token can rule it.",
        "losses.mean().exp()",
    ),
    "all_ignored": Card(
        "averaging",
        "A batch of nothing but padding should add 0 to the loss.",
        "logits = torch.tensor([[3.0, 0], [0, 3]])\ntarget = torch.tensor([-100, -100])",
        "F.cross_entropy(logits, target)",
        WRONG,
        "The mean over no element is 0 / 0. The gradient is 0, but a nan in a running average "
        "stays. Divide a sum by a count that is at least 1.",
        'F.cross_entropy(logits, target, reduction="sum") / (target != -100).sum().clamp(min=1)',
    ),
}
