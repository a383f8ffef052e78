"""The public value is known: the draw is drawn, and its places are given, by a job that may be stopped anywhere."""

import gzip
import hashlib
import time
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from accounts.pieces import in_pieces
from booking import enqueue
from booking.models import Draw, DrawEntry, DrawFile, DrawState
from booking.operations.draws.give_places import give_places
from booking.operations.draws.patience import take_time
from booking.operations.draws.refusals import CannotDraw
from booking.operations.refusals import NotFound
from booking.operations.releases.pausing import refuse_if_paused_in_the_ledger
from booking.queries.pause import open_pause
from booking.rules.draw import Drawn, draw, entry_name
from booking.rules.draw_file import outcome_of, read_list

# Seconds of work before other jobs get their turn.
SLICE = 5.0
_ROWS = 5000
_LONGEST = 200


def run_draw(*, draw_id: UUID, public_value: str, by: int, now: datetime) -> Draw:
    """Draw with this public value: by a job, which then gives the places; queries.draws.progress says how far it is.

    A second time with the same value changes nothing. Raises NotFound; CannotDraw before the entries are closed, with
    another value than the first time, once it was called off, or for a value that is no line of text; Paused.
    """
    value = public_value.strip()
    if not value or len(value) > _LONGEST or not value.isprintable():
        raise CannotDraw(reason="bad_value")
    # Before it is locked: while a job draws, that would have to wait for the job.
    drawn = Draw.objects.filter(pk=draw_id, state__in=[DrawState.DRAWING, DrawState.DRAWN]).first()
    if drawn is None:
        drawn = _begin(draw_id, value, by, now=now)
    if drawn.public_value != value:
        raise CannotDraw(reason="drawn")
    return drawn


def _begin(draw_id: UUID, value: str, by: int, *, now: datetime) -> Draw:
    with transaction.atomic():
        row = Draw.objects.select_for_update(of=("self",), no_key=True).filter(pk=draw_id).first()
        if row is None:
            raise NotFound(what="draw")
        if row.state in (DrawState.DRAWING, DrawState.DRAWN):
            return row
        if row.state != DrawState.CLOSED:
            raise CannotDraw(reason="called_off" if row.state == DrawState.CALLED_OFF else "not_closed")
        refuse_if_paused_in_the_ledger()
        row.state, row.public_value, row.drawn_by_id = DrawState.DRAWING, value, by
        row.save(update_fields=["state", "public_value", "drawn_by"])
        enqueue.carry_on_draw(draw_id, now=now)
    return row


def carry_on(*, draw_id: UUID, now: datetime, seconds: float = SLICE) -> bool:
    """Do the next part of a draw: first who gets what, in one transaction, then the appointments, batch by batch.

    False once nothing is left to do, or while the city pauses booking. Puts itself into the queue again after
    `seconds`. May be killed anywhere and run twice: every batch is one transaction that locks the draw.
    """
    until = time.monotonic() + seconds
    if open_pause() is not None or not _drawn(draw_id, now=now):
        return False
    told = False
    while time.monotonic() < until:
        dealt_with = give_places(draw_id, now=now)
        if dealt_with is None:
            if told:
                enqueue.send_messages(now=now)
            return False
        told = True
    with transaction.atomic():
        enqueue.send_messages(now=now)
        enqueue.carry_on_draw(draw_id, now=now)
    return True


def _drawn(draw_id: UUID, *, now: datetime) -> bool:
    """Draw, unless it was done before; False if the draw is not to be drawn."""
    with transaction.atomic():
        take_time()
        row = Draw.objects.select_for_update(of=("self",), no_key=True).get(pk=draw_id)
        if row.state != DrawState.DRAWING:
            return False
        if row.drawn_at is not None:
            return True
        file = DrawFile.objects.get(draw=row)
        # From what was published when the entries closed, whatever the tables say by now.
        entry_list = gzip.decompress(bytes(file.entry_list))
        places, entries = read_list(entry_list)
        results = draw(str(row.seed), row.public_value, entries, places)
        outcome = outcome_of(entry_list, str(row.seed), row.public_value, results)
        _write(row, results)
        file.outcome = gzip.compress(entry_list + outcome, mtime=0)
        file.save(update_fields=["outcome"])
        row.drawn_at, row.digest = now, hashlib.sha256(entry_list + outcome).hexdigest()
        row.save(update_fields=["drawn_at", "digest"])
    return True


def _write(row: Draw, results: Sequence[Drawn]) -> None:
    codes = in_pieces(DrawEntry.objects.filter(draw=row).values_list("pk", "code"), size=_ROWS)
    keys = {entry_name(str(row.pk), code): pk for pk, code in codes}
    with connection.cursor() as cursor:
        for start in range(0, len(results), _ROWS):
            some = results[start : start + _ROWS]
            cursor.execute(
                """
                UPDATE booking_drawentry e SET rank = w.rank, slot_id = w.slot
                FROM unnest(%s::uuid[], %s::int[], %s::bigint[]) AS w(id, rank, slot) WHERE e.id = w.id
                """,
                [[keys[one.name] for one in some], [one.rank for one in some], [one.slot for one in some]],
            )
