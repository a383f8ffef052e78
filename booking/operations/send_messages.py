"""Send what is due, in batches, by as many workers as there are: each message is claimed by one of them."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from booking.models import Message
from booking.notifications import Texts, city_texts
from booking.operations.messages import limits
from booking.operations.messages.decide import decide
from booking.operations.messages.deliver import Delivered, deliver
from booking.operations.messages.settle import bring_forward, settle
from booking.operations.messages.watch import watch

# Whoever claims a message and dies leaves it to the others after this time.
_CLAIM = timedelta(minutes=2)
# A job begins no new batch after this time.
_SECONDS = 200
_ABOUT = (
    "appointment__slot__site",
    "appointment__programme",
    "appointment__patient",
    "appointment__booked_by",
    "appointment__walk_in",
    "account",
    "patient",
    "invitation__list__programme",
)


def send_messages(*, now: datetime, batch: int = 200, most: int = 20_000) -> int:
    """Send the messages that are due; returns how many went out. Safe to run twice and side by side.

    One that is not taken is tried again later, each time after twice as long; the key lets the receiver show it once.
    What must not be sent now waits for the morning, and what nobody needs any more is not sent: its row says why.
    """
    began, sent, at = time.monotonic(), 0, now
    while sent < most and time.monotonic() - began < _SECONDS:
        # A claim counts from when it is made, however long the batches before it took.
        at = now + timedelta(seconds=int(time.monotonic() - began))
        claimed = _claim(at, batch)
        if not claimed:
            break
        sent += _send(claimed, city_texts(), now=at)
    watch(now=at)
    return sent


def _send(claimed: Sequence[int], texts: Texts, *, now: datetime) -> int:
    messages = list(Message.objects.filter(pk__in=claimed).select_related(*_ABOUT))
    decided = decide(messages, texts, now=now)
    delivered = deliver([way for ways in decided.ways.values() for way in ways], now=now)
    sent = settle(messages, decided, delivered, now=now)
    _count(decided.counted, delivered, now=now)
    if delivered.recovered:
        bring_forward(now=now)
    return sent


def _count(counted: dict[int, list[str]], delivered: Delivered, *, now: datetime) -> None:
    day = timezone.localdate(now)
    not_sent = {way.message_id for way in (*delivered.failed, *delivered.untried)}
    limits.give_back((one for pk in not_sent for one in counted[pk]), day=day)
    limits.note_success({way.channel for way in delivered.went}, day=day, now=now)


def _claim(now: datetime, batch: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE booking_message SET due_at = %s
            WHERE id IN (
              SELECT id FROM booking_message WHERE sent_at IS NULL AND dropped_at IS NULL AND due_at <= %s
              ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING id
            """,
            [now + _CLAIM, now, batch],
        )
        return [row[0] for row in cursor.fetchall()]
