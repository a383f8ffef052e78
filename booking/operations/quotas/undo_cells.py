"""An administrator takes back what they have just saved in the calendar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from booking.models import Slot, SlotEvent, SlotEventKind
from booking.operations.quotas.each_cell import Act, Cell, Outcome, change_each
from booking.operations.quotas.write_slot import Places, set_closed, set_places

# Later it would no longer be a slip that is taken back, but a change like any other.
UNDO_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SavedEvents:
    """The first and the last event of one save. Other people's may lie between them."""

    first: int
    last: int


_AS_IT_IS = Places()


@dataclass(frozen=True, slots=True)
class _Before(Cell):
    """What a slot had before the save."""

    places: Places = _AS_IT_IS
    closed: bool | None = None
    first_edit: bool = False


def undo_cells(*, saved: SavedEvents, site_id: int, by: int, now: datetime) -> list[Outcome]:
    """Set the site's slots back to what they had before this save of `by`, unless somebody changed them since.

    Nobody loses a place: a slot in which more people have booked than it took before keeps its quota.
    """
    events = events_to_undo(saved=saved, site_id=site_id, by=by, now=now)

    def do(slot: Slot, before: _Before) -> Sequence[SlotEvent]:
        edited_at = None if before.first_edit else slot.edited_at
        written = set_places(slot, before.places, edited_at=edited_at, by=by, now=now)
        if before.closed is not None:
            written = [*written, *set_closed(slot, closed=before.closed, by=by, now=now)]
        return written

    return change_each(_before(events), Act(_is_done, do), now=now)


def events_to_undo(*, saved: SavedEvents, site_id: int, by: int, now: datetime) -> list[SlotEvent]:
    """The events of this save at this site, none if it was somebody else's or long ago. One statement."""
    found = SlotEvent.objects.filter(
        pk__range=(saved.first, saved.last), by_id=by, slot__site_id=site_id, change=None, at__gt=now - UNDO_WITHIN
    )
    events = list(found.order_by("pk"))
    # One save is one moment; what the same person saved meanwhile in another window is another.
    return [event for event in events if event.at == events[0].at]


def _is_done(slot: Slot, before: _Before) -> bool:
    return not before.places.differ_from(slot) and before.closed in (None, slot.closed_at is not None)


def _before(events: Iterable[SlotEvent]) -> list[_Before]:
    found: dict[int, _Before] = {}
    for event in events:
        before = replace(found.get(event.slot_id) or _Before(event.slot_id, 0), seen_event=event.pk)
        found[event.slot_id] = replace(
            before,
            places=_places(before.places, event),
            closed=_CLOSED_BEFORE.get(event.kind, before.closed),
            first_edit=before.first_edit or bool(event.facts.get("first_edit")),
        )
    return list(found.values())


_CLOSED_BEFORE: dict[str, bool] = {SlotEventKind.CLOSED: False, SlotEventKind.REOPENED: True}


def _places(places: Places, event: SlotEvent) -> Places:
    if event.kind == SlotEventKind.QUOTA_SET:
        return replace(places, quota=event.facts["from"])
    if event.kind == SlotEventKind.KEPT_SET:
        kept = {name: event.facts[name]["from"] for name in ("walk_in", "community", "doses") if name in event.facts}
        return replace(places, **kept)
    return places
