"""What was done without the network has happened: it is written, and flagged where it contradicts what we know."""

import uuid
from datetime import timedelta

import pytest

from booking import admission
from booking.models import ActKind, Appointment, AppointmentEvent, DeskAct, SlotEvent, Status, Visit
from booking.operations.cancel import cancel
from booking.operations.freed_places.release_places import release_places
from booking.operations.move import move
from booking.queries.desk.conflicts import open_conflicts
from booking.queries.load_gate import load_slot
from tests.desk_factories import make_act, make_desk, make_expected, make_slot_now
from tests.factories import CLOCK, make_appointment, make_patient, make_site, make_slot

pytestmark = pytest.mark.django_db

LATER = CLOCK + timedelta(hours=1)


@pytest.fixture
def scan_offline(scan):
    """A check-in at the clock's time that comes an hour later."""

    def run(appointment, **fields):
        return scan(appointment, **{"offline": True, "received": LATER, **fields})

    return run


def cancelled(appointment, *, minutes_ago: int = 5) -> Appointment:
    at = CLOCK - timedelta(minutes=minutes_ago)
    cancel(account_id=appointment.booked_by_id, reference=appointment.reference, now=at)
    appointment.refresh_from_db()
    return appointment


def test_an_offline_check_in_counts_from_when_it_was_done(site, scan_offline):
    [appointment] = make_expected(site, 1)

    answer = scan_offline(appointment)

    assert (answer.outcome, answer.code) == ("done", "on_time")
    assert Visit.objects.get().arrived_at == CLOCK
    assert DeskAct.objects.get().received_at == LATER


def test_whoever_was_taken_in_at_a_wrong_time_is_checked_in(site, scan_offline):
    answer = scan_offline(make_appointment(make_slot_now(site, minutes=90)))

    assert (answer.outcome, answer.code) == ("done", "early")
    assert Visit.objects.count() == 1


def test_somebody_who_cancelled_meanwhile_lives_again_and_is_looked_at(site, scan_offline):
    slot = make_slot_now(site, minutes=20)
    appointment = cancelled(make_appointment(slot))
    assert appointment.place is None

    answer = scan_offline(appointment)

    appointment.refresh_from_db()
    assert (answer.outcome, answer.code, answer.facts["revived"]) == ("conflict", "cancelled_meanwhile", True)
    assert (appointment.status, appointment.place) == (Status.CHECKED_IN, appointment.place)
    assert appointment.cancelled_at is None
    assert list(AppointmentEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "CANCELLED",
        "PLACE_RELEASED",
        "RESTORED",
        "CHECKED_IN",
    ]
    [conflict] = open_conflicts(site)
    assert (conflict.code, conflict.ticket, conflict.reference) == ("cancelled_meanwhile", 1, appointment.reference)


def test_a_place_that_was_kept_for_an_undo_is_kept_for_good(site, scan_offline):
    appointment = make_appointment(make_slot_now(site, minutes=20), place=7)
    Appointment.objects.filter(pk=appointment.pk).update(
        status="CANCELLED", cancelled_at=CLOCK, restorable_until=CLOCK + timedelta(minutes=10)
    )

    scan_offline(appointment)

    assert release_places(now=LATER) == 0
    appointment.refresh_from_db()
    assert (appointment.status, appointment.place) == (Status.CHECKED_IN, 7)


def test_where_somebody_else_has_the_place_the_slot_gets_one_more(site, scan_offline):
    slot = make_slot_now(site, minutes=20, quota=1)
    appointment = cancelled(make_appointment(slot))
    make_appointment(slot)

    answer = scan_offline(appointment)

    slot.refresh_from_db()
    appointment.refresh_from_db()
    assert answer.facts["revived"] is True
    assert (slot.quota, appointment.place) == (2, 2)
    assert SlotEvent.objects.get().kind == "WALK_IN"


def test_where_the_slot_was_closed_too_nothing_is_written_but_the_conflict(site, scan_offline):
    slot = make_slot_now(site, minutes=20, quota=1)
    appointment = cancelled(make_appointment(slot))
    make_appointment(slot)
    slot.closed_at = CLOCK
    slot.save()

    answer = scan_offline(appointment)

    appointment.refresh_from_db()
    assert (answer.outcome, answer.code, answer.facts["revived"]) == ("conflict", "cancelled_meanwhile", False)
    assert (appointment.status, appointment.place) == (Status.CANCELLED, None)
    assert not Visit.objects.exists()
    assert len(open_conflicts(site)) == 1


def test_who_has_cancelled_and_booked_again_has_no_second_live_appointment(site, scan_offline):
    appointment = cancelled(make_appointment(make_slot_now(site, minutes=20)))
    booked_again = make_appointment(make_slot(site, appointment.programme))
    Appointment.objects.filter(pk=booked_again.pk).update(person=appointment.person)

    answer = scan_offline(appointment)

    assert (answer.code, answer.facts["revived"]) == ("cancelled_meanwhile", False)
    assert not Visit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_gate_learns_that_the_place_is_taken_again(site, scan_offline):
    slot = make_slot_now(site, minutes=20, quota=3)
    appointment = cancelled(make_appointment(slot))
    load_slot(slot.pk, now=CLOCK)
    assert admission.places_left([slot.pk]) == {slot.pk: 3}

    scan_offline(appointment)

    assert admission.places_left([slot.pk]) == {slot.pk: 2}


def moved(appointment, slot):
    at = CLOCK - timedelta(minutes=5)
    account = appointment.booked_by_id
    move(account_id=account, reference=appointment.reference, slot_id=slot.pk, request_key="another", now=at)


@pytest.mark.django_db(transaction=True)
def test_somebody_who_moved_to_another_day_here_is_taken_in_and_looked_at(site, scan_offline):
    appointment = make_appointment(make_slot_now(site, minutes=20))
    moved(appointment, make_slot(site, appointment.programme))

    answer = scan_offline(appointment)

    assert (answer.outcome, answer.code, answer.facts["ticket"]) == ("conflict", "moved_meanwhile", 1)
    appointment.refresh_from_db()
    assert appointment.status == Status.CHECKED_IN


@pytest.mark.django_db(transaction=True)
def test_somebody_who_moved_to_another_site_keeps_what_they_have_there(site, scan_offline):
    appointment = make_appointment(make_slot_now(site, minutes=20))
    moved(appointment, make_slot(make_site(), appointment.programme))

    answer = scan_offline(appointment)

    assert (answer.outcome, answer.code) == ("conflict", "moved_meanwhile")
    appointment.refresh_from_db()
    assert appointment.status == Status.BOOKED
    assert not Visit.objects.exists()


def test_of_two_desks_the_second_to_tell_us_has_no_effect_and_learns_of_the_first(site, scan_offline):
    [appointment] = make_expected(site, 1)
    scan_offline(appointment, desk="登记台 1")

    second = scan_offline(appointment, desk="登记台 2", by=make_desk(site))

    assert (second.outcome, second.code) == ("conflict", "checked_in_elsewhere")
    assert (second.facts["desk"], second.facts["ticket"]) == ("登记台 1", 1)
    assert Visit.objects.count() == AppointmentEvent.objects.count() == 1


def test_one_device_that_scans_somebody_twice_contradicts_nobody(site, scan_offline):
    [appointment], device = make_expected(site, 1), uuid.uuid4()
    scan_offline(appointment, device=device)

    again = scan_offline(appointment, device=device, at=CLOCK + timedelta(minutes=1))

    assert (again.outcome, again.code) == ("done", "already")
    assert Visit.objects.count() == 1


def test_a_number_that_nobody_has_is_kept_to_be_looked_at(site, desk, tell):
    answer = tell(make_act(ActKind.CHECK_IN, None, desk, reference="123456789012", offline=True))

    assert (answer.outcome, answer.code) == ("conflict", "unknown")
    [conflict] = open_conflicts(site)
    assert (conflict.reference, conflict.ticket, conflict.by) == ("123456789012", None, "刘敏")


def test_a_no_show_with_another_appointment_by_now_is_looked_at(site, scan_offline):
    [late] = make_expected(site, 1, status=Status.NO_SHOW)
    booked_again = make_appointment(make_slot(site, late.programme))
    Appointment.objects.filter(pk=booked_again.pk).update(person=late.person, patient=make_patient())

    answer = scan_offline(late)

    assert (answer.outcome, answer.code) == ("conflict", "already_booked")
    assert not Visit.objects.exists()
