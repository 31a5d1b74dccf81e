"""Options, the hypothesis profile, and which tests share a process."""

import os
import re

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is loaded, and for each kernel
CASES = 100  # --cases asks for more


def pytest_addoption(parser):
    parser.addoption("--cases", type=int, default=1, help="multiply the number of random cases")


def pytest_configure(config):
    settings.register_profile(
        "fixed",
        max_examples=CASES * config.getoption("--cases", 1),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("fixed")


def scope_of(nodeid):
    """What shares a process: all tests of one notebook in the browser, or those of a file."""
    file = nodeid.partition("::")[0]
    notebook = re.search(r"\[(\w+\.ipynb)", nodeid)
    return f"tests/browser/ {notebook[1]}" if notebook and "/browser/" in file else file


def pytest_collection_modifyitems(items):
    """What opens a browser goes first, and notebooks before all: they take longest."""
    items.sort(
        key=lambda item: (not item.nodeid.startswith("tests/browser"), scope_of(item.nodeid))
    )


class ByScope(LoadScopeScheduling):
    """Gives each scope to one process, in the order of the tests."""

    def _split_scope(self, nodeid):
        return scope_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByScope(config, log)


@pytest.fixture(scope="session")
def cases(request):
    """How many times as many random cases as usual."""
    return request.config.getoption("--cases")
