"""What the ledger says of slots, in the shape that the gate is compared with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from booking.admission import SlotState, Summary, kept_at_gate
from booking.models import Appointment, Slot

# A gate's slot may be forgotten this long after it ended.
KEEP_AFTER_END = timedelta(days=2)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LedgerSummary:
    """The ledger's numbers of a slot."""

    slot_id: int
    quota: int
    closed: bool
    opens_ms: int
    taken: int
    highest: int


def epoch_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC, the gate's unit of time."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def slot_states(slot_ids: Sequence[int], *, now: datetime) -> dict[int, SlotState]:
    """All that loading these slots at the gate needs; slots that do not exist are missing. Two statements.

    Kept places, which the gate knows as a slot of their own, have a quota, and nobody in the ledger.
    """
    slots = Slot.objects.filter(pk__in={abs(slot_id) for slot_id in slot_ids})
    recently = now - timedelta(days=2)
    taken: dict[int, list[tuple[str, int]]] = {}
    past: dict[int, list[str]] = {}
    rows = Appointment.objects.filter(slot_id__in=slot_ids).values_list("slot_id", "claim", "place", "cancelled_at")
    for slot_id, claim, place, cancelled_at in rows:
        if place is not None:
            taken.setdefault(slot_id, []).append((claim, place))
        elif cancelled_at is not None and cancelled_at > recently:
            past.setdefault(slot_id, []).append(claim)
    wanted = set(slot_ids)
    at_gate = [(at, slot) for slot in slots for at in (slot.pk, kept_at_gate(slot.pk)) if at in wanted]
    return {
        at: SlotState(
            slot_id=at,
            quota=slot.quota if at == slot.pk else slot.kept_doses,
            opens_ms=epoch_ms(slot.opens_at),
            closed=slot.closed_at is not None,
            keep_seconds=int(max((slot.ends_at + KEEP_AFTER_END - now).total_seconds(), 3600)),
            taken=taken.get(at, ()),
            past=past.get(at, ()),
        )
        for at, slot in at_gate
    }


def ledger_summaries(slot_ids: Sequence[int]) -> dict[int, LedgerSummary]:
    """The ledger's numbers of these slots, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.id, s.quota, s.closed_at IS NOT NULL, floor(extract(epoch FROM s.opens_at) * 1000)::bigint,
                   count(a.place), coalesce(max(a.place), 0)
            FROM booking_slot s
            LEFT JOIN booking_appointment a ON a.slot_id = s.id AND a.place IS NOT NULL
            WHERE s.id = ANY(%(ids)s) GROUP BY s.id
            UNION ALL
            SELECT -s.id, s.kept_doses, s.closed_at IS NOT NULL,
                   floor(extract(epoch FROM s.opens_at) * 1000)::bigint, 0, 0
            FROM booking_slot s WHERE s.id = ANY(%(kept)s)
            """,
            {"ids": list(slot_ids), "kept": [-slot_id for slot_id in slot_ids if slot_id < 0]},
        )
        return {row[0]: LedgerSummary(*row) for row in cursor.fetchall()}


def differs(ledger: LedgerSummary, gate: Summary) -> bool:
    """Whether the slot needs repair. Holds that are still running are nobody's fault and no drift."""
    expected_free = max(ledger.quota - ledger.taken - gate.holds, 0)
    return (
        (gate.quota, gate.closed, gate.settled) != (ledger.quota, ledger.closed, ledger.taken)
        or gate.opens_ms != ledger.opens_ms
        or gate.lapsed > 0
        or gate.free != expected_free
        or gate.left != gate.free
    )


def places_off(ledger: LedgerSummary, gate: Summary) -> int:
    """How many places the gate is wrong about. Leases that have run out and bookings under way are no fault of its.

    A place is written before it is settled, so as many as are on hold may be taken already.
    """
    expected_free = max(ledger.quota - ledger.taken - gate.holds, 0)
    settled = max(abs(gate.settled - ledger.taken) - gate.holds, 0)
    free = max(abs(gate.free - expected_free) - gate.holds, 0)
    return max(settled, free, abs(gate.quota - ledger.quota))


def open_slot_ids(now: datetime) -> list[int]:
    """Slots that have not ended: those that the gate has to be right about."""
    return list(Slot.objects.filter(ends_at__gt=now).order_by("pk").values_list("pk", flat=True))


def kept_gate_ids(now: datetime) -> list[int]:
    """What the gate knows the kept places of these slots by, where any are kept."""
    keeping = Slot.objects.filter(ends_at__gt=now, kept_doses__gt=0).order_by("pk")
    return [kept_at_gate(pk) for pk in keeping.values_list("pk", flat=True)]


def oversold(slot_ids: Iterable[int] | None = None) -> list[tuple[int, int, int]]:
    """(slot, quota, places taken) wherever the first promise is broken: must always be empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.id, s.quota, count(*) FROM booking_slot s
            JOIN booking_appointment a ON a.slot_id = s.id AND a.place IS NOT NULL
            GROUP BY s.id HAVING count(*) > s.quota OR max(a.place) > s.quota
            """
        )
        return list(cursor.fetchall())


def doubly_booked() -> list[tuple[str, int, int, int]]:
    """(person, programme, dose, live appointments) wherever the second promise is broken: must always be empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person::text, programme_id, dose, count(*) FROM booking_appointment
            WHERE status IN ('BOOKED', 'CHECKED_IN', 'FULFILLED')
            GROUP BY person, programme_id, dose HAVING count(*) > 1
            """
        )
        return list(cursor.fetchall())
