"""One site's day of made-up people: in every state, adding up, and the same each time."""

from datetime import datetime, timedelta

import pytest
from django.db.models import F, Sum

from booking.admission import summaries
from booking.demo.programmes import load_programmes
from booking.demo.site_day import PEOPLE, make_site_day
from booking.models import (
    Appointment,
    Batch,
    HealthAnswers,
    Programme,
    Reaction,
    RecordStatus,
    Slot,
    Status,
    VaccinationRecord,
    Visit,
    WalkIn,
)
from booking.operations.book import book
from booking.queries.desk.day_list import day_list
from booking.queries.drift import differs, ledger_summaries
from tests.factories import make_patient, make_site, make_slot

pytestmark = pytest.mark.django_db
CLOCK = datetime.fromisoformat("2026-11-24T11:10:00+08:00")


@pytest.fixture
def site():
    load_programmes()
    return make_site(code="D1")


def _made(site, now=CLOCK):
    return make_site_day(site=site, day=now.date(), now=now)


def _today():
    return Appointment.objects.exclude(request_key__regex="^day-1[0-9]{3}$")


@pytest.mark.parametrize("clock", ["11:10", "02:20", "08:31", "15:00", "21:40"])
def test_at_any_hour_there_is_somebody_in_every_state(site, clock):
    now = datetime.fromisoformat(f"2026-11-24T{clock}:00+08:00")

    made = _made(site, now)

    said = day_list(site=site, day=now.date(), now=now)
    assert made.people == said["count"] == len(said["rows"]) == PEOPLE
    assert set(_today().values_list("status", flat=True)) == set(Status.values)
    visits = Visit.objects.values_list("status", flat=True)
    assert set(visits) == {"ARRIVED", "TRIAGED", "IN_PROGRESS", "FINISHED"}
    observed = Visit.objects.filter(status="IN_PROGRESS")
    assert observed.filter(observe_until__gt=now).exists()
    assert observed.filter(observe_until__lte=now).exists()
    assert HealthAnswers.objects.filter(decision="DEFER").exists()
    assert VaccinationRecord.objects.filter(status=RecordStatus.NOT_DONE).exists()
    assert Reaction.objects.exists()
    assert WalkIn.objects.exists()
    assert {"minor", "interval"} <= {flag for row in said["rows"] for flag in row["flags"]}
    # Nobody has done anything yet that is still to come.
    assert not Visit.objects.filter(arrived_at__gt=now).exists()
    assert not Visit.objects.filter(left_at__gt=now).exists()


def test_what_moved_adds_up_and_one_batch_has_expired(site):
    _made(site)

    given = VaccinationRecord.objects.filter(status=RecordStatus.COMPLETED).count()
    used = Batch.objects.filter(movements__kind="USED").aggregate(doses=Sum("movements__doses"))["doses"]
    assert given == -used > 50
    lefts = Batch.objects.annotate(left=Sum("movements__doses"))
    assert all(batch.left >= 0 for batch in lefts)
    assert lefts.filter(expires_on__lt=CLOCK.date(), left__gt=0).exists()


def test_no_slot_has_more_people_than_places(site):
    _made(site)

    assert not Appointment.objects.filter(place__gt=F("slot__quota")).exists()


def test_it_is_the_same_on_every_machine_and_a_second_run_changes_nothing(site):
    _made(site)

    assert _made(site) is None

    assert _today().count() == PEOPLE
    # Whoever is number 100 here is so everywhere.
    known = _today().get(request_key="day-100")
    assert (known.reference, known.patient.name) == ("343758391141", "王婷")


def test_another_day_and_another_site_have_people_of_their_own(site):
    _made(site)

    assert make_site_day(site=site, day=CLOCK.date() + timedelta(days=1), now=CLOCK).people == PEOPLE
    assert make_site_day(site=make_site(code="D2"), day=CLOCK.date(), now=CLOCK).people == PEOPLE
    assert _today().count() == 3 * PEOPLE


def test_people_who_booked_before_keep_their_places_and_the_gate_learns_of_the_others(site):
    flu = Programme.objects.get(code="influenza")
    slot = make_slot(site, flu, quota=5, starts_at=datetime.fromisoformat("2026-11-24T15:00:00+08:00"))
    patient = make_patient()
    booked = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="before-0001", now=CLOCK
    )

    _made(site)

    mine = Appointment.objects.get(reference=booked.reference)
    assert (mine.status, mine.place in range(1, 6)) == ("BOOKED", True)
    slot.refresh_from_db()
    assert slot.quota > 5
    assert not differs(ledger_summaries([slot.pk])[slot.pk], summaries([slot.pk])[slot.pk])
    assert Slot.objects.filter(site=site, programme=flu, starts_at=slot.starts_at).count() == 1
