"""What a question asks is nowhere to be read in its section before the reader opens a fold.

Each accepted answer is looked for in the text of the section up to the next heading, with its code
and its open outputs. What is folded does not count, nor does the question's own cell.
"""

import math
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from ce_helpers.learning.questions import CLOSE_ENOUGH, Numbers, Question
from ce_helpers.learning.tasks import find_question, questions_of
from tests.test_notebooks import NOTEBOOKS
from tests.test_notebooks_answered import WITH_TASKS

# Questions whose answer can be read in their section all the same, and why that gives nothing away.
EXCEPTIONS = {
    "accumulated": "1.0 is one of the losses that its code adds up",
    "softmax_size": "the number is in its own shape, which the next question repeats",
}

NUMBER = re.compile(r"(?<![\w.])(ln )?(\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)(?![\d]*\w)")


def visible(source: str) -> str:
    """What Markdown or HTML shows before anything is opened."""
    soup = BeautifulSoup(source, "html.parser")
    for looks in soup.select("style"):
        looks.decompose()
    for fold in soup.select("details"):
        for hidden in fold.find_all(recursive=False):
            if hidden.name != "summary":
                hidden.decompose()
        for words in fold.find_all(string=True, recursive=False):
            words.extract()
    return soup.get_text()


def shown(cell) -> list[str]:
    """A cell's text or code, and what its outputs show without a click."""
    texts = [visible(cell.source) if cell.cell_type == "markdown" else cell.source]
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        page = data.get("text/html")
        texts.append(visible(page) if page else data.get("text/plain", output.get("text", "")))
    return texts


def section(cells, index) -> list:
    """The cells around one, from a heading to the next."""
    heads = [k for k, cell in enumerate(cells) if re.match(r"##? ", cell.source)]
    start = max(k for k in heads if k <= index)
    end = min((k for k in heads if k > index), default=len(cells))
    return [cell for k, cell in enumerate(cells[start:end], start) if k != index]


def told(question: Question, text: str) -> list[str]:
    """The places where a text says what would be accepted as the answer."""
    if question.choices:
        words = re.escape(str(question.answer).rstrip("."))
        return re.findall(rf"(?<![\w.]){words}(?![\w])", text.replace("`", ""), re.I)
    found = []
    for match in NUMBER.finditer(text):
        value = float(match[2].replace(",", "").rstrip("."))
        value = math.log(value) if match[1] and value else value
        tolerance = 0 if question.exact else CLOSE_ENOUGH
        if math.isclose(value, abs(question.answer), rel_tol=tolerance):
            found.append(match[0])
    return found


def places(cells, key) -> list[str]:
    """Where the answer to this question stands in its section."""
    index = next(k for k, cell in enumerate(cells) if f'ask("{key}")' in cell.source)
    question = find_question(key)(Numbers())
    texts = [text for cell in section(cells, index) for text in shown(cell)]
    return [place for text in texts for place in told(question, text)]


ASKED = [(path, key) for path in WITH_TASKS for key in questions_of(path.stem[:2])]


@pytest.mark.parametrize(("path", "key"), ASKED, ids=[key for _, key in ASKED])
def test_the_answer_is_nowhere_to_be_read(path, key):
    found = places(nbformat.read(path, 4).cells, key)
    if key in EXCEPTIONS:
        assert found, f"{key} is no exception any more; take it out of the list"
    else:
        assert not found


def test_exceptions_are_of_questions_that_there_are():
    assert set(EXCEPTIONS) <= {key for _, key in ASKED}
    assert NOTEBOOKS[: len(WITH_TASKS)] == WITH_TASKS


QUESTION = Question("How much?", 1.3863, "", (), ())


@pytest.mark.parametrize(
    "text",
    ["it is 1.3863", "1.386.", "x = [1.39, 2]", "ln 4", "loss=1.3863e+00", "(1.38)", "−1.3863"],
)
def test_a_number_is_noticed_in_each_way_it_is_written(text):
    assert told(QUESTION, text)


@pytest.mark.parametrize("text", ["1.2", "13863", "ln 5", "11.386", "x1.3863", "1.3863e-04"])
def test_another_number_is_not(text):
    assert not told(QUESTION, text)


def test_a_count_is_not_rounded_and_a_large_one_may_have_commas():
    count = Question("How many?", 4302, "", (), (), exact=True)
    assert told(count, "about 4,302 of them") and not told(count, "4301")


def test_a_choice_is_noticed_as_a_whole():
    mistakes = (nbformat.NotebookNode(answer="It grows.", hint=""),)
    choice = Question("What?", "It stays.", "", (), mistakes, choices=("It stays.", "It grows."))
    assert told(choice, "so `it stays` there")
    assert not told(choice, "it stayed") and not told(choice, "bit stays")


CELLS = [
    nbformat.v4.new_markdown_cell("## Another section\n\nIt is 11."),
    nbformat.v4.new_markdown_cell(
        "## Predict\n\n<details><summary>The end</summary>\n\n**11**\n\n</details>"
    ),
    nbformat.v4.new_code_cell('ask("lower_target")  # not 11'),
    nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text="12\n")]),
    nbformat.v4.new_markdown_cell("## The next section\n\n11"),
]


def changed(index, **parts):
    cells = [nbformat.NotebookNode(cell) for cell in CELLS]
    cells[index] = nbformat.NotebookNode({**CELLS[index], **parts})
    return cells


def output(**data):
    kinds = {"html": "text/html", "plain": "text/plain"}
    return [nbformat.v4.new_output("execute_result", {kinds[k]: v for k, v in data.items()})]


def test_other_sections_folds_and_the_question_itself_do_not_count():
    assert not places(CELLS, "lower_target")
    folded = output(html="<details><summary>?</summary><pre>11</pre></details>", plain="11")
    assert not places(changed(3, outputs=folded), "lower_target")


@pytest.mark.parametrize(
    "cells",
    [
        changed(1, source="## A loss of 11"),
        changed(1, source="## Predict\n\n<details><summary>11</summary>12</details>"),
        changed(1, source="## Predict\n\n| a | 11 |"),
        changed(3, source="x  # 11"),
        changed(3, outputs=output(plain="tensor([11.])")),
        changed(3, outputs=output(html="<b>11</b>", plain="12")),
        changed(3, outputs=[nbformat.v4.new_output("stream", text="loss 11.0000\n")]),
    ],
    ids=["heading", "summary", "table", "comment", "plain", "html", "stream"],
)
def test_text_code_and_open_outputs_do(cells):
    assert places(cells, "lower_target")
