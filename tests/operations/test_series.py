"""What happens to one dose concerns those after it: they move along, go with it, and come back with it."""

from datetime import timedelta

import pytest
from django.db import transaction

from booking import admission
from booking.admission.connection import connection as gate_connection
from booking.models import Appointment, AppointmentEvent, Message
from booking.operations import record_moves
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.cancel import cancel, restore
from booking.operations.freed_places.release_places import release_places
from booking.operations.move import move
from booking.operations.refusals import NoSecondPlace, NotEligible, SlotFull, TooLate
from booking.queries.audit import audit
from tests.factories import make_citizen, make_patient, make_programme, make_site, make_slot, make_two_dose_programme

pytestmark = pytest.mark.django_db(transaction=True)


class Series:
    """A patient with both doses booked, on day 3 and 31, and other slots of the same site by their day."""

    def __init__(self, now, programme=None, days=(3, 31)):
        self.now, self.patient = now, make_patient()
        self.programme = programme or make_two_dose_programme()
        self.site = make_site()
        self.slots = [self.slot(day) for day in days]
        wishes = [(self.patient.pk, slot.pk) for slot in self.slots]
        self.first, self.second = book_together(
            account_id=self.patient.user_id, wishes=wishes, request_key="both-00001", now=now
        )

    def slot(self, day, quota=10, site=None):
        return make_slot(site or self.site, self.programme, quota, starts_at=self.now + timedelta(days=day))

    def move(self, facts, slot, key="move-00001"):
        return move(
            account_id=self.patient.user_id, reference=facts.reference, slot_id=slot.pk, request_key=key, now=self.now
        )

    def where(self):
        return list(Appointment.objects.live().order_by("dose").values_list("slot_id", flat=True))

    def left(self, *slots):
        left = admission.places_left([slot.pk for slot in slots])
        return [left[slot.pk] for slot in slots]


@pytest.fixture
def series(now):
    return Series(now)


def test_a_first_dose_that_moves_within_the_interval_moves_alone(series):
    earlier = series.slot(2)

    series.move(series.first, earlier)

    assert series.where() == [earlier.pk, series.slots[1].pk]


def test_a_first_dose_that_moves_later_takes_the_second_along_to_the_nearest_slot(series, now):
    later, nearest = series.slot(10), series.slot(39)
    for day, quota in ((37, 10), (38, 0), (40, 10)):  # too early, full, further
        series.slot(day, quota)

    moved = series.move(series.first, later)

    assert (moved.slot_id, moved.moves) == (later.pk, 1)
    assert series.where() == [later.pk, nearest.pk]
    assert series.left(later, nearest, *series.slots) == [9, 9, 10, 10]
    second = Appointment.objects.get(dose=2)
    # Only what the citizen chose counts as a change.
    assert second.moves == 0
    assert AppointmentEvent.objects.get(appointment=second, kind="MOVED").facts["along_with"] == series.first.reference
    assert set(Message.objects.filter(kind="MOVED").values_list("appointment__dose", flat=True)) == {1, 2}
    assert audit(now=now).is_clean


def test_a_repeat_of_the_move_changes_nothing_more(series, now):
    later, _ = series.slot(10), series.slot(39)

    for _ in range(3):
        series.move(series.first, later)

    assert Message.objects.filter(kind="MOVED").count() == 2
    assert Appointment.objects.get(dose=1).moves == 1
    assert audit(now=now).is_clean


def test_without_a_later_place_for_the_second_dose_nothing_moves_and_the_refusal_offers_others(series, now):
    later, elsewhere = series.slot(10), series.slot(45, site=make_site())

    with pytest.raises(NoSecondPlace) as refused:
        series.move(series.first, later)

    facts = refused.value.facts
    assert (facts["dose"], facts["from_date"]) == (2, (now + timedelta(days=38)).date())
    assert [slot.slot_id for slot in facts["nearest"]] == [elsewhere.pk]
    assert series.where() == [slot.pk for slot in series.slots]
    assert series.left(later, *series.slots) == [10, 9, 9]
    # What it asks for works: first the second dose elsewhere, then the first.
    series.move(series.second, elsewhere)
    series.move(series.first, later)
    assert series.where() == [later.pk, elsewhere.pk]


def test_a_second_dose_cannot_move_before_its_interval(series, now):
    with pytest.raises(NotEligible) as refused:
        series.move(series.second, series.slot(30))

    assert (refused.value.facts["reason"], refused.value.facts["from_date"]) == (
        "too_early", (now + timedelta(days=31)).date(),
    )  # fmt: skip


def test_a_full_new_slot_moves_nothing(series):
    with pytest.raises(SlotFull):
        series.move(series.first, series.slot(10, quota=0))

    assert series.where() == [slot.pk for slot in series.slots]


def test_a_second_dose_that_another_account_booked_is_not_moved_by_this_one(now):
    programme, mother = make_two_dose_programme(), make_patient()
    same_person = make_patient(make_citizen(), person=mother.person)
    slots = [make_slot(programme=programme, starts_at=now + timedelta(days=day)) for day in (3, 31, 10, 40)]
    first, _ = (
        book(account_id=p.user_id, patient_id=p.pk, slot_id=slot.pk, request_key="alone-0001", now=now)
        for p, slot in ((mother, slots[0]), (same_person, slots[1]))
    )

    with pytest.raises(NotEligible) as refused:
        move(account_id=mother.user_id, reference=first.reference, slot_id=slots[2].pk, request_key="move-1", now=now)

    assert refused.value.facts["reason"] == "next_dose_booked"
    assert admission.places_left([slots[2].pk]) == {slots[2].pk: 10}


def test_a_third_dose_moves_along_with_the_second(now):
    programme = make_programme(doses=3, intervals=[28, 60])
    series = Series(now, programme)
    third = series.slot(91)
    book(
        account_id=series.patient.user_id, patient_id=series.patient.pk, slot_id=third.pk,
        request_key="third-0001", now=now,
    )  # fmt: skip
    later, second, last = series.slot(10), series.slot(40), series.slot(101)

    series.move(series.first, later)

    assert series.where() == [later.pk, second.pk, last.pk]
    assert audit(now=now).is_clean


def test_a_gate_that_is_wrong_about_the_second_doses_slot_is_put_right(series, now):
    later, target, other = series.slot(10), series.slot(39, quota=2), make_patient()
    taken = book(account_id=other.user_id, patient_id=other.pk, slot_id=target.pk, request_key="other-0001", now=now)
    place = Appointment.objects.get(reference=taken.reference).place
    free = f"slot:{{{target.pk}}}:free"
    gate_connection().client.delete(free)
    gate_connection().client.sadd(free, place)

    series.move(series.first, later)

    assert Appointment.objects.filter(slot=target).count() == 2
    assert audit(now=now).is_clean


def test_twin_without_the_transaction_only_half_of_the_series_moves(series, now, monkeypatch):
    """Were each step its own commit, a failure in between would leave the doses too close to each other."""
    later, target = series.slot(10), series.slot(39)
    go, done = record_moves._go, []

    def dies_at_the_second(*args, **more):
        if done:
            raise TooLate()
        done.append(go(*args, **more))

    monkeypatch.setattr(record_moves, "_go", dies_at_the_second)
    with pytest.raises(TooLate):
        series.move(series.first, later)
    whole = series.where()
    done.clear()

    monkeypatch.setattr(record_moves.transaction, "atomic", no_transaction)
    monkeypatch.setattr(record_moves, "locked_series", unlocked(record_moves.locked_series))
    with pytest.raises(TooLate):
        series.move(series.first, later, key="move-00002")

    assert whole == [slot.pk for slot in series.slots]
    assert series.where() == [later.pk, series.slots[1].pk]
    assert target.pk not in series.where()


class no_transaction:
    """Stands in for transaction.atomic: every statement commits by itself."""

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False


def unlocked(locked):
    atomic = transaction.Atomic

    def read(*args):
        with atomic(using=None, savepoint=True, durable=False):
            return locked(*args)

    return read


def test_cancelling_the_first_dose_cancels_the_second_and_restoring_brings_both_back(series, now):
    cancel(account_id=series.patient.user_id, reference=series.first.reference, now=now)
    assert [row.status for row in Appointment.objects.order_by("dose")] == ["CANCELLED", "CANCELLED"]
    along = AppointmentEvent.objects.get(appointment__dose=2, kind="CANCELLED")
    assert along.facts["along_with"] == series.first.reference

    restored = restore(account_id=series.patient.user_id, reference=series.second.reference, now=now)

    assert restored.status == "BOOKED"
    assert series.where() == [slot.pk for slot in series.slots]
    assert AppointmentEvent.objects.filter(kind="RESTORED").count() == 2
    assert audit(now=now).is_clean


def test_cancelling_the_second_dose_leaves_the_first(series, now):
    cancel(account_id=series.patient.user_id, reference=series.second.reference, now=now)

    assert series.where() == [series.slots[0].pk]


def test_restoring_brings_back_only_what_was_cancelled_by_the_same_act(series, now):
    cancel(account_id=series.patient.user_id, reference=series.second.reference, now=now)
    cancel(account_id=series.patient.user_id, reference=series.first.reference, now=now + timedelta(minutes=1))

    with pytest.raises(NotEligible) as refused:
        restore(account_id=series.patient.user_id, reference=series.second.reference, now=now + timedelta(minutes=2))
    restore(account_id=series.patient.user_id, reference=series.first.reference, now=now + timedelta(minutes=2))

    assert refused.value.facts["reason"] == "dose_before_missing"
    assert series.where() == [series.slots[0].pk]


def test_a_second_dose_comes_back_only_if_it_still_follows_the_first(series, now):
    later = series.slot(10)
    cancel(account_id=series.patient.user_id, reference=series.second.reference, now=now)
    series.move(series.first, later)

    with pytest.raises(NotEligible) as refused:
        restore(account_id=series.patient.user_id, reference=series.second.reference, now=now)

    assert refused.value.facts["from_date"] == (now + timedelta(days=38)).date()
    assert series.where() == [later.pk]


def test_places_of_both_doses_go_back_after_the_undo_window(series, now):
    cancel(account_id=series.patient.user_id, reference=series.first.reference, now=now)

    assert release_places(now=now + timedelta(minutes=11)) == 2
    assert series.left(*series.slots) == [10, 10]
    assert audit(now=now).is_clean
