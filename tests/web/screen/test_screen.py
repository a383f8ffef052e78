"""The waiting room's screen: paired by a code, shows calls and no names in full, and ends at once."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.api.desk import screens
from booking.models import PublicScreen, VisitStatus
from booking.operations.screens import pairing
from tests.desk_factories import make_desk, make_visit
from tests.factories import CLOCK, make_appointment, make_site, make_slot, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as travelled:
        yield travelled


class Screen:
    def __init__(self):
        self.client = Client()
        self.client.get("/screen/")

    def state(self):
        return self.client.get("/screen/state").json()


class Desk:
    def __init__(self, site, *roles):
        self.site, self.user, self.client = site, make_desk(site, *(roles or ("supervisor",))), Client()
        self.headers = {"Authorization": f"Bearer {make_token(self.user, CLOCK)}", "Accept-Language": "zh-CN"}

    def pair(self, code):
        body = json.dumps({"site": self.site.code, "code": code})
        return self.client.post("/api/v1/desk/screens", body, content_type="application/json", headers=self.headers)

    def listed(self):
        return self.client.get("/api/v1/desk/screens", {"site": self.site.code}, headers=self.headers).json()["screens"]

    def end(self, screen_id):
        path = f"/api/v1/desk/screens/{screen_id}?site={self.site.code}"
        return self.client.delete(path, headers=self.headers)


def paired(site=None):
    screen, desk = Screen(), Desk(site or make_site())
    assert desk.pair(screen.state()["code"]).status_code == 200
    return screen, desk


def called(site, ticket, minutes_ago, *, waited=10, **more):
    at = CLOCK - timedelta(minutes=minutes_ago)
    fields = {"ticket": ticket, "called_at": at, "called_desk": "3 号台", "at": at - timedelta(minutes=waited), **more}
    return make_visit(make_appointment(make_slot(site)), **fields)


def test_a_new_screen_shows_six_digits_and_keeps_them_for_ten_minutes(clock):
    screen = Screen()

    first = screen.state()
    clock.shift(timedelta(minutes=9))

    assert first["paired"] is False
    assert len(first["code"]) == 6
    assert first["until"] == (CLOCK + timedelta(minutes=10)).isoformat()
    assert screen.state()["code"] == first["code"]


def test_two_screens_show_different_codes():
    assert Screen().state()["code"] != Screen().state()["code"]


def test_whoever_types_the_code_makes_the_screen_the_sites():
    site = make_site(name="望月湖接种点", phone="0731-1234567")
    screen, desk = paired(site)

    state = screen.state()

    assert state["paired"] is True
    assert state["site"] == {"name": "望月湖接种点", "name_en": site.name_en, "phone": "0731-1234567"}
    assert PublicScreen.objects.get().paired_by == desk.user


def test_a_code_works_once_and_a_wrong_one_not_at_all():
    screen = Screen()
    code = screen.state()["code"]
    desk, other = Desk(make_site()), Desk(make_site())

    assert desk.pair(code).status_code == 200
    assert other.pair(code).status_code == 404
    assert other.pair("000000" if code != "000000" else "000001").json()["code"] == "no_such_code"


def test_only_supervisors_pair_and_only_so_often(monkeypatch):
    site = make_site()
    monkeypatch.setattr(screens, "CODES_AN_HOUR", 2)
    desk = Desk(site)

    assert Desk(site, "registration").pair("123456").status_code == 403
    assert [desk.pair("123456").status_code for _ in range(3)] == [404, 404, 429]


def test_an_address_gets_only_so_many_codes(monkeypatch):
    monkeypatch.setattr(pairing, "CODES_AN_HOUR", 1)

    assert [Screen().state()["code"] is None for _ in range(2)] == [False, True]


def test_without_a_cookie_there_is_neither_code_nor_state():
    assert Client().get("/screen/state").json() == {"paired": False, "code": None, "until": None}


def test_the_cookie_is_out_of_reach_of_scripts_and_the_ledger_keeps_only_its_hash():
    client = Client()
    cookie = client.get("/screen/").cookies["public_screen"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/screen/")
    assert pairing.known_by(cookie.value).hex not in cookie.value


def test_an_ended_screen_shows_nothing_from_that_moment_and_may_be_paired_again():
    screen, desk = paired()
    screen.state()

    assert desk.end(desk.listed()[0]["id"]).json() == {"screens": []}

    assert screen.state() == {"paired": False, "code": None, "until": None}
    assert desk.pair(screen.state()["code"]).status_code == 200
    assert screen.state()["paired"] is True


def test_another_sites_screens_are_out_of_reach():
    _, desk = paired()
    screen_id = desk.listed()[0]["id"]

    assert Desk(make_site()).end(screen_id).status_code == 404
    assert len(desk.listed()) == 1


def test_the_last_four_calls_are_shown_latest_first_with_masked_names():
    site = make_site()
    for ticket in range(81, 87):
        called(site, ticket, 90 - ticket)
    screen, _ = paired(site)

    calls = screen.state()["calls"]

    assert [one["ticket"] for one in calls] == ["A086", "A085", "A084", "A083"]
    assert {(one["name"], one["desk"]) for one in calls} == {("王*兰", "3 号台")}


def test_nothing_of_a_vaccine_a_document_or_a_full_name_leaves_the_ledger():
    site = make_site()
    visit = called(site, 7, 5)
    screen, _ = paired(site)

    body = screen.client.get("/screen/state").content.decode()

    assert "王秀兰" not in body
    assert visit.appointment.programme.name not in body
    assert str(visit.appointment.patient.document_number)[-4:] not in body


def test_yesterdays_another_sites_and_undone_check_ins_are_not_shown():
    site = make_site()
    called(site, 1, 24 * 60)
    called(make_site(), 2, 5)
    called(site, 3, 5, status=VisitStatus.CANCELLED)
    screen, _ = paired(site)

    state = screen.state()

    assert (state["calls"], state["for_questions"]) == ([], 0)


def test_queues_the_measured_wait_and_who_may_leave():
    site = make_site()
    for ticket, waited in ((1, 5), (2, 12), (3, 40)):
        called(site, ticket, 10, waited=waited)
    called(site, 4, 5, status=VisitStatus.TRIAGED, waited=12)
    called(site, 5, 45, status=VisitStatus.IN_PROGRESS, observe_until=CLOCK - timedelta(minutes=1))
    called(site, 6, 45, status=VisitStatus.IN_PROGRESS, observe_until=CLOCK + timedelta(minutes=1))
    screen, _ = paired(site)

    state = screen.state()

    assert (state["for_questions"], state["for_dose"], state["observed"]) == (3, 1, 2)
    assert (state["minutes"], state["may_leave"]) == (12, ["A005"])


def test_too_few_calls_say_nothing_about_the_wait():
    site = make_site()
    called(site, 1, 10)
    called(site, 2, 10)
    called(site, 3, 31)
    screen, _ = paired(site)

    assert screen.state()["minutes"] is None


def test_many_screens_of_a_site_cost_two_statements_a_second(django_assert_num_queries):
    site = make_site()
    screens_there = [paired(site)[0] for _ in range(3)]
    screens_there[0].state()

    # One for each screen's cookie.
    with django_assert_num_queries(3):
        for screen in screens_there:
            screen.state()
