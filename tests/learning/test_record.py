import pytest

from ce_helpers.learning import record


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(record, "_best", {})
    monkeypatch.setattr(record, "_listeners", [])


@pytest.mark.parametrize(
    "statuses, best",
    [
        ([], "open"),
        (["open"], "open"),
        (["wrong"], "wrong"),
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


def test_listeners_hear_of_changes_only():
    heard = []
    record.listen(heard.append)
    for status in ("wrong", "wrong", "right", "wrong"):
        record.note("key", status)
    assert heard == ["key", "key"]
