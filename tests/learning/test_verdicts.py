import pytest

from ce_helpers.learning.verdicts import HEADINGS, Verdict


@pytest.mark.parametrize("status", HEADINGS)
def test_its_word_stands_in_text_and_html(status):
    verdict = Verdict(status, "Because `a < b`.")
    assert repr(verdict) == f"{HEADINGS[status]} Because `a < b`."
    assert f"<b>{HEADINGS[status]}</b> Because <code>a &lt; b</code>." in verdict._repr_html_()
