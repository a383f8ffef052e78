"""How a process speaks to the ledger, to a pooler in front of it, and to its replica."""

import pytest

from deploy.ledger import databases


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:secret@one:5432,two:5432/city?target_session_attrs=read-write")
    for name in ("DATABASE_POOL", "DATABASE_POOLER", "DATABASE_REPLICA_URL", "DATABASE_REPLICA_POOL"):
        monkeypatch.delenv(name, raising=False)


def test_every_session_is_told_how_long_a_statement_may_take() -> None:
    options = databases()["default"]["OPTIONS"]

    assert "statement_timeout=5000" in options["options"]
    assert options["target_session_attrs"] == "read-write"


def test_nothing_that_belongs_to_a_session_goes_through_a_pooler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOLER", "1")

    ledger = databases()["default"]

    assert "options" not in ledger["OPTIONS"]
    assert ledger["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_a_process_that_forks_keeps_a_connection_and_looks_whether_it_still_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_POOL", "0")

    ledger = databases()["default"]

    assert "pool" not in ledger["OPTIONS"]
    assert (ledger["CONN_MAX_AGE"], ledger["CONN_HEALTH_CHECKS"]) == (60, True)


def test_the_replica_is_for_reading_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "replica" not in databases()
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://ada:secret@two:5432/city")

    replica = databases()["replica"]

    assert "default_transaction_read_only=on" in replica["OPTIONS"]["options"]
    assert (replica["HOST"], replica["OPTIONS"]["pool"]["max_size"]) == ("two", 3)


def test_a_process_without_a_pool_has_none_for_the_replica_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOL", "0")
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://ada:secret@two:5432/city")

    assert "pool" not in databases()["replica"]["OPTIONS"]
