"""HTML for notebooks: every element that is written by hand comes from here."""

import html
import re


class Html(str):
    """Text that is HTML already."""


def tag(name: str, *inside: str, **attributes: str) -> Html:
    """An element; what is inside is escaped, unless it is `Html`. Empty attributes are left out.

    Example:
        >>> tag("p", "a < b ", tag("b", "yes"), style="color:red")
        '<p style="color:red">a &lt; b <b>yes</b></p>'
    """
    given = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items() if value)
    content = "".join(part if isinstance(part, Html) else html.escape(part) for part in inside)
    return Html(f"<{name}{given}>{content}</{name}>")


def as_html(text: str) -> Html:
    """Plain text with `code` between backticks, as HTML; a line break stays one.

    Example:
        >>> as_html("`a < b`?")
        '<code>a &lt; b</code>?'
    """
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return Html(text.replace("\n", "<br>"))
