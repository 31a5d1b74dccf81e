"""Takes the README's moving picture: the explorer on the site's first page, moved by its handle.

Usage: python -m tools.readme_picture
"""

import io
import tempfile
from itertools import pairwise
from pathlib import Path

from PIL import Image

from tools.browser.lab import running_browser
from tools.site.index import index_html

PICTURE = Path(__file__).parents[1] / "docs" / "explorer.gif"
SIZE = {"width": 900, "height": 900}
WIDTH = 760  # pixels of the picture
FRAME, HOLD = 70, 1200  # ms that a frame is shown, and the last one
STOPS = (4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 25, 26)  # of class 0's logit


def take_picture(path: Path) -> None:
    """Raises class 0 from 4 to 26, where the loss is 16, and saves what is seen as a GIF."""
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        file = Path(folder) / "index.html"
        file.write_text(index_html([], []), encoding="utf-8")
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        page.goto(file.as_uri())
        explorer = page.locator(".ce-live .ce")
        explorer.wait_for()
        frames = []
        for frame in _moved(page, explorer):
            image = Image.open(io.BytesIO(frame)).convert("RGB")
            frames.append(image.resize((WIDTH, WIDTH * image.height // image.width)))
    palette = frames[-1].quantize(64)
    still = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    times = [HOLD // 2, *[FRAME] * (len(still) - 2), HOLD]
    still[0].save(path, save_all=True, append_images=still[1:], duration=times, optimize=True)


def _moved(page, explorer):
    """Screenshots while a hand drags the bar's end."""
    end = explorer.get_by_label("logit of class 0", exact=True)
    box = end.bounding_box()
    low, high = (float(end.get_attribute(name)) for name in ("min", "max"))
    half = 14  # of the handle

    def place(logit: float) -> tuple[float, float]:
        share = (logit - low) / (high - low)
        return box["x"] + half + share * (box["width"] - 2 * half), box["y"] + box["height"] / 2

    yield explorer.screenshot()
    page.mouse.move(*place(STOPS[0]))
    page.mouse.down()
    for start, stop in pairwise(STOPS):
        for logit in ((start + stop) / 2, stop):
            page.mouse.move(*place(logit))
            yield explorer.screenshot()
    page.mouse.up()
    page.mouse.move(0, 0)
    yield explorer.screenshot()


if __name__ == "__main__":
    take_picture(PICTURE)
    print(f"{PICTURE.relative_to(Path.cwd())}: {PICTURE.stat().st_size // 1000} kB")
