"""The doses of a series keep their distance when the city moves one of them."""

from datetime import date, timedelta

import pytest

from accounts.patients import remove_patient
from booking.models import Appointment, AppointmentEvent, Message, Relocation
from booking.operations.relocations import give_place
from booking.queries.audit import audit
from tests.factories import make_family, make_patient, make_programme, make_two_dose_programme
from tests.operations.relocations.conftest import ClosedDay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def series(now):
    """Both doses booked, 28 days apart; the slots of the closed day are none yet."""
    closed = ClosedDay(now, make_two_dose_programme())
    closed.patient = make_patient()
    return closed


def both(series, first, second):
    return [series.book(series.patient, slot, f"key-0000000{n}") for n, slot in enumerate((first, second))]


def where():
    return list(Appointment.objects.live().order_by("dose").values_list("slot_id", flat=True))


def test_a_first_dose_that_must_go_to_a_later_day_takes_the_second_along(series, now):
    first, second = series.slot(), series.slot(days=28)
    rows = both(series, first, second)
    later, along = series.slot(days=2), series.slot(days=31)
    series.slots = [first]
    series.close()

    done = series.move(rows[:1])

    assert done.moved == [rows[0].pk]
    assert where() == [later.pk, along.pk]
    kinds = Message.objects.exclude(kind="BOOKED").order_by("appointment__dose").values_list("kind", flat=True)
    assert list(kinds) == ["RELOCATED", "MOVED"]
    event = AppointmentEvent.objects.get(kind="MOVED")
    assert (event.by, event.facts["along_with"]) == (series.by, rows[0].reference)
    assert audit(now=now).is_clean


def test_a_first_dose_stays_on_its_day_rather_than_push_the_second(series):
    first, second = series.slot(), series.slot(days=28)
    rows = both(series, first, second)
    series.slot(days=1)
    series.slot(days=30)
    far = series.slot(6, site=series.near(9_000))
    series.slots = [first]
    series.close()

    series.move(rows[:1])

    assert where() == [far.pk, second.pk]


def test_where_the_second_cannot_go_along_both_are_cancelled_and_told(series, now):
    first, second = series.slot(), series.slot(days=28)
    rows = both(series, first, second)
    later = series.slot(days=2)
    series.slots = [first]
    series.close()

    done = series.move(rows[:1])

    assert (done.cancelled, where()) == ([rows[0].pk], [])
    assert Message.objects.filter(kind="CANCELLED_BY_SITE").count() == 2
    assert AppointmentEvent.objects.get(kind="CANCELLED", appointment=rows[1]).facts["along_with"] == rows[0].reference
    assert later.appointments.count() == 0
    assert audit(now=now).is_clean


def test_a_closed_day_with_both_doses_of_a_short_series_keeps_their_distance(now):
    series = ClosedDay(now, make_two_dose_programme(days=2))
    series.patient = make_patient()
    first, second = series.slot(), series.slot(days=2)
    rows = both(series, first, second)
    new, free = series.slot(days=1), series.slot(days=3)
    series.slots = [first, second]
    series.close()

    # In whatever order they are named, the first dose goes first.
    done = series.move(list(reversed(rows)))

    assert where() == [new.pk, free.pk]
    assert (done.moved, done.left) == ([rows[0].pk], [rows[1].pk])


def test_cancelling_a_first_dose_leaves_a_second_that_another_account_booked(series, now):
    first, second = series.slot(), series.slot(days=28)
    row = series.book(series.patient, first)
    theirs = series.book(make_patient(person=series.patient.person), second)
    series.slots = [first]
    series.close()

    series.move([row])

    assert where() == [second.pk]
    assert Relocation.objects.filter(appointment=theirs).count() == 0


def test_a_day_on_which_the_person_is_too_old_is_no_place(now):
    closed = ClosedDay(now, make_programme(max_age=17))
    patient = make_patient(birth_date=date(2008, 11, 26))  # eighteen on the day after the closed one
    [first] = [closed.slot()]
    row = closed.book(patient, first)
    closed.slot(days=1)
    closed.slots = [first]
    closed.close()

    assert closed.move([row]).cancelled == [row.pk]


def test_who_left_the_account_is_moved_within_the_day_only(now):
    closed = ClosedDay(now)
    _, patient = make_family(2)
    first = closed.slot()
    row = closed.book(patient, first)
    remove_patient(user_id=patient.user_id, patient_id=patient.pk, now=now)
    closed.slot(days=1)
    same_day = closed.slot(5)
    closed.slots = [first]
    closed.close()

    closed.move([row])

    assert where() == [same_day.pk]


def test_twin_without_the_question_for_the_day_somebody_too_old_is_moved(now, monkeypatch):
    closed = ClosedDay(now, make_programme(max_age=17))
    patient = make_patient(birth_date=date(2008, 11, 26))
    first = closed.slot()
    row = closed.book(patient, first)
    closed.slot(days=1)
    closed.slots = [first]
    closed.close()
    monkeypatch.setattr(give_place, "_days_of", lambda row: lambda day: True)

    assert closed.move([row]).moved == [row.pk]
    assert Appointment.objects.get().slot.starts_at == first.starts_at + timedelta(days=1)
