"""How a diagnosis looks: sizes under the letters that they meet, clashes, and lines to copy."""

import pytest
import torch
from bs4 import BeautifulSoup

from ce_helpers import diagnose

LOGITS = torch.tensor([[4.0, 3, 2, 10]])


def page(logits, target):
    return BeautifulSoup(diagnose(logits, target)._repr_html_(), "html.parser")


def laid_out(logits, target):
    """Each row's sizes as they are seen."""
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")[:-1]]
        for row in page(logits, target).select(".ce-shapes tr")
    ]


@pytest.mark.parametrize(
    ("logits", "target", "rows"),
    [
        ((2, 7, 3), (2, 7), [["2 N", "7 C", "3 d1 ≠"], ["2 N", "", "7 d1 ≠"]]),
        ((3, 4), (3,), [["3 N", "4 C"], ["3 N", ""]]),
        ((3, 4), (3, 1), [["3 N", "4 C ≠"], ["3 N", "1 C ≠"]]),
        ((3, 4), (2,), [["3 N ≠", "4 C"], ["2 N ≠", ""]]),
        ((4,), (), [["4 C"], [""]]),
        ((4,), (2,), [["4 C ≠"], ["2 C ≠"]]),
        ((2, 3, 5, 5), (2, 5), [["2 N", "3 C", "5 d1", "5 d2 ≠"], ["2 N", "", "5 d1", ""]]),
        ((2, 3), (2, 3, 4), [["2 N", "3 C", "", ""], ["2 N", "", "3 ? ≠", "4 ? ≠"]]),
    ],
)
def test_sizes_stand_under_those_they_meet(logits, target, rows):
    assert laid_out(torch.zeros(logits), torch.zeros(target, dtype=torch.long)) == rows


def test_what_each_argument_holds_is_told():
    kinds = [cell.text for cell in page(LOGITS, torch.tensor([3])).select(".ce-kind")]
    assert kinds == ["float32", "int64, class indices"]
    assert "float32, probabilities" in page(LOGITS, torch.ones(1, 4) / 4).text


def test_a_finding_has_its_kind_its_words_and_a_line_to_copy():
    (finding,) = page(torch.softmax(LOGITS, 1), torch.tensor([3])).select(".ce-finding")
    assert "ce-suspicious" in finding["class"]
    assert finding.p.text == "⚠ torch runs, the number is likely not the one you want"
    (line,) = finding.select(".ce-remedy")
    assert line.code.text == "logits = logits.log()"
    assert (
        line.button["aria-label"] == "Copy" and "previousElementSibling" in line.button["onclick"]
    )


def test_several_findings_are_counted_and_a_place_to_look_cannot_be_copied():
    found = page(torch.randn(2, 7, 3), torch.full((2, 7), 3))
    titles = [each.p.text for each in found.select(".ce-finding")]
    assert titles[:2] == ["1 · ✕ torch raises", "2 · ✕ torch raises"]
    assert all(title.startswith(f"{place} · ") for place, title in enumerate(titles, 1))
    rubbish = page(object(), torch.tensor([3]))
    assert rubbish.select(".ce-shapes, .ce-remedy") == []
    assert "logits: a object" in rubbish.text


def test_a_call_in_order_says_so():
    (finding,) = page(LOGITS, torch.tensor([3])).select(".ce-finding")
    assert finding.p.text == "✓ In order" and "nothing to mend" in finding.text
