"""What is over is erased or made anonymous, and what must be kept is not."""

import contextlib
import io
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from accounts.models import Patient, User
from booking.models import Appointment, AppointmentEvent, HealthAnswers, Status, VaccinationRecord
from booking.operations.retention.erase import STEPS, erase_at_night, erase_what_is_over, what_is_over
from booking.operations.retention.nobody import PATIENT, nobody
from booking.queries.audit import audit
from tests.factories import CLOCK, make_citizen, make_patient
from tests.security import retention_world as world

pytestmark = pytest.mark.django_db(transaction=True)

# Every step but those of doses and accounts: what makes a row of it, and after how many days it is over.
KINDS = {
    "messages": (world.a_message, 180),
    "devices that people signed in on": (world.a_device, 365),
    "look-ups of people": (world.a_look_up, 1096),
    "the audit trail": (world.an_audit_entry, 1096),
    "health answers without a dose": (world.answers_without_a_dose, 365),
    "what desk acts keep sealed": (world.a_sealed_act, 365),
    "appointments without a dose": (world.an_appointment, 730),
    "waitlist wishes": (world.a_wish, 730),
    "draw entries": (world.a_draw_entry, 730),
    "invitations": (world.an_invitation, 365),
    "suspicions": (world.a_suspicion, 730),
    "people who were removed": (world.a_removed_person, 180),
}


def ago(days: float):
    return CLOCK - timedelta(days=days)


def erased(**options) -> dict[str, int]:
    return {name: count for name, count in erase_what_is_over(now=CLOCK, **options).items() if count}


@pytest.mark.parametrize("name", KINDS)
def test_each_thing_is_kept_to_its_day_and_over_after_it(name):
    make, days = KINDS[name]
    make(ago(days - 4))

    assert what_is_over(now=CLOCK)[name] == 0
    assert name not in erased()

    make(ago(days + 4))

    assert what_is_over(now=CLOCK)[name] == 1
    assert erased()[name] == 1
    assert what_is_over(now=CLOCK)[name] == 0
    assert name not in erased()


def test_an_appointment_stays_as_a_number_and_leads_to_nobody():
    row = world.an_appointment(ago(800), status=Status.NO_SHOW)
    kept = row.patient

    erased()

    now = Appointment.objects.get(pk=row.pk)
    assert (now.slot_id, now.status, now.reference) == (row.slot_id, row.status, row.reference)
    assert now.patient_id == PATIENT
    assert now.booked_by == nobody().user != row.booked_by
    assert now.person not in (row.person, PATIENT)
    assert AppointmentEvent.objects.get(appointment=row).by is None
    # The person is still somebody's patient, and as they were.
    kept.refresh_from_db()
    assert kept.name == "王秀兰"
    assert audit(now=CLOCK).is_clean


def test_two_of_one_account_lose_their_owner_together():
    rows = [world.an_appointment(ago(800)) for _ in range(2)]
    Appointment.objects.update(booked_by=rows[0].booked_by)

    erased()

    assert Appointment.objects.filter(booked_by=nobody().user).count() == 2
    assert len(set(Appointment.objects.values_list("person", flat=True))) == 2


@pytest.mark.parametrize(("given", "expired", "is_kept"), [(1900, 1800, True), (4000, 1840, False), (1800, 3000, True)])
def test_a_dose_is_kept_for_five_years_after_its_batch_expired(given, expired, is_kept):
    row = world.a_dose(ago(given), expires_on=ago(expired).date())

    erased()

    record = VaccinationRecord.objects.get()
    assert (record.person == row.person) is is_kept
    assert (Appointment.objects.get().patient_id == row.patient_id) is is_kept
    assert HealthAnswers.objects.exists() is is_kept
    # What was given, from which batch and when is counted for good.
    assert (record.status, record.batch.number) == ("COMPLETED", "FLU2611")


def test_a_dose_is_never_taken_for_an_appointment_without_one():
    world.a_dose(ago(800), expires_on=ago(700).date())

    assert erased() == {}


def test_a_removed_person_with_a_dose_keeps_the_name_that_the_law_asks_for():
    row = world.a_dose(ago(800), expires_on=ago(700).date())
    Patient.objects.filter(pk=row.patient_id).update(removed_at=ago(700))
    gone = world.a_removed_person(ago(700))

    assert erased() == {"people who were removed": 1}
    gone.refresh_from_db()
    assert (gone.name, gone.document_number, gone.phone, gone.birth_date.day) == ("", "", None, 1)
    assert Patient.objects.get(pk=row.patient_id).name == "王秀兰"


def test_a_lock_and_an_open_draw_never_end_by_themselves():
    world.a_suspicion(ago(3000), state="LOCKED")
    world.a_suspicion(ago(3000), state="OPEN")
    world.a_draw_entry(ago(3000), state="CLOSED")

    assert erased() == {}


def test_an_account_that_nobody_uses_is_deleted_and_one_in_use_is_not():
    idle, used, staff = make_citizen(first_name="欧阳"), make_citizen(), make_citizen(is_staff=True)
    make_patient(idle)
    booked = world.an_appointment(ago(100))
    User.objects.update(date_joined=ago(2000))
    world.KnownDevice.objects.create(user=used, device=uuid.uuid4(), first_seen_at=ago(2000), last_seen_at=ago(9))

    assert erased() == {"accounts that nobody uses": 1}
    idle.refresh_from_db()
    assert (idle.is_active, idle.first_name, idle.phone) == (False, "", None)
    for user in (used, staff, booked.booked_by):
        user.refresh_from_db()
        assert user.is_active
    assert erased() == {}


@pytest.mark.parametrize("trail", [world.a_look_up, world.an_audit_entry])
def test_the_ledger_itself_refuses_to_delete_a_young_trail_and_to_change_any(trail):
    young, old = trail(ago(900)), trail(ago(2000))

    with pytest.raises(DatabaseError, match="only added"):
        young.delete()
    for row in (young, old):
        with pytest.raises(DatabaseError, match="only added"):
            type(row).objects.filter(pk=row.pk).update(reason="-")


def test_of_an_event_only_who_did_it_may_be_forgotten_and_only_when_it_is_old():
    young, old = (AppointmentEvent.objects.filter(appointment=world.an_appointment(ago(n))) for n in (100, 800))

    old.update(by=None)
    for refused in (lambda: young.update(by=None), lambda: old.update(kind="CANCELLED"), lambda: old.delete()):
        with pytest.raises(DatabaseError, match="only added"):
            refused()


def test_ended_in_the_middle_it_goes_on_where_it_was():
    for _ in range(7):
        world.a_message(ago(200))

    def out_of_time(keys, now):
        first(keys, now)
        raise KeyboardInterrupt

    first = STEPS[0].erase
    broken = (type(STEPS[0])(STEPS[0].name, STEPS[0].over, out_of_time),)
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr("booking.operations.retention.erase.STEPS", broken)
        erase_what_is_over(now=CLOCK, rows=3)
    # What was begun was taken back whole.
    assert what_is_over(now=CLOCK)["messages"] == 7
    assert erased(rows=3) == {"messages": 7}
    assert erased(seconds=0) == {}


def test_the_job_erases_at_night_and_lets_the_day_alone():
    world.a_message(ago(200))

    assert erase_at_night(now=CLOCK) == "not at night"
    assert erase_at_night(now=CLOCK.replace(hour=2)) == "1 messages"
    assert erase_at_night(now=CLOCK.replace(hour=2)) == "nothing is over"


def test_a_dry_run_counts_and_changes_nothing(time_machine):
    time_machine.move_to(CLOCK)
    world.a_message(ago(200))
    for words, left in ((["--dry-run"], 1), ([], 0)):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            call_command("retention", *words)
        assert "1 rows" in out.getvalue()
        assert what_is_over(now=CLOCK)["messages"] == left
