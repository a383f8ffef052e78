"""People are told that their next dose is due: once before the day, once on it, and not if they have booked."""

from datetime import timedelta

import pytest
import time_machine

from booking.models import Message
from booking.notifications import words
from booking.notifications.register import KINDS
from booking.operations.book import book
from booking.operations.later_doses.tell_due import tell_due
from tests.factories import make_citizen, make_patient, make_slot, make_two_dose_programme
from tests.races.crowd import all_at_once
from tests.series_factories import make_first_dose, make_outside_dose, make_record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programme():
    return make_two_dose_programme(28, code="hpv-2")


def keys():
    return sorted(Message.objects.filter(kind="DOSE_DUE").values_list("key", flat=True))


def key(turn, patient, programme, dose=2):
    return f"DOSE_DUE:{turn}:{patient.person.hex}:{programme.pk}:{dose}"


def test_a_week_before_and_on_the_day(programme, now):
    patient = make_first_dose(programme, days_ago=21)

    assert tell_due(now=now - timedelta(days=1)) == 0
    assert (tell_due(now=now), tell_due(now=now), tell_due(now=now + timedelta(days=1))) == (1, 0, 0)
    assert tell_due(now=now + timedelta(days=7)) == 1
    assert keys() == [key("D", patient, programme), key("W", patient, programme)]


def test_whoever_has_booked_it_is_not_told(programme, now):
    patient = make_first_dose(programme, days_ago=21)
    slot = make_slot(programme=programme, starts_at=now + timedelta(days=8))
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=now)

    assert tell_due(now=now) == 0


def test_whoever_books_before_it_is_sent_is_spared_it(programme, now):
    patient = make_first_dose(programme, days_ago=21)
    tell_due(now=now)
    message = Message.objects.get()
    assert not KINDS["DOSE_DUE"].is_over(message, now)

    slot = make_slot(programme=programme, starts_at=now + timedelta(days=8))
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="request-1", now=now)

    assert KINDS["DOSE_DUE"].is_over(message, now)


def test_a_dose_given_elsewhere_is_followed_by_one_here(programme, now):
    patient = make_patient()
    row = make_outside_dose(patient, programme, given_on=now.date() - timedelta(days=21))

    assert tell_due(now=now) == 1
    row.voided_at = now
    row.save()
    assert KINDS["DOSE_DUE"].is_over(Message.objects.get(), now)


def test_a_second_dose_elsewhere_leaves_nothing_to_tell(programme, now):
    patient = make_first_dose(programme, days_ago=21)
    make_outside_dose(patient, programme, dose=2, given_on=now.date() - timedelta(days=2))

    assert tell_due(now=now) == 0


def test_the_day_of_the_record_counts_and_not_that_of_the_slot(programme, now):
    patient = make_first_dose(programme, days_ago=23)
    make_record(patient.appointments.get(), now - timedelta(days=20))

    assert (tell_due(now=now), tell_due(now=now + timedelta(days=1))) == (0, 1)


def test_one_person_in_two_accounts_is_told_once_where_the_first_dose_was_booked(programme, now):
    mother = make_first_dose(programme, days_ago=21)
    make_patient(person=mother.person, relation="self")

    tell_due(now=now)

    message = Message.objects.get()
    assert (message.account_id, message.patient) == (mother.user_id, mother)


def test_nobody_is_told_through_an_account_that_cannot_be_reached(programme, now):
    make_first_dose(programme, patient=make_patient(make_citizen(phone=None)), days_ago=21)
    make_first_dose(programme, patient=make_patient(make_citizen(is_active=False)), days_ago=21)

    assert tell_due(now=now) == 0


def test_whoever_will_be_too_old_is_not_told(now):
    programme = make_two_dose_programme(28, max_age=36)
    make_first_dose(programme, days_ago=21, patient=make_patient(birth_date=now.date().replace(year=1989, day=28)))

    assert tell_due(now=now) == 0


@pytest.mark.parametrize("hour", [7, 13, 22])
def test_nobody_is_told_outside_the_morning(programme, now, hour):
    make_first_dose(programme, days_ago=21)

    assert tell_due(now=now.replace(hour=hour)) == 0


def test_many_are_told_in_batches_and_by_two_workers_once_each(programme, now):
    people = [make_first_dose(programme, days_ago=21) for _ in range(25)]

    told = all_at_once([lambda: tell_due(now=now, batch=4)] * 2)

    assert sum(told) == 25
    assert keys() == sorted(key("W", patient, programme) for patient in people)


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "第 2 剂 12月1日 起可以打"), ("en", "dose 2 of Influenza")],
)
def test_the_text_names_dose_and_day_and_has_a_link(programme, now, language, said, settings):
    settings.PUBLIC_ADDRESS = "https://booking.example"
    make_first_dose(programme, patient=make_patient(make_citizen(language=language)), days_ago=21)
    tell_due(now=now)

    with time_machine.travel(now, tick=False):
        text = words(Message.objects.get())

    assert said in text
    assert "https://booking.example/due/" in text
    assert text.count("/hpv-2/") == 1
    assert "王秀兰" not in text
