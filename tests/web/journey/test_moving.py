"""Another time for an appointment: the old one stays until the new one is certain."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Patient
from booking.models import Appointment
from booking.operations.cancel import cancel
from tests.factories import make_patient, make_programme, make_site, make_slot
from tests.web.journey.conftest import Visitor, at, books, released, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def booked(patient, slots):
    return books(patient, slots[0])


@pytest.fixture
def page(booked):
    return reverse("move_appointment", args=[booked.reference])


def confirm(visitor, address):
    key = re.search(r'name="request_key" value="([^"]+)"', visitor.get(address).content.decode())
    return visitor.post(address, request_key=key[1] if key else "")


def test_the_old_time_stands_on_top_with_how_often_it_may_change(visitor, page) -> None:
    text = text_of(visitor.get(page))

    assert "王秀兰 现在约的：" in text
    assert "09:00–09:30" in text
    assert "还可以改 2 次。新时间确认之前，原来的号一直为您留着。" in text


def test_the_time_that_it_has_is_no_choice(visitor, page, slots) -> None:
    response = visitor.get(page)

    assert f'value="{slots[0].pk}"' not in response.content.decode()
    assert "现在约的" in text_of(response)


def test_the_old_place_is_kept_until_the_new_one_is_confirmed(visitor, page, slots) -> None:
    check = visitor.post(page, slot=slots[1].pk)["Location"]
    assert Appointment.objects.get().slot_id == slots[0].pk

    answer = confirm(visitor, check)

    moved = Appointment.objects.get()
    assert answer["Location"] == f"{reverse('appointment', args=[moved.reference])}?done=moved"
    assert (moved.slot_id, moved.moves) == (slots[1].pk, 1)


def test_a_second_click_moves_once(visitor, page, slots) -> None:
    check = visitor.post(page, slot=slots[1].pk)["Location"]

    answers = [visitor.post(check) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Appointment.objects.get().moves == 1


def test_a_last_place_that_is_held_for_the_move_is_not_lost(visitor, page, patient, site, programme) -> None:
    last = make_slot(site, programme, quota=1, starts_at=at(2, 9), opens_at=released())

    check = visitor.post(page, slot=last.pk)["Location"]
    other = make_patient()
    late = Visitor(other.user).post(reverse("book_when", args=[str(other.pk), programme.code, site.code]), slot=last.pk)
    answer = confirm(visitor, check)

    assert late.status_code == 409
    assert answer.status_code == 302
    assert Appointment.objects.get().slot_id == last.pk


def test_another_site_can_be_chosen(visitor, page, booked, programme) -> None:
    other = make_site(name="隔壁接种点")
    there = make_slot(other, programme, starts_at=at(2, 9), opens_at=released())

    sites = visitor.get(reverse("move_where", args=[booked.reference]))
    address = f"{page}?site={other.code}"
    check = visitor.post(address, slot=there.pk)["Location"]
    confirm(visitor, check)

    assert f'href="{address}"' in sites.content.decode()
    assert "上次去过" in text_of(sites)
    assert Appointment.objects.get().slot_id == there.pk


def test_a_new_time_that_has_just_gone_leaves_the_old_one_and_offers_others(
    visitor, page, slots, site, programme
) -> None:
    gone = make_slot(site, programme, quota=0, starts_at=at(1, 11), opens_at=released())

    response = visitor.post(page, slot=gone.pk)

    assert response.status_code == 409
    assert "这个时间刚刚被约走了。离它最近的空号：" in text_of(response)
    assert f'action="{page}?site={site.code}"' in response.content.decode()
    assert Appointment.objects.get().slot_id == slots[0].pk


def test_after_two_changes_the_page_says_what_else_can_be_done(visitor, page) -> None:
    Appointment.objects.update(moves=2)

    response = visitor.get(page)

    assert response.status_code == 409
    assert "这次预约不能再改了。可以取消后重新预约。" in text_of(response)


def test_a_cancelled_appointment_cannot_move(visitor, page, citizen, booked) -> None:
    cancel(account_id=citizen.pk, reference=booked.reference, now=timezone.now())

    assert visitor.get(page).status_code == 409


def test_an_appointment_whose_time_has_come_cannot_move(visitor, page, slots) -> None:
    slots[0].starts_at = timezone.now() - timedelta(minutes=1)
    slots[0].save()

    assert "已经过了可以这样做的时间" in text_of(visitor.get(page))


@pytest.mark.parametrize("name", ["move_appointment", "move_where", "move_check"])
def test_somebody_elses_appointment_is_not_found(booked, name) -> None:
    stranger = Visitor(make_patient().user)

    assert stranger.get(reverse(name, args=[booked.reference])).status_code == 404
    assert stranger.post(reverse(name, args=[booked.reference])).status_code == 404


def test_the_appointment_of_somebody_who_left_the_account_can_still_move(visitor, page, slots) -> None:
    Patient.objects.update(removed_at=timezone.now())

    check = visitor.post(page, slot=slots[1].pk)["Location"]
    confirm(visitor, check)

    assert Appointment.objects.get().slot_id == slots[1].pk


def test_a_first_dose_moves_later_although_the_rules_for_new_bookings_would_say_no(visitor, patient, site) -> None:
    programme = make_programme(doses=2, intervals=[28])
    first = make_slot(site, programme, starts_at=at(1, 9), opens_at=released())
    later = make_slot(site, programme, starts_at=at(4, 9), opens_at=released())
    booked = books(patient, first)

    page = reverse("move_appointment", args=[booked.reference])
    check = visitor.post(page, slot=later.pk)["Location"]
    answer = confirm(visitor, check)

    assert answer.status_code == 302
    assert Appointment.objects.get().slot_id == later.pk


def test_the_pages_cost_three_statements(visitor, page, booked, slots) -> None:
    check = visitor.post(page, slot=slots[1].pk)["Location"]

    for address in (page, reverse("move_where", args=[booked.reference]), check):
        assert len(visitor.statements(address)) == 3


def test_the_pages_are_complete_in_english(citizen, visitor, page, slots) -> None:
    check = visitor.post(page, slot=slots[1].pk)["Location"]

    for address in (page, check):
        text = text_of(Visitor(citizen, "en").get(address)).replace("王秀兰", "").replace("中文", "")
        assert not any("\u4e00" <= character <= "\u9fff" for character in text), text
