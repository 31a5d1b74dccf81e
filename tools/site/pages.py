"""Puts together what a page is made of: cells, styles, scripts."""

import base64
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode

from ce_helpers.live.modules import module, style
from tools.launch_links import ROOT, binder_link, parse_remote, remote_url
from tools.site.render import (
    ASKED,
    SOLUTION,
    code_html,
    is_alive,
    markdown_html,
    outputs_html,
    shown_cells,
)

HERE = Path(__file__).parent
SITE = "How PyTorch computes cross entropy"
VARIABLES = re.compile(r"--ce-\w+: #\w{6};")
MINUTES = re.compile(r"\*\*Time:\*\* (\d+) minutes(?:, and (\d+) for the exercises)?")


@dataclass(frozen=True)
class Page:
    """What is known of a notebook's page.

    Args:
        name: the notebook's, without its ending.
        title: its first heading.
        description: the first sentences that say what it is about.
        minutes: to read it, and for its exercises.
    """

    name: str
    title: str
    description: str
    minutes: tuple[int, int]

    @property
    def file(self) -> str:
        """The page's file."""
        return f"{self.name}.html"

    @property
    def slides(self) -> str:
        """The file of its slides, where it has some."""
        return f"{self.name}.slides.html"


def page_of(name: str, notebook: NotebookNode) -> Page:
    """Reads a notebook's first cell.

    Raises:
        ValueError: it has no title, or does not say its minutes.
    """
    source = notebook.cells[0].source
    title, *paragraphs = [part.strip() for part in source.split("\n\n") if part.strip()]
    minutes = MINUTES.search(source)
    if not title.startswith("# ") or not minutes:
        raise ValueError(f"{name} must begin with a title and a line with **Time:** … minutes.")
    told = next(part for part in paragraphs if not part.startswith(("**", "<!--")))
    description = re.sub(r"[*`]|\[(.*?)\]\(.*?\)", r"\1", told).replace("\n", " ")
    return Page(
        name, title.removeprefix("# "), description, tuple(int(m or 0) for m in minutes.groups())
    )


@cache
def environment() -> Environment:
    """The templates."""
    loader = FileSystemLoader(HERE / "templates")
    return Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True)


def common(title: str, description: str) -> dict:
    """What each file's head needs."""
    icon = "data:image/svg+xml;base64," + base64.b64encode(file("icon.svg").encode()).decode()
    return {"title": title, "description": description, "icon": icon, "style": styles()}


@cache
def styles() -> str:
    """The live pictures' style sheet, and the site's in the same colours, light or dark."""
    light, dark = ("".join(VARIABLES.findall(rule)) for rule in style().split("}")[:2])
    roots = ":root, :root .ce, :root .ce-said"  # stronger than what an output brings along
    return "\n".join([
        style(), f"{roots} {{ {light} }}",
        f"@media screen and (prefers-color-scheme: dark) {{ {roots} {{ {dark} }} }}",
        file("site.css"),
    ])  # fmt: skip


def file(name: str) -> str:
    """A file beside the templates."""
    return (HERE / "templates" / name).read_text(encoding="utf-8")


def script(name: str) -> str:
    """A module of the site after all that it imports, as it stands in a page."""
    return module(HERE / "js" / name).replace("</", "<\\/")


def binder(name: str) -> str:
    """The link that runs a notebook on Binder; empty where this repository has no public remote."""
    try:
        return binder_link(
            parse_remote(remote_url(ROOT)), notebook=f"lab/tree/notebooks/{name}.ipynb"
        )
    except ValueError:
        return ""


def cell_html(cell: NotebookNode, files: dict[str, str]) -> str:
    """A cell as a page shows it; folded where the notebook folds it."""
    if cell.cell_type == "markdown":
        return markdown_html(cell.source, files)
    if cell.cell_type != "code":
        return ""
    code, hidden = code_html(cell.source), cell.metadata.get("jupyter", {})
    if is_alive(cell) and cell.source.startswith("ask("):
        code = ""  # the question is all that a reader needs
    if hidden.get("source_hidden"):
        code = f"<details><summary>The code</summary>{code}</details>"
    outputs = outputs_html(cell)
    if hidden.get("outputs_hidden") and outputs:
        outputs = f"<details><summary>What it shows</summary>{outputs}</details>"
    return code + outputs


def page_html(page: Page, pages: list[Page], notebook: NotebookNode, files: dict[str, str]) -> str:
    """A notebook as one file; `files` says where links to notebooks and texts lead."""
    opening, *cells = [cell_html(cell, files) for cell in shown_cells(notebook)]
    content = "\n".join(cells)
    solutions = [f"<details open>{found[1]}</details>" for found in SOLUTION.finditer(content)]
    at = pages.index(page)
    neighbours = [("← ", pages[at - 1])] if at else []
    neighbours += [("Next: ", pages[at + 1])] if at + 1 < len(pages) else []
    return environment().get_template("page.html.j2").render(
        common(page.title, page.description), page_style=file("page.css"), site=SITE,
        binder=binder(page.name), opening=opening, neighbours=neighbours,
        content=SOLUTION.sub(r'<details class="solution">\1</details>', content),
        solutions="\n".join(solutions), answers=ASKED.findall(content),
        script=script("page_main.js"),
    )  # fmt: skip
