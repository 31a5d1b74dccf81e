"""The training explorer, the cards and the temperature: held to torch, move by move."""

import itertools

import numpy as np
import pytest
import torch
from matplotlib.lines import Line2D
from torch.nn.functional import cross_entropy

from ce_helpers import TemperatureExplorer, TrainingCards, TrainingExplorer
from ce_helpers.explorers.plane import regions
from ce_helpers.explorers.training_state import DECAYS, KEPT, MOST_STEPS, TrainingState
from ce_helpers.training import TRAININGS, held_out, points, train, trained_wrong
from tests.spoken import said_by


@pytest.fixture
def explorer():
    explorer = TrainingExplorer(*points(12), held_out=held_out())
    yield explorer
    assert explorer.error is None


def told(explorer, n="a:1", **message):
    """What the browser sends."""
    explorer.view._handle_custom_msg({"n": n, **message}, [])


def assert_consistent(explorer):
    """Points, controls and what is sent tell the same state, and the loss is torch's."""
    values, answer = explorer.view.answer["values"], explorer.view.answer["controls"]
    logits, target = explorer.logits, torch.tensor(explorer.view.picture["constants"]["target"])
    weight, bias = torch.tensor(values["weight"]).view(2, 3), torch.tensor(values["bias"])
    assert torch.equal(explorer.points @ weight + bias, logits)
    smoothing = (0.0, 0.1)[values["smoothing"]]
    assert values["loss"] == cross_entropy(logits, target, label_smoothing=smoothing).item()
    losses = cross_entropy(logits, target, reduction="none").double().tolist()
    assert values["losses"] == losses
    assert values["largest_loss"] == max(losses)
    assert values["wrong"] == (logits.argmax(1) != target).int().tolist()
    assert values["mean_curve"][-1] == values["loss"]
    assert values["kept"][-1] == values["now"] == explorer.steps + 1
    assert answer["steps"] == explorer.steps == explorer.steps_slider.value
    for axis, sliders in (("xs", explorer.x_sliders), ("ys", explorer.y_sliders)):
        assert values[axis] == pytest.approx([slider.value for slider in sliders], abs=1e-6)
    lengths = {len(values[name]) for name in ("kept", "mean_curve", "accuracy_curve", "size_curve")}
    assert len(lengths) == 1
    assert values["kept"] == sorted(values["kept"])


def test_it_trains_as_train_does(explorer):
    for steps in (1, 4, 95, 400):
        explorer.train(steps)
        assert_consistent(explorer)
    run = train(*points(12), 500)
    assert torch.equal(explorer.logits, run.logits(points(12)[0]))
    shown = explorer.view.answer["values"]
    at = dict(zip(shown["kept"], shown["mean_curve"], strict=True))
    assert {step: at[step + 1] for step in (0, 7, 100)} == {
        step: run.losses[step] for step in (0, 7, 100)
    }


def test_the_browser_runs_it_by_a_control_and_may_skip_steps(explorer):
    for n, steps in enumerate((1, 2, 30, 31, 200)):
        told(explorer, f"a:{n}", controls={"steps": steps})
        assert explorer.view.answer["n"] == f"a:{n}"
        assert_consistent(explorer)
    assert torch.equal(explorer.logits, train(*points(12), 200).logits(points(12)[0]))
    kept = [step - 1 for step in explorer.view.answer["values"]["kept"]]
    assert kept == [step for step in KEPT if step <= 200] + [200] * (200 not in KEPT)


def test_a_dragged_point_leaves_one_stroke_and_the_next_step_goes_on(explorer):
    explorer.train(101)  # a step that the curves keep only while it is the last
    before = explorer.logits
    for y in (0.0, -2.0, -4.0):
        told(explorer, controls={"xs.2": 0.0, "ys.2": y})
        assert_consistent(explorer)
    assert explorer.points[2].tolist() == [0.0, -4.0]
    assert torch.equal(explorer.logits[3:], before[3:])  # the weights stay
    shown = explorer.view.answer["values"]
    assert shown["kept"].count(102) == 2
    assert shown["mean_curve"][-2] == train(*points(12), 101).losses[-1]
    assert (round(shown["loss"], 1), shown["wrong_count"]) == (2.2, 1)
    assert shown["largest"] == 2
    explorer.train(2000)
    after = explorer.view.answer["values"]
    assert after["kept"].count(102) == 2
    assert after["loss"] < shown["loss"]
    assert after["wrong_count"] == 5
    assert_consistent(explorer)


@pytest.mark.parametrize("name", ["first_scale", "weight_decay", "smoothing"])
def test_a_setting_begins_the_training_again(explorer, name):
    explorer.train(50)
    explorer.move(0, 1.0, 1.0)
    told(explorer, controls={name: 1})
    assert explorer.steps == 0
    assert len(explorer.view.answer["values"]["kept"]) == 1
    assert explorer.points[0].tolist() == [1.0, 1.0]
    assert_consistent(explorer)
    explorer.setting_buttons[name].index = 0
    explorer.steps_slider.value = 20
    assert_consistent(explorer)
    explorer.reset()
    assert torch.equal(explorer.points, points(12)[0])
    assert_consistent(explorer)


@pytest.mark.parametrize("decay", [1, 2])
def test_weight_decay_is_that_of_sgd(explorer, decay):
    explorer.setting_buttons["weight_decay"].index = decay
    explorer.train(300)
    run = train(*points(12), 300, weight_decay=DECAYS[decay])
    assert torch.equal(explorer.logits, run.logits(points(12)[0]))


def test_fewer_steps_begin_again_and_too_many_stop(explorer):
    explorer.train(40)
    explorer.steps_slider.value = 3
    assert explorer.steps == 3
    assert torch.equal(explorer.logits, train(*points(12), 3).logits(points(12)[0]))
    explorer.train(2 * MOST_STEPS)
    assert explorer.steps == MOST_STEPS
    assert explorer.view.answer["values"]["is_full"]


def test_regions_hold_what_the_model_says():
    dice = np.random.RandomState(0)
    for _ in range(50):
        weight, bias = dice.randn(2, 3), dice.randn(3)
        found = regions(weight.tolist(), bias.tolist())
        for x, y in dice.uniform(-4.2, 4.2, (30, 2)):
            own = int(np.argmax(np.array([x, y]) @ weight + bias))
            assert inside(found[own], x, y)
            assert not any(inside(found[c], x, y) for c in range(3) if c != own)
    assert regions([[0.0] * 3] * 2, [0.0] * 3) == [[], [], []]


def inside(polygon, x, y):
    """Whether a point lies in a convex polygon."""
    sides = [
        (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
        for a, b in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)
    ]
    return bool(polygon) and (min(sides) >= -1e-9 or max(sides) <= 1e-9)


def test_of_too_many_points_some_of_each_class_are_offered():
    inputs, target = points(90)
    with pytest.raises(ValueError, match=r"e\.g\. points\[::8\] and target\[::8\]\."):
        TrainingExplorer(inputs, target)
    TrainingExplorer(inputs[::8], target[::8])
    assert target[::8].unique().tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("inputs", "target", "words"),
    [
        (torch.zeros(13, 2), torch.zeros(13).long(), r"points have shape \(13, 2\); expected"),
        (torch.zeros(3, 3), torch.zeros(3).long(), r"points have shape \(3, 3\); expected"),
        (torch.zeros(3, 2), torch.zeros(4).long(), r"target has shape \(4,\); 3 points need"),
        (torch.zeros(3, 2), torch.tensor([0, 1, 3]), r"target holds \[0, 1, 3\]; expected the"),
        (torch.full((1, 2), 5.0), torch.zeros(1).long(), "a point lies outside the plane"),
    ],
)
def test_other_points_are_refused(inputs, target, words):
    with pytest.raises(ValueError, match=words):
        TrainingExplorer(inputs, target)


def test_the_text_has_two_digits_and_the_page_says_the_code(explorer):
    explorer.train(10)
    assert "step 10: loss 0.22, accuracy 1.00, largest logit 4.2" in explorer.text()
    assert said_by(explorer).startswith(explorer.code().split("   ")[0])
    assert explorer.picture().png()[:4] == b"\x89PNG"


def test_a_state_without_held_out_points_has_no_second_curve():
    state = TrainingState(*points(12))
    assert state.values()["unseen"] == 0
    assert "unseen" not in TrainingExplorer(*points(12)).picture().constants


def test_cards_hide_their_names_until_they_are_pressed():
    cards = TrainingCards()
    assert not any(name in cards.text() for name in TRAININGS)
    told(cards, controls={"named.2": True})
    assert cards.text().count("nothing is wrong") == 1
    told(cards, load="all")
    assert all(name in cards.text() for name in TRAININGS)
    assert all(box.value for box in cards.card_boxes)
    cards.reset()
    assert not any(box.value for box in cards.card_boxes)
    assert cards.name(0) == "one class weighted 0"
    assert cards.error is None


def test_each_card_draws_its_own_training():
    picture = TrainingCards().picture()
    drawn = {}
    for k, panel in enumerate(itertools.chain(*picture.grids)):
        lines = [line for line in panel.figure.findobj(Line2D) if len(line.get_xdata()) > 40]
        for half in (0, 1):
            own = [line for line in lines if (min(line.get_xdata()) > 216) == bool(half)]
            drawn[2 * k + half] = [line.get_ydata() for line in own]
    for k, name in enumerate(TRAININGS):
        run = trained_wrong(name)
        loss, accuracy = drawn[k][-2:]
        assert loss == pytest.approx([112 - 40 * min(v, 2) for v in run.losses])
        assert accuracy == pytest.approx([180 - 48 * v for v in run.accuracies])


@pytest.fixture(scope="module")
def too_sure():
    inputs, target = held_out()
    return train(*points(12), 3000).logits(inputs), target


def test_a_temperature_divides_the_logits_and_leaves_the_accuracy(too_sure):
    logits, target = too_sure
    explorer = TemperatureExplorer(logits, target)
    shown = [explorer.view.answer["values"]]
    for stop in (0, 12, 20, 30):
        told(explorer, controls={"stop": stop})
        now = explorer.view.answer["values"]
        expected = cross_entropy(logits[1::2] / explorer.temperature, target[1::2])
        assert explorer.loss == pytest.approx(expected.item())
        assert now["loss"] == pytest.approx(expected.item())
        shown.append(now)
    assert len({now["accuracy"] for now in shown}) == 1
    assert len({now["error"] for now in shown}) == 5
    assert 3 < explorer.best_temperature < 6
    told(explorer, load="reset")
    assert explorer.temperature == 1
    assert explorer.error is None


def test_temperature_wants_logits_with_a_target_each():
    with pytest.raises(ValueError, match=r"logits have shape \(3,\) and target \(3,\); expected"):
        TemperatureExplorer(torch.zeros(3), torch.zeros(3).long())
