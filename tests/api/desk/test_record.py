"""The record of a dose, as it is printed at the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from booking.models import RecordStatus, VaccinationRecord, VisitStatus
from tests.desk_factories import make_batch, make_desk, make_visit
from tests.factories import CLOCK, make_appointment, make_site, make_slot, make_token, make_two_dose_programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    programme = make_two_dose_programme(28)
    appointment = make_appointment(make_slot(programme=programme, starts_at=CLOCK))
    site = appointment.slot.site
    visit = make_visit(appointment, status=VisitStatus.IN_PROGRESS, observe_until=CLOCK + timedelta(minutes=30))
    return VaccinationRecord.objects.create(
        visit=visit,
        appointment=appointment,
        person=appointment.person,
        vaccine=programme.vaccine,
        dose=1,
        batch=make_batch(site, programme.vaccine, pack_code="81100012345678901234"),
        body_site="left_arm",
        route="intramuscular",
        given_at=CLOCK,
        given_by=make_desk(site, "vaccination"),
    )


def ask(record, by, **query):
    headers = {"Authorization": f"Bearer {make_token(by, timezone.now())}"}
    return Client().get(f"/api/v1/desk/visits/{record.appointment.reference}/record", query, headers=headers)


def test_the_record_says_what_the_law_asks_for_and_no_whole_number(record):
    number = record.appointment.patient.document_number

    answer = ask(record, record.given_by)

    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["batch"], shown["expires_on"], shown["pack_code"]) == (
        "FLU2611",
        "2027-06-30",
        "81100012345678901234",
    )
    assert (shown["given_at"], shown["given_by"]) == ("2026-11-24T10:00:00+08:00", record.given_by.get_full_name())
    assert (shown["name"], shown["document_masked"]) == ("王秀兰", f"*****{number[-4:]}")
    assert (shown["dose"], shown["doses"], shown["next_dose_from"]) == (1, 2, "2026-12-22")
    assert shown["fhir_status"] == "completed"
    assert number not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_another_site_has_no_such_record(record):
    stranger = make_desk(make_site(), "vaccination")

    assert ask(record, stranger).status_code == 404
    assert ask(record, stranger, site=record.visit.site.code).status_code == 404


def test_a_record_that_was_entered_in_error_is_not_printed(record):
    record.status = RecordStatus.ENTERED_IN_ERROR
    record.save()

    assert ask(record, record.given_by).status_code == 404
