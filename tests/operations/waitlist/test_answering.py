"""Accepting and declining what is offered."""

from datetime import timedelta

import pytest
import time_machine

from accounts.hand_overs import make_code
from booking.models import Appointment, AppointmentEvent, Message, Offer, SlotEvent, WaitlistEntry, WalkIn
from booking.notifications import words
from booking.operations.book import book
from booking.operations.hand_over_patient import take_over_patient
from booking.operations.move import move
from booking.operations.quotas.set_quota import close_slot
from booking.operations.reconcile import reconcile
from booking.operations.refusals import AlreadyBooked, NotFound, SlotClosed
from booking.operations.send_messages import send_messages
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.leave import leave
from booking.operations.waitlist.refusals import OfferGone
from booking.operations.waitlist.stop_leftovers import stop_leftovers
from booking.queries.audit import audit
from tests.factories import make_appointment, make_citizen, make_slot
from tests.waitlist_factories import asked, pending

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(leftovers):
    """One person who waits, and the offer that they have just got."""
    entry = leftovers.waits()
    leftovers.begins()
    return entry, Offer.objects.get()


def _says_yes(offer, now):
    return accept(account_id=offer.entry.account_id, offer_id=offer.pk, now=now)


def _says_no(offer, now):
    return decline(account_id=offer.entry.account_id, offer_id=offer.pk, now=now)


def test_a_yes_is_an_appointment_of_today_outside_the_quota_and_the_wait_is_over(leftovers, offered):
    entry, offer = offered

    facts = _says_yes(offer, leftovers.now)

    row = Appointment.objects.get(reference=facts.reference)
    assert (row.slot_id, row.place, row.status, row.dose) == (leftovers.slot.pk, 6, "BOOKED", 1)
    assert (row.patient_id, row.booked_by_id) == (entry.patient_id, entry.account_id)
    ticket = WalkIn.objects.get(appointment=row)
    assert (ticket.source, ticket.return_at, ticket.by) == ("LEFTOVER", leftovers.until, leftovers.supervisor)
    assert SlotEvent.objects.filter(slot=leftovers.slot, kind="WALK_IN").count() == 1
    assert AppointmentEvent.objects.get(appointment=row).kind == "BOOKED"
    offer.refresh_from_db()
    assert (offer.state, offer.answered_at, offer.appointment) == ("ACCEPTED", leftovers.now, row)
    assert WaitlistEntry.objects.get().ended_at == leftovers.now
    confirmation = Message.objects.get(appointment=row)
    assert "今天 12:30 前到" in words(confirmation)


@pytest.mark.django_db(transaction=True)
def test_gate_and_ledger_agree_afterwards(leftovers):
    leftovers.waits()
    leftovers.begins()

    _says_yes(Offer.objects.get(), leftovers.now)

    reconcile(now=leftovers.now)
    assert audit(now=leftovers.now).is_clean


def test_a_second_yes_is_the_same_appointment(leftovers, offered):
    _, offer = offered

    first = _says_yes(offer, leftovers.now)
    again = _says_yes(offer, leftovers.now + timedelta(hours=3))

    assert again == first
    assert Appointment.objects.count() == WalkIn.objects.count() == 1


def test_after_the_time_for_an_answer_it_is_too_late_even_if_nobody_has_passed_it_on_yet(leftovers, offered):
    _, offer = offered

    for answer in (_says_yes, _says_no):
        with pytest.raises(OfferGone) as refused:
            answer(offer, leftovers.now + timedelta(minutes=15))
        assert refused.value.facts == {"reason": "expired"}
    assert not Appointment.objects.exists()


def test_what_was_passed_on_cannot_be_accepted_any_more(leftovers, offered):
    _, offer = offered
    advance_leftovers(now=leftovers.now + timedelta(minutes=16))

    with pytest.raises(OfferGone):
        _says_yes(offer, leftovers.now + timedelta(minutes=16))


def test_a_no_keeps_the_turn_and_the_next_person_is_asked_at_once(leftovers, offered):
    entry, offer = offered
    second = leftovers.waits()

    for _ in range(2):
        assert _says_no(offer, leftovers.now).state == "declined"
    advance_leftovers(now=leftovers.now)

    entry.refresh_from_db()
    assert entry.ended_at is None
    assert asked() == {second.pk}
    with pytest.raises(OfferGone) as refused:
        _says_yes(offer, leftovers.now)
    assert refused.value.facts == {"reason": "declined"}


def test_stopping_withdraws_what_is_open_and_leaves_what_was_accepted(leftovers):
    entries = [leftovers.waits(minutes=minutes) for minutes in (3, 2, 1)]
    round_ = leftovers.begins(doses=2)
    yes, open_one = pending()
    _says_yes(yes, leftovers.now)

    for _ in range(2):
        stopped = stop_leftovers(site_id=leftovers.site.pk, round_id=round_.pk, now=leftovers.now)
        assert stopped.state == "STOPPED"

    advance_leftovers(now=leftovers.now)
    assert asked() == set()
    assert Appointment.objects.filter(status="BOOKED").count() == 1
    with pytest.raises(OfferGone) as refused:
        _says_yes(open_one, leftovers.now)
    assert refused.value.facts == {"reason": "withdrawn"}
    assert len(entries) == WaitlistEntry.objects.count()
    with pytest.raises(NotFound):
        stop_leftovers(site_id=leftovers.site.pk + 1, round_id=round_.pk, now=leftovers.now)


def test_a_round_is_done_when_every_dose_has_somebody_and_over_when_its_time_has_come(leftovers, offered):
    _, offer = offered
    _says_yes(offer, leftovers.now)
    advance_leftovers(now=leftovers.now)
    offer.round.refresh_from_db()
    assert (offer.round.state, offer.round.ended_at) == ("DONE", leftovers.now)

    leftovers.waits()
    second = leftovers.begins(doses=2)
    advance_leftovers(now=leftovers.until)
    second.refresh_from_db()
    assert second.state == "OVER"
    assert asked() == set()


def test_whoever_has_booked_meanwhile_is_told_so_and_the_dose_goes_on(leftovers, offered):
    entry, offer = offered
    second = leftovers.waits()
    slot = make_slot(programme=leftovers.programme)
    mine = book(
        account_id=entry.account_id,
        patient_id=entry.patient_id,
        slot_id=slot.pk,
        request_key="request-1",
        now=leftovers.now,
    )

    with pytest.raises(AlreadyBooked) as refused:
        _says_yes(offer, leftovers.now)
    advance_leftovers(now=leftovers.now)

    assert refused.value.facts == {"reference": mine.reference}
    assert asked() == {second.pk}


def test_a_slot_that_was_closed_takes_nobody(leftovers, offered):
    _, offer = offered
    close_slot(slot_id=leftovers.slot.pk, by=leftovers.supervisor.pk, now=leftovers.now)

    with pytest.raises(SlotClosed):
        _says_yes(offer, leftovers.now)
    assert asked() == {offer.entry_id}


def test_an_offer_is_worth_nothing_to_anybody_else(leftovers, offered):
    _, offer = offered
    stranger = make_citizen()

    for answer in (accept, decline):
        with pytest.raises(NotFound):
            answer(account_id=stranger.pk, offer_id=offer.pk, now=leftovers.now)


def test_whoever_has_left_the_list_in_this_moment_cannot_accept(leftovers, offered):
    entry, offer = offered
    WaitlistEntry.objects.update(ended_at=leftovers.now)

    with pytest.raises(OfferGone):
        _says_yes(offer, leftovers.now)
    leave(account_id=entry.account_id, entry_id=entry.pk, now=leftovers.now)
    assert not Appointment.objects.exists()


def test_a_person_who_moves_to_their_own_account_keeps_turn_and_offer(leftovers, offered):
    entry, offer = offered
    code = make_code(user_id=entry.account_id, patient_id=entry.patient_id, now=leftovers.now)
    own = make_citizen()
    last_four = entry.patient.document_number[-4:]
    take_over_patient(account_id=own.pk, code=code, last_four=last_four, now=leftovers.now)

    with pytest.raises(NotFound):
        accept(account_id=entry.account_id, offer_id=offer.pk, now=leftovers.now)
    assert accept(account_id=own.pk, offer_id=offer.pk, now=leftovers.now).patient_id == entry.patient_id


def test_the_message_says_what_where_by_when_and_how_to_answer(leftovers, offered):
    message = Message.objects.get(kind="LEFTOVER_OFFERED")

    text = words(message)

    assert f"{leftovers.site.name}有流感余苗，轮到王*兰，要在今天 12:30 前到" in text
    assert "请在 11:15 前回复 1 要、0 不要，或登录答复" in text
    message.account.language = "en"
    assert "Site" in words(message)
    assert "be there by 12:30" in words(message)


@pytest.mark.parametrize(("minutes", "sent"), [(1, 1), (16, 0)])
def test_nobody_is_told_of_an_offer_that_is_over(leftovers, offered, capfd, minutes, sent):
    later = leftovers.now + timedelta(minutes=minutes)

    with time_machine.travel(later, tick=False):
        send_messages(now=later)

    assert capfd.readouterr().out.count("轮到") == sent
    assert Message.objects.get().sent_at == later


def test_a_dose_that_somebody_gave_back_is_offered_again(leftovers):
    first, second = leftovers.waits(minutes=2), leftovers.waits(minutes=1)
    leftovers.begins(doses=1)
    _says_yes(pending()[0], leftovers.now)
    Appointment.objects.update(status="CANCELLED", place=None)

    advance_leftovers(now=leftovers.now)

    assert asked() == {second.pk}
    assert first.pk != second.pk


def test_a_dose_whose_person_moved_to_another_day_is_offered_again(leftovers):
    leftovers.waits(minutes=2)
    second = leftovers.waits(minutes=1)
    leftovers.begins(doses=1)
    yes = _says_yes(pending()[0], leftovers.now)
    account_id = Appointment.objects.get().booked_by_id
    elsewhen = make_slot(leftovers.site, leftovers.programme)

    move(
        account_id=account_id,
        reference=yes.reference,
        slot_id=elsewhen.pk,
        request_key="request-1",
        now=leftovers.now,
    )
    advance_leftovers(now=leftovers.now)

    assert asked() == {second.pk}


def test_other_appointments_of_the_slot_stay_as_they_are(leftovers, offered):
    _, offer = offered
    others = [make_appointment(leftovers.slot, place=place) for place in (1, 2, 5)]

    _says_yes(offer, leftovers.now)

    assert [Appointment.objects.get(pk=row.pk).place for row in others] == [1, 2, 5]
