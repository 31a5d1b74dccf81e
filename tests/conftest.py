"""Options, the hypothesis profile, and which tests share a process."""

import os

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_collection_modifyitems(items):
    """What opens a browser goes first: it takes longest."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser"))


@pytest.fixture(scope="session")
def cases(request):
    """How many times as many random cases as usual."""
    return request.config.getoption("--cases")
