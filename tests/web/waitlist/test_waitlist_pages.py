"""The pages of whoever waits: the list, an offer and its answer."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from booking.models import Appointment, Offer, WaitlistEntry
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.stop_leftovers import stop_leftovers
from tests.factories import make_citizen
from tests.web.waitlist.at_the_page import join_page, offer_page, said, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


# --- The list ---


def test_the_list_shows_what_one_waits_for_and_leaving_asks_first(leftovers, patient, browser):
    entry = leftovers.waits(patient)
    page = said(browser.get("/waitlist/"))
    assert "王秀兰" in page
    assert leftovers.site.name in page

    asks = said(browser.get(f"/waitlist/{entry.pk}/leave/"))
    assert "退出后不再通知。以后再登记，要从后面重新排。" in asks
    assert WaitlistEntry.objects.get().ended_at is None
    left = browser.post(f"/waitlist/{entry.pk}/leave/", follow=True)

    assert "已退出候补。" in said(left)
    assert WaitlistEntry.objects.get().ended_at is not None
    assert browser.get(f"/waitlist/{entry.pk}/leave/").url == "/waitlist/"


def test_nobody_leaves_for_somebody_else(leftovers, patient):
    entry = leftovers.waits(patient)

    assert signed_in(make_citizen()).post(f"/waitlist/{entry.pk}/leave/").status_code == 404


def test_an_empty_list_says_how_to_join(browser):
    assert "在选时间那一页点“有空号时通知我”" in said(browser.get("/waitlist/"))


# --- The offer ---


def test_home_appointments_and_list_show_that_an_offer_waits(browser, offer):
    for address in ("/", "/appointments/", "/waitlist/"):
        page = browser.get(address)
        assert "有余苗，轮到王秀兰" in said(page)
        assert "今天 12:30 前到。请在 11:15 前答复。" in said(page)
        assert offer_page(offer) in page.content.decode()


def test_the_offer_says_where_until_when_and_how_long_there_is_to_answer(leftovers, browser, offer):
    page = browser.get(offer_page(offer))

    for words in (
        "请在 11:15 前答复，还有 15 分钟",
        "今天 12:30",
        leftovers.site.name,
        "40 分钟内能到再点“要”",
        "不答复就让给下一位",
    ):
        assert words in said(page)
    assert 'data-until="2026-11-24T11:15:00+08:00" data-now="2026-11-24T11:00:00+08:00"' in page.content.decode()


def test_a_yes_is_confirmed_with_the_time_and_the_code(browser, offer):
    for _ in range(2):
        answer = browser.post(offer_page(offer, "accept/"), follow=True)
        assert "给您留好了 今天 12:30 前到，带身份证件。" in said(answer)

    booked = Appointment.objects.get()
    assert reverse("appointment", args=[booked.reference]) in answer.content.decode()
    assert browser.get(reverse("appointment", args=[booked.reference])).status_code == 200


def test_a_no_is_confirmed_and_the_wish_stays(browser, offer):
    for _ in range(2):
        answer = browser.post(offer_page(offer, "decline/"), follow=True)
        assert "这次不要已经让给下一位。您的候补还在。" in said(answer)

    assert WaitlistEntry.objects.get().ended_at is None


@pytest.mark.parametrize("how", ["expired", "withdrawn"])
def test_an_offer_that_is_over_says_so_instead_of_its_buttons(leftovers, browser, offer, clock, how):
    if how == "expired":
        clock.move_to(leftovers.now + timedelta(minutes=15))
    else:
        stop_leftovers(site_id=leftovers.site.pk, round_id=offer.round_id, now=leftovers.now)

    for answer in (browser.get(offer_page(offer)), browser.post(offer_page(offer, "accept/"), follow=True)):
        assert ("11:15 前没有答复，已经让给下一位。" if how == "expired" else "接种点收回了余苗") in said(answer)
        assert "马上去" not in said(answer)
    assert not Appointment.objects.exists()
    assert "有余苗，轮到" not in said(browser.get("/"))


def test_why_a_yes_was_not_possible_is_said_in_words(leftovers, browser, offer):
    leftovers.slot.closed_at = leftovers.now
    leftovers.slot.save()

    answer = browser.post(offer_page(offer, "accept/"))

    assert answer.status_code == 409
    assert "这个时间不能再约了。" in said(answer)


def test_whoever_was_asked_about_a_dose_that_somebody_else_has_is_told_so(leftovers, browser, offer):
    other = leftovers.waits()
    mine = Offer.objects.create(
        entry=other, site=leftovers.site, round=offer.round, made_at=leftovers.now, expires_at=offer.expires_at
    )
    accept(account_id=other.account_id, offer_id=mine.pk, now=leftovers.now)

    answer = browser.post(offer_page(offer, "accept/"))
    assert answer.status_code == 409
    assert "已经有人要了。您的候补还在。" in said(answer)
    assert "马上去" not in said(answer)

    # Once the round has ended, nobody is asked any more.
    advance_leftovers(now=leftovers.now)
    assert "接种点收回了余苗" in said(browser.get(offer_page(offer)))
    assert "有余苗，轮到" not in said(browser.get("/"))


def test_a_forwarded_link_is_worth_nothing(offer):
    stranger, nobody = signed_in(make_citizen()), Client()

    for act in ("", "accept/", "decline/"):
        call = "get" if not act else "post"
        assert getattr(stranger, call)(offer_page(offer, act)).status_code == 404
        assert getattr(nobody, call)(offer_page(offer, act)).url.startswith("/sign-in/")
    assert Offer.objects.get().state == "PENDING"
    assert stranger.get(offer_page(offer, "accept/")).status_code == 405


def test_the_pages_are_complete_in_english(leftovers, patient, offer):
    english = signed_in(patient.user, "en")

    for address in ("/waitlist/", join_page(leftovers, patient), offer_page(offer)):
        words = said(english.get(address)).replace("王秀兰", "").replace("中文", "")
        assert not re.search(r"[一-鿿]", words), address
    english.post(offer_page(offer, "accept/"))
    assert "It is yours Be there by 12:30 today." in said(english.get(offer_page(offer)))
