"""A city's administrator, and a programme by draw with places at two sites on two days."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import ReleaseMode
from booking.operations.draws.advance import advance_draws
from sites.models import AdminRole
from tests.admin.releases.conftest import browser_of
from tests.draw_factories import AFTER, FIRST, make_draw, make_draw_slot
from tests.factories import CLOCK, make_administrator, make_district, make_programme, make_site


class Office:
    """The programme, and the browsers of those who may and may not."""

    def __init__(self) -> None:
        self.programme = make_programme(release_mode=ReleaseMode.DRAW, name="九价", code="hpv-9")
        self.here = make_site(code="HERE", name="河东卫生服务中心")
        self.there = make_site(code="THERE", name="河西卫生服务中心")
        self.slots = [make_draw_slot(self.programme, self.here, places=3, day=day) for day in range(2)]
        self.slots.append(make_draw_slot(self.programme, self.there, places=1))

    def announced(self, **fields):
        return make_draw(self.slots[0], **fields)

    def closed(self):
        draw = self.announced()
        advance_draws(now=AFTER)
        draw.refresh_from_db()
        return draw

    def form(self, **more) -> dict[str, str]:
        """What is typed for a right announcement."""
        return {
            "programme": str(self.programme.pk), "name": "九价摇号", "name_en": "HPV draw",
            "opens_at_0": "2026-11-24", "opens_at_1": "12:00", "closes_at_0": "2026-11-26", "closes_at_1": "18:00",
            "first_day": FIRST.isoformat(), "last_day": (FIRST + timedelta(days=1)).isoformat(),
            "public_source": "上证指数 2026-11-27 收盘点位", "public_source_en": "SSE index, close of 2026-11-27",
            **more,
        }  # fmt: skip


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as machine:
        yield machine


@pytest.fixture
def office(db, clock) -> Office:
    return Office()


@pytest.fixture
def city(office) -> Client:
    return browser_of(make_administrator())


@pytest.fixture
def others(office) -> dict[str, Client]:
    return {
        "district": browser_of(make_administrator(AdminRole.DISTRICT, district=make_district())),
        "site": browser_of(make_administrator(AdminRole.SITE, site=office.here)),
    }


@pytest.fixture
def auditor(office) -> Client:
    return browser_of(make_administrator(AdminRole.AUDITOR))


def at(name: str, draw=None) -> str:
    return reverse(f"admin:booking_draw_{name}", args=[draw.pk] if draw else [])
