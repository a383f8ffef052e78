"""The calls for people without an appointment: what they can have, their ticket, their own of another day."""

import json

import pytest
import time_machine
from django.test import Client

from accounts.models import LookUp
from booking.api.desk import walk_ins
from booking.models import Appointment, Status
from booking.queries.qr_codes import qr_payload
from tests.desk_factories import make_desk
from tests.factories import CLOCK, make_appointment, make_programme, make_resident_id, make_token
from tests.operations.walk_ins.scenes import neighbour, slot_at

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = make_resident_id("19900101", "002")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False):
        yield


class Desk:
    def __init__(self, site, *roles):
        self.site, self.user, self.client = site, make_desk(site, *roles), Client()
        self.headers = {"Authorization": f"Bearer {make_token(self.user, CLOCK)}", "Accept-Language": "zh-CN"}

    def get(self, path, **query):
        return self.client.get(f"/api/v1/desk/{path}", query, headers=self.headers)

    def post(self, path, key=None, **body):
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        body = json.dumps({"site": self.site.code, **body})
        return self.client.post(f"/api/v1/desk/{path}", body, content_type="application/json", headers=headers)

    def ticket(self, slot, key="ticket-0001", **more):
        person = {"document_type": "resident_id", "document_number": NUMBER, "name": "李梅"}
        return self.post("walk-ins", key, **{"programme": slot.programme.code, **person, **more})

    def options(self, **more):
        return self.post("walk-ins/options", **{"document_type": "resident_id", "document_number": NUMBER, **more})


def test_a_ticket_has_its_number_its_code_and_the_time_to_be_there():
    slot = slot_at(CLOCK, -10, kept=1)
    answer = Desk(slot.site).ticket(slot)

    ticket = answer.json()["ticket"]
    assert answer.status_code == 200
    assert ticket["code"] == qr_payload(ticket["reference"])
    assert (ticket["return_at"], ticket["origin"], ticket["tail"]) == (CLOCK.isoformat(), "kept", NUMBER[-4:])
    assert answer.json()["row"]["origin"] == "walk_in"
    assert NUMBER not in answer.content.decode()


def test_the_same_call_again_gives_the_same_ticket():
    slot = slot_at(CLOCK, -10, kept=2)
    desk = Desk(slot.site)

    first, again = desk.ticket(slot).json(), desk.ticket(slot).json()

    assert first["ticket"] == again["ticket"]
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert Appointment.objects.count() == 1


def test_who_came_in_can_be_checked_in_at_once():
    slot = slot_at(CLOCK, -10, kept=1)
    desk = Desk(slot.site)
    ticket = desk.ticket(slot).json()["ticket"]

    answer = desk.post("check-ins", code=ticket["code"])

    assert (answer.json()["result"], answer.json()["reason"]) == ("ok", "on_time")


def test_places_and_tickets_of_today_are_listed():
    slot = slot_at(CLOCK, -10, kept=3)
    desk = Desk(slot.site)
    desk.ticket(slot)

    listed = desk.get("walk-ins", site=slot.site.code).json()

    assert [(one["programme"], one["count"], one["origin"]) for one in listed["places"]] == [
        (slot.programme.code, 2, "kept")
    ]
    assert [one["name"] for one in listed["tickets"]] == ["李梅"]


def test_options_say_the_place_the_dose_or_the_reason():
    slot = slot_at(CLOCK, -10, kept=1)
    slot_at(CLOCK, 50, site=slot.site, programme=make_programme(name="老年疫苗", min_age=60), kept=1)

    answer = Desk(slot.site).options().json()

    by_code = {one["programme"]: one for one in answer["options"]}
    assert (answer["age"], answer["sex"], answer["tail"]) == (36, "F", NUMBER[-4:])
    assert by_code[slot.programme.code]["place"]["return_at"] == CLOCK.isoformat()
    other = next(one for one in answer["options"] if one["programme"] != slot.programme.code)
    assert (other["code"], other["facts"]["reason"], other["place"]) == ("not_eligible", "too_young", None)


def test_without_a_place_the_options_name_slots_that_can_be_booked():
    slot = slot_at(CLOCK, -10)
    tomorrow = neighbour(slot, CLOCK, 24 * 60)
    elsewhere = slot_at(CLOCK, 60, programme=slot.programme)

    option = Desk(slot.site).options().json()["options"][0]

    assert (option["code"], option["place"]) == ("no_place_today", None)
    assert [one["site_name"] for one in option["near"]] == [tomorrow.site.name, elsewhere.site.name]


def test_looking_leaves_a_trace_and_has_an_end(monkeypatch):
    monkeypatch.setattr(walk_ins, "LOOKS_AN_HOUR", 1)
    desk = Desk(slot_at(CLOCK, -10, kept=1).site)

    assert [desk.options().status_code, desk.options().status_code] == [200, 429]
    assert LookUp.objects.get().by == desk.user


def test_a_wrong_number_is_said_with_its_field_and_not_repeated():
    slot = slot_at(CLOCK, -10, kept=1)
    answer = Desk(slot.site).ticket(slot, document_number="430102199001010021")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "document_number")
    assert "430102199001010021" not in answer.content.decode()


def test_when_none_is_left_it_says_so():
    slot = slot_at(CLOCK, -10)
    answer = Desk(slot.site).ticket(slot)

    assert (answer.status_code, answer.json()["code"]) == (409, "no_place_today")


def test_tickets_need_the_network_and_the_post_for_it():
    slot = slot_at(CLOCK, -10, kept=1)

    assert Desk(slot.site).ticket(slot, offline=True).status_code == 400
    assert Desk(slot.site, "vaccination").ticket(slot).status_code == 403
    assert Desk(slot.site, "vaccination").options().status_code == 403


def test_at_a_site_where_one_does_not_work_there_is_nothing():
    slot = slot_at(CLOCK, -10, kept=1)
    stranger = Desk(slot_at(CLOCK, -10).site)

    assert stranger.get("walk-ins", site=slot.site.code).status_code == 404
    assert stranger.ticket(slot, site=slot.site.code).status_code == 404
    assert stranger.options(site=slot.site.code).status_code == 404
    assert Client().get("/api/v1/desk/walk-ins", {"site": slot.site.code}).status_code == 401


def test_an_appointment_of_tomorrow_comes_to_today():
    slot = slot_at(CLOCK, -10, kept=1)
    row = make_appointment(neighbour(slot, CLOCK, 24 * 60))

    answer = Desk(slot.site).post(f"visits/{row.reference}/bring-forward", "forward-0001")

    assert (answer.status_code, answer.json()["ticket"]["return_at"]) == (200, CLOCK.isoformat())
    row.refresh_from_db()
    assert row.slot == slot


def test_one_of_another_site_does_not_exist():
    slot = slot_at(CLOCK, -10, kept=1)
    row = make_appointment(slot_at(CLOCK, 24 * 60, programme=slot.programme))

    answer = Desk(slot.site).post(f"visits/{row.reference}/bring-forward", "forward-0001")

    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.status == Status.BOOKED
