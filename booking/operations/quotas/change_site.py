"""One step of a bulk change: everything of one site, worked out again from what is there now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from booking.models import ChangeKind, ClosedDay, QuotaChange, SlotEventKind, WithAppointments
from booking.operations.freed_places.withdraw import make_room
from booking.operations.quotas.write_slots import Author, Edit, add_slots, edit_slots, tell_after_commit
from booking.queries.quotas.losers import losers, short_slots
from booking.queries.quotas.site_slots import (
    Releases,
    closed_days,
    found_slots,
    site_now,
    source_slots,
    touched_since,
)
from booking.queries.taken import taken_in
from booking.rules.asked_change import Decider
from booking.rules.quota_change import CHANGE, CLOSE, CREATE, REOPEN, TOUCHED, Outcome, lowered, settled

_KINDS = {CREATE: SlotEventKind.PUBLISHED, CLOSE: SlotEventKind.CLOSED, REOPEN: SlotEventKind.REOPENED}


@dataclass(slots=True)
class SiteChanged:
    """What a step leaves: whose place is lost, in which slots, and the slots that were left alone, with the reason."""

    losers: list[int] = field(default_factory=list)
    losing_slots: list[int] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for every site of a change."""

    decider: Decider
    releases: Releases
    per_half_hour: Mapping[int, int]


def change_site(change: QuotaChange, site_id: int, frame: Frame, *, now: datetime) -> SiteChanged:
    """Do to the site's slots what the change asks for, in the caller's transaction. A second time changes nothing."""
    asked = frame.decider.asked
    ids = [site_id]
    if change.kind == ChangeKind.CLOSE and asked.whole_days:
        _close_days(change, site_id, asked.days)
    found = found_slots(ids, asked, lock=True)
    touched = touched_since(ids, asked, seen=change.seen_event, change_id=change.pk)
    closed = closed_days(ids, asked)
    if change.kind == ChangeKind.REOPEN and asked.whole_days:
        _reopen_days(change, site_id)
    site = site_now(
        site_id, frame.per_half_hour.get(site_id, 0), frame.releases, found, source_slots(ids, asked), closed,
        {row["slot"] for row in touched},
    )  # fmt: skip
    outcomes = frame.decider.outcomes(site)
    quotas = {one.slot_id: one.after.quota for one in outcomes if lowered(one) and one.slot_id and one.after}
    make_room(quotas, now=now)
    taken = taken_in(list(quotas))
    outcomes = settled(outcomes, taken)
    author = Author(change.by_id, change.pk, now)
    made_by_others = _write(site_id, outcomes, author, reason=change.reason)
    changed = _people(change, outcomes)
    changed.left = _left(site_id, outcomes, touched, taken) + made_by_others
    return changed


def _write(site_id: int, outcomes: Sequence[Outcome], author: Author, *, reason: str) -> list[dict[str, Any]]:
    new = [one for one in outcomes if one.what == CREATE and one.slot_id is None and one.wanted and one.after]
    made = add_slots(site_id, [(one.wanted, one.after) for one in new if one.wanted and one.after], author)
    edits = [_edit(one, reason) for one in outcomes if one.slot_id and one.what in (CREATE, CHANGE, CLOSE, REOPEN)]
    told = edit_slots(edits, author)
    if made or edits:
        tell_after_commit(site_id, told)
    # Somebody made the same slots in this very moment: theirs stand.
    missing = len(new) - made
    return [{"site": site_id, "why": TOUCHED, "slots": missing}] if missing else []


def _edit(one: Outcome, reason: str) -> Edit:
    assert one.slot_id is not None
    assert one.before is not None
    assert one.after is not None
    kind = _KINDS.get(one.what, SlotEventKind.QUOTA_SET)
    if one.what == CHANGE and one.before.places == one.after.places:
        kind = SlotEventKind.KEPT_SET
    facts = {"reason": reason} if reason and one.what == CLOSE else {}
    ends_at = one.wanted.ends_at if one.what == CREATE and one.wanted else None
    return Edit(one.slot_id, kind, one.before, one.after, facts, ends_at)


def _people(change: QuotaChange, outcomes: Sequence[Outcome]) -> SiteChanged:
    if change.appointments == WithAppointments.KEEP:
        return SiteChanged()
    rows = losers(short_slots(change.kind, list(outcomes)))
    return SiteChanged([pk for pk, _slot in rows], sorted({slot for _pk, slot in rows}))


def _left(
    site_id: int, outcomes: Sequence[Outcome], touched: Sequence[Mapping[str, Any]], taken: Mapping[int, int]
) -> list[dict[str, Any]]:
    who = {row["slot"]: row for row in touched}
    left: list[dict[str, Any]] = []
    for one in outcomes:
        common = {"site": site_id, "slot": one.slot_id, "starts_at": one.starts_at.isoformat()}
        if one.what == TOUCHED:
            row = who[one.slot_id]
            left.append({**common, "why": TOUCHED, "by": row["by"], "at": row["at"].isoformat()})
        elif one.short:
            held = taken.get(one.slot_id or 0, 0)
            left.append({**common, "why": "below", "taken": held, "wanted": held - one.short})
    return left


def _close_days(change: QuotaChange, site_id: int, days: Sequence[Any]) -> None:
    # `at` is when the change began: that is how its undo tells its own days from others'.
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO booking_closedday (site_id, day, reason, by_id, at)
               SELECT %s, day, %s, %s, %s FROM unnest(%s::date[]) day ON CONFLICT (site_id, day) DO NOTHING""",
            [site_id, change.reason, change.by_id, change.started_at, list(days)],
        )


def _reopen_days(change: QuotaChange, site_id: int) -> None:
    days = ClosedDay.objects.filter(
        site_id=site_id, day__range=(change.params["first"], change.params["last"])
    ).order_by("day")
    kept = [[row.day.isoformat(), row.reason, row.by_id, row.at.isoformat()] for row in days]
    if kept:
        # For the undo: these days were closed before.
        change.summary.setdefault("reopened_days", {})[str(site_id)] = kept
        days.delete()
