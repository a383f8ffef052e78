"""Write down what became of a batch, in one statement."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from booking.models import Message
from booking.operations.messages.breaker import breaker_of
from booking.operations.messages.decide import Decided
from booking.operations.messages.deliver import Delivered
from booking.operations.messages.ways import Way
from booking.rules.messages import wait_after

_SETTLE = """
UPDATE booking_message m SET
  sent_at = CASE WHEN w.is_sent THEN %(now)s::timestamptz END,
  dropped_at = CASE WHEN w.is_dropped THEN %(now)s::timestamptz END,
  failing_since = CASE WHEN w.is_failing THEN coalesce(m.failing_since, %(now)s::timestamptz) END,
  held = w.held, due_at = w.due, told_by = w.told, attempts = least(m.attempts + w.tried, 30000)
FROM unnest(
  %(id)s::bigint[], %(sent)s::bool[], %(dropped)s::bool[], %(failing)s::bool[], %(held)s::text[],
  %(due)s::timestamptz[], %(told)s::text[], %(tried)s::int[]
) AS w(id, is_sent, is_dropped, is_failing, held, due, told, tried)
WHERE m.id = w.id AND m.sent_at IS NULL
"""


@dataclass(slots=True)
class _Row:
    id: int
    due: datetime
    sent: bool = False
    dropped: bool = False
    failing: bool = False
    held: str = ""
    told: str = ""
    tried: int = 0


def settle(messages: Sequence[Message], decided: Decided, delivered: Delivered, *, now: datetime) -> int:
    """Note what was sent, what is tried again and when, what waits, and what nobody is told; returns how many went."""
    known = {message.pk: message for message in messages}
    rows = [_Row(pk, due, held=why) for pk, (due, why) in decided.held.items()]
    rows += [_Row(pk, now, dropped=True, held=why) for pk, why in decided.dropped.items()]
    rows += [_tried(known[pk], delivered, now) for pk in decided.ways]
    rows += [_again(known[pk], now) for pk in decided.broken]
    if rows:
        names = ("id", "sent", "dropped", "failing", "held", "due", "told", "tried")
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, {"now": now, **{name: [getattr(row, name) for row in rows] for name in names}})
    return sum(row.sent for row in rows)


def _tried(message: Message, delivered: Delivered, now: datetime) -> _Row:
    def channels(ways: Sequence[Way]) -> list[str]:
        return [way.channel for way in ways if way.message_id == message.pk]

    went, failed, untried = channels(delivered.went), channels(delivered.failed), channels(delivered.untried)
    told = " ".join([*message.told_by.split(), *went])
    if not failed and not untried:
        return _Row(message.pk, now, sent=True, told=told, tried=1)
    if failed:
        return _again(message, now, told)
    # The channel takes nothing: looked at again with it, but not all in the same moment.
    wait = timedelta(seconds=max(breaker_of(name).closed_for() for name in untried) + 10 * random.random())
    return _Row(message.pk, now + wait, failing=True, told=told, tried=int(bool(went)))


def _again(message: Message, now: datetime, told: str = "") -> _Row:
    wait = wait_after(message.attempts + 1, random.random())
    return _Row(message.pk, now + wait, failing=True, told=told, tried=1)


def bring_forward(*, now: datetime) -> int:
    """A channel works again: what it did not take need not wait any longer."""
    waiting = Message.objects.filter(sent_at=None, dropped_at=None, failing_since__isnull=False, due_at__gt=now)
    return waiting.filter(held="").update(due_at=now)
