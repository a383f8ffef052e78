"""Repeats that come at a bad moment are told what became of the first try, and not that there is no room."""

import time

import pytest

from booking import admission
from booking.admission import GateDown
from booking.admission.connection import connection
from booking.admission.keys import slot_keys
from booking.models import Appointment
from booking.operations.book import book, claim_for
from booking.operations.book_together import book_together
from booking.operations.cancel import cancel
from booking.operations.freed_places.release_places import release_places
from booking.operations.hold import drop, hold
from booking.operations.move import move
from booking.operations.refusals import RequestKeyReused, SlotFull
from booking.queries.appointments import answered_any
from booking.queries.load_gate import load_slot
from deploy.embedded import free_port
from tests.factories import make_citizen, make_patient, make_programme, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gate_away(settings):
    """Call it, and nobody answers where the gate was; afterwards it is back."""

    def go() -> None:
        settings.GATE = {**settings.GATE, "url": f"redis://127.0.0.1:{free_port()}/0"}
        connection.cache_clear()

    yield go
    connection.cache_clear()


def test_a_move_that_is_repeated_while_the_gate_is_away_is_not_told_that_its_own_place_makes_the_slot_full(
    now, gate_away
) -> None:
    programme, patient = make_programme(), make_patient()
    here, there = make_slot(programme=programme), make_slot(programme=programme, quota=1)
    booked = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=here.pk, request_key="books-here", now=now
    )  # fmt: skip
    asked = {"account_id": patient.user_id, "reference": booked.reference, "slot_id": there.pk, "now": now}
    move(request_key="moves-there", **asked)
    gate_away()

    again = move(request_key="moves-there", **asked)

    assert (again.reference, again.slot_id, again.moves) == (booked.reference, there.pk, 1)


def test_whoever_died_before_the_gate_heard_of_it_is_told_even_after_another_has_got_their_number_to_hold(now) -> None:
    slot, patient, other = make_slot(quota=1), make_patient(), make_patient()
    asked = {"account_id": patient.user_id, "patient_id": patient.pk, "slot_id": slot.pk, "now": now}
    booked = book(request_key="the-answer-is-lost", **asked)
    # In the ledger, and at the gate a hold still, whose lease is over.
    claim = Appointment.objects.get(reference=booked.reference).claim
    connection().client.zadd(slot_keys(slot.pk)[4], {claim: 1})
    hold(account_id=other.user_id, patient_id=other.pk, slot_id=slot.pk, now=now)

    assert book(request_key="the-answer-is-lost", **asked).reference == booked.reference


def test_whose_lapsed_place_went_to_another_and_who_was_not_booked_gets_a_place_once_there_is_one(now) -> None:
    slot, patient, other = make_slot(quota=1), make_patient(), make_patient()
    claim = claim_for(patient.user_id, "died-before-the-ledger")
    asked = {"account_id": patient.user_id, "patient_id": patient.pk, "slot_id": slot.pk, "now": now}
    load_slot(slot.pk, now=now)
    admission.admit(slot.pk, claim, lease=0)
    held = hold(account_id=other.user_id, patient_id=other.pk, slot_id=slot.pk, now=now)
    with pytest.raises(SlotFull):
        book(request_key="died-before-the-ledger", **asked)
    drop(token=held.token, account_id=other.user_id)

    assert book(request_key="died-before-the-ledger", **asked).slot_id == slot.pk


def test_a_key_that_comes_back_for_another_person_is_refused_by_name_after_its_place_was_given_up(now) -> None:
    family, slot = make_citizen(), make_slot()
    one, other = make_patient(family), make_patient(family)
    asked = {"account_id": family.pk, "slot_id": slot.pk, "request_key": "one-key-for-two"}
    booked = book(patient_id=one.pk, now=now, **asked)
    cancel(account_id=family.pk, reference=booked.reference, now=now)
    later = Appointment.objects.get(reference=booked.reference).restorable_until
    release_places(now=later)

    with pytest.raises(RequestKeyReused):
        book(patient_id=other.pk, now=later, **asked)


@pytest.fixture
def forgetful(now):
    """A slot of one place whose gate has come back as it was before the place was booked, and gave it to another.

    Returns what the first booked, and what they asked for.
    """
    # What this process has seen of failures belongs to its connection.
    connection.cache_clear()
    slot, patient, other = make_slot(quota=1), make_patient(), make_patient()
    asked = {"account_id": patient.user_id, "now": now}
    load_slot(slot.pk, now=now)
    keys = [key for key in slot_keys(slot.pk) if connection().client.exists(key)]
    before = {key: connection().client.dump(key) for key in keys}

    def forget() -> None:
        connection().client.delete(*slot_keys(slot.pk))
        for key, value in before.items():
            connection().client.restore(key, 0, value)
        hold(account_id=other.user_id, patient_id=other.pk, slot_id=slot.pk, now=now)
        assert admission.places_left([slot.pk]) == {slot.pk: 0}

    yield slot, patient, asked, forget
    connection.cache_clear()


def fails_once() -> None:
    """And is back as soon as it is looked for."""
    with pytest.raises(GateDown):
        connection().guarded("any", _reset)
    until = time.monotonic() + 10
    while connection().gone and time.monotonic() < until:
        time.sleep(0.05)
    assert not connection().gone


def _reset() -> None:
    raise ConnectionResetError


@pytest.mark.parametrize("failed", [True, False])
def test_a_repeat_at_a_gate_that_failed_and_has_forgotten_is_told_of_its_booking(forgetful, failed) -> None:
    slot, patient, asked, forget = forgetful
    first = {**asked, "patient_id": patient.pk, "slot_id": slot.pk, "request_key": "no-answer-came"}
    booked = book(**first)
    forget()

    if not failed:
        # Nobody has cause for doubt, and those who are refused cost the ledger nothing.
        with pytest.raises(SlotFull):
            book(**first)
        return
    fails_once()
    assert book(**first).reference == booked.reference
    with pytest.raises(SlotFull):
        book(**{**first, "request_key": "another-request"})
    with pytest.raises(RequestKeyReused):
        book(**{**first, "patient_id": make_patient(patient.user).pk})


def test_so_is_a_family(forgetful) -> None:
    slot, patient, asked, forget = forgetful
    first = {**asked, "wishes": [(patient.pk, slot.pk)], "request_key": "no-answer-came"}
    [booked] = book_together(**first)
    forget()
    fails_once()

    assert [one.reference for one in book_together(**first)] == [booked.reference]
    with pytest.raises(SlotFull):
        book_together(**{**first, "request_key": "another-request"})


@pytest.fixture
def emptied(now):
    """A slot of two places; the gate loses everything and reads the slot anew while the second is on its way.

    Returns what the second asks for, and the way to be emptied.
    """
    connection.cache_clear()
    slot, patient = make_slot(quota=2), make_patient()
    early, other, third = (make_patient() for _ in range(3))
    in_time = book(
        account_id=early.user_id, patient_id=early.pk, slot_id=slot.pk, request_key="in-time-00", now=now
    )  # fmt: skip

    def empty(*, doubt: bool = True) -> None:
        connection().client.delete(*slot_keys(slot.pk))
        claim = Appointment.objects.get(reference=in_time.reference).claim
        state = admission.SlotState(slot.pk, 2, 0, False, 3600, [(claim, 1)] if doubt else [])
        [ticket] = admission.begin_load_many([slot.pk]).values()
        assert admission.finish_load_many([(state, ticket)]) == [True]
        for one in (other, third)[: 1 if doubt else 2]:
            admission.admit(slot.pk, claim_for(one.user_id, "somebody-else"), lease=60)
        assert admission.places_left([slot.pk]) == {slot.pk: 0}

    yield {"account_id": patient.user_id, "now": now, "request_key": "on-its-way"}, patient, slot, empty
    connection.cache_clear()


@pytest.mark.parametrize("doubt", [True, False], ids=["read anew", "never read before"])
def test_a_repeat_at_a_gate_that_was_emptied_and_is_full_again_is_told_of_its_booking(emptied, doubt) -> None:
    asked, patient, slot, empty = emptied
    booked = book(patient_id=patient.pk, slot_id=slot.pk, **asked)
    empty(doubt=doubt)

    if not doubt:
        # Of a slot in which nobody was booked there is nothing to forget: its crowd costs the ledger nothing.
        with pytest.raises(SlotFull):
            book(patient_id=patient.pk, slot_id=slot.pk, **asked)
        return
    assert book(patient_id=patient.pk, slot_id=slot.pk, **asked).reference == booked.reference
    # For a minute.
    connection().client.hset(slot_keys(slot.pk)[0], "doubted", 1)
    with pytest.raises(SlotFull):
        book(patient_id=patient.pk, slot_id=slot.pk, **asked)


def test_and_so_is_a_family_there(emptied) -> None:
    asked, patient, slot, empty = emptied
    [booked] = book_together(wishes=[(patient.pk, slot.pk)], **asked)
    empty()

    assert [one.reference for one in book_together(wishes=[(patient.pk, slot.pk)], **asked)] == [booked.reference]


def test_a_crowd_is_looked_up_in_one_statement(now, django_assert_num_queries) -> None:
    slot, patient = make_slot(), make_patient()
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="the-one", now=now)
    crowd = [(patient.user_id, key) for key in ("another", "the-one", "a-third")] + [(patient.user_id + 1, "the-one")]

    with django_assert_num_queries(1):
        assert answered_any(crowd) == {(patient.user_id, "the-one")}
