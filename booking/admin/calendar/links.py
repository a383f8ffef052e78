"""Where the calendar leads: its own pages, and the prefilled forms of bulk changes."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


def change_form(kind: str, *, sites: Iterable[int], first: date, last: date, programme: str = "") -> str:
    """The form of a bulk change of this kind, filled in with sites and days."""
    asked = {"kind": kind, "sites": ",".join(map(str, sites)), "first": first.isoformat(), "last": last.isoformat()}
    if programme:
        asked["programme"] = programme
    return f"{reverse('admin:booking_quotachange_new')}?{urlencode(asked)}"


def publish_form(*, site: str, day: date) -> str:
    """The form that publishes slots, filled in with site and day."""
    return f"{reverse('admin:booking_slot_add')}?{urlencode({'site': site, 'first_day': day.isoformat()})}"


def site_week(code: str, first: date, programme: str = "", **more: str) -> str:
    """A site's week."""
    return _calendar(site=code, first=first.isoformat(), programme=programme, **more)


def district_days(code: str, first: date, programme: str = "") -> str:
    """A district's fortnight."""
    return _calendar(district=code, first=first.isoformat(), programme=programme)


def _calendar(**asked: str) -> str:
    filled = {name: value for name, value in asked.items() if value}
    return f"{reverse('admin:booking_slot_calendar')}?{urlencode(filled)}"
