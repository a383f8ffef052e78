"""After a deletion nothing is left that tells who somebody was; what the law wants kept is."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts import erase
from accounts.look_ups import find_person
from accounts.models import AnsweredRequest, Patient, User
from accounts.patients import add_patient
from booking.models import Appointment, Message, Status
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.delete_account import delete_account
from booking.operations.freed_places.release_places import release_places
from booking.operations.refusals import NotFound, StillBooked
from booking.queries.audit import audit
from sites.models import StaffMember
from tests.factories import make_citizen, make_patient, make_resident_id, make_site, make_slot

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, NAME, DISTRICT = "+8613812346621", "欧阳娜娜", "430103"


@pytest.fixture
def citizen(now):
    """An account with two people: one with a dose received, one with a cancelled appointment; one ahead."""
    user = make_citizen(phone=PHONE, first_name=NAME, text_size="largest")
    dosed = add(user, make_resident_id("19600229", "003"), now)
    other = add(user, make_resident_id("19880808", "004"), now)
    given, cancelled = booked(dosed, now, "request-1"), booked(other, now, "request-2")
    booked(other, now, "request-3")
    Appointment.objects.filter(reference=given.reference).update(status=Status.FULFILLED)
    cancel(account_id=user.pk, reference=cancelled.reference, now=now)
    AnsweredRequest.objects.create(user=user, key="k", digest="d", status=201, body={"name": NAME}, answered_at=now)
    return user


def add(user, number, now):
    return add_patient(
        user_id=user.pk, name=NAME, document_type="resident_id", document_number=number, relation="self",
        phone=PHONE, district_code=DISTRICT, now=now,
    )  # fmt: skip


def booked(patient, now, key):
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=make_slot().pk, request_key=key, now=now)


def everything():
    """Every cell of every table of ours, readable."""
    found = []
    for model in apps.get_models():
        for row in model.objects.all().values() if model._meta.app_label in ("accounts", "booking") else ():
            found.append({name: str(value) for name, value in row.items()})
    return json.dumps(found, ensure_ascii=False)


def test_nothing_readable_is_left_of_anybody(citizen, now):
    others = make_patient(name="王秀兰")
    number = make_resident_id("19600229", "003")
    assert all(text in everything() for text in (PHONE, NAME, number, DISTRICT, "1960-02-29"))

    delete_account(account_id=citizen.pk, cancel_appointments=True, now=now)

    left = everything()
    for text in (PHONE, NAME, number, make_resident_id("19880808", "004"), DISTRICT, "1960-02-29", "1988-08-08"):
        assert text not in left
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user WHERE phone IS NOT NULL AND id = %s", [citizen.pk])
        assert cursor.fetchone() == (0,)
    others.refresh_from_db()
    assert (others.name, others.user.is_active) == ("王秀兰", True)


def test_history_stays_and_only_the_document_finds_the_dose_again(citizen, now):
    administrator = User.objects.create(username="chief", is_staff=True)
    looked = {"document_type": "resident_id", "by": administrator, "reason": "接种后询问", "now": now}

    delete_account(account_id=citizen.pk, cancel_appointments=True, now=now)

    assert Appointment.objects.filter(booked_by=citizen).count() == 3
    dosed = find_person(number=make_resident_id("19600229", "003"), **looked)
    assert Appointment.objects.get(status=Status.FULFILLED).person == dosed.person
    assert find_person(number=make_resident_id("19880808", "004"), **looked).person is None
    assert Appointment.objects.exclude(status=Status.FULFILLED).filter(person=dosed.person).count() == 0


def test_appointments_ahead_stop_it_unless_they_go_too_and_their_places_come_back(citizen, now):
    with pytest.raises(StillBooked) as refused:
        delete_account(account_id=citizen.pk, cancel_appointments=False, now=now)
    assert refused.value.facts == {"count": 1, "waiting": 0}
    assert User.objects.get(pk=citizen.pk).is_active

    delete_account(account_id=citizen.pk, cancel_appointments=True, now=now)
    release_places(now=now + timedelta(minutes=10))

    assert not Appointment.objects.filter(status=Status.BOOKED).exists()
    assert Appointment.objects.holding_a_place().count() == 1
    assert Message.objects.filter(sent_at=None).count() == 0
    assert audit(now=now).is_clean


def test_nobody_who_is_at_the_site_now_can_be_deleted_but_a_day_later(citizen, now):
    Appointment.objects.filter(status=Status.BOOKED).update(status=Status.CHECKED_IN)
    there = Appointment.objects.get(status=Status.CHECKED_IN).slot

    with pytest.raises(StillBooked) as refused:
        delete_account(account_id=citizen.pk, cancel_appointments=True, now=there.starts_at)
    assert refused.value.facts == {"count": 1, "waiting": 1}

    delete_account(account_id=citizen.pk, cancel_appointments=False, now=there.ends_at + timedelta(days=1))
    assert not User.objects.get(pk=citizen.pk).is_active


def test_the_accounts_of_those_who_work_here_are_not_deleted_this_way(now):
    administrator = User.objects.create(username="chief", is_staff=True)
    nurse = make_citizen()
    StaffMember.objects.create(user=nurse, site=make_site(), role="vaccination")

    for user in (administrator, nurse):
        with pytest.raises(NotFound):
            delete_account(account_id=user.pk, cancel_appointments=True, now=now)
        assert User.objects.get(pk=user.pk).is_active


def test_twice_is_not_found_the_second_time_and_the_phone_may_sign_in_anew(citizen, now):
    delete_account(account_id=citizen.pk, cancel_appointments=True, now=now)

    with pytest.raises(NotFound):
        delete_account(account_id=citizen.pk, cancel_appointments=True, now=now)
    assert User.objects.for_phone(PHONE) is None
    assert make_citizen(phone=PHONE).pk != citizen.pk


def test_every_column_of_account_and_patient_is_either_wiped_or_kept_on_purpose():
    for model, wiped, kept in (
        (User, erase.WIPED_OF_ACCOUNT, erase.KEPT_OF_ACCOUNT),
        (Patient, erase.WIPED_OF_PATIENT, erase.KEPT_OF_PATIENT),
    ):
        columns = {field.name for field in model._meta.concrete_fields}
        assert columns == wiped | kept, f"decide in accounts/erase.py about {columns ^ (wiped | kept)}"
        assert not wiped & kept


def test_the_page_asks_for_a_tick_and_for_the_appointments_and_then_signs_out_everywhere(citizen, signed_in):
    Appointment.objects.filter(status=Status.BOOKED).update(status=Status.CANCELLED, place=None)
    patient = Patient.objects.filter(user=citizen).last()
    slot = make_slot(starts_at=timezone.now() + timedelta(days=1), opens_at=timezone.now() - timedelta(days=1))
    book(account_id=citizen.pk, patient_id=patient.pk, slot_id=slot.pk, request_key="request-9", now=timezone.now())
    here, elsewhere = signed_in(citizen), signed_in(citizen)

    without_tick = here.post("/me/delete/", {}).content.decode()
    without_appointments = here.post("/me/delete/", {"confirmed": "on"}).content.decode()
    done = here.post("/me/delete/", {"confirmed": "on", "cancel_appointments": "on"}, follow=True)

    assert "确定要注销，请勾选" in without_tick
    assert "还有没打的预约。请勾选一起取消" in without_appointments
    assert "账号已注销" in done.content.decode()
    assert here.get("/family/").status_code == 302
    assert elsewhere.get("/family/").status_code == 302
