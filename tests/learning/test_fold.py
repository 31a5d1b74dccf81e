"""What is folded is there for the reader who opens it, and for nobody before."""

import pytest
import torch
from bs4 import BeautifulSoup

from ce_helpers import reveal


def folded(shown):
    (details,) = BeautifulSoup(shown._repr_html_(), "html.parser").find_all(recursive=False)
    assert details.name == "details"
    assert not details.has_attr("open")
    summary, text = details.find_all(recursive=False)
    assert summary.name == "summary"
    return summary.text, text.text


def test_a_value_stands_behind_the_line_as_print_has_it():
    loss = torch.tensor([[3.7192e-03, 8.0037]])
    assert folded(reveal(loss)) == ("Predict first, then open", str(loss))


def test_values_stand_under_each_other_and_text_stays_text():
    shown = reveal("<b> & $x$", 0.5, summary="How far?")
    assert folded(shown) == ("How far?", "<b> & $x$\n0.5")
    assert "<b>" not in shown._repr_html_()
    assert repr(shown) == "How far?\n<b> & $x$\n0.5"


def test_names_are_lined_up_with_all_lines_of_their_values():
    logits = torch.tensor([[4.0, 3], [2, 10]])
    shown = reveal("both", s=-5.5924, logits=logits)
    assert folded(shown)[1].splitlines() == [
        "both",
        "s      = -5.5924",
        "logits = tensor([[ 4.,  3.],",
        "                 [ 2., 10.]])",
    ]


def test_an_empty_text_has_its_line():
    assert folded(reveal(words=""))[1] == "words = "


def test_nothing_to_fold_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match=r"nothing to fold; .*reveal\(x\)"):
        reveal()
