"""When an account is deleted nothing is left in any table that tells whose it was."""

import json
import uuid

import pytest
from django.apps import apps
from django.db import models

from accounts.models import HandOverCode, Patient
from booking.models import DrawEntry, Message, Suspicion, WaitlistEntry
from booking.operations.delete_account import delete_account
from tests.factories import CLOCK, make_patient
from tests.security import retention_world as world

pytestmark = pytest.mark.django_db(transaction=True)

# Every column that says whose something is, and what a deletion does with it. A new one has to be thought about.
PERSONS = {
    "accounts.lookup.person": "stays: it only says that somebody was looked for, and is deleted with the trail",
    "accounts.patient.person": "becomes random, unless a dose was given",
    "booking.appointment.person": "becomes random, unless a dose was given",
    "booking.drawentry.person": "becomes random, unless a dose was given",
    "booking.invitation.person": "stays the city's until its list ends; the link is worth nothing without a document",
    "booking.outsidedose.person": "stays: a dose that was given is found again by the document alone",
    "booking.vaccinationrecord.person": "stays: as above",
    "booking.waitlistentry.person": "becomes random, unless a dose was given",
}
PATIENTS = {
    "accounts.handovercode.patient": "the patient has no name any more, and the code is dead",
    "booking.appointment.patient": "the patient has no name any more",
    "booking.drawentry.patient": "the patient has no name any more, and is withdrawn from what is not drawn",
    "booking.message.patient": "what is not sent yet is deleted",
    "booking.waitlistentry.companions": "the patient has no name any more",
    "booking.waitlistentry.patient": "the patient has no name any more, and has left",
}
# Words that a citizen writes, and every encrypted value.
WORDS = {"booking.suspicion.appeal": "emptied"}


def columns(wanted):
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "booking", "sites") and not model._meta.proxy
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if wanted(field)
    }


def test_every_column_that_says_whose_something_is_was_thought_about():
    assert columns(lambda field: field.name == "person") == set(PERSONS)
    assert columns(lambda field: field.related_model is Patient) == set(PATIENTS)
    assert set(WORDS) <= columns(lambda field: isinstance(field, models.CharField))


def test_wishes_draws_appeals_and_codes_tell_nothing_any_more():
    patient = make_patient(name="欧阳娜娜", document_number="E7654321", phone="+8613812346621")
    account, person = patient.user, patient.person
    wish, entry, suspicion, message = (
        make(CLOCK) for make in (world.a_wish, world.a_draw_entry, world.a_suspicion, world.a_message)
    )
    WaitlistEntry.objects.filter(pk=wish.pk).update(account=account, patient=patient, person=person)
    DrawEntry.objects.filter(pk=entry.pk).update(account=account, patient=patient, person=person)
    Suspicion.objects.filter(pk=suspicion.pk).update(account=account, appeal="我是欧阳娜娜，电话 13812346621")
    Message.objects.filter(pk=message.pk).update(account=account, sent_at=None)
    HandOverCode.objects.create(patient=patient, code_index=uuid.uuid4(), made_by=account, expires_at=CLOCK)

    delete_account(account_id=account.pk, cancel_appointments=True, now=CLOCK)

    left = json.dumps(
        [
            {name: str(value) for name, value in row.items()}
            for model in apps.get_models()
            if model._meta.app_label in ("accounts", "booking")
            for row in model.objects.values()
        ],
        ensure_ascii=False,
    )
    for told in ("欧阳娜娜", "E7654321", "13812346621", str(person)):
        assert told not in left
    assert not Message.objects.exists()
    assert not HandOverCode.objects.exists()
