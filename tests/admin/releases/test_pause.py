"""The switch that pauses all booking: only the city's, looked at before it is pressed, and said on every page."""

import pytest
from django.test import Client
from django.urls import reverse

from booking.models import BookingPause
from booking.queries.pause import open_pause

pytestmark = pytest.mark.django_db(transaction=True)
SWITCH = reverse("admin:booking_bookingpause_switch")
TEXTS = {"text": "系统检查。", "text_en": "We check the system."}


def test_nothing_is_paused_before_it_was_looked_at_and_confirmed(city) -> None:
    offered = city.city.get(SWITCH)
    assert offered.context["form"]["text"].initial
    looked = city.city.post(SWITCH, TEXTS)
    assert "市民会看到" in looked.content.decode()
    assert open_pause() is None

    done = city.city.post(SWITCH, {**TEXTS, "confirmed": "1"}, follow=True)

    assert "全市预约正在暂停" in done.content.decode()
    assert open_pause().text == "系统检查。"


@pytest.mark.parametrize("missing", ["text", "text_en"])
def test_both_languages_are_needed(city, missing) -> None:
    page = city.city.post(SWITCH, {**TEXTS, missing: " ", "confirmed": "1"})

    assert missing in page.context["form"].errors
    assert open_pause() is None


def test_it_is_ended_on_the_same_page_and_kept_in_the_list(city) -> None:
    city.city.post(SWITCH, {**TEXTS, "confirmed": "1"})

    ended = city.city.post(SWITCH, {"end": "1"}, follow=True)

    assert "已恢复" in ended.content.decode()
    pause = BookingPause.objects.get()
    assert pause.ended_at is not None
    assert pause.ended_by == pause.began_by


def test_ending_one_that_somebody_else_has_ended_begins_none(city) -> None:
    city.city.post(SWITCH, {"end": "1"})

    assert not BookingPause.objects.exists()


@pytest.mark.parametrize("who", ["district", "manager", "auditor"])
def test_nobody_but_the_city_may_press_it(city, who) -> None:
    browser = getattr(city, who)

    assert browser.get(SWITCH).status_code == 403
    assert browser.post(SWITCH, {**TEXTS, "confirmed": "1"}).status_code == 403
    assert not BookingPause.objects.exists()
    assert browser.get(reverse("admin:booking_bookingpause_changelist")).status_code == 200
    assert Client().get(SWITCH).status_code == 302


def test_the_admin_says_so_on_every_page_and_the_city_finds_the_way_back(city) -> None:
    city.city.post(SWITCH, {**TEXTS, "confirmed": "1"})

    assert SWITCH in city.city.get(reverse("admin:index")).content.decode()
    seen = city.district.get(reverse("admin:index")).content.decode()
    assert "系统检查。" in seen
    assert SWITCH not in seen


def test_a_pause_is_never_changed_or_deleted(city) -> None:
    city.city.post(SWITCH, {**TEXTS, "confirmed": "1"})
    pause = BookingPause.objects.get()

    assert city.city.post(reverse("admin:booking_bookingpause_change", args=[pause.pk]), TEXTS).status_code == 403
    assert city.city.post(reverse("admin:booking_bookingpause_delete", args=[pause.pk])).status_code == 403
    assert city.city.get(reverse("admin:booking_bookingpause_add")).status_code == 403
