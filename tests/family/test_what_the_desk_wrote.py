"""What the desk has written down about somebody, as the account that holds them sees it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import encryption
from booking.models import HealthAnswers, Reaction, VaccinationRecord, VisitStatus
from booking.queries.records import doses_received
from tests.desk_factories import make_batch, make_desk, make_visit
from tests.factories import CLOCK, make_appointment, make_programme, make_slot, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def dose():
    """A dose that was given in the night after the appointment's day, of another vaccine than was booked."""
    appointment = make_appointment(make_slot(starts_at=CLOCK))
    visit = make_visit(appointment, status=VisitStatus.FINISHED)
    nurse, vaccine = make_desk(visit.site), make_programme().vaccine
    vaccine.manufacturer = "武汉所"
    vaccine.save()
    return VaccinationRecord.objects.create(
        visit=visit,
        appointment=appointment,
        person=appointment.person,
        vaccine=vaccine,
        dose=1,
        batch=make_batch(visit.site, vaccine, number="FLU2611"),
        body_site="left_arm",
        route="intramuscular",
        given_at=CLOCK + timedelta(hours=15),
        given_by=nurse,
    )


def test_a_recorded_dose_is_shown_as_it_was_given(signed_in, dose):
    user = dose.appointment.booked_by

    [shown] = doses_received(user.pk)

    assert (shown.batch, shown.body_site, shown.manufacturer) == ("FLU2611", "left_arm", "武汉所")
    assert shown.given_on.isoformat() == "2026-11-25"
    page = signed_in(user).get("/me/records/").content.decode()
    assert "FLU2611" in page
    assert "左上臂" in page


def test_a_dose_that_was_entered_in_error_says_nothing_any_more(dose):
    dose.status = "ENTERED_IN_ERROR"
    dose.save()

    [shown] = doses_received(dose.appointment.booked_by_id)

    assert (shown.batch, shown.where, shown.given_on.isoformat()) == ("", "", "2026-11-24")


def test_the_api_names_the_batch(dose):
    token = make_token(dose.appointment.booked_by, timezone.now())

    answer = Client().get("/api/v1/records", headers={"Authorization": f"Bearer {token}"})

    [record] = answer.json()["results"]
    assert (record["batch"], record["given_on"]) == ("FLU2611", "2026-11-25")


def test_answers_and_reactions_are_in_what_one_may_download(signed_in, dose):
    visit, by = dose.visit, dose.given_by
    HealthAnswers.objects.create(visit=visit, said_yes="fever", note="低烧", decision="MAY", by=by, at=CLOCK)
    Reaction.objects.create(visit=visit, kind="rash", action="watched", note="", began_at=CLOCK, by=by, at=CLOCK)

    answer = signed_in(dose.appointment.booked_by).get("/me/data/my-data.json")

    rows = json.loads(answer.content)["health"]
    assert [(row["kind"], row["what"], row["decision"], row["note"]) for row in rows] == [
        ("answers", "fever", "MAY", "低烧"),
        ("reaction", "rash", "watched", ""),
    ]


def test_nobody_else_downloads_them(signed_in, dose):
    HealthAnswers.objects.create(visit=dose.visit, said_yes="fever", decision="MAY", by=dose.given_by, at=CLOCK)
    stranger = make_appointment(make_slot()).booked_by

    assert json.loads(signed_in(stranger).get("/me/data/my-data.json").content)["health"] == []


def test_without_its_key_nobody_reads_an_answer(dose, settings):
    row = HealthAnswers.objects.create(visit=dose.visit, said_yes="fever", decision="MAY", by=dose.given_by, at=CLOCK)
    settings.FIELD_KEYS = {"other": b"0" * 32}

    with pytest.raises(encryption.CannotDecrypt):
        HealthAnswers.objects.get(pk=row.pk)
