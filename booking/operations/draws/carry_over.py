"""Whoever lost a round is in the next one by themselves, with one lost round more."""

import time
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from booking.models import Draw, DrawEntry, DrawOutcome, DrawState
from booking.operations.draws.patience import take_time
from booking.operations.draws.wishes import suitable
from booking.queries.bookables import bookables
from booking.queries.draw_slots import slots_of
from booking.rules.eligibility import Decision
from booking.rules.references import new_entry_code

_BATCH = 500


def carry_over(draw_id: UUID, *, now: datetime, seconds: float = 60) -> bool:
    """Enter the losers of the round before, some hundred at a time; False if time ran out before all were looked at.

    Safe to run again and side by side: whoever is in the draw, or was and withdrew, is left alone, and so is whoever
    may not have the dose any more. They keep their wishes for sites; of the new days each that would do.
    """
    draw = Draw.objects.defer("seed").select_related("previous").get(pk=draw_id)
    slot_id = slots_of(draw).order_by("pk").values_list("pk", flat=True).first()
    until = time.monotonic() + seconds
    after = UUID(int=0)
    while slot_id is not None and draw.previous is not None:
        if time.monotonic() > until:
            return False
        rows = list(_losers(draw).filter(pk__gt=after).order_by("pk")[:_BATCH])
        if not rows:
            break
        after = rows[-1].pk
        _enter(draw, rows, slot_id, now=now)
    Draw.objects.filter(pk=draw_id, carried_over_at=None).update(carried_over_at=now)
    return True


def _losers(draw: Draw) -> QuerySet[DrawEntry]:
    assert draw.previous is not None
    known = DrawEntry.objects.filter(draw_id=draw.pk, person=OuterRef("person"))
    rows = DrawEntry.objects.filter(~Exists(known), draw=draw.previous, withdrawn_at=None)
    if draw.previous.state == DrawState.DRAWN:
        rows = rows.filter(outcome__in=[DrawOutcome.NOT_PLACED, DrawOutcome.SLOT_GONE])
    return rows


def _enter(draw: Draw, rows: list[DrawEntry], slot_id: int, *, now: datetime) -> None:
    assert draw.previous is not None
    more = 1 if draw.previous.state == DrawState.DRAWN else 0
    found = bookables([(row.patient_id, row.account_id, slot_id) for row in rows])
    entries = []
    for row, one in zip(rows, found, strict=True):
        days = suitable(one, draw, ()) if one is not None else None
        if days is None or isinstance(days, Decision):
            continue
        entries.append(
            DrawEntry(
                draw=draw,
                account_id=row.account_id,
                patient_id=row.patient_id,
                person=row.person,
                code=new_entry_code(),
                sites=row.sites,
                days=list(days),
                any_site=row.any_site,
                rounds_lost=row.rounds_lost + more,
                entered_at=now,
            )
        )
    with transaction.atomic():
        take_time()
        still = Draw.objects.select_for_update(of=("self",), no_key=True).filter(pk=draw.pk, state=DrawState.ANNOUNCED)
        if still.exists():
            # one_entry_per_draw_and_person: somebody enters them in this very moment.
            DrawEntry.objects.bulk_create(entries, ignore_conflicts=True)
