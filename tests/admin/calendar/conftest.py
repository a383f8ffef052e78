"""A site with a week of slots, and who looks at it."""

from datetime import date, datetime, time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.models import Slot, SlotEvent
from booking.operations.book import book
from sites.models import Site
from tests.factories import make_patients, make_site, make_slot, sign_in

CALENDAR = reverse("admin:booking_slot_calendar")
# The tests' week begins on Monday, 23 November 2026; today is Tuesday.
WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())


def week(site: Site, **more: str) -> str:
    return CALENDAR + "?" + "&".join(f"{name}={value}" for name, value in {"site": site.code, **more}.items())


def cell_of(slot: Slot) -> str:
    """The slot as the form posts it: with the version that is shown."""
    events = SlotEvent.objects.filter(slot=slot).values_list("pk", flat=True)
    return f"{slot.pk}-{max(events, default=0)}"


def book_some(slot: Slot, count: int, now: datetime) -> None:
    for one in make_patients(count):
        book(account_id=one.user_id, patient_id=one.pk, slot_id=slot.pk, request_key=f"key-{one.pk}", now=now)


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


@pytest.fixture
def slot(site: Site) -> Slot:
    return make_slot(site, quota=10, starts_at=at(WEDNESDAY, 9))


@pytest.fixture
def visitor(client: Client, now: datetime):
    """A browser at the tests' time, signed in as whoever is given."""

    def come(user) -> Client:
        sign_in(client, user)
        return client

    with time_machine.travel(now, tick=False):
        yield come
