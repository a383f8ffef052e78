"""Every promise, after a small rush in which something went wrong."""

import time
from collections.abc import Sequence
from datetime import timedelta

import psycopg
import redis

from tests.faults.chance.citizens import BrokenPromise, Citizen
from tests.faults.chance.city import ChanceCity
from tests.faults.chance.mishaps import age_leases

OVERSOLD = """
SELECT s.id, s.quota, count(*) FROM booking_slot s JOIN booking_appointment a ON a.slot_id = s.id
WHERE a.place IS NOT NULL GROUP BY s.id HAVING count(*) > s.quota OR max(a.place) > s.quota
  OR count(DISTINCT a.place) < count(*)
"""
_ROWS = "SELECT booked_by_id, reference, slot_id, status, place, request_key FROM booking_appointment"


def expect(holds: object, otherwise: str) -> None:
    """Raise BrokenPromise unless it holds."""
    if not holds:
        raise BrokenPromise(otherwise)


def all_promises(city: ChanceCity, slots: Sequence[int], citizens: Sequence[Citizen]) -> None:
    """Compare the citizens' own journals with the ledger, and the ledger with the gate, once leases are over."""
    _wait_for_the_ledger(city)
    with psycopg.connect(city.ledger.url()) as connection:
        oversold = connection.execute(OVERSOLD).fetchall()
        expect(not oversold, f"(slot, quota, taken) of slots with more than there is: {oversold}")
        rows = connection.execute(_ROWS).fetchall()
    for citizen in citizens:
        _of_one(citizen, [row[1:] for row in rows if row[0] == citizen.account])
    _gate_and_ledger_agree(city, slots)


def _of_one(citizen: Citizen, rows: list[tuple[str, int, str, int | None, str]]) -> None:
    told = f"citizen {citizen.number}, who has {citizen.status} {citizen.reference} in {citizen.slot}: {rows}"
    live = [row for row in rows if row[2] == "BOOKED"]
    expect(len(live) <= 1, f"two appointments of {told}")
    expect(len({row[4] for row in rows}) == len(rows), f"one key, two appointments of {told}")
    expect(citizen.references <= {row[0] for row in rows}, f"a promised appointment is lost of {told}")
    if not citizen.is_sure:
        return
    expect(citizen.references == {row[0] for row in rows}, f"an appointment that nobody was told of: {told}")
    if citizen.status == "BOOKED":
        expect([row[:2] for row in live] == [(citizen.reference, citizen.slot)], f"not what they were told: {told}")
    else:
        expect(not live, f"an appointment although they were told otherwise: {told}")


def _gate_and_ledger_agree(city: ChanceCity, slots: Sequence[int]) -> None:
    from django.utils import timezone

    from booking import admission
    from booking.admission.connection import connection as gate
    from booking.models import Slot
    from booking.operations.freed_places.release_places import release_places
    from booking.operations.reconcile import reconcile
    from booking.queries.audit import audit
    from booking.queries.taken import taken_in

    deadline = time.monotonic() + 20
    while gate().gone:
        expect(time.monotonic() < deadline, "the breaker does not close")
        time.sleep(0.05)
    later = timezone.now() + timedelta(hours=1)
    release_places(now=later)
    age_leases(redis.Redis.from_url(city.gate.url()), slots)
    reconcile(now=later)
    found = audit(now=later)
    expect(found.is_clean and not found.running_holds and found.gate_answers, " ".join(found.lines()))
    taken, left = taken_in(slots), admission.places_left(slots)
    for slot in Slot.objects.filter(pk__in=slots):
        free = slot.quota - taken.get(slot.pk, 0)
        expect(left.get(slot.pk, free) == free, f"slot {slot.pk}: {left} left at the gate, {free} free")


def _wait_for_the_ledger(city: ChanceCity) -> None:
    """What workers that were killed have left undone comes to its end."""
    working = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'web' AND state <> 'idle'"
    deadline = time.monotonic() + 15
    with psycopg.connect(city.ledger.url(), autocommit=True) as connection:
        while (row := connection.execute(working).fetchone()) and row[0]:
            expect(time.monotonic() < deadline, "a statement that does not end")
            time.sleep(0.02)
