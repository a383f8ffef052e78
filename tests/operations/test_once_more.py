"""What the ledger undoes because of others is done once more; what nobody knows the end of, only where it is found."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error as LedgerError
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Patient
from booking.models import Appointment, Slot
from booking.models.passing import is_lost, passes, was_undone
from booking.operations import once_more as module
from booking.operations import write_bookings
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.once_more import again_if_undone, once_more
from booking.operations.refusals import Busy
from tests.factories import make_patient, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def _open_slot() -> Slot:
    now = timezone.now()
    return make_slot(quota=5, starts_at=now + timedelta(days=2), opens_at=now - timedelta(days=1))


def _book(patient: Patient, slot: Slot, key: str = "the-only-key-of-this") -> str:
    return book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=timezone.now()
    ).reference


@pytest.fixture(autouse=True)
def whole_sessions() -> Iterator[None]:
    """Whatever was cut off is not found by the next test."""
    yield
    connection.close()
    connection.pool.drain()  # type: ignore[attr-defined]


def _end_every_session() -> None:
    """As a restart of the ledger does to the sessions that a process keeps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with contextlib.suppress(LedgerError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def _cross(work: Callable[[int, int, threading.Barrier], None]) -> list[Exception]:
    """Two people lock the same two slots, each in another order, at once; what was raised."""
    slots, both, raised = [make_slot().pk, make_slot().pk], threading.Barrier(2), []

    def go(first: int, second: int) -> None:
        try:
            work(first, second, both)
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=order) for order in (slots, slots[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(Slot.objects.filter(pk__in=slots).values_list("kept_doses", flat=True)) == 2 * (2 - len(raised))
    return raised


def _lock_both(first: int, second: int, both: threading.Barrier) -> None:
    with transaction.atomic():
        for slot_id in (first, second):
            slot = Slot.objects.select_for_update().get(pk=slot_id)
            Slot.objects.filter(pk=slot_id).update(kept_doses=slot.kept_doses + 1)
            if slot_id == first and not both.broken:
                try:
                    both.wait(2)
                except threading.BrokenBarrierError:
                    both.abort()
    both.abort()


def test_a_deadlock_is_tried_once_more_and_nobody_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    # However slow the machine is.
    monkeypatch.setattr(module, "_MOST", 30)

    assert _cross(again_if_undone(_lock_both)) == []


def test_without_that_one_of_two_is_told_of_the_deadlock() -> None:
    raised = _cross(_lock_both)

    assert [was_undone(error) for error in raised if isinstance(error, LedgerError)] == [True]


def _warm_slot() -> Slot:
    slot = _open_slot()
    _book(make_patient(), slot, key="so-that-the-gate-knows-it")
    return slot


def test_a_booking_does_not_notice_that_the_ledger_was_started_again() -> None:
    patient, slot = make_patient(), _warm_slot()
    _end_every_session()

    assert Appointment.objects.get(reference=_book(patient, slot)).slot_id == slot.pk


def test_without_another_try_it_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_bookings, "once_more", lambda work, **_: work())
    patient, slot = make_patient(), _warm_slot()
    _end_every_session()

    with pytest.raises(Busy):
        _book(patient, slot)


def _commit_and_lose_the_answer(monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    written, left = write_bookings.record, [times]

    def record(*args: Any, **kwargs: Any) -> set[str]:
        found = written(*args, **kwargs)
        if left[0]:
            left[0] -= 1
            raise OperationalError("the connection is lost")
        return found

    monkeypatch.setattr(write_bookings, "record", record)
    return left


def test_an_answer_lost_after_the_commit_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    patient, slot = make_patient(), _open_slot()
    _commit_and_lose_the_answer(monkeypatch, 1)

    reference = _book(patient, slot)

    assert Appointment.objects.get().reference == reference


def test_an_answer_lost_twice_is_given_to_the_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    patient, slot = make_patient(), _open_slot()
    _commit_and_lose_the_answer(monkeypatch, 2)

    with pytest.raises(Busy):
        _book(patient, slot)

    assert _book(patient, slot) == Appointment.objects.get().reference


def test_what_cannot_be_found_again_is_not_done_again_after_a_lost_session(monkeypatch: pytest.MonkeyPatch) -> None:
    patient, slot = make_patient(), _open_slot()
    reference = _book(patient, slot)
    monkeypatch.setattr("booking.operations.cancel.locked_series", _lost)

    with pytest.raises(OperationalError):
        cancel(account_id=patient.user_id, reference=reference, now=timezone.now())


def _lost(*_: object) -> Any:
    raise OperationalError("the connection is lost")


def test_nothing_is_tried_again_inside_somebody_elses_transaction() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("the connection is lost")

    with pytest.raises(OperationalError), transaction.atomic():
        once_more(work, repeatable=True)

    assert len(tries) == 1


def test_whoever_has_waited_long_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", -1)
    tries = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("the connection is lost")

    with pytest.raises(OperationalError):
        once_more(work, repeatable=True)

    assert len(tries) == 1


@pytest.mark.parametrize(
    ("statement", "lost"),
    [
        ("SET LOCAL transaction_read_only = on; UPDATE booking_slot SET quota = 1", True),
        ("SET LOCAL statement_timeout = 10; SELECT pg_sleep(1)", False),
        ("DO $$ BEGIN RAISE disk_full; END $$", False),
        ("DO $$ BEGIN RAISE too_many_connections; END $$", False),
        ("DO $$ BEGIN RAISE admin_shutdown; END $$", True),
    ],
)
def test_what_passes_by_itself_is_told_from_a_fault(statement: str, lost: bool) -> None:
    with pytest.raises(LedgerError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert passes(raised.value)
    assert is_lost(raised.value) is lost


def test_a_fault_of_ours_does_not_pass() -> None:
    with pytest.raises(LedgerError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing")

    assert not passes(raised.value)
    assert not is_lost(raised.value)
