"""The site closed: where the new place is, and one tap to keep it, to choose another or to give it up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment, Relocation, WithAppointments
from booking.operations.move import move
from booking.operations.quotas.set_quota import close_slot
from booking.operations.relocations.move_people import move_people
from tests.factories import make_administrator, make_citizen, make_site, make_slot

pytestmark = pytest.mark.django_db(transaction=True)
SAYS = "原来的时间停诊，已为您换到："


@pytest.fixture
def relocated(booked, now):
    """Closes the appointment's slot; there is a place 1.2 kilometres away, so much later. Returns its row."""

    def make(later=timedelta(minutes=30), choice=WithAppointments.MOVE, **fields):
        row = booked(name="文艺路接种点", **fields)
        there = make_site(name="东湖接种点", name_en="East Lake", latitude=row.slot.site.latitude + 1_200 / 111_195)
        make_slot(there, row.programme, starts_at=row.slot.starts_at + later)
        by = make_administrator().pk
        close_slot(slot_id=row.slot_id, by=by, now=now)
        move_people(appointment_ids=[row.pk], choice=choice, change_id=None, reason="停电检修", by=by, now=now)
        return Appointment.objects.get(pk=row.pk)

    return make


def page(signed_in, row, **query):
    return signed_in.get(f"/appointments/{row.reference}/", query).content.decode()


def tap(signed_in, row, what):
    return signed_in.post(f"/appointments/{row.reference}/{what}/")


def test_page_list_and_home_show_the_new_place_beside_the_old_and_three_choices(signed_in, relocated):
    row = relocated()

    for text in (
        page(signed_in, row),
        signed_in.get("/appointments/").content.decode(),
        signed_in.get("/").content.decode(),
    ):
        assert SAYS in text or "原来的时间停诊，这是给您换的号" in text
        for said in (
            "东湖接种点",
            "10:30–11:00",
            "原来：11 月 26 日 周四 10:00",
            "文艺路接种点",
            "原因：停电检修",
        ):
            assert said in text
        assert "离原来的接种点 1.2 公里 · 同一天 · 晚 30 分钟" in text
        for address in ("accept/", "decline/", "move/"):
            assert f"/appointments/{row.reference}/{address}" in text


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(0), "同一天 · 时间不变"),
        (timedelta(hours=-1), "同一天 · 早 1 小时"),
        (timedelta(minutes=90), "同一天 · 晚 1 小时 30 分钟"),
        (timedelta(days=2), "1.2 公里 · 晚 2 天"),
    ],
)
def test_it_says_how_much_later_or_earlier_that_is(signed_in, relocated, later, said):
    assert said in page(signed_in, relocated(later))


def test_one_tap_keeps_it_and_a_second_one_changes_nothing(signed_in, relocated):
    row = relocated()

    answers = [tap(signed_in, row, "accept") for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {f"/appointments/{row.reference}/?done=accepted"}
    assert Relocation.objects.get().state == "ACCEPTED"
    text = page(signed_in, row, done="accepted")
    assert "好，就这个时间" in text
    assert SAYS not in text


def test_one_tap_gives_it_up_and_one_more_brings_it_back_with_the_question(signed_in, relocated, now):
    row = relocated()

    tap(signed_in, row, "decline")

    relocation = Relocation.objects.get()
    assert (Appointment.objects.get().status, relocation.state, relocation.answered_at) == (
        "CANCELLED",
        "DECLINED",
        now,
    )
    assert SAYS not in page(signed_in, row)

    tap(signed_in, row, "restore")

    relocation.refresh_from_db()
    assert (Appointment.objects.get().status, relocation.state, relocation.answered_at) == ("BOOKED", "PENDING", None)
    assert SAYS in page(signed_in, row)


def test_cancelling_the_long_way_says_no_as_well(signed_in, relocated):
    row = relocated()

    signed_in.post(f"/appointments/{row.reference}/cancel/", {"reason": "far"})

    assert Relocation.objects.get().state == "DECLINED"


def test_close_to_the_start_giving_up_is_asked_once_more(signed_in, relocated, clock, now):
    row = relocated()
    clock.move_to(row.slot.starts_at - timedelta(minutes=90))

    answer = tap(signed_in, row, "decline")

    assert answer["Location"] == f"/appointments/{row.reference}/cancel/"
    assert Appointment.objects.get().status == "BOOKED"


def test_another_time_is_free_also_for_whoever_has_changed_twice_and_counts_as_the_answer(
    signed_in, citizen, relocated, now
):
    row = relocated()
    Appointment.objects.update(moves=2)
    chosen, again = (
        make_slot(row.slot.site, row.programme, starts_at=row.slot.starts_at + timedelta(days=n)) for n in (1, 2)
    )
    assert signed_in.get(f"/appointments/{row.reference}/move/").status_code == 200

    moved = move(account_id=citizen.pk, reference=row.reference, slot_id=chosen.pk, request_key="k-1", now=now)

    assert (moved.slot_id, moved.moves, Relocation.objects.get().state) == (chosen.pk, 2, "CHOSE_ANOTHER")
    assert SAYS not in page(signed_in, row)
    # That was the free one.
    assert signed_in.get(f"/appointments/{row.reference}/move/").status_code == 409
    assert again.appointments.count() == 0


def test_after_another_answer_the_old_button_says_that_things_have_changed(signed_in, relocated):
    row = relocated()
    tap(signed_in, row, "decline")

    answer = tap(signed_in, row, "accept")

    assert answer.status_code == 409
    assert "这次预约的状态变了" in answer.content.decode()
    assert Relocation.objects.get().state == "DECLINED"


def test_what_the_city_cancelled_says_why_and_leads_to_booking_anew(signed_in, relocated, patient):
    row = relocated(choice=WithAppointments.CANCEL)

    text = page(signed_in, row)

    for said in ("接种点停诊，已取消", "原因：停电检修。对不起，请另选一个时间。", "重新预约"):
        assert said in text
    assert f"/book/{patient.pk}/{row.programme.code}/" in text
    assert "恢复预约" not in text
    assert "接种点停诊" in signed_in.get("/appointments/").content.decode()


def test_nobody_else_can_answer_and_an_appointment_that_never_moved_has_no_question(booked, signed_in, relocated):
    row, other = relocated(), booked()
    stranger = Client()
    stranger.force_login(make_citizen())

    for what in ("accept", "decline"):
        assert tap(stranger, row, what).status_code == 404
        assert tap(signed_in, other, what).status_code == 404
        assert signed_in.get(f"/appointments/{row.reference}/{what}/").status_code == 405
    assert Relocation.objects.get().state == "PENDING"


def test_in_english(signed_in, relocated):
    row = relocated()
    signed_in.cookies["django_language"] = "en"

    text = page(signed_in, row)

    for said in (
        "We moved you to:",
        "East Lake",
        "1.2 km from the old site · the same day · 30 min later",
        "Keep this",
    ):
        assert said in text


def test_the_pages_take_no_more_statements_than_before(signed_in, relocated):
    row = relocated()
    for address, most in ((f"/appointments/{row.reference}/", 2), ("/appointments/", 3)):
        signed_in.get(address)
        with CaptureQueriesContext(connection) as sent:
            signed_in.get(address)
        assert len(sent) == most, address
