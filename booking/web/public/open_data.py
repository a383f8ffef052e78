"""Open data: a page that explains it, and the files, for everybody and every website."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.spreadsheets import csv_bytes
from booking.answers import kept_or_made
from booking.queries.catalogue import catalogue
from booking.queries.figures.open_data import DayBand, published_days, published_weeks
from booking.rules.figures import BANDS, FEWEST_PUBLISHED
from booking.web.public.kept import public
from sites.kept import Kept

_MINUTE = 60
_PREVIEW_ROWS = 10
# The same in every language and for whoever asks, other websites' pages included.
_HEADERS = {
    "Cache-Control": f"public, max-age={_MINUTE}",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Vary": "Accept-Encoding",
}
# Thousands of lines: they are read, and each file is made, at most once in so many seconds in each process.
_made = Kept(30)

_AVAILABILITY = (
    "date", "district_code", "district", "site_code", "site", "site_en", "programme_code", "programme",
    "programme_en", "availability",
)  # fmt: skip
_SITES = (
    "code", "name", "name_en", "district_code", "district", "district_en", "address", "phone", "latitude",
    "longitude", "step_free", "parking", "english",
)  # fmt: skip
_WEEKS = (
    "week_from", "week_to", "district_code", "district", "district_en", "programme_code", "programme",
    "programme_en", "doses", "no_shows",
)  # fmt: skip


@public(max_age=_MINUTE)
def open_data(request: HttpRequest) -> HttpResponse:
    """What is published, how it may be used, and what the columns mean."""
    context = {
        "licence": settings.OPEN_DATA_LICENCE,
        "preview": _days()[:_PREVIEW_ROWS],
        "fewest": FEWEST_PUBLISHED,
    }
    return render(request, "booking/public/open_data.html", context)


def data_file(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files."""
    if name not in _FILES:
        raise Http404
    make, content_type = _FILES[name]

    def answer() -> HttpResponse:
        return HttpResponse(_made.get(name, make), content_type=content_type)

    return kept_or_made(request, f"open data {name}", answer, headers=_HEADERS)


def _days() -> list[DayBand]:
    days: list[DayBand] = _made.get("days", lambda: published_days(now=timezone.now()))
    return days


def _day_rows() -> Iterable[tuple[Any, ...]]:
    for row in _days():
        site, programme = row.site, row.programme
        yield (
            row.day.isoformat(), row.district.code, row.district.name, site.code, site.name, site.name_en,
            programme.code, programme.name, programme.name_en, row.band,
        )  # fmt: skip


def _availability_csv() -> bytes:
    return csv_bytes(_AVAILABILITY, _day_rows())


def _availability_json() -> bytes:
    rows = [dict(zip(_AVAILABILITY, row, strict=True)) for row in _day_rows()]
    content = {"licence": settings.OPEN_DATA_LICENCE, "bands": BANDS, "availability": rows}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _sites_csv() -> bytes:
    known = catalogue()
    rows = (
        (
            site.code, site.name, site.name_en, site.district, known.districts[site.district].name,
            known.districts[site.district].name_en, site.address, site.phone, site.latitude, site.longitude,
            *("yes" if offered in site.facilities else "no" for offered in ("step_free", "parking", "english")),
        )
        for site in known.sites.values()
    )  # fmt: skip
    return csv_bytes(_SITES, rows)


def _weekly_csv() -> bytes:
    rows = (
        (
            week.first.isoformat(), week.last.isoformat(), week.district_code, week.district, week.district_en,
            week.programme_code, week.programme, week.programme_en, week.doses, week.no_shows,
        )
        for week in published_weeks(now=timezone.now())
    )  # fmt: skip
    return csv_bytes(_WEEKS, rows)


_CSV = "text/csv; charset=utf-8"
_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "availability.csv": (_availability_csv, _CSV),
    "availability.json": (_availability_json, "application/json"),
    "sites.csv": (_sites_csv, _CSV),
    "weekly.csv": (_weekly_csv, _CSV),
}
