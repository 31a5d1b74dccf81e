"""typed.js reads what a person types: a table, and random expressions, in one call of the page."""

import base64
import math

from ce_helpers.live.modules import module
from tests.typed_expressions import CASES, drawn

READ = """async ([code, sent, range]) => {
  const { readNumber } = await import(`data:text/javascript;base64,${code}`);
  return sent.map((text) => readNumber(text, range)).map(({ value, refusal }) =>
    refusal ?? (Number.isFinite(value) ? value : [String(value)]));
}"""
WORDS = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}


def read(browser, sent, within=None):
    page = browser.new_page()
    code = base64.b64encode(module("typed.js").encode()).decode()
    found = page.evaluate(READ, [code, sent, within])
    page.close()
    return [WORDS[value[0]] if isinstance(value, list) else value for value in found]


def same(value, other):
    if isinstance(value, str) or isinstance(other, str):
        return value == other
    both_nan = math.isnan(value) and math.isnan(other)
    return both_nan or math.isclose(value, other, rel_tol=1e-12, abs_tol=1e-12)


def test_what_is_typed_is_read_or_refused_with_a_word(browser, cases):
    table = [*CASES, *drawn(20_000 * cases, seed=29)]
    found = read(browser, [text for text, _ in table])
    wrong = [
        (text, expected, value)
        for (text, expected), value in zip(table, found, strict=True)
        if not same(value, expected)
    ]
    assert wrong == [], wrong[:5]
    refused = sum(isinstance(expected, str) for _, expected in table)
    assert 0.2 * len(table) < refused < 0.6 * len(table)


def test_beyond_a_range_is_refused_with_the_range(browser):
    sent = ["20", "-20", "20.001", "1e5", "inf", "nan", "−21"]
    said = "“{}” is out of range: from −20 to 20."
    assert read(browser, sent, {"low": -20, "high": 20}) == [
        20, -20, *(said.format(text) for text in sent[2:])
    ]  # fmt: skip
