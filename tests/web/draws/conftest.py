"""A draw that is open, at two sites of two districts, and a citizen with somebody who may enter."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from booking.models import ReleaseMode
from booking.operations.draws.advance import advance_draws
from tests.draw_factories import CLOSES, DURING, have_drawn, make_draw, make_draw_slot
from tests.factories import make_district, make_patient, make_programme, make_site
from tests.web.journey.conftest import Visitor


class OpenDraw:
    """Three days: here two places on each, there one on the first."""

    def __init__(self) -> None:
        self.programme = make_programme(release_mode=ReleaseMode.DRAW, min_age=9)
        there = make_district("430104")
        there.name, there.name_en = "岳麓区", "Yuelu"
        there.save()
        self.here = make_site(code="HERE", name="河东卫生服务中心", name_en="East clinic")
        self.there = make_site(code="THERE", name="河西卫生服务中心", name_en="West clinic", district=there)
        self.slots = [make_draw_slot(self.programme, self.here, places=2, day=day) for day in range(3)]
        make_draw_slot(self.programme, self.there, places=1)
        self.row = make_draw(self.slots[0])
        self.address = f"/draws/{self.row.pk}/"

    def wish(self, patient, query="", step="") -> str:
        return f"{self.address}enter/{patient.pk}/{step}{query}"

    def close(self) -> None:
        advance_draws(now=CLOSES + timedelta(seconds=1))
        cache.clear()

    def run(self) -> None:
        have_drawn(self.row)
        cache.clear()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(DURING, tick=False) as machine:
        yield machine


@pytest.fixture
def draw(clock) -> OpenDraw:
    return OpenDraw()


@pytest.fixture
def patient():
    return make_patient(name="王秀兰", district_code="430102")


@pytest.fixture
def visitor(patient) -> Visitor:
    return Visitor(patient.user)
