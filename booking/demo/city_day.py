"""What the city screen needs before a day has gone by: minutes of today and of a week ago, and things to see to."""

from datetime import datetime, timedelta
from math import exp
from random import Random
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from booking.models import CityMinute, DeskDevice, DistrictMinute, Reaction, Visit, VisitStatus
from booking.queries.availability import day_bounds
from booking.queries.city_screen.happened import newest_event
from booking.queries.city_screen.leftovers import leftovers_now
from booking.rules.reactions import LOCAL, WATCHED
from sites.models import District, Site

_WEEK, _MINUTE = timedelta(days=7), timedelta(minutes=1)
# How many people a district's day has, roughly, for each of its sites; and how long ago the last hour began.
_A_SITE = 40
_HOUR = 60
# Hours of the day around which people book, and come.
_BOOKING, _COMING = (8.2, 20.0), (9.7, 15.0)
_FORGOTTEN = 4


def load_city_day(*, now: datetime) -> bool:
    """Add it to a city whose first site has its day; False, and nothing done, if minutes are there already."""
    if CityMinute.objects.exists():
        return False
    minute = now.replace(second=0, microsecond=0)
    start, _ = day_bounds(timezone.localdate(now), timezone.localdate(now))
    sites = {row.pk: row.sites.count() for row in District.objects.all()}
    with transaction.atomic():
        rows = [*_day(start, minute, sites), *_day(start - _WEEK, start - _WEEK + timedelta(days=1), sites)]
        DistrictMinute.objects.bulk_create(rows, batch_size=2000)
        newest = newest_event()
        CityMinute.objects.bulk_create(
            CityMinute(minute=minute - n * _MINUTE, last_event=newest, tries=40, texts_sent=2000 - n)
            for n in range(_HOUR)
        )
    return True


def leave_things_to_see_to(*, site: Site, by: User, now: datetime) -> None:
    """At the site: people who have been forgotten, reactions, and devices without the network."""
    waiting = Visit.objects.filter(
        site=site, day=timezone.localdate(now), status__in=(VisitStatus.ARRIVED, VisitStatus.TRIAGED)
    )
    forgotten = list(waiting.order_by("arrived_at").values_list("pk", flat=True)[:_FORGOTTEN])
    Visit.objects.filter(pk__in=forgotten).update(arrived_at=now - timedelta(minutes=52), called_at=None)
    observed = Visit.objects.filter(site=site, day=timezone.localdate(now), vaccinated_at__isnull=False)
    for visit in observed.filter(reactions=None).order_by("-vaccinated_at")[:2]:
        at = now - _MINUTE
        Reaction.objects.create(visit=visit, kind=LOCAL, action=WATCHED, began_at=at, by=by, at=at)
    for n in (1, 2):
        DeskDevice.objects.create(
            id=uuid4(),
            site=site,
            desk=f"登记台 {n}",
            user=by,
            seen_at=now - timedelta(minutes=14 + 9 * n),
            pending=3 * n,
        )


def _day(start: datetime, end: datetime, sites: dict[str, int]) -> list[DistrictMinute]:
    """A row for each five minutes, and for each minute of the last hour."""
    leftover = leftovers_now()
    fine = end - _HOUR * _MINUTE
    rows = []
    at = start
    while at < end:
        step = 1 if at >= fine and end - start < timedelta(days=1) else 5
        hour = (at - start).total_seconds() / 3600
        for district, count in sites.items():
            chance = Random(f"{district} {at:%m-%d %H:%M}")
            booked = _about(chance, _A_SITE * count * step / 60 * _share(hour, _BOOKING, 1.1))
            came = _about(chance, _A_SITE * count * step / 60 * _share(hour, _COMING, 1.3))
            rows.append(
                DistrictMinute(
                    minute=at,
                    district_id=district,
                    booked=booked,
                    checked_in=came,
                    fulfilled=int(came * 0.93),
                    no_show=_about(chance, came * 0.07),
                    waiting=_about(chance, count * 3 * _share(hour, _COMING, 1.3)),
                    leftover=leftover.get(district, 0) + chance.randrange(3),
                )
            )
        at += step * _MINUTE
    return rows


def _share(hour: float, peaks: tuple[float, float], width: float) -> float:
    return sum(exp(-(((hour - peak) / width) ** 2)) for peak in peaks) / 4 + 0.01


def _about(chance: Random, mean: float) -> int:
    return max(round(mean + chance.gauss(0, mean**0.5)), 0)
