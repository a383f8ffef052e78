"""What is published about the city: nothing of anybody, no exact numbers of places, no small numbers of people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from booking.models import HourFigure
from booking.queries.board import board
from booking.queries.catalogue import catalogue
from booking.queries.programmes import ProgrammeRow
from booking.queries.stale import may_be_old
from booking.rules.figures import band_of, published
from sites.models import District
from sites.queries import SiteRow

DAYS_PUBLISHED = 14
WEEKS_PUBLISHED = 12
# Seconds; a week that is over changes hardly ever.
_KEEP_WEEKS = 3600


@dataclass(frozen=True, slots=True)
class DayBand:
    """Whether a site has places of a programme on a day: none, few, some or plenty."""

    day: date
    district: District
    site: SiteRow
    programme: ProgrammeRow
    band: str


@dataclass(frozen=True, slots=True)
class Week:
    """Doses given and people missing in a district in a whole week; None: too few to be published."""

    first: date
    last: date
    district_code: str
    district: str
    district_en: str
    programme_code: str
    programme: str
    programme_en: str
    doses: int | None
    no_shows: int | None


def published_days(*, now: datetime) -> list[DayBand]:
    """The next two weeks, by day, site and programme."""
    known, today = catalogue(), timezone.localdate(now)
    last = today + timedelta(days=DAYS_PUBLISHED - 1)
    bands = [
        DayBand(day.day, known.districts[day.district], known.sites[day.site_code], programme, band_of(day.state))
        for programme in known.programmes.values()
        for day in board(programme=programme.code, first=today, last=last, now=now)
        if day.site_code in known.sites and day.district in known.districts
    ]
    return sorted(bands, key=lambda band: (band.day, band.site.district, band.site.code, band.programme.code))


def published_weeks(*, now: datetime) -> list[Week]:
    """The last twelve weeks that are over, by week, district and programme. By week only: months beside them would
    let anybody work out the days at their edges."""
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    key = f"open-data:weeks:{monday}"
    kept: list[Week] | None = cache.get(key)
    if kept is None:
        first, last = monday - timedelta(weeks=WEEKS_PUBLISHED), monday - timedelta(days=1)
        kept = may_be_old(lambda ledger: _read_weeks(ledger, first, last))
        cache.set(key, kept, _KEEP_WEEKS)
    return kept


def _read_weeks(ledger: str, first: date, last: date) -> list[Week]:
    of_district = ("site__district_id", "site__district__name", "site__district__name_en")
    of_programme = ("programme__code", "programme__name", "programme__name_en")
    found = (
        HourFigure.objects.using(ledger)
        .filter(day__gte=first, day__lte=last)
        .annotate(week=TruncWeek("day"))
        .order_by("week", "site__district_id", "programme__code")
        .values_list("week", *of_district, *of_programme)
        .annotate(Sum("fulfilled"), Sum("no_show"))
    )
    return [
        Week(
            first=week,
            last=week + timedelta(days=6),
            district_code=code,
            district=district,
            district_en=district_en,
            programme_code=programme_code,
            programme=programme,
            programme_en=programme_en,
            doses=published(doses),
            no_shows=published(no_shows),
        )
        for week, code, district, district_en, programme_code, programme, programme_en, doses, no_shows in found
    ]
