"""Calls whose numbers are taken for others: probabilities, masks, tokens."""

from ce_helpers.learning.cards.card import RAISES, RIGHT, WRONG, Card

CARDS = {
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
        "sign is turned: −0 is 0.",
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
}
