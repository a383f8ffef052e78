"""One tap books the next dose: the page that a message leads to, and the ways round it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts import signed_ids
from booking.models import Appointment
from booking.notifications.of_due_doses import DUE_LINK
from booking.operations.book import book
from tests.factories import CLOCK, make_citizen, make_patient, make_site, make_slot, make_two_dose_programme
from tests.series_factories import make_first_dose, make_keeping_slot, make_outside_dose
from tests.web.journey.conftest import Visitor, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False):
        yield


@pytest.fixture
def programme():
    return make_two_dose_programme(28, code="hpv-2", name="宫颈癌疫苗")


@pytest.fixture
def somebody(patient, site, programme):
    """Who had the first dose at the site 25 days ago, on a Friday at ten: the second is due on Friday 27 November."""
    return make_first_dose(programme, patient=patient, days_ago=25, site=site)


def address(patient, programme):
    return reverse("due_dose", args=[signed_ids.signed(DUE_LINK, patient.pk), programme.code])


def form_of(response):
    page = response.content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("request_key", "slot")}


def slot_at(site, programme, days, hour=0, **fields):
    return make_slot(site, programme, starts_at=CLOCK + timedelta(days=days, hours=hour), **fields)


def test_one_tap_books_the_time_most_like_the_first(visitor, somebody, site, programme):
    slot_at(site, programme, 2)
    slot_at(site, programme, 3, hour=5)
    best = slot_at(site, programme, 3, hour=1)
    slot_at(site, programme, 5)

    page = visitor.get(address(somebody, programme))
    answer = visitor.post(address(somebody, programme), **form_of(page))

    booked = Appointment.objects.get(dose=2)
    assert booked.slot == best
    assert answer.url == reverse("appointment", args=[booked.reference]) + "?done=1"


def test_nothing_is_held_by_looking(visitor, somebody, site, programme):
    only = slot_at(site, programme, 3, quota=1)
    visitor.get(address(somebody, programme))

    other = make_first_dose(programme, days_ago=30)
    assert book(account_id=other.user_id, patient_id=other.pk, slot_id=only.pk, request_key="request-1", now=CLOCK)


def test_a_second_click_is_one_booking(visitor, somebody, site, programme):
    slot_at(site, programme, 3)
    form = form_of(visitor.get(address(somebody, programme)))

    first, second = (visitor.post(address(somebody, programme), **form) for _ in range(2))

    assert first.url == second.url
    assert Appointment.objects.filter(dose=2).count() == 1


def test_a_time_that_is_gone_makes_room_for_another_suggestion(visitor, somebody, site, programme):
    gone, left = slot_at(site, programme, 3, quota=1), slot_at(site, programme, 3, hour=1)
    form = form_of(visitor.get(address(somebody, programme)))
    other = make_first_dose(programme, days_ago=30)
    book(account_id=other.user_id, patient_id=other.pk, slot_id=gone.pk, request_key="request-1", now=CLOCK)

    answer = visitor.post(address(somebody, programme), **form)

    assert answer.status_code == 409
    assert form_of(answer)["slot"] == str(left.pk)
    assert "换成离它最近的一个" in text_of(answer)


def test_a_kept_place_is_suggested_where_the_quota_is_full(visitor, somebody, site, programme):
    slot = make_keeping_slot(quota=0, kept=1, days=3, programme=programme, site=site)

    form = form_of(visitor.get(address(somebody, programme)))
    visitor.post(address(somebody, programme), **form)

    assert Appointment.objects.get(dose=2).slot == slot


def test_without_a_place_at_the_site_the_others_are_shown_the_way(visitor, somebody, programme):
    page = visitor.get(address(somebody, programme))

    assert "上次的接种点现在没有空号" in text_of(page)
    assert reverse("book_where", args=[somebody.pk, "hpv-2"]) in page.content.decode()


def test_before_the_day_can_be_booked_it_says_so(visitor, patient, site, programme):
    make_first_dose(programme, patient=patient, days_ago=5, site=site)

    text = text_of(visitor.get(address(patient, programme)))

    assert "12 月 17 日起可以打" in text
    assert "那几天的号还没有放出" in text


def test_after_a_dose_elsewhere_the_familys_site_is_suggested(visitor, patient, citizen, site, programme):
    make_outside_dose(patient, programme, given_on=CLOCK.date() - timedelta(days=40))
    make_first_dose(programme, patient=make_patient(citizen), days_ago=60, site=site)
    slot = slot_at(site, programme, 3)

    assert form_of(visitor.get(address(patient, programme)))["slot"] == str(slot.pk)


def test_what_is_booked_already_is_shown(visitor, somebody, site, programme):
    slot = slot_at(site, programme, 3)
    book(account_id=somebody.user_id, patient_id=somebody.pk, slot_id=slot.pk, request_key="request-1", now=CLOCK)

    page = visitor.get(address(somebody, programme))

    assert "已经约好" in text_of(page)
    assert reverse("appointment", args=[Appointment.objects.get(dose=2).reference]) in page.content.decode()


def test_who_had_it_elsewhere_reads_what_to_do(visitor, somebody, site, programme):
    slot_at(site, programme, 3)

    assert "带上接种证或外地的接种凭证" in text_of(visitor.get(address(somebody, programme)))


def test_the_link_is_the_accounts_own_and_nobody_makes_one_up(visitor, somebody, programme):
    other = make_first_dose(programme)
    forged = reverse("due_dose", args=["A" * 28, programme.code])
    as_invitation = reverse("due_dose", args=[signed_ids.signed("invitation", somebody.pk), programme.code])

    for wrong in (address(other, programme), forged, as_invitation):
        assert visitor.get(wrong).status_code == 404
    assert Visitor(make_citizen()).get(address(somebody, programme)).status_code == 404


def test_whoever_is_not_signed_in_comes_back_to_it_afterwards(somebody, programme):
    answer = Visitor().get(address(somebody, programme))

    assert answer.status_code == 302
    assert "next=/due/" in answer.url


@pytest.mark.parametrize("page", ["home", "records"])
def test_home_and_records_show_the_next_dose(visitor, somebody, site, programme, page):
    slot_at(site, programme, 3)

    shown = visitor.get(reverse(page))

    assert "第 2 剂 11 月 27 日起可以打" in text_of(shown)
    assert address(somebody, programme) in shown.content.decode()


def test_records_say_of_a_dose_elsewhere_what_the_account_may_know(visitor, patient, programme):
    make_outside_dose(patient, programme, given_on=CLOCK.date() - timedelta(days=40))

    before = text_of(visitor.get(reverse("records")))
    make_first_dose(make_two_dose_programme(), patient=patient)
    after = text_of(visitor.get(reverse("records")))

    assert "外地" in before
    assert "武汉" not in before
    assert "武汉市江岸区疾控中心" in after


def test_in_english(citizen, somebody, site, programme):
    slot_at(site, programme, 3)

    page = text_of(Visitor(citizen, "en").get(address(somebody, programme)))

    assert re.search(r"[一-鿿]", page.replace("王秀兰", "").replace("中文", "")) is None


def test_other_sites_of_the_account_do_not_matter(visitor, somebody, site, programme):
    slot_at(make_site(), programme, 3)
    here = slot_at(site, programme, 4)

    assert form_of(visitor.get(address(somebody, programme)))["slot"] == str(here.pk)
