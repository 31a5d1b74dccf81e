"""A call of the reader's own on the site's first page: read, computed as torch does, or refused."""

import base64
import random
from urllib.parse import urlencode

import pytest
import torch
from playwright.sync_api import expect
from torch.nn.functional import cross_entropy

from ce_helpers.live.modules import module
from tools.browser.lab import SCREEN
from tools.site.index import index_html
from tools.site.pages import HERE

COMPUTE = """async ([code, reader, calls]) => {
  const { checked, computed } = await import(code), { readTensor } = await import(reader);
  return calls.map(({ logits, target, weight, ...rest }) => {
    const read = (text, name) => (text === null ? null : readTensor(text, name));
    const call = checked({ logits: read(logits, "logits"), target: read(target, "target"),
      weight: read(weight, "weight"), ...rest });
    const { elements, loss } = computed(call, 16);
    const word = (x) => (Number.isNaN(x) ? "nan" : x);
    return [elements.map((one) => one.counts), loss === undefined ? null : word(loss)];
  });
}"""
SHAPES = [(1,), (4,), (1, 4), (5, 3), (2, 4, 2), (1, 3, 4, 5), (3, 1), (2, 12)]


@pytest.fixture(scope="module")
def index(browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text(index_html([], []), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser, index):
    pages, said = [], []

    def open_index(**call):
        page = browser.new_page(viewport=SCREEN, reduced_motion="reduce")
        pages.append(page)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{index.as_uri()}#{urlencode(call)}")
        return page

    yield open_index
    for page in pages:
        page.close()
    assert said == []


def code(name):
    text = module(HERE / "js" / name)
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()


def drawn(dice):
    """A call: torch's arguments, and the texts that a reader pastes."""
    shape = dice.choice(SHAPES)
    generator = torch.Generator().manual_seed(dice.randrange(10**6))
    logits = (4 * torch.randn(shape, generator=generator)).round(decimals=3)
    num_classes, elements = (
        shape[min(1, len(shape) - 1)],
        [*shape[:1], *shape[2:]][len(shape) == 1 :],
    )
    weight = torch.rand(num_classes, generator=generator).round(decimals=2)
    keywords = {
        "weight": weight if dice.random() < 0.5 else None,
        "label_smoothing": dice.choice([0.0, 0.0, 0.1, 1.0]),
        "reduction": dice.choice(["mean", "sum", "none"]),
    }  # fmt: skip
    if dice.random() < 0.25:
        target = torch.softmax(torch.randn(shape, generator=generator), dim=min(1, len(shape) - 1))
    else:
        target = torch.randint(num_classes, tuple(elements), generator=generator)
        ignored = torch.rand(target.shape, generator=generator) < 0.2
        keywords["ignore_index"] = dice.choice([-100, 0])
        target = torch.where(ignored, torch.tensor(keywords["ignore_index"]), target)
    return logits, target, keywords


def pasted(logits, target, keywords, dice):
    write = dice.choice(
        [lambda tensor: str(tensor.tolist()), lambda tensor: f"torch.tensor({tensor.tolist()})"]
    )
    weight = keywords["weight"]
    return {
        "ignore_index": -100, **keywords, "logits": write(logits), "target": write(target),
        "weight": None if weight is None else write(weight),
    }  # fmt: skip


def test_calls_are_computed_as_torch_computes_them(opened, request):
    dice = random.Random(31)
    calls = [drawn(dice) for _ in range(300)]
    texts = [pasted(*call, dice) for call in calls]
    found = opened().evaluate(COMPUTE, [code("call.js"), code("tensor_text.js"), texts])
    for (logits, target, keywords), (elements, loss), text in zip(calls, found, texts, strict=True):
        none = cross_entropy(logits, target, **{**keywords, "reduction": "none"})
        torch.testing.assert_close(
            torch.tensor(elements, dtype=torch.float32),
            none.flatten(),
            rtol=1e-5,
            atol=2e-7,
            msg=str(text),
        )
        if keywords["reduction"] != "none":
            expected = cross_entropy(logits, target, **keywords)
            torch.testing.assert_close(
                torch.tensor(float(loss)), expected, rtol=1e-5, atol=1e-6, equal_nan=True
            )


def call_of(page):
    """Opens the form and returns a function that fills and sends it."""
    page.locator(".own summary").click()

    def fill(**texts):
        for name, text in texts.items():
            field = page.locator(f"[name={name}]")
            field.select_option(text) if name == "reduction" else field.fill(text)
        page.get_by_role("button", name="Show it").click()

    return fill


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"logits": ""}, "logits is empty: paste nested lists, such as [[4, 3, 2, 10]]."),
        ({"logits": "[[1, abc]]"}, "logits holds “abc]]”, which is no number."),
        ({"logits": "[[1, 2], [3]]"}, "logits is ragged: beside an entry with shape (2)"),
        ({"logits": "[[1, 2"}, "logits lacks a closing bracket."),
        ({"logits": "[[1, 2]]]"}, "logits goes on after its last bracket: “]”."),
        ({"logits": "[[1, ..., 2]]"}, "logits has numbers left out at “...”."),
        ({"logits": "[[1, nan]]"}, "logits holds inf or nan."),
        ({"logits": "[]"}, "logits has an empty list"),
        ({"logits": "3"}, "logits is one number: write one for each class"),
        ({"logits": str([[0] * 1001])}, "logits holds 1001 numbers; this page takes up to 1000."),
        ({"target": "[4]"}, "target holds 4; expected a class from 0 to 3, or -100 to ignore."),
        ({"target": "[1.5]"}, "target holds 1.5; expected a class from 0 to 3"),
        ({"target": "[0, 1]"}, "target has shape (2,); logits of shape (1, 4) need (1,) for class"),
        ({"target": "[[0.5, 0.5, 2, 0]]"}, "target holds a share that is not between 0 and 1."),
        ({"target": "[[0, 0, 0, 1]]", "ignore_index": "0"}, "a target of shares has none"),
        ({"weight": "[1, 2]"}, "weight has shape (2,); expected (4,), one for each class."),
        ({"label_smoothing": "1.5"}, "label_smoothing is 1.5; expected a number from 0 to 1."),
        ({"label_smoothing": "much"}, "label_smoothing is NaN; expected a number from 0 to 1."),
        ({"ignore_index": "0.5"}, "ignore_index must be a whole number."),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_a_word_and_the_picture_stays(shared, texts, words):
    page, fill = shared
    fill(**{"logits": "[[4, 3, 2, 10]]", "target": "[3]", "weight": "", "label_smoothing": "",
            "ignore_index": "", **texts})  # fmt: skip
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.locator("#picture svg").first).to_be_visible()


@pytest.fixture(scope="module")
def shared(browser, index):
    page = browser.new_page(viewport=SCREEN)
    page.goto(index.as_uri())
    yield page, call_of(page)
    page.close()


def test_a_pasted_call_is_shown_and_its_elements_are_chosen(opened):
    page = opened()
    call_of(page)(
        logits="tensor([[3.0, 0.5, 0.0], [0.0, 2.5, 0.5],\n [1.5, 0.0, 0.5]], grad_fn=<X>)",
        target="[0, 1, 2]", weight="[1, 1, 3]",
    )  # fmt: skip
    expected = cross_entropy(
        torch.tensor([[3.0, 0.5, 0.0], [0.0, 2.5, 0.5], [1.5, 0.0, 0.5]]),
        torch.tensor([0, 1, 2]), weight=torch.tensor([1.0, 1, 3]),
    )  # fmt: skip
    expect(page.locator(".own-loss")).to_contain_text(f"{expected:.4f}")
    expect(page.locator("#result")).to_contain_text("÷ 5 =")
    page.get_by_role("button", name="show element 2").click()
    expect(page.locator("#picture .ce-words")).to_contain_text("= 1.4644")
    expect(page.locator(".chosen")).to_contain_text("1.4644")


def test_a_moved_bar_changes_the_call_and_the_address_carries_it(opened):
    page = opened(logits="[[4, 3, 2, 10], [0, 0, 0, 0]]", target="[3, 0]")
    expect(page.locator(".own-loss")).to_contain_text("0.6950")
    page.get_by_label("logit of class 0", exact=True).press("PageUp")
    expect(page.locator("[name=logits]")).to_have_value("[[5, 3, 2, 10], [0, 0, 0, 0]]")
    expect(page.locator(".own-loss")).not_to_contain_text("0.6950")
    shown = page.locator(".own-loss").text_content()
    again = opened()
    again.goto(page.url)
    again.reload()
    expect(again.locator(".own-loss")).to_have_text(shown)


def test_of_many_classes_the_rest_are_one_and_the_loss_is_the_same(opened):
    generator = torch.Generator().manual_seed(1)
    logits = (3 * torch.randn(1, 100, generator=generator)).round(decimals=2)
    page = opened(logits=str(logits.tolist()), target="[41]")
    expected = cross_entropy(logits, torch.tensor([41])).item()
    words = page.locator("#picture .ce-words")
    expect(words).to_contain_text(f"= {expected:.4f}")
    expect(words).to_contain_text("Target #41 holds")
    expect(page.locator("#picture").get_by_role("slider", name="logit of rest")).to_have_count(1)
