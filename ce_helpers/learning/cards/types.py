"""Calls with tensors, modules and targets of one kind where another is meant, or seems to be."""

from ce_helpers.learning.cards.card import RAISES, RIGHT, Card

CARDS = {
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
}
