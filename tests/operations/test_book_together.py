"""Several people in one visit, or both doses: all or none, once for a request key, with and without the gate."""

from datetime import timedelta

import pytest
from django.db import Error as LedgerError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import admission
from booking.admission.connection import connection as gate_connection
from booking.models import Appointment, AppointmentEvent, Message
from booking.operations import write_together
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.cancel import cancel
from booking.operations.hold_together import extend, hold_together
from booking.operations.quotas.set_quota import close_slot
from booking.operations.refusals import (
    AlreadyBooked,
    Busy,
    HoldExpired,
    NotEligible,
    NotFound,
    RequestKeyReused,
    SlotClosed,
    SlotFull,
)
from booking.queries.audit import audit
from tests.factories import make_family, make_patient, make_patients, make_programme, make_slot, make_two_dose_programme

pytestmark = pytest.mark.django_db(transaction=True)


def together(wishes, now, key="family-0001", **more):
    account_id = wishes[0][0].user_id
    pairs = [(patient.pk, slot.pk) for patient, slot in wishes]
    return book_together(account_id=account_id, wishes=pairs, request_key=key, now=now, **more)


def alone(patient, slot, now, key="alone-0001"):
    return book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=now)


def both_doses(patient, now, programme=None, days=28, quota=10):
    programme = programme or make_two_dose_programme(min_age=1)
    first = make_slot(programme=programme, starts_at=now + timedelta(days=3), quota=quota)
    second = make_slot(site=first.site, programme=programme, starts_at=now + timedelta(days=3 + days), quota=quota)
    return [(patient, first), (patient, second)]


@pytest.fixture
def gate_gone():
    gate_connection().breaker.failed()
    gate_connection().breaker._open_until += 60
    yield
    gate_connection().breaker.worked()


def test_a_family_gets_neighbouring_places_each_with_a_reference_of_its_own(now):
    slot, family = make_slot(quota=5), make_family(4)

    booked = together([(patient, slot) for patient in family], now)

    assert [facts.patient_id for facts in booked] == [patient.pk for patient in family]
    assert len({facts.reference for facts in booked}) == 4
    assert AppointmentEvent.objects.filter(kind="BOOKED").count() == Message.objects.count() == 4
    assert admission.places_left([slot.pk]) == {slot.pk: 1}
    assert admission.summaries([slot.pk])[slot.pk].holds == 0
    assert audit(now=now).is_clean


def test_each_can_be_cancelled_alone(now):
    slot, family = make_slot(quota=5), make_family(2)
    booked = together([(patient, slot) for patient in family], now)

    cancel(account_id=family[0].user_id, reference=booked[0].reference, now=now)

    assert sorted(Appointment.objects.values_list("status", flat=True)) == ["BOOKED", "CANCELLED"]


def test_both_doses_in_one_go(now):
    wishes = both_doses(make_patient(), now)

    # The order of the wishes does not matter: the earlier slot is for the first dose.
    second, first = together(wishes[::-1], now)

    assert (first.dose, second.dose) == (1, 2)
    assert second.starts_at - first.starts_at == timedelta(days=28)
    assert audit(now=now).is_clean


def test_a_family_with_both_doses_each(now):
    programme, family = make_two_dose_programme(), make_family(2)
    first, second = (slot for _, slot in both_doses(family[0], now, programme))

    booked = together([(patient, slot) for patient in family for slot in (first, second)], now)

    assert [facts.dose for facts in booked] == [1, 2, 1, 2]


def test_a_second_dose_too_early_is_refused_by_name_and_nothing_is_taken(now):
    patient = make_patient()
    wishes = both_doses(patient, now, days=27)

    with pytest.raises(NotEligible) as refused:
        together(wishes, now)

    facts = refused.value.facts
    assert (facts["reason"], facts["patient"], facts["slot"], facts["dose"]) == (
        "too_early", patient.pk, wishes[1][1].pk, 2,
    )  # fmt: skip
    assert Appointment.objects.count() == 0
    assert set(admission.places_left([slot.pk for _, slot in wishes]).values()) == {10}


def test_a_slot_with_too_few_places_is_refused_and_says_which(now):
    slot, family = make_slot(quota=2), make_family(3)

    with pytest.raises(SlotFull) as refused:
        together([(patient, slot) for patient in family], now)

    assert refused.value.facts == {"patient": family[0].pk, "slot": slot.pk}
    assert Appointment.objects.count() == 0
    assert admission.places_left([slot.pk]) == {slot.pk: 2}


def test_one_who_is_booked_already_refuses_the_visit_and_keeps_only_that_appointment(now):
    programme, family = make_programme(), make_family(3)
    slot, other = make_slot(programme=programme), make_slot(programme=programme)
    before = book(
        account_id=family[1].user_id, patient_id=family[1].pk, slot_id=other.pk, request_key="alone-01", now=now
    )

    with pytest.raises(AlreadyBooked) as refused:
        together([(patient, slot) for patient in family], now)

    assert refused.value.facts == {
        "reference": before.reference, "patient": family[1].pk, "slot": slot.pk, "dose": 1,
    }  # fmt: skip
    assert Appointment.objects.get().reference == before.reference
    assert Message.objects.count() == 1
    assert admission.places_left([slot.pk, other.pk]) == {slot.pk: 10, other.pk: 9}
    assert audit(now=now).is_clean


def test_a_slot_closed_behind_the_gates_back_refuses_all(now):
    family, slots = make_family(2), [make_slot(), make_slot()]
    wishes = list(zip(family, slots, strict=True))
    close_slot(slot_id=slots[1].pk, by=None, now=now)
    admission.set_closed(slots[1].pk, False)

    with pytest.raises(SlotClosed) as refused:
        together(wishes, now)

    assert refused.value.facts["slot"] == slots[1].pk
    assert Appointment.objects.count() == 0


def test_somebody_elses_patient_is_not_found_and_refuses_all(now):
    slot, own, stranger = make_slot(), make_patient(), make_patient()

    with pytest.raises(NotFound):
        together([(own, slot), (stranger, slot)], now)

    assert Appointment.objects.count() == 0
    assert admission.places_left([slot.pk]) == {slot.pk: 10}


def test_five_people_are_a_fault_of_the_caller(now):
    slot = make_slot()

    with pytest.raises(ValueError, match="4 people"):
        together([(patient, slot) for patient in make_family(5)], now)


def test_the_same_key_gets_the_same_answer_also_after_one_was_cancelled_and_the_gate_was_emptied(now):
    slot, family = make_slot(quota=3), make_family(3)
    wishes = [(patient, slot) for patient in family]
    first = together(wishes, now)
    cancel(account_id=family[0].user_id, reference=first[0].reference, now=now)
    admission.forget(slot.pk)

    again = together(wishes, now)

    assert [facts.reference for facts in again] == [facts.reference for facts in first]
    assert again[0].status == "CANCELLED"
    assert Appointment.objects.count() == 3


def test_the_same_key_for_others_or_for_a_single_booking_is_refused(now):
    slot, family = make_slot(), make_family(3)
    together([(patient, slot) for patient in family[:2]], now)

    with pytest.raises(RequestKeyReused):
        together([(patient, slot) for patient in family], now)
    with pytest.raises(RequestKeyReused):
        book(account_id=family[2].user_id, patient_id=family[2].pk, slot_id=slot.pk, request_key="family-0001", now=now)

    assert Appointment.objects.count() == 2
    assert admission.places_left([slot.pk]) == {slot.pk: 8}


def test_held_places_are_booked_also_when_the_slot_is_full(now):
    slot, family = make_slot(quota=2), make_family(2)
    wishes = [(patient, slot) for patient in family]
    held = hold_together(account_id=family[0].user_id, wishes=[(p.pk, s.pk) for p, s in wishes], now=now)
    assert admission.places_left([slot.pk]) == {slot.pk: 0}

    booked = together(wishes, now, holds=[hold.token for hold in held])

    assert len(booked) == 2
    assert audit(now=now).is_clean
    # A repeat is the same request, also with holds that were extended meanwhile.
    longer = extend(tokens=[hold.token for hold in held], account_id=family[0].user_id, now=now)
    assert together(wishes, now, holds=[hold.token for hold in longer]) == booked


def test_holds_for_others_are_refused(now):
    slot, family = make_slot(), make_family(3)
    held = hold_together(account_id=family[0].user_id, wishes=[(family[2].pk, slot.pk)], now=now)

    with pytest.raises(HoldExpired):
        together([(patient, slot) for patient in family[:2]], now, holds=[held[0].token])


def test_a_refusal_leaves_the_familys_holds_as_they_were(now):
    programme, family = make_programme(), make_family(2)
    slot, other = make_slot(programme=programme, quota=2), make_slot(programme=programme)
    wishes = [(patient, slot) for patient in family]
    held = hold_together(account_id=family[0].user_id, wishes=[(p.pk, s.pk) for p, s in wishes], now=now)
    alone(family[1], other, now)

    with pytest.raises(AlreadyBooked):
        together(wishes, now, holds=[hold.token for hold in held])

    assert admission.summaries([slot.pk])[slot.pk].holds == 2


def test_without_the_gate_the_ledger_alone_books_them_all_or_none(now, gate_gone):
    slot, family, others = make_slot(quota=3), make_family(2), make_family(2)
    wishes = [(patient, slot) for patient in family]

    booked = together(wishes, now)
    with pytest.raises(SlotFull) as refused:
        together([(patient, slot) for patient in others], now)

    assert together(wishes, now) == booked
    assert refused.value.facts["slot"] == slot.pk
    assert Appointment.objects.count() == 2


def test_a_gate_that_gives_numbers_the_ledger_has_is_put_right(now):
    slot, family = make_slot(quota=6), make_family(2)
    for patient in make_patients(4):
        alone(patient, slot, now)
    free = f"slot:{{{slot.pk}}}:free"
    gate_connection().client.delete(free)
    gate_connection().client.sadd(free, *Appointment.objects.values_list("place", flat=True))

    booked = together([(patient, slot) for patient in family], now)

    assert len(booked) == 2
    assert audit(now=now).is_clean


def test_an_unknown_outcome_is_busy_and_a_repeat_gets_the_truth(now, monkeypatch):
    slot, family = make_slot(quota=2), make_family(2)
    wishes = [(patient, slot) for patient in family]
    whole = write_together.record

    def written_but_cut_off(*args, **more):
        whole(*args, **more)
        raise LedgerError("the connection was lost")

    monkeypatch.setattr(write_together, "record", written_but_cut_off)
    with pytest.raises(Busy):
        together(wishes, now)
    monkeypatch.undo()
    assert admission.places_left([slot.pk]) == {slot.pk: 0}

    assert len(together(wishes, now)) == 2
    assert Appointment.objects.count() == 2
    assert audit(now=now).is_clean


def test_four_at_once_cost_one_round_trip_to_ask_and_three_statements(now):
    slot, family = make_slot(), make_family(4)
    together([(patient, slot) for patient in make_family(2)], now)  # what does not change is known by now

    with CaptureQueriesContext(connection) as sent:
        together([(patient, slot) for patient in family], now)

    statements = [query["sql"] for query in sent if query["sql"] not in ("BEGIN", "COMMIT")]
    assert len(statements) == 3, statements  # the people, the appointments, and how they stand now


def test_a_full_slot_costs_the_ledger_nothing(now):
    slot = make_slot(quota=1)
    late = make_family(2)
    together([(make_patient(), slot)], now)

    with CaptureQueriesContext(connection) as sent, pytest.raises(SlotFull):
        together([(patient, slot) for patient in late], now)

    assert len(sent) == 0


def test_a_second_dose_alone_can_be_booked_while_the_first_is_only_booked_in_two_statements(now):
    patient = make_patient()
    (_, first), (_, second) = both_doses(patient, now)
    early = make_slot(programme=first.programme, starts_at=now + timedelta(days=20))

    alone(patient, first, now, "first-0001")
    with pytest.raises(NotEligible) as refused:
        alone(patient, early, now, "early-0001")
    with pytest.raises(NotEligible):
        alone(make_patient(birth_date=now.date()), second, now)  # now the slot is known here and at the gate
    with CaptureQueriesContext(connection) as sent:
        booked = alone(patient, second, now, "second-001")

    assert refused.value.facts["from_date"] == (now + timedelta(days=31)).date()
    assert booked.dose == 2
    assert len(sent) == 2
    assert alone(patient, first, now, "first-0001").dose == 1
    with pytest.raises(AlreadyBooked):
        alone(patient, make_slot(programme=first.programme, starts_at=now + timedelta(days=60)), now, "third-0001")
    assert audit(now=now).is_clean
