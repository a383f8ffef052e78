"""The city screen on a wall: paired by its code in the admin, shows no names, costs one counting, and ends at once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.admin.city_screen import walls
from booking.models import Alert, CityMinute, PublicScreen
from booking.operations.refusals import NotFound
from booking.operations.screens.pairing import pair
from sites.models import AdminRole
from tests.factories import CLOCK, make_administrator, make_district, make_site, sign_in

pytestmark = pytest.mark.django_db
WALLS = "/admin/city/screens/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as travelled:
        yield travelled


class Wall:
    def __init__(self):
        self.client = Client(headers={"accept-language": "zh-CN"})
        self.client.get("/screen/city/")

    def state(self):
        return self.client.get("/screen/city/state").json()


class Office:
    def __init__(self, role=AdminRole.CITY, **where):
        self.client = Client(headers={"accept-language": "zh-CN"})
        self.user = sign_in(self.client, make_administrator(role, **where))

    def pair(self, code, district=""):
        return self.client.post(WALLS, {"code": f"{code[:3]} {code[3:]}", "district": district}, follow=True)

    def end(self, screen):
        return self.client.post(WALLS, {"end": str(screen.pk)}, follow=True)


def alert_at(site, **more):
    return Alert.objects.create(
        kind="long_wait", severity="orange", place=f"site {site.pk}", site=site, district=site.district, number=52,
        began_at=CLOCK, facts={"waiting": 4}, **more,
    )  # fmt: skip


def test_a_new_wall_shows_a_code_and_whoever_types_it_makes_it_the_citys():
    wall, office = Wall(), Office()
    code = wall.state()["code"]
    assert wall.state()["html"] is None

    assert "配好了" in office.pair(code).content.decode()

    assert "今后 7 天约出多少" in wall.state()["html"]
    assert "今后 7 天约出多少" in wall.client.get("/screen/city/").content.decode()
    assert PublicScreen.objects.get().paired_by == office.user


def test_it_says_where_and_that_somebody_has_it_but_no_name():
    site, somebody = make_site(name="文艺路中心"), make_administrator()
    alert_at(site, claimed_by=somebody, claimed_at=CLOCK)
    wall = Wall()
    Office().pair(wall.state()["code"])

    html = wall.state()["html"]

    assert "文艺路中心" in html
    assert "10:00 已认领" in html
    assert somebody.known_as() not in html
    assert "<form" not in html
    assert "/admin/" not in html


def test_a_wall_of_a_district_shows_that_district():
    here, there = make_site(name="河东中心"), make_site(name="河西中心", district=make_district("430104"))
    alert_at(here)
    alert_at(there)
    wall = Wall()
    Office().pair(wall.state()["code"], district=here.district_id)

    html = wall.state()["html"]

    assert "河东中心" in html
    assert "河西中心" not in html


def test_a_district_pairs_for_itself_only_and_sees_no_others():
    here, there = make_district(), make_district("430104")
    office, citys = Office(AdminRole.DISTRICT, district=here), Office()
    wall, citys_wall = Wall(), Wall()
    citys.pair(citys_wall.state()["code"])

    assert PublicScreen.objects.filter(district=None).count() == 1
    for district in ("", there.pk):
        office.pair(wall.state()["code"], district=district)
    assert PublicScreen.objects.count() == 1
    office.pair(wall.state()["code"], district=here.pk)
    assert PublicScreen.objects.filter(district=here).count() == 1
    assert office.end(PublicScreen.objects.get(district=None)).status_code == 404


def test_a_waiting_rooms_code_does_not_become_the_citys_nor_the_other_way_round():
    room = Client()
    room.get("/screen/")
    code = room.get("/screen/state").json()["code"]
    assert "没有屏幕在显示这个码" in Office().pair(code).content.decode()

    with pytest.raises(NotFound):
        pair(Wall().state()["code"], site=make_site(), by=make_administrator().pk, now=CLOCK)


def test_an_ended_wall_shows_nothing_and_may_be_paired_again():
    wall, office = Wall(), Office()
    office.pair(wall.state()["code"])

    assert "已停用" in office.end(PublicScreen.objects.get()).content.decode()

    assert wall.state()["html"] is None
    assert "…" in wall.client.get("/screen/city/").content.decode()
    office.pair(wall.state()["code"])
    assert wall.state()["html"]


def test_codes_are_tried_only_so_often(monkeypatch):
    monkeypatch.setattr(walls, "CODES_AN_HOUR", 2)
    office = Office()

    pages = [office.pair("123456").content.decode() for _ in range(3)]

    assert ["试的次数太多" in page for page in pages] == [False, False, True]


def test_the_cookie_is_out_of_reach_of_scripts():
    cookie = Client().get("/screen/city/").cookies["city_screen"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/screen/city/")
    assert Client().get("/screen/city/state").json() == {"now": CLOCK.isoformat(), "html": None, "code": None}


def test_twenty_walls_cost_one(django_assert_num_queries):
    make_site()
    CityMinute.objects.create(minute=CLOCK, last_event=0)
    office, hung = Office(), [Wall() for _ in range(20)]
    for wall in hung:
        office.pair(wall.state()["code"])
    hung[0].state()

    # One for each wall's cookie.
    with django_assert_num_queries(20):
        for wall in hung:
            wall.state()


def test_a_wall_says_that_its_numbers_are_old():
    CityMinute.objects.create(minute=CLOCK - timedelta(minutes=28), last_event=0)
    wall = Wall()
    Office().pair(wall.state()["code"])

    assert "数据停在 09:32" in wall.state()["html"]
