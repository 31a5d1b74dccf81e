"""What `audits.js` and axe find wrong on a page, in which windows and in which colours."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AUDITS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
STAND = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
COLORS = ["light", "dark", "forced", "forced dark"]
LONG = "a class whose name is far longer than anything that a picture has room for " * 4
ODD = ["$a$ and \\frac{1}{2}", LONG[:300], "שמיים כחולים", "<b>sky</b> & “co”"]


def found(page: Page, *audits: str, root: str = "main") -> list[str]:
    """What the audits find wrong in each root, once the page stands."""
    page.evaluate(STAND)
    return page.evaluate(
        f"""([audits, root]) => {{
          const all = {AUDITS};
          return [...document.querySelectorAll(root)].flatMap((root, k) =>
            audits.flatMap((name) => all[name](root).map((one) => `${{k}} ${{name}}: ${{one}}`)));
        }}""",
        [audits, root],
    )


def serious(page: Page, context: str, *, contrast: bool = True) -> list[tuple[str, str]]:
    """What axe calls serious or critical: the rule, and the element that breaks it.

    Contrast takes it half of its time, and `reads` judges that too, in all `COLORS`.
    """
    rules = {"color-contrast": {"enabled": contrast}}
    options = {"resultTypes": ["violations"], "rules": rules}
    violations = Axe().run(page, context=context, options=options).response["violations"]
    return [
        (violation["id"], node["html"])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@contextlib.contextmanager
def colored(page: Page, colors: str) -> Iterator[None]:
    """A page without a kernel in one of `COLORS`; a key was pressed, so focus is seen."""
    scheme = "dark" if "dark" in colors else "light"
    page.emulate_media(
        color_scheme=scheme, forced_colors="active" if "forced" in colors else "none"
    )
    page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", scheme)
    page.keyboard.press("Tab")
    yield
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.evaluate("() => delete document.documentElement.dataset.theme")


def make_narrow(page: Page, width: int) -> None:
    """JupyterLab in a narrow window, beside its file browser: a column of about 240 pixels."""
    page.set_viewport_size({"width": width, "height": 720})
    files = page.locator(".jp-FileBrowser")
    if not files.is_visible():
        page.get_by_role("tab", name="File Browser").click()
        files.wait_for()


def choose_theme(page: Page, name: str) -> None:
    """Through JupyterLab's command palette."""
    page.keyboard.press("Control+Shift+C")
    page.locator(".lm-CommandPalette-input").fill(name)
    label = page.locator(".lm-CommandPalette-itemLabel")
    label.filter(has_text=re.compile(f"{name}$")).first.click()
    page.wait_for_selector(f'[data-jp-theme-name="{name}"]', state="attached")
