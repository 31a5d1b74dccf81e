import pytest

from ce_helpers.learning import record


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(record, "_best", {})
    monkeypatch.setattr(record, "_tries", {})
    monkeypatch.setattr(record, "_listeners", [])


@pytest.mark.parametrize(
    "statuses, best",
    [
        ([], "open"),
        (["open"], "open"),
        (["wrong"], "wrong"),
        (["guessed", "wrong", "open"], "wrong"),
        (["wrong", "right"], "right"),
        (["right", "wrong"], "right"),
        (["right", "shown"], "right"),
        (["shown", "right"], "shown"),
        (["wrong", "open"], "wrong"),
    ],
)
def test_the_best_status_stays(statuses, best):
    for status in statuses:
        record.note("key", status)
    assert record.status_of("key") == best


def test_the_tries_are_those_on_the_way_to_the_best_status():
    for status, tries in (("guessed", "guess 7"), ("right", "guess 7 ✗, 12 ✓"), ("wrong", "3 ✗")):
        record.note("key", status, tries)
    assert record.tries_of("key") == "guess 7 ✗, 12 ✓"
    assert record.tries_of("other") == ""


def test_listeners_hear_of_changes_only():
    heard = []
    record.listen(heard.append)
    for status in ("wrong", "wrong", "right", "wrong"):
        record.note("key", status)
    assert heard == ["key", "key"]
