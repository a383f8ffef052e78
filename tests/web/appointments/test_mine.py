"""The list of what an account has booked."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment
from booking.queries.my_appointments import appointment_groups, next_appointment_of
from booking.rules.standing import GIVEN_UP, PAST, UPCOMING, group
from tests.factories import make_citizen, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


def links(response) -> list[str]:
    return re.findall(r'class="pick booking" href="/appointments/(\d{12})/"', response.content.decode())


@pytest.fixture
def many(booked, citizen):
    """Makes so many more appointments of a status, quickly."""

    def make(count, status, starts_at):
        first = booked(starts_at=starts_at)
        copies = []
        for number in range(1, count):
            copy = Appointment.objects.get(pk=first.pk)
            copy.pk, copy.place, copy.reference = None, number + 1000, f"{5_000_000_000_00 + number + first.pk * 1000}"
            copy.person, copy.request_key, copy.status = make_patient().person, f"copy-{first.pk}-{number}", status
            copies.append(copy)
        Appointment.objects.bulk_create(copies)
        Appointment.objects.filter(pk=first.pk).update(status=status)

    return make


def test_it_is_grouped_by_what_is_coming_what_is_over_and_what_was_given_up(signed_in, booked, now):
    later, soon = booked(starts_at=now + timedelta(days=9)), booked(starts_at=now + timedelta(days=2))
    inside = booked(starts_at=now, status="CHECKED_IN")
    long_ago = booked(starts_at=now - timedelta(days=90), status="FULFILLED")
    missed = booked(starts_at=now - timedelta(days=2))
    cancelled = booked(starts_at=now + timedelta(days=1), status="CANCELLED")

    response = signed_in.get("/appointments/")

    expected = [inside, soon, later, missed, long_ago, cancelled]
    assert links(response) == [row.reference for row in expected]
    text = response.content.decode()
    for said in ("要去的", "过去的", "取消的", "王秀兰", "流感", "第 1 剂", "已签到", "时间过了", "已接种", "已取消"):
        assert said in text


def test_ledger_and_rule_put_every_appointment_into_the_same_group(citizen, booked, now):
    for status in ("BOOKED", "CHECKED_IN", "FULFILLED", "CANCELLED", "NO_SHOW"):
        for minutes in (-91, -90, -89, 0, 60):
            booked(starts_at=now + timedelta(minutes=minutes), status=status)

    groups = appointment_groups(citizen.pk, now=now)
    seen = [(found.name, row.facts) for found in groups for row in found.rows]

    assert {found.name: found.total for found in groups} == {UPCOMING: 6, PAST: 14, GIVEN_UP: 5}
    for name, facts in seen:
        assert group(status=facts.status, ends_at=facts.ends_at, now=now) == name


def test_whoever_has_booked_nothing_is_shown_the_way(signed_in):
    text = signed_in.get("/appointments/").content.decode()

    assert "还没有预约" in text
    assert 'href="/book/"' in text


def test_other_accounts_appointments_are_not_in_it(booked):
    booked()
    stranger = Client()
    stranger.force_login(make_citizen())

    assert links(stranger.get("/appointments/")) == []


def test_a_long_past_is_shown_page_by_page(signed_in, many, now):
    many(45, "FULFILLED", now - timedelta(days=30))

    front = signed_in.get("/appointments/")
    pages = [signed_in.get(f"/appointments/?group=past&page={number}") for number in (1, 2, 3)]

    assert len(links(front)) == 5
    assert "看全部 45 次" in front.content.decode()
    assert [len(links(page)) for page in pages] == [20, 20, 5]
    assert len({reference for page in pages for reference in links(page)}) == 45
    assert "第 3 页，共 3 页" in pages[2].content.decode()


@pytest.mark.parametrize("query", ["group=all", "group=past&page=2", "group=past&page=0", "group=past&page=1e3"])
def test_a_page_that_is_not_there_is_not_found(signed_in, booked, query):
    booked(status="FULFILLED")

    assert signed_in.get(f"/appointments/?{query}").status_code == 404


def test_an_empty_group_says_so(signed_in):
    assert "这里还没有。" in signed_in.get("/appointments/?group=given_up").content.decode()


def test_it_takes_as_many_statements_for_fifty_as_for_one(signed_in, booked, many, now):
    booked()
    signed_in.get("/appointments/")

    with CaptureQueriesContext(connection) as for_one:
        signed_in.get("/appointments/")
    many(30, "BOOKED", now + timedelta(days=4))
    many(20, "FULFILLED", now - timedelta(days=4))
    with CaptureQueriesContext(connection) as for_fifty:
        signed_in.get("/appointments/")
    with CaptureQueriesContext(connection) as for_a_page:
        signed_in.get("/appointments/?group=upcoming&page=2")

    # The account, and everything else at once; on the first page also what is offered to them.
    assert len(for_one) == len(for_fifty) == 3
    assert len(for_a_page) == 2


def test_the_next_one_is_the_soonest_that_is_still_to_come(citizen, booked, now):
    booked(starts_at=now + timedelta(days=5))
    soonest = booked(starts_at=now + timedelta(days=2))
    booked(starts_at=now + timedelta(days=1), status="CANCELLED")
    booked(starts_at=now - timedelta(days=1))

    assert next_appointment_of(citizen.pk, now).reference == soonest.reference
    assert next_appointment_of(make_citizen().pk, now) is None


def test_whoever_is_at_the_site_reads_on_the_first_page_that_they_are_to_wait(citizen, booked, now):
    row = booked(starts_at=now, status="CHECKED_IN")
    booked(starts_at=now + timedelta(days=2))

    card = render_to_string("booking/appointments/card.html", {"appointment": next_appointment_of(citizen.pk, now)})

    assert f'href="/appointments/{row.reference}/"' in card
    assert ("已签到" in card, "请在候诊区等叫号" in card, "看签到码" in card) == (True, True, False)


def test_the_card_for_the_first_page_leads_to_the_code(citizen, booked, now):
    row = booked(name="望月湖中心")

    card = render_to_string("booking/appointments/card.html", {"appointment": next_appointment_of(citizen.pk, now)})

    for said in ("王秀兰", "11 月 26 日 周四", "10:00–10:30", "望月湖中心", "看签到码"):
        assert said in card
    assert f'href="/appointments/{row.reference}/"' in card
