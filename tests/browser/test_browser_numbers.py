"""numbers.js writes what numbers.py writes, digit for digit."""

import base64
import math

from ce_helpers.live.modules import module
from tests.number_cases import CASES, drawn


def test_the_browser_writes_what_python_writes(browser, tmp_path, cases):
    page = browser.new_page()
    code = base64.b64encode(module("numbers.js").encode()).decode()
    table = [*CASES, *drawn(500 * cases)]
    sent = [
        (name, str(value) if isinstance(value, float) and not math.isfinite(value) else value)
        for name, value, _ in table
    ]
    written = page.evaluate(
        f"""async (sent) => {{
          const formats = await import("data:text/javascript;base64,{code}");
          const words = {{ inf: Infinity, "-inf": -Infinity, nan: NaN }};
          return sent.map(([name, value]) => formats[name](words[value] ?? value));
        }}""",
        sent,
    )
    wrong = [(case, text) for case, text in zip(table, written, strict=True) if case[2] != text]
    assert wrong == []
    page.close()
