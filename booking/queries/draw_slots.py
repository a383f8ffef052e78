"""Which slots a draw is about, and how many places each has."""

from django.db.models import QuerySet
from django.utils import timezone

from booking.models import Draw, Slot
from booking.queries.availability import day_bounds
from booking.queries.taken import taken_in
from booking.rules.draw import Places


def slots_of(draw: Draw) -> QuerySet[Slot]:
    """The programme's slots on the draw's days that take people, at sites that are in use; whenever they open."""
    begin, end = day_bounds(draw.first_day, draw.last_day)
    return Slot.objects.standing().filter(
        programme_id=draw.programme_id,
        closed_at=None,
        quota__gt=0,
        starts_at__gte=begin,
        starts_at__lt=end,
        site__is_active=True,
    )


def places_of(draw: Draw) -> list[Places]:
    """The free places of each of its slots that has any, as they are published: those kept for others are not drawn."""
    rows = list(slots_of(draw).order_by("pk").values_list("pk", "site__code", "starts_at", "quota"))
    taken = taken_in([pk for pk, *_ in rows])
    found = []
    for pk, site, starts_at, quota in rows:
        local = timezone.localtime(starts_at)
        if (left := quota - taken.get(pk, 0)) > 0:
            found.append(Places(pk, site, local.date().isoformat(), f"{local:%H:%M}", left))
    return found
