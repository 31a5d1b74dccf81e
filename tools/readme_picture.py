"""Take the README's picture: the first explorer, in the real JupyterLab.

Usage: python -m tools.readme_picture
"""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tools.browser.lab import (
    SCREEN,
    live,
    open_notebook,
    run_all,
    running_browser,
    running_lab,
    slider,
)

NOTEBOOK = "01_single_sample.ipynb"
PICTURE = Path(__file__).parents[1] / "docs" / "explorer.png"


def take_picture(path: Path) -> None:
    """Runs the notebook, lowers the target's logit to 6 and saves the explorer as a small PNG."""
    with tempfile.TemporaryDirectory() as name, running_browser() as browser:
        folder = Path(name)
        with running_lab(folder) as address:
            page = browser.new_page(viewport=SCREEN)
            open_notebook(page, address, NOTEBOOK)
            run_all(page, folder / "notebooks" / NOTEBOOK)
            explorer = live(page)
            end = slider(explorer, "class 3")
            for _ in range(4):
                end.press("PageDown")
            expect(explorer.get_by_text("6.]]")).to_be_visible()
            page.mouse.move(0, 0)
            page.wait_for_timeout(500)  # until the last picture is on the screen
            explorer.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    take_picture(PICTURE)
    print(f"{PICTURE.relative_to(Path.cwd())}: {PICTURE.stat().st_size // 1000} kB")
