import pytest
import torch
from matplotlib.patches import Rectangle

from ce_helpers import PixelMaps

LOGITS = torch.randn(1, 3, 5, 7, generator=torch.Generator().manual_seed(0))
TARGET = torch.randint(3, (1, 5, 7), generator=torch.Generator().manual_seed(1))
NAMES = ["sky", "sea", "sand"]


def maps(**more):
    return PixelMaps(torch.linspace(0, 1, 35).view(5, 7), LOGITS, TARGET, NAMES, **more)


def test_the_maps_agree_with_torch_at_every_pixel():
    widget, ahead = maps(), maps()._state.ahead()
    probs = torch.softmax(LOGITS, dim=1)
    loss = torch.nn.functional.cross_entropy(LOGITS, TARGET, reduction="none")
    assert torch.equal(widget.loss, loss)
    for row in range(5):
        for column in range(7):
            widget.row_slider.value, widget.column_slider.value = row, column
            target = TARGET[0, row, column]
            told = dict(
                part.split(": ")
                for part in widget.text().removeprefix(f"row {row}, column {column}: ").split("   ")
            )
            assert told["target"] == NAMES[target]
            assert told["prediction"] == NAMES[probs[0, :, row, column].argmax()]
            assert float(told["p(target)"]) == pytest.approx(
                probs[0, target, row, column].item(), abs=5e-5
            )
            assert float(told["loss"]) == pytest.approx(loss[0, row, column].item(), abs=5e-5)
            sent = widget.view.answer["values"]
            assert sent["loss"] == loss[0, row, column]
            assert sent["probs"] == probs[0, :, row, column].tolist()
            for name, array in ahead.arrays.items():
                assert array[row, column].tolist() == sent[name], name
    assert widget.error is None


def test_the_cursor_never_leaves_the_maps():
    widget = maps(cell=(1, 2))
    assert widget.cell == (1, 2)
    widget.row_slider.value = 99
    assert widget.cell == (4, 2)
    widget.reset()
    assert widget.cell == (1, 2)
    assert widget.row_slider.value == 1


def test_a_wrong_call_is_refused():
    with pytest.raises(ValueError, match=r"image has shape \(5, 5\)"):
        PixelMaps(torch.zeros(5, 5), LOGITS, TARGET)
    with pytest.raises(ValueError, match=r"cell is \(5, 0\); expected a tuple \(row, column\)"):
        maps(cell=(5, 0))


def test_the_arrays_are_sent_once():
    widget = maps()
    before = widget.view.start
    widget.row_slider.value = 3
    widget.reset()
    assert widget.view.start is before
    assert widget.view.get_state("present")["present"] == {}


def test_arrays_and_lists_are_taken():
    brightness = torch.linspace(0, 1, 35).view(5, 7)
    for image in (brightness.numpy(), brightness.tolist()):
        assert PixelMaps(image, LOGITS.numpy(), TARGET.tolist()).text() == maps().text().replace(
            "sky", "class 0"
        ).replace("sea", "class 1").replace("sand", "class 2")


def test_without_a_kernel_there_is_a_picture_and_a_text():
    data, metadata = maps()._repr_mimebundle_()
    assert data["image/png"]
    assert metadata["image/png"]["width"] == 864
    assert data["text/plain"].startswith("row 0, column 0: image: 0   target: ")


def test_each_map_has_an_edge_for_a_corner_may_have_the_papers_colour():
    picture = maps().picture()
    hand = picture.hands["images"]
    panels = {panel.name: panel for grid in picture.grids for panel in grid}
    assert hand["each"]
    for name in (each["panel"] for each in hand["each"]):
        drawn = [each for each in panels[name].figure.artists if isinstance(each, Rectangle)]
        assert tuple(hand["box"]) in [each.get_bbox().bounds for each in drawn], name
