from ce_helpers.markup import Html, as_html, tag


def test_text_cannot_smuggle_in_html():
    assert as_html("<img src=x>\n`<b>`") == "&lt;img src=x&gt;<br><code>&lt;b&gt;</code>"
    assert tag("p", "<img src=x>") == "<p>&lt;img src=x&gt;</p>"
    assert tag("p", "a", title='"><img src=x>') == '<p title="&quot;&gt;&lt;img src=x&gt;">a</p>'


def test_what_is_html_already_stays_and_empty_attributes_are_left_out():
    assert tag("p", tag("b", "a & b"), Html("<br>"), style="") == "<p><b>a &amp; b</b><br></p>"
