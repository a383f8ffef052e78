"""The page of an offered place: yes, no, too late, and for several people."""

from datetime import timedelta

import pytest

from booking.models import Appointment
from booking.operations.freed_places.release_places import release_places
from booking.operations.quotas.set_quota import close_slot
from tests.factories import make_citizen, make_patient, make_slot
from tests.freed_factories import FullSlot, asked, offers
from tests.web.waitlist.at_the_page import offer_page, said, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full(leftovers):
    return FullSlot(leftovers.now, quota=2, programme=leftovers.programme)


@pytest.fixture
def place(full, patient, clock):
    """Two places, offered to a mother and her child."""
    child = make_patient(patient.user, name="李雷")
    full.waits(patient, minutes=5, companions=[child.pk])
    for row in full.booked:
        full.cancels(row)
    release_places(now=full.undone)
    clock.move_to(full.undone)
    return offers()[0]


def test_the_page_says_when_where_for_whom_and_until_when(full, place, browser):
    page = said(browser.get(offer_page(place)))

    for words in (
        "有号了，轮到王秀兰",
        "请在 11:40 前答复，还有 30 分钟",
        "09:00–09:30",
        "王秀兰、李雷",
        full.site.name,
    ):
        assert words in page


def test_yes_is_an_appointment_of_each_and_a_second_yes_changes_nothing(full, place, browser):
    for _ in range(2):
        page = said(browser.post(offer_page(place, "accept/"), follow=True))

    assert "约好了" in page
    assert Appointment.objects.live().filter(slot=full.slot).count() == 2
    assert "现在没有候补" in said(browser.get("/waitlist/"))


def test_no_lets_it_go_and_keeps_the_wish(full, place, browser):
    other = full.waits()

    page = said(browser.post(offer_page(place, "decline/"), follow=True))

    assert "已经让给下一位。您的候补还在。" in page
    assert asked() == [other.pk]


def test_too_late_and_withdrawn_are_said_on_the_page(full, place, browser, clock):
    clock.move_to(full.undone + timedelta(minutes=30))
    assert "答复的时间过了" in said(browser.post(offer_page(place, "accept/"), follow=True))

    clock.move_to(full.undone)
    close_slot(slot_id=full.slot.pk, by=None, now=full.undone)
    assert "这个时间收回了" in said(browser.get(offer_page(place)))


def test_whoever_has_booked_meanwhile_is_told_so(full, place, patient, browser):
    full.books(patient, slot=make_slot(full.site, full.programme))

    answer = browser.post(offer_page(place, "accept/"))

    assert answer.status_code == 409
    assert "已经约了同一种疫苗" in said(answer)


def test_it_stands_on_the_first_page_and_on_nobody_elses(place, browser):
    assert "有号了，轮到王秀兰" in said(browser.get("/"))
    assert "有号了，轮到王秀兰" in said(browser.get("/waitlist/"))
    assert signed_in(make_citizen()).get(offer_page(place)).status_code == 404
