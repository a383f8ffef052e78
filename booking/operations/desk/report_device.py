"""A device at a desk says how it stands, and learns what we last knew of it: what it has lost, if it has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from sites.models import Site

# Who only says that it is there has its desk where it was. What the device was before is read as the statement began.
_STATEMENT = """
WITH before AS (SELECT seen_at, pending, last_sequence FROM booking_deskdevice WHERE id = %(device)s)
INSERT INTO booking_deskdevice AS d
  (id, site_id, desk, user_id, seen_at, pending, last_sequence, clock_ahead_ms)
VALUES (%(device)s, %(site)s, %(desk)s, %(user)s, %(now)s, %(pending)s, %(arrived)s, %(ahead)s)
ON CONFLICT (id) DO UPDATE SET
  site_id = excluded.site_id, desk = coalesce(nullif(excluded.desk, ''), d.desk), user_id = excluded.user_id,
  seen_at = excluded.seen_at, pending = excluded.pending, clock_ahead_ms = excluded.clock_ahead_ms,
  last_sequence = greatest(d.last_sequence, excluded.last_sequence)
RETURNING (SELECT seen_at FROM before), (SELECT pending FROM before), (SELECT last_sequence FROM before)
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What a device says of itself: how many acts it has still to send, how far its clock is ahead of ours."""

    device: UUID
    desk: str
    pending: int
    clock_ahead_ms: int = 0


@dataclass(frozen=True, slots=True)
class LastKnown:
    """How the device stood when it last reported. Whose last sequence is lower than this one has lost its storage.

    `pending`: what it had to send then; as many of its acts are lost with it, if they never came.
    """

    seen_at: datetime
    pending: int
    last_sequence: int


def report_device(report: Report, *, site: Site, user_id: int, arrived: int = 0, now: datetime) -> LastKnown | None:
    """Write down how the device stands; returns what we knew before, None of a new one.

    `arrived`: the highest sequence of its acts that has just come.
    """
    facts: dict[str, Any] = {
        "device": report.device,
        "site": site.pk,
        "desk": report.desk,
        "user": user_id,
        "now": now,
        "pending": report.pending,
        "arrived": arrived,
        "ahead": report.clock_ahead_ms,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, facts)
        seen_at, pending, last_sequence = cursor.fetchone()
    return None if seen_at is None else LastKnown(seen_at, pending, last_sequence)
