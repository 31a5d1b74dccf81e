import pytest

from ce_helpers.learning.verdicts import HEADINGS, Verdict, as_html


@pytest.mark.parametrize("status", HEADINGS)
def test_its_word_stands_in_text_and_html(status):
    verdict = Verdict(status, "Because `a < b`.")
    assert repr(verdict) == f"{HEADINGS[status]} Because `a < b`."
    assert f"<b>{HEADINGS[status]}</b> Because <code>a &lt; b</code>." in verdict._repr_html_()


def test_a_message_cannot_smuggle_in_html():
    assert as_html("<img src=x>\n`<b>`") == "&lt;img src=x&gt;<br><code>&lt;b&gt;</code>"
