"""Drawn places become appointments, some hundred at a time: each batch is one transaction that locks the draw."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from booking import admission
from booking.admission import GateDown
from booking.models import LIVE, Appointment, Draw, DrawEntry, DrawOutcome, DrawState, Message, MessageKind, Slot
from booking.operations.book import claim_for
from booking.operations.draws.patience import take_time
from booking.operations.draws.record_drawn import DrawnPlace, record_drawn
from booking.operations.refusals import NotFound, Refusal, SlotClosed
from booking.operations.write_bookings import check
from booking.queries.availability import forget_site
from booking.queries.bookables import Bookable, bookables
from booking.queries.numbers_left import numbers_left
from booking.rules.references import new_reference

BATCH = 500
# A number that was free may be gone when it is written; then the next one is tried.
_TRIES = 3


def give_places(draw_id: UUID, *, now: datetime) -> int | None:
    """Deal with the next entries by rank; returns how many were, None once all are: then the draw is over.

    A place is given by what the ledger says now: a number within the quota of a slot that takes people, which nobody
    has; to somebody who may have the dose and has no appointment for it. Whoever gets none although one was drawn for
    them has the reason in the ledger (`DrawEntry.outcome`), not in the published file.
    """
    with transaction.atomic():
        take_time()
        draw = Draw.objects.select_for_update(of=("self",), no_key=True).defer("seed").get(pk=draw_id)
        if draw.state != DrawState.DRAWING or draw.drawn_at is None:
            return None
        rows = list(DrawEntry.objects.filter(draw=draw, outcome="", rank__isnull=False).order_by("rank")[:BATCH])
        if not rows:
            draw.state = DrawState.DRAWN
            draw.save(update_fields=["state"])
            return None
        _deal_with(rows, now=now)
    return len(rows)


def _deal_with(rows: Sequence[DrawEntry], *, now: datetime) -> None:
    places = _wanted([row for row in rows if row.slot_id is not None], now=now)
    written = _written(places, now=now)
    for row in rows:
        if row.slot_id is None:
            row.outcome = DrawOutcome.NOT_PLACED
        elif row.pk in written:
            row.outcome, row.appointment_id = DrawOutcome.BOOKED, written[row.pk][0]
    _explain([row for row in rows if not row.outcome], places)
    _note(rows)
    Message.objects.bulk_create(
        Message(
            key=f"{MessageKind.NOT_DRAWN}:{row.pk}",
            kind=MessageKind.NOT_DRAWN,
            account_id=row.account_id,
            patient_id=row.patient_id,
            created_at=now,
            due_at=now,
        )
        for row in rows
        if row.outcome not in (DrawOutcome.BOOKED, DrawOutcome.PATIENT_GONE)
    )
    settled = [(one.slot_id, one.claim, written[pk][1]) for pk, one in places.items() if pk in written]
    slots = {one.slot_id for one in places.values()}
    transaction.on_commit(lambda: _tell(settled, slots))


def _note(rows: Sequence[DrawEntry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE booking_drawentry e SET outcome = w.outcome, appointment_id = w.appointment
            FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS w(id, outcome, appointment) WHERE e.id = w.id
            """,
            [[row.pk for row in rows], [str(row.outcome) for row in rows], [row.appointment_id for row in rows]],
        )


def _wanted(rows: Sequence[DrawEntry], *, now: datetime) -> dict[UUID, DrawnPlace]:
    """What is to be written for each entry whose person may have the dose; the outcome of the others is set."""
    found = bookables([(row.patient_id, row.account_id, row.slot_id or 0) for row in rows])
    places = {}
    for row, bookable in zip(rows, found, strict=True):
        dose = check(bookable, now=now)
        if isinstance(dose, Refusal) or bookable is None:
            row.outcome = _OUTCOMES.get(type(dose), DrawOutcome.NOT_ELIGIBLE)
        elif dose in {booked for booked, _ in bookable.person.booked}:
            row.outcome = DrawOutcome.ALREADY_BOOKED
        else:
            places[row.pk] = _place(row, bookable, dose)
    return places


_OUTCOMES: dict[type, DrawOutcome] = {NotFound: DrawOutcome.PATIENT_GONE, SlotClosed: DrawOutcome.SLOT_GONE}


def _place(row: DrawEntry, bookable: Bookable, dose: int) -> DrawnPlace:
    # No caller's key holds a blank. One entry has one key, so it can never have two appointments.
    request_key = f"draw {row.pk}"
    return DrawnPlace(
        entry_id=row.pk,
        slot_id=bookable.slot.slot_id,
        patient_id=row.patient_id,
        person=bookable.person_key,
        programme_id=bookable.slot.programme_id,
        dose=dose,
        account_id=row.account_id,
        reference=new_reference(),
        request_key=request_key,
        claim=claim_for(row.account_id, request_key),
    )


def _written(places: dict[UUID, DrawnPlace], *, now: datetime) -> dict[UUID, tuple[int, int]]:
    """Of each entry that got its place, the appointment's key and its number."""
    written: dict[UUID, tuple[int, int]] = {}
    for _ in range(_TRIES):
        missing = [one for pk, one in places.items() if pk not in written]
        if not missing:
            break
        free = numbers_left({one.slot_id for one in missing})
        numbered = [(one, numbers.pop(0)) for one in missing if (numbers := free.get(one.slot_id))]
        if not numbered:
            break
        written.update(record_drawn(numbered, now=now))
    return written


def _explain(rows: Sequence[DrawEntry], places: dict[UUID, DrawnPlace]) -> None:
    """Those whose place was not written: somebody has booked for them in this very moment, or the slot has no place."""
    wanted = [places[row.pk] for row in rows]
    people = {one.person for one in wanted}
    live = set(
        Appointment.objects.filter(person__in=people, status__in=LIVE).values_list("person", "programme_id", "dose")
    )
    for row in rows:
        one = places[row.pk]
        booked = (one.person, one.programme_id, one.dose) in live
        row.outcome = DrawOutcome.ALREADY_BOOKED if booked else DrawOutcome.SLOT_GONE


def _tell(settled: Sequence[tuple[int, str, int]], slots: set[int]) -> None:
    for site_id in set(Slot.objects.filter(pk__in=slots).values_list("site_id", flat=True)):
        forget_site(site_id)
    # Without the gate: the ledger has them, and reconcile tells the gate when it is back.
    with suppress(GateDown):
        admission.settle_many(settled)
