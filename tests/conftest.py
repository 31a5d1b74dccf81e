"""Options and the hypothesis profile of the tests."""

import pytest
from hypothesis import HealthCheck, settings

CASES = 300  # .ci/run asks for ten times as many


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


@pytest.fixture(scope="session")
def cases(request):
    """How many times as many random cases as usual."""
    return request.config.getoption("--cases")
