"""A citizen in front of a browser, and appointments in every state."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Appointment, Status
from booking.operations.book import book
from tests.factories import make_patient, make_programme, make_site, make_slot


@pytest.fixture(autouse=True)
def clock(now):
    """The pages' clock stands still at `now`."""
    with time_machine.travel(now, tick=False) as machine:
        yield machine


@pytest.fixture
def patient():
    return make_patient(document_number="E12345678")


@pytest.fixture
def citizen(patient):
    return patient.user


@pytest.fixture
def signed_in(citizen):
    client = Client()
    client.force_login(citizen)
    return client


@pytest.fixture
def booked(patient, now):
    """Books a slot for the citizen's patient and brings the appointment into a status; returns its row."""

    def make(*, starts_at: datetime | None = None, status: str = Status.BOOKED, whom=None, programme=None, **site):
        whom = whom or patient
        place = make_site(**{"address": "桃子湖路 88 号", "phone": "0731-88880000", **site})
        # One live appointment for a person and dose: each of these is of another programme.
        wanted = starts_at or now + timedelta(days=2)
        slot = make_slot(site=place, programme=programme or make_programme(), starts_at=max(wanted, now + timedelta(1)))
        key = f"key-for-{slot.pk:08}"
        facts = book(account_id=whom.user_id, patient_id=whom.pk, slot_id=slot.pk, request_key=key, now=now)
        if wanted != slot.starts_at:
            # What lies in the past was booked when it did not.
            slot.starts_at, slot.ends_at = wanted, wanted + timedelta(minutes=30)
            slot.save()
        Appointment.objects.filter(reference=facts.reference).update(status=status)
        return Appointment.objects.select_related("slot__site", "programme").get(reference=facts.reference)

    return make
