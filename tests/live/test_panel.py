import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ce_helpers import PrecisionLens
from ce_helpers.live.limits import LOGITS, LOSS, Limit, fitted, ticks, up
from ce_helpers.live.looks import pieces
from ce_helpers.live.numbers import short
from ce_helpers.live.panel import DPI, Panel
from ce_helpers.live.values import Places, Power, Scale, holds, pixel, plain, read, spot
from tests.browser import live_page


def test_a_value_lies_where_matplotlib_puts_it():
    values = {"low": -5.0, "high": 15.0}
    panel = Panel("some", 300, 200, values)
    axes = panel.axes((20, 30, 280, 150), ("low", "high"), (0, 4))
    judge = Figure((300 / DPI, 200 / DPI), dpi=DPI).add_axes((20 / 300, 0.25, 260 / 300, 0.6))
    judge.set(xlim=(-5, 15), ylim=(0, 4))
    for x, y in ((-5.0, 0.0), (3.3, 1.0), (15.0, 4.0)):
        at = judge.transData.transform((x, y))
        assert axes.x.at(x, values) == pytest.approx(at[0])
        assert axes.y.at(y, values) == pytest.approx(200 - at[1])
    assert axes.x.at(99.0, values) == 280
    assert axes.x.at(-99.0, values) == 20


def test_values_are_read_by_name_and_by_entry():
    values = {"losses": [0.5, 2.5], "before.p": 0.25}
    assert read("losses.1", values) == 2.5
    assert read("before.p", values) == 0.25
    assert read(7, values) == 7
    assert holds([("losses.0", "near", 0.52), ("losses.1", "above", 2)], values)
    assert not holds([("losses.0", "apart", 0.52)], values)
    assert pixel(spot("losses.1", Scale(0, 100, 0, 5), 3), values) == 53
    assert Places((4, 8)).at(1, {}) == 8
    assert Power(0, 100, 4, 0.5).at(1, {}) == 50
    assert plain({"a": (np.float32(0.5), float("-inf")), "b": None}) == {"a": [0.5, "-inf"]}


def test_limits_come_from_a_ladder_and_hold_what_they_must():
    limits = [
        Limit("above", (("logits", 1.1),), LOGITS),
        Limit("low", (("logits", -1.1), ("above", 1 / 6)), LOGITS, least=0.2, sign=-1),
        Limit("high", (("loss", 1.15),), LOSS),
    ]
    assert fitted(limits, {"logits": [4, 3, 2, 10], "loss": 16}) == {
        "above": 15, "low": -5, "high": 20,
    }  # fmt: skip
    assert up(3.0, LOGITS) == 5
    assert up(4321.0, LOGITS) == 5000


@pytest.mark.parametrize(
    ("low", "high", "pixels", "expected"),
    [(-5, 15, 264, [-5, 0, 5, 10, 15]), (0, 4, 180, [0, 1, 2, 3, 4]), (-0.2, 1, 264, None)],
)
def test_ticks_are_round_and_36_pixels_apart(low, high, pixels, expected):
    places = ticks(low, high, pixels)
    assert expected is None or places == expected
    assert np.diff(places).min() * pixels / (high - low) >= 36


def test_a_template_becomes_pieces():
    first, second, third, fourth = pieces("p = {p:near}, <others> {loss:computed:target}")[:4]
    assert first[0] == "p = " and second[0][1] == "p" and third[0] == ", "
    assert fourth == ("others", ("otherink", "bold", "normal"))
    with pytest.raises(KeyError):
        pieces("{p:unknown}")


def test_an_svg_has_the_palettes_variables_and_the_pages_font():
    panel = Panel("some", 100, 50, {})
    panel.text(5, 20, "words")
    panel.line([(0, 0), (9, 9)], "target")
    svg = panel.svg()
    assert "var(--ce-target)" in svg and "var(--ce-ink)" in svg
    assert "DejaVu" not in svg and "#b34100" not in svg
    assert panel.svg() == svg


MADE = {
    "single": lambda: live_page.make("single"),
    "batch": lambda: live_page.make("batch"),
    "precision": PrecisionLens,
}


@pytest.mark.parametrize("kind", MADE)
def test_a_line_that_moves_is_drawn_where_it_says(kind):
    """The browser moves it by how far its place has moved, and so would keep an error."""
    panels = [panel for grid in MADE[kind]().picture().grids for panel in grid]
    checked = 0
    for panel in panels:
        lines = {line.get_gid(): line for line in panel.figure.findobj(Line2D)}
        for part in (part for part in panel.parts if part["kind"] == "place"):
            for line in filter(None, map(lines.get, part["gids"])):
                xs, ys = line.get_transform().transform(line.get_xydata()).T
                for at, drawn in ((part["x"], xs), (part["y"], panel.height - ys)):
                    if at and len(drawn) == 2 and np.ptp(drawn) < 1e-6:  # upright, or level
                        assert drawn[0] == pytest.approx(panel.at(at), abs=0.01), panel.name
                        checked += 1
    assert checked


@pytest.mark.parametrize("kind", ["single", "batch"])
def test_each_tick_stands_at_its_number(kind):
    checked = 0
    for panel in (panel for grid in MADE[kind]().picture().grids for panel in grid):
        artists = {artist.get_gid(): artist for artist in panel.figure.findobj()}
        for part in (part for part in panel.parts if part["kind"] == "ticks"):
            axis, scale = part["axis"], part["scale"]
            places = ticks(panel.now(scale.low), panel.now(scale.high), part["pixels"])
            spare = [f"spare-{panel.name}-{axis}{k}" for k in range(2 * len(places) - 2)]
            line, label = part["gids"]
            lines, labels = [line, *spare[: len(spare) // 2]], [label, *spare[len(spare) // 2 :]]
            for place, *pair in zip(places, lines, labels, strict=True):
                line, label = map(artists.get, pair)
                ends = line.get_transform().transform(line.get_xydata())
                stands = label.get_transform().transform(label.get_position())
                at = scale.at(place, panel.values)
                for drawn in (*ends, stands):
                    spot = drawn[0] if axis == "x" else panel.height - drawn[1]
                    assert spot == pytest.approx(at, abs=0.01), panel.name
                assert label.get_text() == short(place)
                checked += 1
            assert part["drawn"] == scale.at(places[0], panel.values)
    assert checked
