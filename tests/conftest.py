"""Options, the hypothesis profile, and which tests share a process."""

import gc
import os
import re

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is loaded, and for each kernel
gc.set_threshold(100_000, 50, 100)  # else a seventh of the time goes into looking for waste
CASES = 100  # --cases asks for more
BROWSER = "tests/browser/"
# One JupyterLab, or one Firefox, serves all of a group.
TOGETHER = (
    ("07_error_clinic.ipynb", "test_browser.py", "test_browser_told.py"),
    ("test_browser_site.py", "test_browser_firefox.py"),
)


def pytest_addoption(parser):
    parser.addoption("--cases", type=int, default=1, help="multiply the number of random cases")
    parser.addoption(
        "--sweeps", action="store_true", help="all notebooks and explorers in JupyterLab, not a few"
    )


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
    config.addinivalue_line("markers", "sweep: takes long, and runs with --sweeps")


def scope_of(nodeid):
    """What shares a process: all tests of one notebook in the browser, or those of a file."""
    file = nodeid.partition("::")[0]
    if not file.startswith(BROWSER):
        return file
    notebook = re.search(r"\[(\w+\.ipynb)", nodeid)
    name = notebook[1] if notebook else file.rpartition("/")[2]
    return BROWSER + next((group[0] for group in TOGETHER if name in group), name)


def pytest_collection_modifyitems(config, items):
    """What opens a browser goes first, and notebooks before all: they take longest."""
    if not config.getoption("--sweeps", False):
        for item in items:
            if item.get_closest_marker("sweep"):
                item.add_marker(pytest.mark.skip(reason="stands behind --sweeps"))
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
