"""Two districts, three sites, two programmes, and what was counted of them."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from booking.models import Programme
from sites.models import District, Site
from tests.factories import make_district, make_figure, make_programme, make_site, sign_in

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


@dataclass(frozen=True)
class City:
    ours: District
    others: District
    first: Site
    second: Site
    far: Site
    influenza: Programme
    hpv: Programme


@pytest.fixture
def city(db) -> City:
    ours, others = make_district("430102"), make_district("430103")
    District.objects.filter(pk=others.pk).update(name="天心区")
    others.refresh_from_db()
    first = make_site(code="A1", name="文艺路", district=ours)
    second = make_site(code="A2", name="朝阳街", district=ours)
    far = make_site(code="B1", name="坡子街", district=others)
    influenza, hpv = make_programme(code="influenza", name="流感"), make_programme(code="hpv", name="宫颈癌")
    make_figure(first, influenza, TUESDAY, 9, quota=10, taken=10, fulfilled=6, no_show=2, checked_in=1)
    make_figure(first, influenza, TUESDAY, 10, quota=10, taken=5)
    make_figure(first, hpv, TUESDAY, 9, quota=20, taken=1)
    make_figure(first, influenza, WEDNESDAY, 9, quota=10, taken=4, lead_days=10, lead_count=4)
    make_figure(second, influenza, TUESDAY, 9, quota=10, taken=9)
    make_figure(far, influenza, TUESDAY, 14, quota=100, taken=77)
    return City(ours, others, first, second, far, influenza, hpv)


@pytest.fixture
def enter(client: Client, now: datetime):
    """Sign somebody in, at the tests' time."""
    with time_machine.travel(now, tick=False):

        def signed_in(user: User) -> Client:
            sign_in(client, user)
            return client

        yield signed_in
