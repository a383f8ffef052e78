"""Somebody without an appointment: a place of today, or the reason why not."""

from datetime import timedelta

import pytest

from accounts.models import Patient, User
from accounts.patients import person_key
from booking.models import Appointment, AppointmentEvent, Status, WalkIn
from booking.operations.book import book
from booking.operations.refusals import NotEligible, NotFound
from booking.operations.walk_ins.give_ticket import give_ticket
from booking.operations.walk_ins.options import options
from booking.operations.walk_ins.refusals import HasAppointment, NoPlaceToday, PersonUnclear
from booking.queries.audit import audit
from booking.queries.desk.rows import row_of
from tests.factories import make_appointment, make_citizen, make_patient, make_programme, make_two_dose_programme
from tests.operations.walk_ins.scenes import late_people, neighbour, said, slot_at, staff_of

pytestmark = pytest.mark.django_db(transaction=True)


def ticket(slot, now, who=None, *, key="ticket-0001", by=None, **more):
    by = by or staff_of(slot.site)
    return give_ticket(who or said(), slot.programme.code, site=slot.site, by=by.pk, key=key, now=now, **more)


def known(who, slot, status=Status.BOOKED, dose=1):
    """The same person with an appointment of another account."""
    row = make_appointment(slot, status=status)
    person = person_key(who.document_type, who.document_number)
    Appointment.objects.filter(pk=row.pk).update(person=person, dose=dose)
    row.refresh_from_db()
    return row


def test_who_comes_without_an_appointment_gets_one_of_the_running_slot(now):
    slot, by = slot_at(now, -10, kept=1), None
    by = staff_of(slot.site)

    given = ticket(slot, now, by=by)

    row = given.appointment
    assert (row.status, row.slot, row.place, row.dose) == ("BOOKED", slot, 1, 1)
    assert (given.walk_in.source, given.walk_in.return_at, given.walk_in.by) == ("KEPT", now, by)
    event = AppointmentEvent.objects.get(appointment=row)
    assert (event.kind, event.by, event.facts["walk_in"]) == ("BOOKED", by, True)
    assert row_of(row.pk)["origin"] == "walk_in"
    assert audit(now=now).is_clean


def test_nobody_can_sign_in_to_the_account_that_holds_them(now):
    slot = slot_at(now, -10, kept=1)
    ticket(slot, now)

    account = User.objects.get(username=f"desk-{slot.site.code}")

    assert (account.has_usable_password(), account.is_active, account.phone, account.email) == (
        False,
        False,
        None,
        None,
    )


def test_the_same_act_again_gives_the_same_ticket(now):
    slot, by = slot_at(now, -10, kept=2), None
    by = staff_of(slot.site)

    first, again = ticket(slot, now, by=by), ticket(slot, now, by=by)

    assert first.appointment == again.appointment
    assert Appointment.objects.count() == 1


def test_when_nothing_is_free_now_it_is_for_later_today(now):
    running = slot_at(now, -10)
    later = neighbour(running, now, 50, kept=1)

    given = ticket(running, now)

    assert (given.appointment.slot, given.walk_in.return_at) == (later, later.starts_at)


def test_a_named_slot_is_the_one(now):
    running = slot_at(now, -10, kept=1)
    later = neighbour(running, now, 50, kept=1)

    assert ticket(running, now, slot_id=later.pk).appointment.slot == later


def test_the_place_of_somebody_late_is_given_once(now):
    morning = slot_at(now, -60)
    running = neighbour(morning, now, -10)
    late_people(morning, 1)

    given = ticket(morning, now)

    assert (given.appointment.slot, given.walk_in.slot, given.walk_in.source) == (running, morning, "LATE")
    with pytest.raises(NoPlaceToday):
        ticket(morning, now, said(serial="004"), key="ticket-0002")


def test_without_any_place_nothing_is_written(now):
    slot = slot_at(now, -10)

    with pytest.raises(NoPlaceToday):
        ticket(slot, now)

    assert (Appointment.objects.count(), WalkIn.objects.count(), Patient.objects.count()) == (0, 0, 0)


def test_who_has_an_appointment_here_is_told_when(now):
    slot, who = slot_at(now, -10, kept=1), said()
    booked = known(who, neighbour(slot, now, 24 * 60))

    with pytest.raises(HasAppointment) as refused:
        ticket(slot, now, who)

    assert refused.value.facts["starts_at"] == booked.slot.starts_at
    assert refused.value.facts["reference"] == booked.reference


def test_of_an_appointment_at_another_site_the_desk_hears_the_day_only(now):
    slot, who = slot_at(now, -10, kept=1), said()
    elsewhere = known(who, slot_at(now, 24 * 60, programme=slot.programme))

    with pytest.raises(HasAppointment) as refused:
        ticket(slot, now, who)

    day = elsewhere.slot.starts_at.date()
    assert refused.value.facts == {"day": day, "starts_at": None, "reference": None}


def test_doses_of_every_account_count(now):
    programme = make_two_dose_programme(28)
    slot, who = slot_at(now, -10, kept=1, programme=programme), said()
    known(who, slot_at(now, -30 * 24 * 60, programme=programme), Status.FULFILLED)

    assert ticket(slot, now, who).appointment.dose == 2


def test_too_soon_after_the_dose_before_there_is_none(now):
    programme = make_two_dose_programme(28)
    slot, who = slot_at(now, -10, kept=1, programme=programme), said()
    first = known(who, slot_at(now, -20 * 24 * 60, programme=programme), Status.FULFILLED)

    with pytest.raises(NotEligible) as refused:
        ticket(slot, now, who)

    assert refused.value.facts["from_date"] == first.slot.starts_at.date() + timedelta(days=28)


def test_a_number_that_cannot_be_right_is_said_and_never_repeated(now):
    slot = slot_at(now, -10, kept=1)

    with pytest.raises(PersonUnclear) as refused:
        ticket(slot, now, said(document_number="430102199001010021"))

    assert [one["field"] for one in refused.value.facts["errors"]] == ["document_number"]
    assert "430102199001010021" not in str(refused.value.facts)


@pytest.mark.parametrize("wrong", [{"document_type": "library_card"}, {"sex": "X"}, {"name": " "}, {"phone": "12"}])
def test_what_cannot_be_right_is_refused(now, wrong):
    slot = slot_at(now, -10, kept=1)

    with pytest.raises(PersonUnclear):
        ticket(slot, now, said(**wrong))


def test_of_a_programme_that_is_not_there_nothing_is_given(now):
    slot = slot_at(now, -10, kept=1)

    with pytest.raises(NotFound):
        give_ticket(said(), "measles-1", site=slot.site, by=staff_of(slot.site).pk, key="ticket-0001", now=now)


def test_who_comes_back_another_time_has_one_row_with_the_name_on_the_document_now(now):
    slot, other = slot_at(now, -10, kept=1), make_programme()
    ticket(slot, now)
    again = slot_at(now, -10, kept=1, site=slot.site, programme=other)

    ticket(again, now, said(name="李小梅"), key="ticket-0002")

    assert Patient.objects.get().name == "李小梅"


def test_a_child_comes_with_a_guardian_and_it_is_noted(now):
    slot = slot_at(now, -10, kept=1)

    ticket(slot, now, said(born="20190101"))

    assert Patient.objects.get().consented_at == now


def test_citizens_book_the_slot_on_as_before(now):
    slot = slot_at(now, 30, kept=1, quota=1)
    ticket(slot, now)
    patient = make_patient(make_citizen())

    booked = book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="citizen-1", now=now)

    assert Appointment.objects.get(reference=booked.reference).place == 1
    assert audit(now=now).is_clean


def test_the_options_name_every_programme_of_the_day_with_a_place_or_a_reason(now):
    free = slot_at(now, -10, kept=1)
    full = slot_at(now, -10, site=free.site)
    for_children = slot_at(now, -10, site=free.site, programme=make_programme(max_age=6), kept=1)
    by = staff_of(free.site)

    who, found = options(said(name=""), site=free.site, by=by, now=now)

    by_programme = {one.programme: one for one in found}
    assert who.sex == "F"
    assert by_programme[free.programme].place.slot_id == free.pk
    assert isinstance(by_programme[full.programme].refusal, NoPlaceToday)
    assert by_programme[for_children.programme].refusal.facts["reason"] == "too_old"


def test_looking_somebody_up_leaves_a_trace(now):
    from accounts.models import LookUp

    slot = slot_at(now, -10, kept=1)
    by = staff_of(slot.site)

    who, _ = options(said(name=""), site=slot.site, by=by, now=now)

    trace = LookUp.objects.get()
    assert (trace.by, trace.person, trace.kind) == (by, who.person, "SEARCHED")
