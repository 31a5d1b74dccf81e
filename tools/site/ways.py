"""The pages of docs/ that lead into the lesson: which loss do I need, and my loss is …."""

import re

from tools.site.notebooks import ROOT
from tools.site.pages import SITE, common, environment, file, script
from tools.site.render import markdown_html

# Names in docs/, and what search engines say of them; the site has each under the same name.
DESCRIPTIONS = {
    "which_loss": "Which PyTorch loss for labels, pixels, tokens, soft targets or unequal classes: "
    "the call, the shapes, the types, one runnable line each.",
    "my_loss_is": "A PyTorch loss that is nan, inf, 0, negative, stuck at ln C or never the same: "
    "its causes, the line that tells them apart and the line that mends it.",
}
HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>')


def titles() -> dict[str, str]:
    """The pages' files, and their titles, for the index."""
    return {f"{name}.html": _source(name).partition("\n")[0][2:] for name in DESCRIPTIONS}


def way_html(name: str, files: dict[str, str]) -> str:
    """One of them as a file: its headings as links first, since readers come with a symptom.

    Args:
        name: one of `DESCRIPTIONS`.
        files: names of pages, and the files that links to them lead to.
    """
    content = markdown_html(_source(name), files)
    opening, heading, rest = content.partition("<h2")
    return environment().get_template("way.html.j2").render(
        common(titles()[f"{name}.html"], DESCRIPTIONS[name]), page_style=file("page.css"),
        site=SITE, opening=opening, headings=HEADING.findall(content), content=heading + rest,
        script=script("page_main.js"),
    )  # fmt: skip


def _source(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
