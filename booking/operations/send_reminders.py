"""Reminders: written for everybody whose time has come, by as many workers as there are, each appointment once.

A reminder's key names the appointment and its slot, so that one that was moved is reminded of its new time. Whether it
still stands is looked at again in the moment of sending.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from booking import enqueue
from booking.models import MessageKind, Programme, Slot
from booking.rules.messages import LEAST_BEFORE, REMIND_BEFORE, reminder_from

# So many places are looked through in one statement, which locks the appointments that it writes for.
_PLACES = 4000

# OFFSET 0 keeps the questions one by one: the planner, which knows nothing of the evening's rows yet, would rather read
# both tables from end to end for every few thousand places.
_REMIND = """
WITH due AS (
  SELECT a.* FROM unnest(%(slots)s::bigint[], %(before)s::timestamptz[]) AS w(slot, before) CROSS JOIN LATERAL (
    SELECT a.id, a.reference, a.slot_id FROM booking_appointment a
    WHERE a.slot_id = w.slot AND a.status = 'BOOKED' AND a.booked_at < w.before
      AND NOT EXISTS (
        SELECT FROM booking_message m WHERE m.key = %(kind)s || ':' || a.reference || ':' || a.slot_id OFFSET 0
      )
      -- Whoever was moved there since has just been told so.
      AND NOT EXISTS (
        SELECT FROM booking_appointmentevent e
        WHERE e.appointment_id = a.id AND e.kind IN ('MOVED', 'RELOCATED') AND e.at >= w.before OFFSET 0
      )
    FOR NO KEY UPDATE SKIP LOCKED
  ) a
)
INSERT INTO booking_message (key, kind, appointment_id, created_at, attempts, due_at)
SELECT %(kind)s || ':' || reference || ':' || slot_id, %(kind)s, id, %(now)s, 0, %(now)s FROM due
ON CONFLICT (key) DO NOTHING
"""

# A slot, and until when somebody must have had the place to be reminded of it.
_Due = tuple[int, datetime, int]


def send_reminders(*, now: datetime) -> int:
    """Have everybody reminded whose reminder is due; returns how many. Safe to run twice and side by side."""
    written = 0
    for kind, due in (
        (MessageKind.REMINDER_HOURS, _in_hours(now)),
        (MessageKind.REMINDER_DAY, _in_a_day(now)),
    ):
        written += sum(_remind(kind, some, now) for some in _portions(due))
    if written:
        enqueue.send_messages(now=now)
    return written


def _in_hours(now: datetime) -> list[_Due]:
    found = _slots(now, now + REMIND_BEFORE)
    return [(pk, starts_at - LEAST_BEFORE, quota) for pk, starts_at, quota in found]


def _in_a_day(now: datetime) -> list[_Due]:
    """Tomorrow's from the evening on; today's too, as long as the other reminder is not due, if nobody wrote them."""
    local = timezone.localtime(now)
    midnight = timezone.make_aware(datetime.combine(local.date() + timedelta(days=2), time()))
    found = _slots(now + REMIND_BEFORE, midnight - timedelta(microseconds=1))
    due = [(pk, reminder_from(timezone.localtime(starts_at)), quota) for pk, starts_at, quota in found]
    return [one for one in due if one[1] <= now]


def _slots(after: datetime, until: datetime) -> list[_Due]:
    # By programme, because that is how the index finds them.
    programmes = list(Programme.objects.values_list("pk", flat=True))
    rows = Slot.objects.filter(programme__in=programmes, starts_at__gt=after, starts_at__lte=until, closed_at=None)
    return list(rows.filter(quota__gt=0).values_list("pk", "starts_at", "quota"))


def _portions(due: Sequence[_Due]) -> Iterator[list[_Due]]:
    portions: list[list[_Due]] = [[]]
    places = 0
    for one in due:
        if places + one[2] > _PLACES and portions[-1]:
            portions.append([])
            places = 0
        portions[-1].append(one)
        places += one[2]
    # Workers that begin together do not go through the city in step.
    random.shuffle(portions)
    return iter([some for some in portions if some])


def _remind(kind: MessageKind, due: Sequence[_Due], now: datetime) -> int:
    slots, before = [one[0] for one in due], [one[1] for one in due]
    with transaction.atomic(), connection.cursor() as cursor:
        # Even an empty table is asked by its index: while this runs, the other workers fill it.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_REMIND, {"slots": slots, "before": before, "kind": kind.value, "now": now})
        return int(cursor.rowcount)
