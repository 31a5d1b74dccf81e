"""Colours: text that can be read, and classes told apart by everyone and in grey print."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from ce_helpers import style
from ce_helpers.explorers.map_panels import BLUES, ramp_colors
from ce_helpers.live.looks import COLORS
from ce_helpers.live.modules import style as css

# Machado, Oliveira and Fernandes (2009), deuteranopia at full strength, on linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # WCAG 2


def linear(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(color, other):
    dark, light = sorted(float(LUMINANCE @ linear(each)) for each in (color, other))
    return (light + 0.05) / (dark + 0.05)


def lightness_and_hue(rgb):
    """Linear RGB as CIE L*a*b*, in which equal distances look about equal."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(to_xyz @ np.clip(rgb, 0, 1) / (0.9505, 1.0, 1.089))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_the_measure_of_contrast_is_that_of_wcag():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("color", ["RIGHT_COLOR", "QUIET"])
def test_bars_are_seen_on_white_and_on_jupyterlabs_dark_grey(color):
    for paper in ("#ffffff", "#111111"):
        assert contrast(getattr(style, color), paper) >= 3


def test_what_is_told_brings_its_looks_along():
    html = style.said("a < b")
    assert html.endswith("</style>a &lt; b</div>")
    assert "--ce-target" in html and "/*" not in html


def palettes():
    """A live picture's colours by name, light and dark, as the style sheet has them."""
    found = [dict(re.findall(r"--ce-(\w+): (#\w{6})", block)) for block in css().split("}")]
    return [palette for palette in found if "paper" in palette]


def test_matplotlib_draws_in_the_light_palette():
    light, dark = palettes()
    assert COLORS.items() <= light.items()
    assert dark.keys() == light.keys()


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_a_picture_reads_on_its_paper(palette):
    for name in ("ink", "quiet", "target", "otherink", "error"):
        assert contrast(palette[name], palette["paper"]) >= 4.5, name
    assert contrast(palette["other"], palette["paper"]) >= 3
    assert contrast(palette["ink"], palette["band"]) >= 4.5
    assert contrast(palette["target"], palette["band"]) >= 4.5


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
@pytest.mark.parametrize("seen_as", [np.eye(3), DEUTERANOPIA], ids=["all cones", "deuteranopia"])
def test_target_and_others_are_told_apart(palette, seen_as):
    one, two = (lightness_and_hue(seen_as @ linear(palette[name])) for name in ("target", "other"))
    assert np.linalg.norm(one - two) > 20


@pytest.mark.parametrize("ramp", [BLUES, ramp_colors()], ids=["amount", "loss"])
def test_darker_means_more_in_grey_too(ramp):
    lightness = [LUMINANCE @ linear(color) for color in ramp(np.linspace(0, 1, 20))]
    assert (np.diff(lightness) < 0).all()
