import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from ce_helpers import SCENARIOS, DimLens
from ce_helpers.formatting import format_list, format_number

LOGITS = torch.randn(1, 3, 5, 7, generator=torch.Generator().manual_seed(0))
TARGET = torch.randint(3, (1, 5, 7), generator=torch.Generator().manual_seed(1))


def tell(explorer, n="view:1", **message):
    """What a view sends."""
    explorer.view._handle_custom_msg({"n": n, **message}, [])
    assert explorer.view.answer["n"] == n


def sent(explorer):
    return explorer.view.answer["values"]


@pytest.fixture
def lens():
    scenario = SCENARIOS["batch_of_two"]
    lens = DimLens(scenario.logits, target=scenario.target)
    yield lens
    assert lens.error is None


def test_the_lens_shows_the_numbers_that_one_softmax_is_made_of(lens):
    lens.row_slider.value = 1
    lens.column_slider.value = 1
    assert lens.cell == (1, 1)
    assert lens.text().startswith("logits[1, :, 1] = [20, 3, 2, 10]   softmax = [1.0000, ")
    assert sent(lens)["probs"] == torch.softmax(lens.logits, dim=1)[1, :, 1].tolist()
    assert (
        eval(lens.code(), {"torch": torch, "logits": lens.logits}).tolist() == sent(lens)["probs"]
    )


def test_each_dim_gives_torchs_softmax_and_its_loss(lens):
    """Whichever dim is taken for the classes', -log_softmax at the target's place is the loss."""
    scenario = SCENARIOS["batch_of_two"]
    logits, target = scenario.logits, scenario.target
    for dim in range(3):
        log_probs = torch.log_softmax(logits, dim=dim)
        for sample in range(2):
            for position in range(2):
                tell(lens, controls={"row": sample, "column": position, "dim": dim})
                c = target[sample, position]
                place = [sample, int(c), position]
                place[dim] = slice(None)
                probs = torch.softmax(logits, dim=dim)[tuple(place)]
                now = sent(lens)
                assert now["probs"][: len(probs)] == probs.tolist()
                assert now["softmax"] == format_list(probs)
                assert now["labels"][0] == ("sample 0", "class 0", "position 0")[dim]
                assert now["loss"] == pytest.approx(-log_probs[sample, c, position].item())
                assert lens.text().endswith(f"loss = {format_number(now['loss'])}")
                shown = [logits.movedim(1, 2).flatten()[k] for k in now["cells"] if k >= 0]
                assert shown == logits[tuple(place)].tolist()
    whole = cross_entropy(logits, target, reduction="none").flatten()
    tell(lens, controls={"dim": 1})
    assert sent(lens)["losses"] == whole.tolist()


@pytest.mark.parametrize("target", [None, TARGET])
def test_what_was_sent_ahead_is_what_torch_answers(lens, target):
    for explorer in (lens, DimLens(LOGITS, target=target), DimLens(LOGITS.view(1, 3, 35))):
        ahead = explorer._state.ahead()
        state = explorer._state
        for dim in range(3 if state.tabled else 1):
            for row, column in np.ndindex(state.shape):
                places = {"row": row, "column": column, **({"dim": dim} if state.tabled else {})}
                for name, place in places.items():
                    state.set(name, place)
                values = state.values()
                for name, array in ahead.arrays.items():
                    place = tuple(places[axis] for axis in ahead.of[name])
                    assert array[place].tolist() == values[name], name


def test_the_lens_on_an_image_reads_one_pixel_of_each_class():
    lens = DimLens(LOGITS, target=TARGET)
    lens.row_slider.value = 4
    lens.column_slider.value = 6
    assert sent(lens)["numbers"] == LOGITS[0, :, 4, 6].tolist()
    assert sent(lens)["loss"] == cross_entropy(LOGITS, TARGET, reduction="none")[0, 4, 6]
    assert "logits[0, :, 4, 6]" in lens.text()
    assert not hasattr(lens, "dim_buttons")


def test_without_a_target_no_loss_is_said():
    lens = DimLens(SCENARIOS["two_positions"].logits)
    assert lens.text() == (
        "logits[0, :, 0] = [4, 3, 2, 10]   softmax = [2.4696e-03, 9.0850e-04, 3.3422e-04, 0.9963]"
    )
    assert sent(lens)["mark"] == -1


def test_reset_and_the_start(lens):
    tell(lens, controls={"row": 1, "dim": 2})
    tell(lens, n="view:2", load="reset")
    assert (lens.cell, lens.dim_buttons.index, lens.row_slider.value) == ((0, 0), 1, 0)
    there = DimLens(SCENARIOS["batch_of_two"].logits, cell=(1, 1))
    assert there.cell == (1, 1)
    assert there.column_slider.value == 1


def test_a_wrong_call_is_refused():
    with pytest.raises(ValueError, match=r"shape \(4, 3\); a lens takes"):
        DimLens(torch.zeros(4, 3))
    with pytest.raises(ValueError, match="there is room for 1 to 6"):
        DimLens(torch.zeros(1, 7, 2))
    with pytest.raises(ValueError, match="nan or inf"):
        DimLens(torch.full((1, 3, 2), float("nan")))
    with pytest.raises(ValueError, match=r"cell is \(0, 2\); expected a tuple \(sample, position"):
        DimLens(torch.zeros(1, 3, 2), cell=(0, 2))


def test_an_error_in_a_slider_is_shown_and_reset_mends_it(lens, monkeypatch):
    monkeypatch.setattr(lens._state, "set", lambda *_: 1 / 0)
    lens.row_slider.value = 1
    assert isinstance(lens.error, ZeroDivisionError)
    assert "ZeroDivisionError" in lens.view.error
    monkeypatch.undo()
    tell(lens, load="reset")
    assert lens.error is None
    assert lens.row_slider.value == 0
