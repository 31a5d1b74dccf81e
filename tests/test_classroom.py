"""What this course asks of a JupyterHub; `classroom/test_class.py` runs one."""

import re
from pathlib import Path

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).parents[1]
CLASSROOM = ROOT / "classroom"
NOTEBOOK = "cross_entropy/notebooks/01_single_sample.ipynb"


def config():
    return PyFileConfigLoader("jupyterhub_config.py", path=str(CLASSROOM)).load_config()


def environment(settings):
    return settings.Spawner.environment.get_value({})


def test_the_configuration_gives_one_thread_and_opens_the_first_notebook():
    spawner = config().Spawner
    assert environment(config()) == {"OMP_NUM_THREADS": "1"}
    assert spawner.default_url == f"/lab/tree/{NOTEBOOK}"
    assert (ROOT / NOTEBOOK.partition("/")[2]).is_file()


def test_the_configuration_lets_nobody_in():
    assert set(config()) == {"Spawner"}


def test_kubernetes_gets_the_same_settings():
    student = yaml.safe_load((CLASSROOM / "values.yaml").read_text())["singleuser"]
    spawner = config().Spawner
    assert student["extraEnv"] == environment(config())
    assert student["defaultUrl"] == spawner.default_url
    assert student["startTimeout"] == spawner.start_timeout


def test_jupyterhub_knows_each_option():
    spawner = pytest.importorskip("jupyterhub.spawner").Spawner
    assert config().Spawner.keys() <= spawner.class_traits(config=True).keys()


def test_the_makefile_pins_the_proxy():
    assert re.search(
        r"configurable-http-proxy@\d+\.\d+\.\d+$", (ROOT / "Makefile").read_text(), re.M
    )
