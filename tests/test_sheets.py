import pytest
import torch

from ce_helpers import SCENARIOS, DimLens, PixelMaps
from ce_helpers.sheets_figure import Sheet
from ce_helpers.widgets.sheets import SheetsWidget
from tests.drawn import assert_texts_fit

LOGITS = torch.randn(1, 3, 5, 7, generator=torch.Generator().manual_seed(0))
TARGET = torch.randint(3, (1, 5, 7), generator=torch.Generator().manual_seed(1))


def maps():
    return PixelMaps(torch.linspace(0, 1, 35).view(5, 7), LOGITS, TARGET, ["sky", "sea", "sand"])


def test_the_lens_shows_the_numbers_that_one_softmax_is_made_of():
    logits = SCENARIOS["batch_of_two"].logits
    lens = DimLens(logits)
    lens.row_slider.value = 1
    lens.column_slider.value = 1
    assert lens.text().startswith("logits[1, :, 1] = [20, 3, 2, 10]   softmax = [1.0000, ")
    figure = lens._sheets_figure
    assert [text.get_text() for text in figure.values] == ["20", "3", "2", "10"]
    for c, cell_map in enumerate(figure.maps):
        assert torch.equal(torch.from_numpy(cell_map.values), logits[:, c])
        assert cell_map.cell.get_xy() == (0.5, 0.5)
    assert lens.summary.value.count("logits[1, :, 1]") == 1
    assert lens.error is None


def test_the_lens_on_an_image_reads_one_pixel_of_each_class():
    lens = DimLens(LOGITS)
    lens.row_slider.value = 4
    lens.column_slider.value = 6
    shown = [float(text.get_text()) for text in lens._sheets_figure.values]
    assert shown == pytest.approx(LOGITS[0, :, 4, 6].tolist(), abs=1e-3)
    assert "logits[0, :, 4, 6]" in lens.text()


def test_the_maps_agree_with_torch_at_every_pixel():
    widget = maps()
    probs = torch.softmax(LOGITS, dim=1)
    loss = torch.nn.functional.cross_entropy(LOGITS, TARGET, reduction="none")
    names = ["sky", "sea", "sand"]
    for row in range(5):
        for column in range(7):
            widget.row_slider.value, widget.column_slider.value = row, column
            target = TARGET[0, row, column]
            told = dict(
                part.split(": ")
                for part in widget.text().removeprefix(f"row {row}, column {column}: ").split("   ")
            )
            assert told["target"] == names[target]
            assert told["prediction"] == names[probs[0, :, row, column].argmax()]
            assert float(told["p(target)"]) == pytest.approx(
                probs[0, target, row, column].item(), abs=5e-5
            )
            assert float(told["loss"]) == pytest.approx(loss[0, row, column].item(), abs=5e-5)
    assert widget.error is None


def test_the_cursor_moves_in_every_map_and_never_leaves_it():
    widget = maps()
    before = widget.live_figure.image.value
    widget.row_slider.value = 99
    assert widget.cell == (4, 0)
    assert widget.live_figure.image.value != before
    for cell_map in widget._sheets_figure.maps:
        assert [across.get_ydata() for across, _ in cell_map.lines] == [[4, 4], [4, 4]]


def test_they_start_with_the_cell_that_is_given():
    lens = DimLens(SCENARIOS["batch_of_two"].logits, cell=(1, 0))
    assert lens.cell == (lens.row_slider.value, lens.column_slider.value) == (1, 0)
    assert lens.text().startswith("logits[1, :, 0] = [20, 3, 2, 10]")
    image = torch.zeros(5, 7)
    assert "row 4, column 6:" in PixelMaps(image, LOGITS, TARGET, cell=(4, 6)).summary.value
    for outside in ((5, 0), (0, 7), (-1, 0), (0.5, 0), (1,), 3):
        with pytest.raises(ValueError, match=r"expected a tuple \(row, column\) inside \(5, 7\)"):
            PixelMaps(image, LOGITS, TARGET, cell=outside)
    with pytest.raises(ValueError, match=r"\(sample, position\) inside \(2, 2\)"):
        DimLens(SCENARIOS["batch_of_two"].logits, cell=(0, 2))


def test_a_wrong_call_is_refused():
    with pytest.raises(ValueError, match=r"shape \(4, 3\); a lens takes"):
        DimLens(torch.zeros(4, 3))
    with pytest.raises(ValueError, match="there is room for 1 to 6"):
        DimLens(torch.zeros(1, 7, 2))
    with pytest.raises(ValueError, match="nan or inf"):
        DimLens(torch.full((1, 3, 2), float("nan")))
    with pytest.raises(ValueError, match=r"image has shape \(5, 5\)"):
        PixelMaps(torch.zeros(5, 5), LOGITS, TARGET)
    with pytest.raises(ValueError, match="there is room for 1 to 6"):
        SheetsWidget([], "row", "column")


def test_an_error_in_a_slider_is_shown(monkeypatch):
    widget = maps()
    monkeypatch.setattr(widget._sheets_figure, "update", lambda *_: 1 / 0)
    widget.row_slider.value = 2
    assert isinstance(widget.error, ZeroDivisionError)
    assert "ZeroDivisionError" in widget._error_line.value


def test_no_text_of_the_maps_is_cut_off():
    lens = DimLens(LOGITS * 1000)
    lens.row_slider.value = 3
    assert_texts_fit(lens._sheets_figure.figure)


def test_arrays_and_lists_are_taken():
    brightness = torch.linspace(0, 1, 35).view(5, 7)
    for image in (brightness.numpy(), brightness.tolist()):
        assert PixelMaps(image, LOGITS.numpy(), TARGET.tolist()).text() == maps().text().replace(
            "sky", "class 0"
        ).replace("sea", "class 1").replace("sand", "class 2")


def test_a_sheet_tells_its_value():
    assert Sheet("loss", torch.tensor([[0.5]]).numpy()).tell((0, 0)) == "0.5000"
