"""What is exported loads nothing, tells each picture in words and has no dead link."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.export import NOTEBOOKS, export_pages, export_slides


def soup_of(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def cell(kind, slide_type, source, *outputs):
    make = new_code_cell if kind == "code" else new_markdown_cell
    more = {"outputs": list(outputs)} if kind == "code" else {}
    return make(source, metadata={"slideshow": {"slide_type": slide_type}}, **more)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    export_pages(folder)
    return {path.stem: soup_of(path) for path in sorted(folder.glob("*.html"))}


SUMMARY = 'Widget("<a>")\nloss = −log(0.5) = 0.6931'
LONG = "x = 1  # " + 70 * "-"


@pytest.fixture
def notebooks(tmp_path):
    """Two notebooks with one of each thing; only the first has slides."""
    picture = new_output(
        "execute_result",
        {"image/png": "aGVsbG8=", "text/plain": SUMMARY},
        metadata={"image/png": {"width": 848}},
    )
    question = new_output(
        "execute_result", {"text/plain": "What is\n1 + 1?\n  - one\n  - two\nnot answered yet"}
    )
    links = "[one](01_one.ipynb), [four](04_four.ipynb), [out](https://pytorch.org/x.ipynb)"
    cells = [
        cell("text", "slide", "# A title\n\nText."),
        cell("code", "skip", "import secret"),
        cell("text", "slide", f"## Links\n\n{links}"),
        cell("code", "-", "Widget()", picture),
        cell("text", "subslide", "And a question"),
        cell("code", "-", "ask()", question),
        cell("code", "fragment", LONG, new_output("stream", text="printed\n")),
    ]
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("01_one", "04_four"):
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


@pytest.fixture
def reveal(tmp_path):
    folder = tmp_path / "reveal"
    folder.mkdir()
    (folder / "reveal.js").write_text("const Reveal = 'reveal-script';")
    (folder / "reveal.css").write_text(".reveal-style {}")
    return folder


@pytest.fixture
def deck(notebooks, reveal, tmp_path):
    export_slides(tmp_path / "slides", notebooks, reveal)
    (written,) = (tmp_path / "slides").iterdir()
    assert written.name == "01_one.slides.html"
    return soup_of(written)


def loaded(soup):
    """The addresses that a browser asks for without a click."""
    addresses = [tag["src"] for tag in soup.select("[src]")]
    addresses += [tag["href"] for tag in soup.select("link[href]")]
    addresses += re.findall(r"(?:@import|url\()\s*['\"]?([^'\")]+)", str(soup.select("style")))
    return [address for address in addresses if not address.startswith("data:")]


def test_there_is_a_page_for_each_notebook(pages):
    assert list(pages) == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def test_pages_and_decks_load_nothing(pages, deck):
    for soup in (*pages.values(), deck):
        assert loaded(soup) == []
    for soup in pages.values():
        assert soup.select("script") == []


def test_formulas_are_set_without_a_script(pages):
    (formula,) = pages["01_single_sample"].select("math[display=block]")
    assert "".join(formula.text.split()).startswith("loss(x,y)=−logsoftmax(x)y=−log")
    assert formula.mfrac.find(recursive=False).text == "exp(xy)"
    assert not any("$$" in soup.main.text for soup in pages.values())


def test_each_picture_has_its_text_as_alternative_and_below(pages):
    for name, soup in pages.items():
        cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells
        outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
        summaries = [data["text/plain"] for data in outputs if "image/png" in data]
        assert [image["alt"] for image in soup.select("img")] == summaries
        assert [caption.text for caption in soup.select("figure figcaption")] == summaries


def test_links_lead_to_a_page_or_out(pages):
    for name, soup in pages.items():
        links = [tag["href"] for tag in soup.select("a[href]")]
        assert links, name
        for link in links:
            assert link.startswith("https:") or link.removesuffix(".html") in pages, (name, link)


def test_a_page_has_a_title_and_says_what_it_is(pages):
    for name, soup in pages.items():
        assert soup.title.text == soup.h1.text
        assert f"still copy of {name}.ipynb" in soup.select_one(".ce-still").text
        assert soup.html["lang"] == "en"


def test_a_name_in_quotes_stays_text(notebooks, tmp_path):
    export_pages(tmp_path / "pages", notebooks)
    soup = soup_of(tmp_path / "pages" / "04_four.html")
    assert soup.img["alt"] == soup.figcaption.text == SUMMARY
    assert [tag["href"] for tag in soup.select("a")] == [
        "01_one.html", "04_four.html", "https://pytorch.org/x.ipynb"
    ]  # fmt: skip


def test_the_deck_follows_the_slide_types(deck):
    slides = deck.select(".slides > section > section")
    assert [slide.select_one("h1, h2, p").text for slide in slides] == [
        "A title", "Links", "And a question"
    ]  # fmt: skip
    assert "import secret" not in deck.text
    assert "printed" in deck.select_one(".fragment").text
    assert deck.title.text == "A title"
    assert deck.img["alt"] == SUMMARY


def test_a_widget_on_a_slide_has_no_code_and_a_question_no_state(deck):
    assert "Widget()" not in deck.text and "ask()" not in deck.text
    question = deck.select_one(".ce-question")
    assert question.p.text == "What is 1 + 1?"
    assert [choice.text for choice in question.select("li")] == ["one", "two"]
    assert "not answered" not in deck.text


def test_long_code_is_smaller(deck):
    (small,) = deck.select(".ce-small")
    assert LONG in small.text


def test_links_to_what_has_no_slides_are_text(deck):
    assert [tag["href"] for tag in deck.select("a")] == [
        "01_one.slides.html", "https://pytorch.org/x.ipynb"
    ]  # fmt: skip
    assert "four" in deck.text


def test_reveal_stands_in_the_deck(deck):
    assert "reveal-script" in str(deck.select("script"))
    assert "reveal-style" in str(deck.select("style"))


def test_without_reveal_it_says_how_to_get_it(notebooks, tmp_path):
    with pytest.raises(FileNotFoundError, match="`make slides` fetches it with npm"):
        export_slides(tmp_path / "slides", notebooks, tmp_path)
    assert not (tmp_path / "slides").exists()


def test_without_slide_types_it_says_how_to_get_them(notebooks, reveal, tmp_path):
    path = notebooks / "01_one.ipynb"
    notebook = nbformat.read(path, 4)
    del notebook.cells[-1].metadata["slideshow"]
    nbformat.write(notebook, path)
    with pytest.raises(ValueError, match=r"01_one.* cells without a slide"):
        export_slides(tmp_path / "slides", notebooks, reveal)
