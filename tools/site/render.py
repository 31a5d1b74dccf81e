"""What cells of a notebook become: HTML, formulas as MathML, code by lines."""

import html
import re
from pathlib import PurePosixPath

from latex2mathml.converter import convert
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tools.site.capture import PAGE

# True in the notebook alone: what stands below this line, and what each notebook says on running.
ONLY_NOTEBOOK = re.compile(
    r"^(?:<!-- only in the notebook -->\n"
    r"|(?=\*\*Choose Run|Replace the `\.\.\.`|Run the last cell))(?:.+\n?)+",
    re.M,
)
ASKED = re.compile(
    r'<div class="ask"><p>(.*?)</p>.*?<summary>The answer</summary>(.*?)</details>', re.S
)
SOLUTION = re.compile(r"<details>\s*(<summary>The solution</summary>.*?)</details>", re.S)


class Renderer(IPythonRenderer):
    """Markdown as HTML: formulas in MathML, links to notebooks and texts as links to their pages.

    Args:
        pages: names of notebooks and texts, and the files that their links lead to.
    """

    def __init__(self, pages: dict[str, str]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.pages = pages

    def block_math(self, body: str) -> str:
        """A formula of its own, in a box that scrolls where it is wider than the page."""
        return f'<div class="formula">{convert(body.strip(), display="block")}</div>'

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return convert(body)

    def block_code(self, code: str, info: str | None = None) -> str:
        """Code that is shown and not run."""
        return code_html(code)

    def table(self, text: str) -> str:
        """A table, in a box that scrolls where it is wider than the page."""
        return f'<div class="table"><table>{text}</table></div>'

    def heading(self, text: str, level: int, **attrs: dict) -> str:
        """A heading, with the name that links into a notebook know it by."""
        name = html.unescape(re.sub(r"<[^>]*>", "", text)).replace(" ", "-")
        return super().heading(text, level, **{**attrs, "id": html.escape(name)})

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link; to a notebook or a text that has no page it becomes plain text."""
        file, mark, section = url.partition("#")
        path = PurePosixPath(file)
        if "://" in url or path.suffix not in (".ipynb", ".md"):
            return super().link(text, url, title)
        page = self.pages.get(path.stem)
        return super().link(text, page + mark + section, title) if page else text


def markdown_html(source: str, pages: dict[str, str]) -> str:
    """A cell of text, without what is true in the notebook alone."""
    return MarkdownWithMath(Renderer(pages)).render(ONLY_NOTEBOOK.sub("", source))


def code_html(source: str) -> str:
    """Python, each line an element, so that a line which is wrapped on paper can be marked."""
    shown = highlight(source.strip("\n"), PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    lines = "".join(f"<span>{line}\n</span>" for line in shown.rstrip("\n").split("\n"))
    return f'<pre class="code"><code>{lines}</code></pre>'


def outputs_html(cell: NotebookNode) -> str:
    """What a cell has displayed, the richest form of each."""
    return "".join(_output_html(output) for output in cell.outputs)


def _output_html(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return f'<pre class="out">{html.escape(output.text.rstrip())}</pre>'
    if output.output_type == "error":
        raise ValueError(f"A cell raises {output.ename}: {output.evalue}")
    data = output.data
    if PAGE in data:
        return data[PAGE]
    if "text/html" in data:
        return f'<div class="shown">{data["text/html"]}</div>'
    if "image/png" in data:
        told = html.escape(data.get("text/plain", ""), quote=True)
        return f'<img alt="{told}" src="data:image/png;base64,{data["image/png"].strip()}">'
    return f'<pre class="out">{ansi2html(data["text/plain"])}</pre>'


def is_alive(cell: NotebookNode) -> bool:
    """Whether a page shows a widget for this cell."""
    return any(PAGE in output.get("data", {}) for output in cell.get("outputs", []))


def shows_explorer(cell: NotebookNode) -> bool:
    """Whether a picture that moves stands there."""
    return 'class="ce ce-still"' in outputs_html(cell) if is_alive(cell) else False


def shown_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that a page shows: the reader's own record says nothing there."""
    return [cell for cell in notebook.cells if not cell.source.startswith("progress(")]
