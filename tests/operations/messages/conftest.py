"""A gateway for text messages and a city app, both real servers on loopback, and an appointment of tomorrow."""

from datetime import timedelta

import pytest

from booking.models import Appointment
from booking.operations.book import book
from tests.accounts.gateway import running_gateway
from tests.factories import make_citizen, make_patient, make_programme, make_site, make_slot


@pytest.fixture
def gateway(settings):
    with running_gateway() as found:
        settings.SMS_CHANNEL = "http"
        settings.SMS = {**settings.SMS, "url": found.url, "token": "secret"}
        yield found


@pytest.fixture
def app(settings):
    with running_gateway() as found:
        settings.CITY_APP = {"url": found.url, "secret": "shared", "messages": "besides"}
        yield found


class Tomorrow:
    """A site with a slot of tomorrow at ten, and people who book in it."""

    def __init__(self, now):
        self.now = now
        self.slot = self.at(1, 10)

    def at(self, days, hour):
        return make_slot(
            make_site(),
            make_programme(),
            starts_at=(self.now + timedelta(days=days)).replace(hour=hour, minute=0),
            opens_at=self.now - timedelta(days=9),
        )

    def books(self, patient=None, *, slot=None, now=None) -> Appointment:
        patient = patient or make_patient(make_citizen())
        slot = slot or self.slot
        facts = book(
            account_id=patient.user_id,
            patient_id=patient.pk,
            slot_id=slot.pk,
            request_key=f"books-{patient.pk}-{slot.pk}",
            now=now or self.now,
        )
        return Appointment.objects.get(reference=facts.reference)


@pytest.fixture
def tomorrow(now):
    return Tomorrow(now)
