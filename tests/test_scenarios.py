import ast
import json
import re
from pathlib import Path

import pytest
import torch

from ce_helpers import SCENARIOS

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"

# What the article prints, in its order: logits, target and loss, with their shapes where it prints
# them, and the probabilities where it does. Spaces are as torch sets them.
ARTICLE = {
    "confident_right": (
        "torch.Size([1, 4])",
        "tensor([[ 4.,  3.,  2., 10.]])",
        "tensor([3])",
        "tensor([0.0037])",
        "tensor([[2.4696e-03, 9.0850e-04, 3.3422e-04, 9.9629e-01]])",
    ),
    "confident_wrong": (
        "torch.Size([1, 4])",
        "tensor([[20.,  2.,  3.,  4.]])",
        "torch.Size([1])",
        "tensor([3])",
        "tensor([16.])",
        "tensor([[1.0000e+00, 1.5230e-08, 4.1399e-08, 1.1254e-07]])",
    ),
    "two_positions": (
        "torch.Size([1, 4, 2])",
        "tensor([[[ 4., 10.],\n         [ 3.,  2.],\n         [ 2.,  3.],\n         [10.,  4.]]])",
        "torch.Size([1, 2])",
        "tensor([[3, 1]])",
        "tensor([[3.7192e-03, 8.0037e+00]])",
    ),
    "batch_of_two": (
        "torch.Size([2, 4, 2])",
        "tensor([[[ 4.,  4.],\n         [ 3.,  3.],\n         [ 2.,  2.],\n         [ 2., 20.]],\n"
        "\n"
        "        [[20., 20.],\n         [ 3.,  3.],\n         [ 2.,  2.],\n         [10., 10.]]])",
        "torch.Size([2, 2])",
        "tensor([[3, 3],\n        [0, 0]])",
        "tensor([[2.4938e+00, 1.1921e-07],\n        [4.5418e-05, 4.5418e-05]])",
    ),
}
TAUGHT_IN = {
    "confident_right": "01_single_sample",
    "confident_wrong": "01_single_sample",
    "two_positions": "02_spatial_outputs",
    "batch_of_two": "03_batched",
}


def code_cells(key):
    path = NOTEBOOKS / f"{TAUGHT_IN[key]}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def literal_tensors(source):
    """The values of all `torch.tensor(…)` with nothing but numbers inside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.tensor":
            try:
                yield ast.literal_eval(node.args[0])
            except ValueError:
                continue


def test_torch_prints_of_the_scenarios_what_the_article_prints():
    assert list(SCENARIOS) == list(ARTICLE)
    for key, article in ARTICLE.items():
        logits, target = SCENARIOS[key].logits, SCENARIOS[key].target
        loss = torch.nn.functional.cross_entropy(logits, target, reduction="none")
        probs = torch.softmax(logits, dim=1)
        tensors = (logits, target, loss, probs)
        assert set(article) <= {str(tensor) for tensor in tensors} | {
            str(tensor.shape) for tensor in tensors
        }


@pytest.mark.parametrize("key", SCENARIOS)
def test_its_notebook_prints_what_the_article_prints(key):
    """Its losses and probabilities; logits and target stand there as literals."""
    outputs = [output for cell in code_cells(key) for output in cell["outputs"]]
    texts = [output.get("text") or output["data"]["text/plain"] for output in outputs]
    printed = "\n".join("".join(text) for text in texts)
    numbers = [text for text in ARTICLE[key] if re.search(r"e[+-]|0\.\d|\[16\.\]", text)]
    assert numbers
    for text in numbers:
        assert re.sub(r"\s+", " ", text) in re.sub(r"\s+", " ", printed)


@pytest.mark.parametrize("key", SCENARIOS)
def test_its_tensors_stand_in_its_notebook_as_literals(key):
    sources = ["".join(cell["source"]) for cell in code_cells(key)]
    found = [tensor for source in sources for tensor in literal_tensors(source)]
    assert SCENARIOS[key].logits.tolist() in found
    assert SCENARIOS[key].target.tolist() in found


def test_each_access_gives_fresh_tensors():
    scenario = SCENARIOS["confident_right"]
    scenario.logits.zero_()
    scenario.target.zero_()
    assert scenario.logits.tolist() == [[4, 3, 2, 10]]
    assert scenario.target.tolist() == [3]
    assert (scenario.logits.dtype, scenario.target.dtype) == (torch.float32, torch.int64)
