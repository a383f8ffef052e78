"""Send what is due, in batches, by as many workers as there are: each message is claimed by one of them."""

import logging
from datetime import datetime, timedelta

from django.db import connection

from accounts import channels
from booking.models import Message
from booking.notifications import KINDS, city_texts, outgoing_of, receiver_of

log = logging.getLogger(__name__)

# Whoever claims a message and dies leaves it to the others after this time.
_CLAIM = timedelta(minutes=2)


def send_messages(*, now: datetime, batch: int = 200, most: int = 20_000) -> int:
    """Send the messages that are due; returns how many went out. Safe to run twice and side by side.

    One that fails is tried again later, each time after twice as long; the key lets the receiver show it once.
    """
    sent = 0
    while sent < most:
        claimed = _claim(now, batch)
        if not claimed:
            break
        rows = Message.objects.filter(pk__in=claimed).select_related(
            "appointment__slot__site",
            "appointment__programme",
            "appointment__patient",
            "appointment__booked_by",
            "appointment__walk_in",
            "account",
            "patient",
            "invitation",
        )
        texts = city_texts()
        done: list[int] = []
        for message in rows:
            try:
                if receiver_of(message) and not KINDS[message.kind].is_over(message, now):
                    channels.send(outgoing_of(message, texts))
            except Exception as error:
                log.warning("Message %s was not sent (%s).", message.kind, type(error).__name__)
                wait = timedelta(seconds=30 * 2 ** min(message.attempts, 7))
                Message.objects.filter(pk=message.pk).update(due_at=now + wait)
            else:
                done.append(message.pk)
        Message.objects.filter(pk__in=done).update(sent_at=now)
        sent += len(done)
    return sent


def _claim(now: datetime, batch: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE booking_message SET due_at = %s, attempts = attempts + 1
            WHERE id IN (
              SELECT id FROM booking_message WHERE sent_at IS NULL AND due_at <= %s
              ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING id
            """,
            [now + _CLAIM, now, batch],
        )
        return [row[0] for row in cursor.fetchall()]
