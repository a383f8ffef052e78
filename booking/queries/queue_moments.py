"""The release moments ahead that may get a queue, and how many places each puts out."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from booking.models import Programme, Slot


@dataclass(frozen=True, slots=True)
class ReleaseMoment:
    """A moment at which slots of a programme open."""

    programme: Programme
    opens_at: datetime
    places: int


def release_moments(*, now: datetime, until: datetime) -> list[ReleaseMoment]:
    """Those after now and up to that moment, the next first."""
    ahead = Slot.objects.standing().filter(
        closed_at=None, starts_at__gt=now, opens_at__gt=now, opens_at__lte=until, programme__is_active=True
    )
    rows = ahead.order_by("opens_at", "programme__code").values_list("programme_id", "opens_at")
    programmes = Programme.objects.in_bulk()
    found = rows.annotate(places=Sum("quota"))
    return [ReleaseMoment(programmes[programme_id], at, places) for programme_id, at, places in found]
