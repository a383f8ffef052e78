"""The pages while booking is paused, and before a slot is released: told in words, and no address is a way round."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.answers import store
from booking.models import Appointment, Slot
from booking.operations.cancel import cancel
from booking.operations.releases.pausing import begin_pause, end_pause
from tests.factories import make_administrator
from tests.web.journey.conftest import Visitor, books, text_of, when

pytestmark = pytest.mark.django_db(transaction=True)
TEXT, TEXT_EN = "系统检查，请晚些来。", "We check the system. Come back later."


def begin():
    by = make_administrator().pk
    store.clear()
    return begin_pause(text=TEXT, text_en=TEXT_EN, by=by, now=timezone.now())


@pytest.fixture
def page(site, programme, slots, patient):
    return when(site, programme, patient)


def test_every_page_says_so_in_the_readers_language(visitor, citizen) -> None:
    pause = begin()

    for address in ("/", "/sites/", reverse("sign_in"), reverse("look_up"), reverse("help")):
        assert TEXT in text_of(Client().get(address)), address
        assert TEXT_EN in text_of(Client(headers={"accept-language": "en"}).get(address)), address
    assert TEXT in text_of(visitor.get(reverse("my_appointments")))
    assert TEXT in text_of(Client().get("/nowhere/"))
    store.clear()
    end_pause(by=pause.began_by_id, now=timezone.now())
    assert TEXT not in text_of(Client().get("/"))


def test_choosing_a_time_during_a_pause_says_why_and_keeps_the_page(visitor, page, slots) -> None:
    begin()

    response = visitor.post(page, slot=slots[0].pk)

    assert response.status_code == 409
    assert f"现在暂停预约。{TEXT}" in text_of(response)


def test_confirming_during_a_pause_keeps_everything_and_can_be_tried_again(visitor, page, slots) -> None:
    check = visitor.post(page, slot=slots[0].pk)["Location"]
    pause = begin()

    refused = visitor.post(check)

    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert f"现在暂停预约。{TEXT}" in text_of(refused)
    assert not Appointment.objects.exists()
    end_pause(by=pause.began_by_id, now=timezone.now())
    assert visitor.post(check).status_code == 302


def test_restoring_during_a_pause_says_why_and_cancelling_works(visitor, citizen, patient, slots) -> None:
    booked = books(patient, slots[0])
    begin()

    assert visitor.post(reverse("cancel_appointment", args=[booked.reference])).status_code == 302
    refused = visitor.post(reverse("restore_appointment", args=[booked.reference]))

    assert refused.status_code == 409
    assert TEXT in text_of(refused)
    assert cancel(account_id=citizen.pk, reference=booked.reference, now=timezone.now()).status == "CANCELLED"


@pytest.fixture
def unreleased(slots) -> Slot:
    Slot.objects.filter(pk=slots[0].pk).update(opens_at=timezone.now() + timedelta(minutes=1))
    return slots[0]


def test_the_picker_does_not_hold_a_slot_that_is_not_released(visitor, page, unreleased) -> None:
    response = visitor.post(page, slot=unreleased.pk)

    assert response.status_code == 409
    assert "放出" in text_of(response)


def test_the_address_of_the_check_page_is_no_way_round_the_release(visitor, page, unreleased) -> None:
    response = visitor.post(f"{page}check/?slot={unreleased.pk}")

    assert response.status_code == 409
    assert not Appointment.objects.exists()


def test_nor_is_the_page_of_an_appointment_that_moves(visitor, patient, slots, unreleased) -> None:
    booked = books(patient, slots[1])
    move = reverse("move_check", args=[booked.reference])

    response = visitor.post(f"{move}?slot={unreleased.pk}")

    assert response.status_code == 409
    assert Appointment.objects.get().slot_id == slots[1].pk


def test_a_hold_from_before_the_release_was_put_off_books_nothing(visitor, citizen, page, slots) -> None:
    check = visitor.post(page, slot=slots[0].pk)["Location"]
    Slot.objects.filter(pk=slots[0].pk).update(opens_at=timezone.now() + timedelta(minutes=1))

    response = Visitor(citizen).post(check)

    assert response.status_code == 409
    assert not Appointment.objects.exists()
