"""What informs everybody may be a little old: it comes from the replica while that keeps up, else from the ledger."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from booking.models import Slot
from booking.operations.book import book
from booking.operations.refusals import SlotClosed
from booking.queries import stale
from booking.queries.board import BoardDay, board, forget_boards
from booking.queries.stale import forget_replica, may_be_old
from deploy.embedded import Postgres
from sites.kept import Kept
from tests.factories import make_patient, make_slot
from tests.faults.ledger_servers import Replica, number

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Replica]:
    there = connection.settings_dict
    ledger = Postgres(Path("."), password=there["PASSWORD"], port=int(there["PORT"]))
    folder = Path(tempfile.mkdtemp(prefix="booking-tests-replica-"))
    folder.chmod(0o755)
    replica = Replica(folder / "replica", there["PASSWORD"], settings=("max_connections=200", "fsync=off"), of=ledger)
    replica.start()
    yield replica
    replica.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def use(settings: Any) -> Iterator[Callable[[int], None]]:
    """Take the server at this port for the replica."""
    settings.REPLICA_CHECK_SECONDS = 0

    def take(port: int) -> None:
        pool = {"min_size": 1, "max_size": 2, "timeout": 1, "reconnect_timeout": 1}
        connections.settings["replica"] = {
            **connection.settings_dict, "HOST": "127.0.0.1", "PORT": str(port), "OPTIONS": {"pool": pool},
        }  # fmt: skip
        replica = connections["replica"]
        # Past Django's own guard, which knows only the databases that it has made for the test.
        replica.ensure_connection = lambda: _connect(replica)  # type: ignore[method-assign]
        forget_replica()

    yield take
    connections["replica"].close()
    connections["replica"].close_pool()
    del connections["replica"]
    del connections.settings["replica"]


def _connect(replica: Any) -> None:
    if replica.connection is None:
        with replica.wrap_database_errors:
            replica.connect()


def _source() -> str:
    return may_be_old(lambda ledger: ledger)


def _comes_from(alias: str) -> bool:
    deadline = time.monotonic() + 15
    while _source() != alias and time.monotonic() < deadline:
        time.sleep(0.05)
    return _source() == alias


def _days(slot: Slot) -> list[BoardDay]:
    forget_boards()
    Kept.forget_all()
    now, day = timezone.now(), timezone.localdate(slot.starts_at)
    return board(programme=slot.programme.code, first=day, last=day, now=now)


def _open_slot() -> Slot:
    now = timezone.now()
    return make_slot(quota=5, starts_at=now + timedelta(days=2), opens_at=now - timedelta(days=1))


def test_without_a_replica_the_ledger_serves() -> None:
    assert _source() == "default"


def test_a_replica_that_keeps_up_serves_what_everybody_is_told(server: Replica, use: Any) -> None:
    use(server.port)
    slot = _open_slot()

    assert _comes_from("replica")
    # It may be some seconds behind and still keep up.
    deadline = time.monotonic() + 15
    while not Slot.objects.using("replica").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert may_be_old(lambda ledger: Slot.objects.using(ledger).get().pk) == slot.pk


def test_what_a_frozen_replica_shows_is_old_for_a_while_and_decides_nothing(
    server: Replica, use: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPLICA_LAG_SECONDS = 2
    settings.BOARD_SECONDS = 0
    monkeypatch.setattr("booking.queries.board.cache.get", lambda key: None)
    use(server.port)
    slot = _open_slot()
    patient = make_patient()
    assert _comes_from("replica")

    server.freeze()
    try:
        Slot.objects.update(closed_at=timezone.now())
        assert _days(slot)[0].state == "plenty"
        with pytest.raises(SlotClosed):
            book(
                account_id=patient.user_id,
                patient_id=patient.pk,
                slot_id=slot.pk,
                request_key="while-it-is-frozen",
                now=timezone.now(),
            )

        assert _comes_from("default")
        assert _days(slot)[0].state == "closed"
    finally:
        server.thaw()
    assert _comes_from("replica")
    assert _days(slot)[0].state == "closed"


def test_a_dead_replica_is_not_missed_and_comes_back_by_itself(server: Replica, use: Any) -> None:
    use(server.port)
    slot = _open_slot()
    assert _comes_from("replica")

    server.stop()

    assert may_be_old(lambda ledger: Slot.objects.using(ledger).get().pk) == slot.pk
    assert _source() == "default"
    server.start()
    assert _comes_from("replica")


def test_the_replica_goes_on_while_the_ledger_itself_is_away(
    server: Replica, use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(server.port)
    assert _comes_from("replica")
    asked = stale._position

    def only_the_replica(alias: str, statement: str) -> Any:
        if alias == "default":
            raise OperationalError("the ledger is away")
        return asked(alias, statement)

    monkeypatch.setattr(stale, "_position", only_the_replica)

    assert [_source() for _ in range(3)] == ["replica"] * 3


def test_a_read_that_the_replica_cannot_answer_is_asked_of_the_ledger(server: Replica, use: Any) -> None:
    use(server.port)
    assert _comes_from("replica")

    def read(ledger: str) -> str:
        with connections[ledger].cursor() as cursor:
            cursor.execute("SELECT 1 / (NOT pg_is_in_recovery())::int")
        return ledger

    assert may_be_old(read) == "default"


def test_a_server_that_is_nobodys_replica_is_not_asked(use: Any) -> None:
    use(int(connection.settings_dict["PORT"]))

    assert [_source() for _ in range(3)] == ["default"] * 3


def test_a_look_at_the_replica_leaves_the_callers_transaction_alone(server: Replica, use: Any) -> None:
    use(server.port)

    with transaction.atomic():
        _source()
        slot = _open_slot()

    assert Slot.objects.get().pk == slot.pk


def test_only_queries_ask_the_replica() -> None:
    house = Path(__file__).resolve().parents[2]
    sources = [path for room in ("accounts", "sites", "booking") for path in (house / room).rglob("*.py")]

    asking = {path.parent.relative_to(house) for path in sources if "may_be_old" in path.read_text()}

    assert asking == {Path("booking/queries"), Path("booking/queries/figures")}


def test_a_quiet_ledger_does_not_look_like_a_slow_replica(server: Replica, use: Any, settings: Any) -> None:
    # Not nought: other tests write into the same server meanwhile.
    settings.REPLICA_LAG_SECONDS = 0.3
    use(server.port)
    assert _comes_from("replica")
    before = number(server, "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint")

    time.sleep(1)

    assert _comes_from("replica")
    assert server.position() >= before
