"""Administrators of a city, two districts and a site, each with a browser."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sites.models import AdminRole
from tests.factories import make_administrator, make_district, make_programme, make_site, make_slot, sign_in


def browser_of(user) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def at(days: int, hour: int) -> datetime:
    """That many days from today, at that hour in the city. The ledger's clock has a say, so it is today's."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(hour), timezone.get_default_timezone())


class City:
    """Two districts with a site each, and a slot at each that opens the day after tomorrow."""

    def __init__(self):
        self.programme = make_programme(min_age=18, max_age=59)
        self.here, self.there = make_district("430104"), make_district("430105")
        self.here.name, self.there.name = "岳麓区", "开福区"
        self.here.save()
        self.there.save()
        self.site = make_site(district=self.here, name="望月湖卫生服务中心")
        self.other = make_site(district=self.there, name="四方坪卫生服务中心")
        self.slots = [self.make_slot(site) for site in (self.site, self.other)]
        self.city = browser_of(make_administrator())
        self.district = browser_of(make_administrator(AdminRole.DISTRICT, district=self.here))
        self.manager = browser_of(make_administrator(AdminRole.SITE, site=self.site))
        self.auditor = browser_of(make_administrator(AdminRole.AUDITOR))

    def make_slot(self, site, days=9, opens=2, quota=10):
        return make_slot(site, self.programme, starts_at=at(days, 9), opens_at=at(opens, 8), quota=quota)


@pytest.fixture
def city(db) -> City:
    return City()
