"""What a figure shows, read from its artists."""

import itertools


def bar_ends(bars):
    """Where each bar of a `ClassBars` or a row of bars ends."""
    return [path.vertices[1, 0] for path in bars.bars.get_paths()]


def assert_texts_fit(figure, ignored=()):
    """Every text lies inside the picture, on no other text, and is 11 CSS pixels high or more."""
    renderer = figure.canvas.get_renderer()
    width, height = renderer.get_canvas_width_height()
    texts = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        texts += axes.texts
        if axes.axison:
            texts += [axes.title, axes.yaxis.label]
            texts += [*axes.get_xticklabels(), *axes.get_yticklabels()]
    texts = [text for text in texts if text.get_text() and text not in ignored]
    assert texts
    boxes = [text.get_window_extent(renderer) for text in texts]
    for text, box in zip(texts, boxes, strict=True):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text
        assert text.get_fontsize() * 100 / 72 >= 11, text
    for i, j in itertools.combinations(range(len(texts)), 2):
        assert not boxes[i].overlaps(boxes[j]), (texts[i], texts[j])
