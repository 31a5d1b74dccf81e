"""The parts of the class on a JupyterHub that need no hub: configuration and sizes."""

import re
from pathlib import Path

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from classroom import NOTEBOOK
from classroom.sizing import GIB, Cost, Size, size

ROOT = Path(__file__).parents[1]
CLASSROOM = ROOT / "classroom"
COST = Cost(memory=0.5 * GIB, start=10.0, move=0.05)


def config(name):
    return PyFileConfigLoader(name, path=str(CLASSROOM)).load_config()


def environment(settings):
    return settings.Spawner.environment.get_value({})


def test_the_configuration_gives_one_thread_and_opens_the_first_notebook():
    spawner = config("jupyterhub_config.py").Spawner
    assert environment(config("jupyterhub_config.py")) == {"OMP_NUM_THREADS": "1"}
    assert spawner.default_url == f"/lab/tree/{NOTEBOOK}"
    assert (ROOT / NOTEBOOK.partition("/")[2]).is_file()


def test_only_the_loopback_configuration_lets_anyone_in():
    # a name that the real server must not get from this course
    assert set(config("jupyterhub_config.py")) == {"Spawner"}
    # sockets as files fail under a long user name, so the real server keeps TCP
    assert "args" not in config("jupyterhub_config.py").Spawner
    loopback = config("loopback_config.py")
    assert loopback.JupyterHub == {"authenticator_class": "dummy", "spawner_class": "simple"}
    assert environment(loopback) == {"OMP_NUM_THREADS": "1"}


def test_kubernetes_gets_the_same_settings():
    student = yaml.safe_load((CLASSROOM / "values.yaml").read_text())["singleuser"]
    spawner = config("jupyterhub_config.py").Spawner
    assert student["extraEnv"] == environment(config("jupyterhub_config.py"))
    assert student["defaultUrl"] == spawner.default_url
    assert student["startTimeout"] == spawner.start_timeout


def test_jupyterhub_knows_each_option():
    app = pytest.importorskip("jupyterhub.app")
    proxy = pytest.importorskip("jupyterhub.proxy")
    spawner = pytest.importorskip("jupyterhub.spawner")
    classes = (app.JupyterHub, proxy.ConfigurableHTTPProxy, spawner.Spawner)
    known = {a_class.__name__: a_class.class_traits(config=True) for a_class in classes}
    for section, options in config("loopback_config.py").items():
        assert options.keys() <= known[section].keys()


def test_a_class_needs_memory_to_hold_and_cores_to_start_and_to_move():
    # 1 + 1.4 · 30 · 0.5 = 22 GiB; 30 · 10 / 120 = 2.5 cores; 30 · 2 · 0.05 / 0.5 = 6 cores
    assert size(30, COST, 2) == Size(memory=22, cores_to_start=3, cores_to_move=6)
    assert size(300, COST, 2) == Size(memory=211, cores_to_start=25, cores_to_move=60)


@pytest.mark.parametrize(("students", "rate"), [(0, 1), (-1, 1), (30, 0), (30, float("nan"))])
def test_a_size_needs_students_and_a_rate(students, rate):
    with pytest.raises(ValueError, match=r"expected at least 1 student and a rate above 0\.$"):
        size(students, COST, rate)


def test_the_makefile_pins_the_proxy():
    assert re.search(
        r"configurable-http-proxy@\d+\.\d+\.\d+$", (ROOT / "Makefile").read_text(), re.M
    )
