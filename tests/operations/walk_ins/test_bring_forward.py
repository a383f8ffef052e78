"""Somebody comes on another day than the one they booked, and is taken today."""

from datetime import timedelta

import pytest

from booking import admission
from booking.models import ActKind, Appointment, AppointmentEvent, Message, Slot, Status, WalkIn
from booking.operations.book import book
from booking.operations.desk.carry_out import carry_out
from booking.operations.refusals import NotEligible, NotFound, WrongStatus
from booking.operations.walk_ins.bring_forward import bring_forward
from booking.operations.walk_ins.refusals import NoPlaceToday
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from tests.desk_factories import make_act, make_desk
from tests.factories import make_patient, make_two_dose_programme
from tests.operations.walk_ins.scenes import neighbour, slot_at

pytestmark = pytest.mark.django_db(transaction=True)

DAY = 24 * 60


def booked(slot, now, patient=None):
    patient = patient or make_patient()
    facts = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"book-{slot.pk:05}", now=now
    )
    return Appointment.objects.get(reference=facts.reference)


def to_today(row, site, now, key="forward-1"):
    return bring_forward(appointment=row, site=site, by=make_desk(site).pk, key=key, now=now)


def test_an_appointment_of_tomorrow_gets_a_new_number_of_today_and_its_old_one_goes_back(now):
    today = slot_at(now, -10, kept=1)
    tomorrow = neighbour(today, now, DAY, quota=1)
    load_slot(today.pk, now=now)
    row = booked(tomorrow, now)

    moved = to_today(row, today.site, now)

    assert (moved.appointment.slot, moved.appointment.place, moved.walk_in.return_at) == (today, 1, now)
    assert admission.places_left([tomorrow.pk]) == {tomorrow.pk: 1}
    assert audit(now=now).is_clean


def test_it_is_told_and_noted_and_is_none_of_the_citizens_changes(now):
    today = slot_at(now, -10, kept=1)
    row = booked(neighbour(today, now, DAY), now)

    moved = to_today(row, today.site, now).appointment

    event = AppointmentEvent.objects.filter(appointment=row).latest("pk")
    assert (event.kind, event.facts["to_today"], event.facts["from_slot"]) == ("MOVED", True, row.slot_id)
    assert Message.objects.filter(appointment=row, kind="MOVED").count() == 1
    assert moved.moves == 0


def test_without_a_place_today_it_stays_where_it_is(now):
    today = slot_at(now, -10)
    row = booked(neighbour(today, now, DAY), now)

    with pytest.raises(NoPlaceToday):
        to_today(row, today.site, now)

    row.refresh_from_db()
    assert row.slot.starts_at == now + timedelta(days=1)


def test_one_of_another_site_is_not_found(now):
    today = slot_at(now, -10, kept=1)
    row = booked(slot_at(now, DAY, programme=today.programme), now)

    with pytest.raises(NotFound):
        to_today(row, today.site, now)


def test_one_of_today_and_one_that_was_cancelled_are_not_moved(now):
    today = slot_at(now, 10, kept=1)
    row, other = booked(today, now), booked(neighbour(today, now, DAY), now)
    Appointment.objects.filter(pk=other.pk).update(status=Status.CANCELLED)

    for one in (row, other):
        with pytest.raises(WrongStatus):
            to_today(one, today.site, now)


def test_who_missed_yesterday_is_taken_today(now):
    today = slot_at(now, -10, kept=1)
    row = booked(neighbour(today, now, DAY), now)
    Slot.objects.filter(pk=row.slot_id).update(starts_at=now - timedelta(days=1), ends_at=now - timedelta(hours=23))
    Appointment.objects.filter(pk=row.pk).update(status=Status.NO_SHOW)

    moved = to_today(row, today.site, now).appointment

    assert (moved.status, moved.slot) == ("BOOKED", today)


def test_a_second_dose_does_not_come_too_near_to_the_first(now):
    programme = make_two_dose_programme(28)
    today = slot_at(now, -10, kept=1, programme=programme)
    patient = make_patient()
    booked(neighbour(today, now, DAY), now, patient)
    second = booked(neighbour(today, now, 30 * DAY), now, patient)

    with pytest.raises(NotEligible):
        to_today(second, today.site, now)


def test_a_first_dose_that_comes_later_than_booked_does_not_come_too_near_to_the_second(now):
    programme = make_two_dose_programme(28)
    today = slot_at(now, -10, kept=1, programme=programme)
    patient = make_patient()
    first = booked(neighbour(today, now, DAY), now, patient)
    booked(neighbour(today, now, 29 * DAY), now, patient)
    Slot.objects.filter(pk=first.slot_id).update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(hours=47))
    Slot.objects.filter(programme=programme, starts_at__gt=now + timedelta(days=2)).update(
        starts_at=now + timedelta(days=26), ends_at=now + timedelta(days=26, minutes=30)
    )

    with pytest.raises(NotEligible) as refused:
        to_today(first, today.site, now)

    assert refused.value.facts["reason"] == "next_dose_booked"


def test_what_came_forward_may_be_moved_away_and_come_forward_again(now):
    today = slot_at(now, -10, kept=2)
    row = booked(neighbour(today, now, DAY), now)
    to_today(row, today.site, now)
    Appointment.objects.filter(pk=row.pk).update(slot=neighbour(today, now, 2 * DAY), place=1)
    row.refresh_from_db()

    to_today(row, today.site, now, key="forward-2")

    assert WalkIn.objects.filter(appointment=row).count() == 1


def test_the_act_of_a_desk_brings_it_forward_once(now):
    today = slot_at(now, -10, kept=2)
    row = booked(neighbour(today, now, DAY), now)
    by = make_desk(today.site)
    act = make_act(ActKind.BRING_FORWARD, row, by, at=now)

    answers = [carry_out(act, site=today.site, sent_by=by.pk, now=now) for _ in range(2)]

    assert [(one.outcome, one.repeated) for one in answers] == [("done", False), ("done", True)]
    today.refresh_from_db()
    assert today.kept_walk_in == 1


def test_the_act_of_a_desk_gives_a_walk_in_one_ticket(now):
    today = slot_at(now, -10, kept=2)
    by = make_desk(today.site)
    data = {
        "programme": today.programme.code,
        "name": "李梅",
        "document_type": "passport",
        "document_number": "E12345678",
        "birth_date": "1990-01-01",
        "sex": "F",
    }
    act = make_act(ActKind.WALK_IN, None, by, at=now, data=data)

    answers = [carry_out(act, site=today.site, sent_by=by.pk, now=now) for _ in range(2)]

    assert [one.outcome for one in answers] == ["done", "done"]
    assert answers[0].reference == answers[1].reference == Appointment.objects.get().reference
    assert "E12345678" not in str(answers)


@pytest.mark.parametrize("data", [{}, {"birth_date": "soon", "document_type": "passport"}, {"name": 5, "slot": "x"}])
def test_a_walk_in_of_whom_too_little_is_said_is_refused(now, data):
    today = slot_at(now, -10, kept=2)
    by = make_desk(today.site)
    act = make_act(ActKind.WALK_IN, None, by, at=now, data={"programme": today.programme.code, **data})

    answer = carry_out(act, site=today.site, sent_by=by.pk, now=now)

    assert (answer.outcome, answer.code) == ("refused", "person_unclear")
