"""Colours: text that can be read, and classes told apart by everyone and in grey print."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from ce_helpers import style
from ce_helpers.live.panel import COLORS

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


@pytest.mark.parametrize("color", ["TARGET_COLOR", "RIGHT_COLOR", "QUIET"])
def test_text_reads_on_paper(color):
    assert contrast(getattr(style, color), COLORS["paper"]) >= 4.5


def test_numbers_read_on_the_targets_band():
    assert contrast(COLORS["ink"], COLORS["band"]) >= 4.5


@pytest.mark.parametrize("seen_as", [np.eye(3), DEUTERANOPIA], ids=["all cones", "deuteranopia"])
def test_target_and_others_are_told_apart(seen_as):
    one, two = (
        lightness_and_hue(seen_as @ linear(color)) for color in (COLORS["target"], COLORS["other"])
    )
    assert np.linalg.norm(one - two) > 20


def test_target_and_others_are_told_apart_in_grey():
    target, other = (
        lightness_and_hue(np.full(3, LUMINANCE @ linear(color)))[0]
        for color in (COLORS["target"], COLORS["other"])
    )
    assert abs(target - other) > 10  # bars also differ by mark, weight and band
