"""What the person at the desk can have today: each programme of the day, with a place or the reason why not."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts import look_ups
from accounts.models import User
from booking.models import Programme, Slot
from booking.operations.refusals import NoPlaceToday, Refusal
from booking.operations.walk_ins.examine_person import Examined, Said, examined
from booking.operations.walk_ins.judge import judge
from booking.queries.availability import day_bounds
from booking.queries.desk.walk_in_places import WalkInPlace, walk_in_places
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Option:
    """A programme with the dose and the soonest place, or with the refusal; `near_slot` is its last of today."""

    programme: Programme
    near_slot: int
    dose: int | None = None
    place: WalkInPlace | None = None
    refusal: Refusal | None = None


def options(said: Said, *, site: Site, by: User, now: datetime) -> tuple[Examined, list[Option]]:
    """The person and their options. Writes down that they were looked for. Raises PersonUnclear."""
    who = examined(said, today=timezone.localdate(now), needs_name=False)
    look_ups.find_person(document_type=who.document_type, number=who.number, by=by, reason="现场取号", now=now)
    first, last = day_bounds(timezone.localdate(now), timezone.localdate(now))
    slots = Slot.objects.standing().filter(site=site, starts_at__gte=first, starts_at__lt=last)
    given = {slot.programme: slot.pk for slot in slots.select_related("programme").order_by("starts_at", "pk")}
    places = walk_in_places(site.pk, now=now)
    found = [
        _option(who, programme, slot_id, [one for one in places if one.programme_id == programme.pk], site, now=now)
        for programme, slot_id in sorted(given.items(), key=lambda pair: pair[0].code)
        if programme.is_active
    ]
    return who, found


def _option(
    who: Examined, programme: Programme, slot_id: int, places: list[WalkInPlace], site: Site, *, now: datetime
) -> Option:
    try:
        judged = judge(who, programme.code, site=site, now=now)
    except Refusal as refusal:
        return Option(programme, slot_id, refusal=refusal)
    if not places:
        return Option(programme, slot_id, judged.dose, refusal=NoPlaceToday())
    return Option(programme, slot_id, judged.dose, places[0])
