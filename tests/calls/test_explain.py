import math
import re
import tracemalloc
from html.parser import HTMLParser

import pytest
import torch
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from ce_helpers import SCENARIOS, explain
from ce_helpers.calls import losses

F = torch.nn.functional


class Reader(HTMLParser):
    """The text of well-formed HTML; anything left open or closed twice is an error."""

    def __init__(self, source):
        super().__init__()
        self.open, self.words = [], []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)


@pytest.mark.parametrize(
    ("key", "element", "printed"),
    [
        ("confident_right", 0, "0.0037"),
        ("confident_wrong", 0, "16.0000"),
        ("two_positions", (0, 0), "0.0037"),
        ("two_positions", (0, 1), "8.0037"),
        ("batch_of_two", (0, 0), "2.4938"),
        ("batch_of_two", (0, 1), "1.1921e-07"),
        ("batch_of_two", (1, 1), "4.5418e-05"),
    ],
)
def test_each_number_of_the_article_is_the_last_one(key, element, printed):
    scenario = SCENARIOS[key]
    told = explain(scenario.logits, scenario.target, reduction="none", element=element)
    assert told.lines[-1].endswith(f"this one's = {printed}")
    assert printed in [
        row[-1] for row, marked in zip(told.rows, told.marked, strict=True) if marked
    ]


def test_the_table_has_every_step_of_every_class():
    scenario = SCENARIOS["two_positions"]
    told = explain(scenario.logits, scenario.target)
    assert told.title == "Element (0, 1) of (1, 2), target class 1: it has the largest loss"
    assert told.header[1:] == ("logits", "exp(· − max)", "probs", "−log p", "target", "loss")
    assert told.rows[1] == ("class 1", "2", "3.3546e-04", "3.3422e-04", "8.0037", "1", "8.0037")
    assert told.rows[3][2:4] == ("2.4788e-03", "2.4696e-03")  # small beside small: one way
    assert told.marked == (False, True, False, False)
    assert told.sums == ("sum", "", "1.0037", "1", "", "1", "8.0037")
    assert told.lines[-1] == "mean = (0.0037 + 8.0037) ÷ (1 + 1) = 8.0074 ÷ 2 = 4.0037"


def test_the_target_is_told_by_a_sign_and_a_word_and_the_mean_is_a_fraction():
    scenario = SCENARIOS["two_positions"]
    told = explain(scenario.logits, scenario.target)
    assert "◉ class 1 " in str(told)
    page = BeautifulSoup(told._repr_html_(), "html.parser")
    (row,) = page.select("tr.ce-target")
    assert row.select_one("[role=img]")["aria-label"] == "target"
    assert [sign.text for sign in row.select("i")] == ["e^", "÷", "−log", "×", "="]
    above, below = page.select_one(".ce-fraction").find_all("span", recursive=False)
    assert (above.text, below.text) == ("0.0037 + 8.0037", "1 + 1")
    assert above.select_one("b").text == "8.0037"  # the element of the table
    assert page.select(".ce-result")[-1].text == "4.0037"


def test_weight_ignore_index_and_smoothing_together_end_in_torchs_number():
    logits = torch.tensor([[1.0, 2, 3], [0, 0, 1], [2, 1, 0]])
    target, weight = torch.tensor([2, 0, 1]), torch.tensor([1.0, 2, 0.5])
    keywords = {"weight": weight, "ignore_index": 1, "label_smoothing": 0.1}
    told = explain(logits, target, **keywords)
    assert told.lines[-1].endswith(f" = {F.cross_entropy(logits, target, **keywords):.4f}")
    assert "weight" in told.header
    assert told.mean.losses[2] == "ignored" and told.mean.weights == ("0.5", "1", "—")
    assert "this element" not in str(told).lower()
    ignored = explain(logits, target, element=2, **keywords)
    assert "This element's target is ignored: its loss is 0 and it has no weight." in ignored.lines


def test_a_mean_over_nothing_is_told_in_words():
    ignored = explain([[1.0, 2.0]], [-100])
    assert "denominator 0: every target is ignored, so the mean is nan" in ignored.lines
    assert not any(ignored.marked)
    empty = explain(torch.zeros(0, 3), torch.zeros(0).long())
    assert "denominator 0: there is no element, so the mean is nan" in empty.lines
    weightless = explain([[1.0, 2.0]], [0], weight=[0.0, 1.0])
    assert "denominator 0: the weights are all 0, so the mean is nan" in weightless.lines


def test_a_large_call_stays_short():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(2, 100, 16, 16, generator=generator)
    target = torch.randint(100, (2, 16, 16), generator=generator)
    told = explain(logits, target, element=(1, 2, 3))
    assert len(str(told).splitlines()) <= 40
    assert sum(told.marked) == 1
    assert any(line.startswith("512 elements, 0 ignored") for line in told.lines)
    assert told.rows[-1][0] == f"{101 - len(told.rows)} other classes"
    column = [float(row[told.header.index("probs")]) for row in told.rows]
    assert sum(column) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_the_first_element_that_is_not_finite_is_the_one_shown(odd):
    logits = torch.randn(700, 5, generator=torch.Generator().manual_seed(0))
    logits[[300, 600], 2] = odd
    told = explain(logits, torch.arange(700) % 5)
    assert told.title.startswith("Element (300) of (700,)")
    assert told.title.endswith("the first whose loss is not finite")
    assert told.lines[-1].endswith("= nan")
    assert any("2 with a loss that is not finite: smallest" in line for line in told.lines)
    masked = torch.tensor([[0.0, 1.0], [0.0, -math.inf], [0.0, math.nan]])
    assert explain(masked, torch.tensor([1, 1, 0])).title.startswith("Element (1)")
    assert explain(masked[1:], torch.tensor([1, 0])).lines[-1].endswith("= nan")


def test_a_vocabulary_is_summed_up_and_costs_little_memory():
    logits = torch.randn(8, 50_000, generator=torch.Generator().manual_seed(0))
    target = torch.arange(8)
    tracemalloc.start()
    told = explain(logits, target)
    peak = tracemalloc.get_traced_memory()[1]  # of arrays; torch's blocks hold 2 ** 20 numbers
    tracemalloc.stop()
    assert peak < 8 * 50_000 * 4 * 8  # only one element has all its steps
    assert len(told.rows) == 12 and sum(told.marked) == 1
    assert told.rows[-1][0] == "49989 other classes"
    expected = F.cross_entropy(logits, target).item()
    assert float(told.lines[-1].rpartition("= ")[2]) == pytest.approx(expected, rel=1e-4)


def test_blocks_of_elements_give_what_one_call_gives(monkeypatch):
    monkeypatch.setattr(losses, "BLOCK", 7)
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(5, 3, 4, generator=generator)
    target = torch.randint(3, (5, 4), generator=generator)
    for keywords in (
        {"ignore_index": 1},
        {"weight": torch.tensor([1.0, 2, 0]), "label_smoothing": 0.2},
    ):
        told = explain(logits, target, **keywords)
        expected = F.cross_entropy(logits, target, **keywords).item()
        assert float(told.lines[-1].rpartition("= ")[2]) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("element", "error", "words"),
    [
        ((0, 2), ValueError, r"expected an index into losses of shape \(1, 2\)"),
        (-1, ValueError, "expected an index"),
        (0, ValueError, "expected an index"),
        ((0, 0.5), TypeError, "expected an int or a tuple of ints"),
        (True, TypeError, "expected an int"),
    ],
)
def test_a_wrong_element_is_refused(element, error, words):
    scenario = SCENARIOS["two_positions"]
    with pytest.raises(error, match=words):
        explain(scenario.logits, scenario.target, element=element)


def test_names_are_shown_escaped_and_counted():
    told = explain([[1.0, 2.0]], [0], class_names=["<cat>", "dog"])
    assert "&lt;cat&gt;</td>" in told._repr_html_()
    with pytest.raises(ValueError, match="class_names has 1 names; expected one for each of 2"):
        explain([[1.0, 2.0]], [0], class_names=["cat"])


@st.composite
def calls(draw):
    shape = draw(st.sampled_from([(3,), (2, 3), (1, 4, 2), (2, 3, 2, 2)]))
    dim = min(1, len(shape) - 1)
    generator = torch.Generator().manual_seed(draw(st.integers(0, 10**6)))
    logits = 4 * torch.randn(shape, generator=generator)
    element_shape = shape[:dim] + shape[dim + 1 :]
    keywords = {
        "reduction": draw(st.sampled_from(["none", "sum", "mean"])),
        "label_smoothing": draw(st.sampled_from([0.0, 0.1])),
        "weight": draw(st.sampled_from([None, torch.linspace(0.5, 2, shape[dim])])),
    }
    if draw(st.booleans()):
        return logits, torch.softmax(torch.randn(shape, generator=generator), dim), keywords
    target = torch.randint(shape[dim], element_shape, generator=generator)
    return logits, target, keywords | {"ignore_index": draw(st.sampled_from([-100, 0]))}


@settings(max_examples=200)
@given(calls())
def test_the_last_number_is_torchs_and_both_forms_say_the_same(call):
    logits, target, keywords = call
    given = logits.clone(), target.clone()
    told = explain(logits, target, **keywords)
    assert torch.equal(logits, given[0]) and torch.equal(target, given[1])
    loss = F.cross_entropy(logits, target, **keywords)
    last = float(told.lines[-1].rpartition("= ")[2])
    expected = loss.max() if keywords["reduction"] == "none" else loss
    assert last == pytest.approx(expected.item(), rel=1e-5, abs=6e-5, nan_ok=True)
    numbers = re.compile(r"[-\d][-.\de+]*|nan|inf")
    in_html = numbers.findall(" ".join(Reader(told._repr_html_()).words))
    assert in_html == numbers.findall(str(told))
