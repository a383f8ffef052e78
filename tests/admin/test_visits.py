"""What happened at the desks, in the admin: to look at only, with a trace, and without anybody's health."""

import pytest
from django.urls import reverse

from accounts.models import LookUp
from booking.models import DeskAct, HealthAnswers, Reaction, VaccinationRecord, VisitStatus
from tests.desk_factories import make_batch, make_desk, make_visit
from tests.factories import CLOCK, make_administrator, make_appointment, make_slot, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    appointment = make_appointment(make_slot(starts_at=CLOCK))
    made = make_visit(appointment, status=VisitStatus.IN_PROGRESS)
    nurse = make_desk(made.site, "vaccination")
    fields = {"visit": made, "by": nurse, "at": CLOCK}
    HealthAnswers.objects.create(said_yes="pregnancy", note="孕三月", decision="MAY", **fields)
    Reaction.objects.create(kind="fainting", action="watched", note="脸色苍白", began_at=CLOCK, **fields)
    VaccinationRecord.objects.create(
        visit=made,
        appointment=appointment,
        person=appointment.person,
        vaccine=appointment.programme.vaccine,
        dose=1,
        batch=make_batch(made.site, appointment.programme.vaccine),
        given_at=CLOCK,
        given_by=nurse,
    )
    DeskAct.objects.create(
        key="key-1",
        site=made.site,
        device=appointment.person,
        sequence=1,
        kind="REACT",
        desk="登记台 1",
        appointment=appointment,
        visit=made,
        by=nurse,
        sent_by=nurse,
        happened_at=CLOCK,
        received_at=CLOCK,
        facts={"sealed": "AmsxMDk="},
    )
    return made


@pytest.mark.parametrize("table", ["visit", "vaccinationrecord", "deskact"])
def test_opening_a_row_leaves_a_trace_and_shows_nothing_about_health(client, visit, table):
    by = sign_in(client, make_administrator())
    row = {"visit": visit, "vaccinationrecord": visit.records.get(), "deskact": visit.acts.get()}[table]

    text = client.get(reverse(f"admin:booking_{table}_change", args=[row.pk])).content.decode()

    look = LookUp.objects.get(kind="OPENED")
    assert (look.by, look.person, look.what) == (by, visit.appointment.person, f"booking.{table} {row.pk}")
    assert not [word for word in ("pregnancy", "孕三月", "fainting", "苍白", "AmsxMDk=") if word in text]


def test_a_visit_is_found_by_its_whole_reference_however_it_is_written(client, visit):
    sign_in(client, make_administrator())
    reference = visit.appointment.reference
    page = reverse("admin:booking_visit_changelist")

    found = client.get(page, {"q": f"{reference[:4]} {reference[4:]}"}).content.decode()
    half = client.get(page, {"q": reference[:6]}).content.decode()

    assert (str(visit) in found, str(visit) in half) == (True, False)
