"""One step of an undo: what a bulk change did to one site's slots is taken back, as far as nobody has built on it."""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from booking.models import ChangeKind, ClosedDay, QuotaChange, Slot, SlotEventKind
from booking.operations.quotas.write_slots import Author, Edit, edit_slots, state_from, tell_after_commit
from booking.queries.quotas.undo import Undoable, undoables

# What the undo of each kind of event is noted as.
_BACK = {SlotEventKind.CLOSED: SlotEventKind.REOPENED, SlotEventKind.REOPENED: SlotEventKind.CLOSED}


def undo_site(change: QuotaChange, site_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """Take back the change at one site, in the caller's transaction; returns what stays, with the reason."""
    mine = change.events.filter(slot__site=site_id).values("slot")
    list(Slot.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=mine).order_by("pk").values_list("pk"))
    found = undoables(change, [site_id], now=now)
    edits = [_edit(one, now) for one in found if not one.stays]
    by = change.summary["undone_by"]
    told = edit_slots(edits, Author(by, change.pk, now))
    left = [one for one in found if one.stays]
    _undo_days(change, site_id, keep={timezone.localdate(one.starts_at) for one in left})
    if edits:
        tell_after_commit(site_id, told)
    return [
        {"site": site_id, "slot": one.slot_id, "starts_at": one.starts_at.isoformat(), "why": one.stays} for one in left
    ]


def _edit(one: Undoable, now: datetime) -> Edit:
    if one.before is None:
        gone = one.now._replace(
            quota=0, walk_in=0, community=0, later=0, next_portion_at=None, closed_at=now, withdrawn_at=now,
            doses=0,
        )  # fmt: skip
        return Edit(one.slot_id, SlotEventKind.WITHDRAWN, one.now, gone, {"undone": True})
    back = state_from(one.before)
    kind = SlotEventKind.WITHDRAWN if back.withdrawn_at else _BACK.get(SlotEventKind(one.kind), SlotEventKind(one.kind))
    return Edit(one.slot_id, kind, one.now, back, {"undone": True})


def _undo_days(change: QuotaChange, site_id: int, *, keep: set[date]) -> None:
    if change.kind == ChangeKind.CLOSE and change.started_at:
        days = ClosedDay.objects.filter(site_id=site_id, at=change.started_at, by_id=change.by_id)
        days.exclude(day__in=keep).delete()
    for day, reason, by, at in change.summary.get("reopened_days", {}).get(str(site_id), []):
        if date.fromisoformat(day) not in keep:
            _close_again(site_id, day, reason, by, at)


def _close_again(site_id: int, day: str, reason: str, by: int, at: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO booking_closedday (site_id, day, reason, by_id, at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (site_id, day) DO NOTHING""",
            [site_id, day, reason, by, at],
        )
