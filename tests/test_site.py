"""The site: what pages, slides and the index hold, of a notebook with one of each thing."""

import json
import re
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup

from ce_helpers import CrossEntropyExplorer
from tests.site_notebook import NOTEBOOK, small_site
from tools.site.capture import explorer_html
from tools.site.decks import deck_html
from tools.site.pages import page_of
from tools.site.render import code_html, markdown_html


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = small_site(tmp_path_factory)
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    return {name: BeautifulSoup(text, "html.parser") for name, text in texts.items()}


@pytest.fixture
def page(site):
    return site["01_one.html"]


@pytest.fixture
def deck(site):
    return site["01_one.slides.html"]


def loaded(soup):
    """The addresses that a browser asks for without a click."""
    addresses = [tag["src"] for tag in soup.select("[src]")]
    addresses += [tag["href"] for tag in soup.select("link[href]")]
    addresses += re.findall(r"(?:@import|url\()\s*['\"]?([^'\")]+)", str(soup.select("style")))
    return [one for one in addresses if not one.startswith(("data:", "#"))]


def test_there_is_an_index_a_page_and_a_deck_and_each_is_one_file(site):
    assert sorted(site) == [
        "01_one.html", "01_one.slides.html", "index.html", "my_loss_is.html", "which_loss.html",
    ]  # fmt: skip
    for name, soup in site.items():
        assert loaded(soup) == [], name
        ids = [tag["id"] for tag in soup.select("[id]")]
        assert len(ids) == len({*ids}), name


def test_each_head_says_what_it_is(site):
    for name, soup in site.items():
        assert soup.html["lang"] == "en" and soup.title.text, name
        assert soup.select_one("meta[name=viewport]") and soup.select_one("link[rel=icon]"), name
        assert len(soup.select_one("meta[name=description]")["content"]) > 20, name
        assert "prefers-color-scheme: dark" in soup.style.text, name


def test_the_index_lists_the_notebook_with_its_minutes(site):
    (entry,) = site["index.html"].select(".notebooks li")
    assert entry.a["href"] == "01_one.html" and entry.a.text == "One of each"
    assert (
        "5 min + 2 for exercises" in entry.text
        and "Every kind of thing that a page knows." in entry.text
    )
    assert [tag["href"] for tag in site["index.html"].select("ul a")] == ["01_one.slides.html"]


def test_the_ways_in_are_found_and_lead_on(site):
    linked = [tag["href"] for tag in site["index.html"].select("p a")]
    assert linked == ["which_loss.html", "my_loss_is.html", "sheet.pdf"]
    for name in linked[:2]:
        way = site[name]
        headings = [tag["id"] for tag in way.select("h2")]
        assert [unquote(tag["href"]) for tag in way.select("ul a")] == [f"#{id}" for id in headings]
        assert len(headings) > 9 and way.select_one(".table" if "which" in name else "pre.code")
    assert site["which_loss.html"].select('a[href="my_loss_is.html"]')


def test_a_link_into_a_notebook_leads_to_its_heading():
    source = "[on](../notebooks/01_one.ipynb#What-is-`x`?) [off](../notebooks/02.ipynb#Two)"
    soup = BeautifulSoup(markdown_html(source, {"01_one": "01_one.html"}), "html.parser")
    (link,) = soup.select("a")
    heading = BeautifulSoup(markdown_html("## What is `x` < 1?", {}), "html.parser").h2
    assert link["href"].startswith("01_one.html#") and soup.text.strip() == "on off"
    assert heading["id"] == "What-is-x-<-1?"


def test_a_still_picture_holds_all_that_it_needs_to_live(page):
    for still in page.select(".ce-still"):
        state = json.loads(still.script.text)
        panels = [panel for grid in state["picture"]["grids"] for panel in grid]
        drawn = {box["data-name"]: box.svg for box in still.select(".ce-panel")}
        assert [panel["name"] for panel in panels] == list(drawn)
        for panel in panels:
            assert "svg" not in panel  # the browser goes on with the one that is seen
            for part in panel["parts"]:
                for gid in part["gids"]:
                    assert drawn[panel["name"]].find(id=still["data-prefix"] + gid), gid
    assert len(page.select('image[id*="-painted"]')) == 2  # what a live map paints by itself


def test_a_still_picture_says_in_words_what_it_shows_and_hides_what_is_not_so(page):
    still = page.select(".ce-still")[0]
    assert still.select_one(".ce-question").text == "Where is the loss 16?"
    words = still.select_one(".ce-words").text
    assert words.startswith("Target class 3 holds p = 0.9963, so the loss is −log 0.9963 = 0.0037.")
    hidden = re.findall(r"#([\w-]+)", still.style.text)
    assert hidden and all(still.find(id=gid) for gid in hidden)
    assert "before this move" in [still.find(id=gid).text.strip(" \n│") for gid in hidden]


def test_an_explorer_may_be_shown_twice():
    explorer = CrossEntropyExplorer([4.0, 3.0], 1)
    first, second = explorer_html(explorer), explorer_html(explorer)
    prefixes = [re.search(r'data-prefix="(.*?)"', text)[1] for text in (first, second)]
    assert first.replace(*prefixes) == second and prefixes[0] != prefixes[1]


def test_sentences_about_the_kernel_are_left_out(page, deck):
    for soup in (page, deck):
        for words in ("Run All", "Each time", "The kernel", "keeps", "only in the notebook -->"):
            assert words not in str(soup.main), words
    assert "what you answered" not in page.text and "progress(" not in page.text
    assert "Questions: 0 of" not in page.text and "Not answered yet" not in page.text
    assert "In the notebook, check tries your function" in page.text


def test_the_recap_is_kept_and_leads_on(page):
    assert [tag.text for tag in page.select("main h2")][-2:] == ["Recap", "Answers and solutions"]
    assert page.select_one('main a[href="my_loss_is.html"]').text == "Why?"


def test_what_is_folded_stays_folded_and_solutions_are_last_on_paper(page):
    folds = {fold.summary.text: fold for fold in page.select("main > details")}
    assert {"The solution", "The code", "What it shows"} <= set(folds)
    assert not any(fold.has_attr("open") for fold in folds.values())
    answer = page.select_one(".solutions p")
    assert answer.b.text.startswith("The logits are [20, 2, 3, 9]") and answer.text.count("11") > 0
    (copy,) = page.select(".solutions details")
    assert copy.has_attr("open") and copy.pre.text == folds["The solution"].pre.text
    assert folds["The solution"]["class"] == ["solution"]


def test_a_question_has_its_answer_folded(page):
    question = page.select_one(".ask")
    assert question.p.text.startswith("The logits are [20, 2, 3, 9]")
    assert "11" not in question.p.text and "11" in question.select("details")[-1].text
    assert 'ask("' not in page.text


def test_code_and_what_it_prints_are_there(page):
    printed = [out.text for out in page.select("pre.out")]
    assert "tensor([1.])" in printed and "[0.0, 0.0]" in printed
    code = page.select("pre.code")[1]
    assert [line.text for line in code.select("code > span")] == [
        "x = torch.ones(1)\n",
        "print(x)\n",
    ]


def test_slides_follow_the_slide_types(deck):
    slides = deck.select(".slides > section")
    assert [slide.select_one("h1, h2, p").text[:21] for slide in slides] == [
        "One of each", "Move", "Where is the loss 16?", "Now a map. Which one?", "Which one?",
        "After it.", "Fold", "The logits are [20, 2", "You add 5 to every on", "Recap",
    ]  # fmt: skip
    assert [k for k, slide in enumerate(slides) if slide.has_attr("class")] == [2, 4]
    assert slides[1].select_one(".fragment").text.strip().endswith("tensor([1.])")
    assert "import torch" not in deck.main.text and "CrossEntropyExplorer(" not in deck.main.text


def test_what_was_asked_before_a_picture_stands_above_it_again(deck):
    asked = [[tag.text for tag in slide.select(".asked")] for slide in deck.select(".alive")]
    assert asked == [[], ["Which one?"]]  # the first has a question of its own


def test_without_slide_types_it_says_how_to_get_them(tmp_path):
    notebook = nbformat.from_dict(json.loads(json.dumps(NOTEBOOK)))
    del notebook.cells[-1].metadata["slideshow"]
    page = page_of("01_one", notebook)
    with pytest.raises(ValueError, match="01_one has cells without a slide; run `make notebooks`"):
        deck_html(page, [page], notebook, tmp_path)


def test_without_reveal_there_are_pages_and_no_slides(tmp_path, capsys, monkeypatch):
    from tools.site import __main__ as program
    from tools.site import index

    monkeypatch.setattr(program, "REVEAL", tmp_path)
    monkeypatch.setattr(program, "executed", lambda paths: {"01_one": NOTEBOOK})
    monkeypatch.setattr(index, "pictures", str)
    program.main([str(tmp_path / "site")])
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [
        "01_one.html", "index.html", "my_loss_is.html", "sheet.pdf", "which_loss.html"
    ]  # fmt: skip
    assert "No slides: they need reveal.js" in capsys.readouterr().out


def test_a_notebook_without_minutes_is_refused():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title\n\nText.")])
    with pytest.raises(ValueError, match=r"x must begin with a title and a line with \*\*Time"):
        page_of("x", notebook)


def test_formulas_are_mathml_in_a_box_that_scrolls():
    soup = BeautifulSoup(
        markdown_html("$$\\frac{a}{b}$$\n\nand $x_y$, and `$5`", {}), "html.parser"
    )
    assert soup.select_one(".formula math[display=block] mfrac")
    assert soup.select_one("p math msub") and soup.code.text == "$5"


def test_links_to_notebooks_lead_to_pages():
    source = "[one](01_one.ipynb), [two](02_two.ipynb), [out](https://x.org/y.ipynb)"
    soup = BeautifulSoup(markdown_html(source, {"01_one": "01_one.html"}), "html.parser")
    assert [tag["href"] for tag in soup.select("a")] == ["01_one.html", "https://x.org/y.ipynb"]
    assert soup.text.strip() == "one, two, out"


def test_code_is_told_line_by_line_and_escaped():
    soup = BeautifulSoup(code_html('def f():\n    """a\n    <b>"""\n\n    return 1'), "html.parser")
    assert soup.pre.text == 'def f():\n    """a\n    <b>"""\n\n    return 1\n'
    assert len(soup.select("code > span")) == 5
