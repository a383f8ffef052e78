"""What can be taken back of a bulk change, and why the rest cannot."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from booking.models import QuotaChange
from booking.rules.quota_change import State

# Why a slot stays as the change left it.
TOUCHED, BOOKED, MOVED, BEGUN = "touched", "booked", "moved", "begun"

_STATEMENT = """
WITH mine AS (
  SELECT e.slot_id, min(e.id) AS first, max(e.id) AS last, bool_or(e.facts ? 'undone') AS undone
  FROM booking_slotevent e WHERE e.change_id = %(change)s GROUP BY e.slot_id
)
SELECT s.id, s.starts_at, f.kind, f.facts -> 'before', s.opens_at, s.quota, s.kept_walk_in, s.kept_community,
       s.kept_later, s.next_portion_at, s.closed_at, s.edited_at, s.withdrawn_at, s.kept_doses,
       EXISTS (SELECT FROM booking_slotevent o WHERE o.slot_id = s.id AND o.id > m.last
               AND o.change_id IS DISTINCT FROM %(change)s AND o.kind <> 'PORTION'),
       coalesce(a.taken, 0), coalesce(a.ever, 0)
FROM mine m
JOIN booking_slot s ON s.id = m.slot_id
JOIN booking_slotevent f ON f.id = m.first
LEFT JOIN LATERAL (
  SELECT count(place) AS taken, count(*) AS ever FROM booking_appointment WHERE slot_id = s.id
) a ON true
WHERE NOT m.undone AND s.site_id = ANY(%(sites)s)
ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Undoable:
    """A slot that the change touched: as it is, as it was (None: it was not there), and why it has to stay so."""

    slot_id: int
    starts_at: datetime
    kind: str
    now: State
    before: dict[str, Any] | None
    stays: str


def undoables(change: QuotaChange, site_ids: Sequence[int], *, now: datetime) -> list[Undoable]:
    """Every slot of these sites that the change touched and that was not taken back yet."""
    moved_from = set(change.summary.get("moved_from", []))
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"change": change.pk, "sites": list(site_ids)})
        rows = cursor.fetchall()
    found = []
    for slot_id, starts_at, kind, before, *columns, touched, taken, ever in rows:
        before = _json(before)
        stays = _stays(before, touched=touched, taken=taken, ever=ever, moved=slot_id in moved_from)
        if not stays and starts_at <= now:
            stays = BEGUN
        found.append(Undoable(slot_id, starts_at, kind, State(*columns), before, stays))
    return found


def outlook(change: QuotaChange, *, now: datetime) -> Counter[str]:
    """How many slots an undo would take back ("" in the answer), and how many it would leave, by reason."""
    counts: Counter[str] = Counter()
    for start in range(0, len(change.site_ids), 40):
        counts.update(one.stays for one in undoables(change, change.site_ids[start : start + 40], now=now))
    return counts


def _stays(before: dict[str, Any] | None, *, touched: bool, taken: int, ever: int, moved: bool) -> str:
    if touched:
        return TOUCHED
    if moved:
        return MOVED
    if before is None or before["withdrawn_at"]:
        return BOOKED if ever else ""
    return BOOKED if taken > before["quota"] else ""


def _json(value: Any) -> dict[str, Any] | None:
    # A member of a JSON column comes as text.
    found: dict[str, Any] | None = json.loads(value) if isinstance(value, str) else value
    return found
