"""What is released in the days ahead: when, what, where and how much; the opening of slots and later portions alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from booking.models import Programme, Slot
from booking.queries.release_rules import ReleaseRules
from booking.rules.release import portions_ahead
from sites.models import Site
from sites.scope import Scope


@dataclass(frozen=True, slots=True)
class Coming:
    """Slots of a site and day that release places at a moment. `is_portion`: they were open before, and more comes."""

    at: datetime
    is_portion: bool
    programme: Programme
    site: Site
    day: date
    slots: int
    places: int


@dataclass(slots=True)
class Moment:
    """A moment with what comes of one programme; districts and sites in the order of their codes."""

    at: datetime
    programme: Programme
    is_portion: bool
    sites: dict[int, Site] = field(default_factory=dict)
    districts: dict[str, str] = field(default_factory=dict)
    slots: int = 0
    places: int = 0


def coming(scope: Scope, *, now: datetime, until: datetime) -> list[Coming]:
    """All that is released after now and up to that moment at the sites of the scope, in order of time."""
    ahead = Slot.objects.standing().filter(
        scope.of_sites("site"), closed_at=None, starts_at__gt=now, programme__is_active=True
    )
    rows = (
        ahead.filter(Q(opens_at__gt=now, opens_at__lte=until) | Q(next_portion_at__gt=now, next_portion_at__lte=until))
        .annotate(day=TruncDate("starts_at", tzinfo=timezone.get_default_timezone()))
        .values_list("programme_id", "site_id", "day", "opens_at", "next_portion_at", "quota", "kept_later")
        .annotate(slots=Count("pk"))
        .order_by("site__code", "day")
    )
    found = list(_coming(rows, now=now, until=until))
    return sorted(found, key=lambda one: one.at)


def moments(found: Iterable[Coming]) -> list[Moment]:
    """The same by moment and programme, openings before portions."""
    made: dict[tuple[datetime, int, bool], Moment] = {}
    for one in found:
        key = (one.at, one.programme.pk, one.is_portion)
        moment = made.setdefault(key, Moment(one.at, one.programme, one.is_portion))
        moment.sites[one.site.pk] = one.site
        moment.districts[one.site.district_id] = str(one.site.district)
        moment.slots += one.slots
        moment.places += one.places
    return sorted(made.values(), key=lambda moment: (moment.at, moment.is_portion, moment.programme.code))


_Row = tuple[int, int, date, datetime, datetime | None, int, int, int]


def _coming(rows: Iterable[_Row], *, now: datetime, until: datetime) -> Iterator[Coming]:
    programmes = {one.pk: one for one in Programme.objects.filter(is_active=True).prefetch_related("districts")}
    sites = {site.pk: site for site in Site.objects.select_related("district")}
    rules = ReleaseRules()
    for programme_id, site_id, day, opens_at, next_at, quota, kept_later, slots in rows:
        programme, site = programmes[programme_id], sites[site_id]
        if now < opens_at <= until:
            yield Coming(opens_at, False, programme, site, day, slots, slots * quota)
        portions = rules.portions_of(programme_id=programme_id, site_id=site_id, district=site.district_id)
        for at, places in portions_ahead(quota, kept_later, next_at, portions, opens_at=opens_at):
            if now < at <= until:
                yield Coming(at, True, programme, site, day, slots, slots * places)
