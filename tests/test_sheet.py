"""The page to print: it fits, it is small, and its numbers are the lesson's."""

from matplotlib.backends.backend_agg import FigureCanvasAgg

from tools.sheet import MARGIN, WIDTH, save, sheet


def test_all_words_stand_apart_and_inside_the_margins():
    figure = sheet()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    margin = MARGIN / WIDTH * width - 1
    for place, box in enumerate(boxes):
        assert margin <= box.x0 and box.x1 <= width - margin and box.y0 > 0 and box.y1 < height
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


def test_the_numbers_are_computed():
    page, curve = sheet().axes
    words = [text.get_text() for text in (*page.texts, *curve.texts)]
    for number in ("target 3: 0.0037", "target 3: 16.0000", "stops at 0.7437", "at 18.42"):
        assert any(number in text for text in words), number


def test_it_is_one_small_page_and_the_same_each_time(tmp_path):
    for name in ("one.pdf", "two.pdf"):
        save(tmp_path / name)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.pdf", "two.pdf"))
    assert one == two and len(one) < 60_000 and one.count(b"/Type /Page ") == 1
