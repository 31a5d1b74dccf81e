import numpy as np

from ce_helpers.ledger_figure import LedgerFigure
from ce_helpers.live_figure import LiveFigure
from tests.drawn import assert_texts_fit


def test_no_text_is_cut_off_or_lies_on_another():
    names = [f"n = {n}: elephant" for n in range(8)]
    figure = LedgerFigure(names, 12.0, 3.0)
    mask = np.arange(8) < 4
    figure.update(12.0 * mask, 3.0 * mask, mask, 8.0, "mean")
    LiveFigure(figure.figure, pixel_ratio=1)
    assert_texts_fit(figure.figure)


def test_the_quotient_is_drawn_for_the_mean_alone():
    figure = LedgerFigure(["a", "b"], 3.0, 3.0)
    losses, weights, mask = np.array([1.0, 2]), np.array([1.0, 3]), np.array([True, True])
    figure.update(losses, weights, mask, 0.75, "mean")
    assert figure.line.get_visible()
    texts = figure.above.get_text(), figure.below.get_text(), figure.result.get_text()
    assert texts == ("3.0000", "4.0000", "= 0.7500")
    figure.update(losses, weights, mask, 3.0, "sum")
    assert not figure.line.get_visible()
    assert (figure.below.get_text(), figure.result.get_text()) == ("", "= 3.0000")
    figure.update(losses, weights, mask, 0.0, "none")
    assert figure.result.get_text() == "one loss\nper element"
