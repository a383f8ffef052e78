"""Drawn places become appointments: by what the ledger says, in batches, once."""

from datetime import timedelta

import pytest

from accounts.models import Patient
from booking import admission
from booking.models import Appointment, AppointmentEvent, DrawEntry, DrawState, Message, Programme, Slot
from booking.operations.cancel import cancel
from booking.operations.draws import give_places as module
from booking.operations.draws.advance import advance_draws
from booking.operations.draws.close import close
from booking.operations.draws.give_places import give_places
from booking.operations.draws.refusals import CannotDraw
from booking.operations.draws.run import _drawn, carry_on, run_draw
from booking.operations.move import move
from booking.operations.quotas.set_quota import set_quota
from booking.operations.refusals import NotYourTurn, Paused
from booking.operations.releases.pausing import begin_pause, end_pause
from booking.queries.audit import audit
from booking.queries.draw_entries import my_entry
from booking.queries.draws import progress, published
from booking.queries.load_gate import load_slot
from booking.queries.slot_facts import forget_slot_facts
from tests.draw_factories import AFTER, CLOSES, DURING, have_drawn, make_draw, make_draw_slot, make_entry
from tests.factories import CLOCK, make_administrator, make_appointment, make_patient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slot():
    return make_draw_slot(places=3)


@pytest.fixture
def draw(slot):
    return make_draw(slot)


def drawn(draw):
    """Drawn, with its file published, but nothing given yet."""
    advance_draws(now=AFTER)
    run_draw(draw_id=draw.pk, public_value="12", by=draw.made_by_id, now=AFTER)
    assert _drawn(draw.pk, now=AFTER)


def give(draw):
    while give_places(draw.pk, now=AFTER):
        pass


def outcome(entry):
    return DrawEntry.objects.get(pk=entry.entry_id).outcome


def told(entry):
    return Message.objects.filter(key__endswith=str(entry.entry_id)).values_list("kind", flat=True).first()


def test_who_is_placed_has_an_appointment_like_any_other_which_they_may_cancel(draw, slot):
    load_slot(slot.pk, now=CLOCK)
    entry = make_entry(draw)

    have_drawn(draw)

    row = Appointment.objects.get()
    account_id = Patient.objects.get(pk=entry.patient_id).user_id
    mine = my_entry(account_id, entry.entry_id, now=AFTER)
    assert (mine.reference, mine.outcome, mine.place.starts_at) == (row.reference, "BOOKED", slot.starts_at)
    assert (row.place, row.dose, row.booked_by_id, row.booked_at) == (1, 1, account_id, AFTER)
    assert AppointmentEvent.objects.get().facts == {"slot": slot.pk, "place": 1, "draw_entry": str(entry.entry_id)}
    assert told(entry) == "PLACED_BY_DRAW"
    assert admission.places_left([slot.pk]) == {slot.pk: 2}
    assert audit(now=AFTER).is_clean
    cancel(account_id=account_id, reference=row.reference, now=AFTER)
    assert Appointment.objects.get().status == "CANCELLED"


def test_a_slot_that_is_not_open_yet_is_drawn_all_the_same(draw, slot):
    Slot.objects.update(opens_at=AFTER + timedelta(days=1))
    entry = make_entry(draw)

    have_drawn(draw)

    assert outcome(entry) == "BOOKED"


def test_what_stands_in_the_way_by_then_is_in_the_ledger_and_not_in_the_file(draw, slot):
    entries = [make_entry(draw) for _ in range(3)]
    booked, gone, fine = entries
    drawn(draw)
    in_the_file = published(draw.pk).content
    other = make_appointment(make_draw_slot(slot.programme, day=30))
    person = Patient.objects.get(pk=booked.patient_id).person
    Appointment.objects.filter(pk=other.pk).update(person=person)
    Patient.objects.filter(pk=gone.patient_id).update(removed_at=AFTER)

    give(draw)

    assert [outcome(one) for one in entries] == ["ALREADY_BOOKED", "PATIENT_GONE", "BOOKED"]
    assert [told(one) for one in entries] == ["NOT_DRAWN", None, "PLACED_BY_DRAW"]
    assert published(draw.pk).content == in_the_file
    assert Appointment.objects.filter(slot=slot).count() == 1
    assert progress(draw.pk).done == 3
    assert fine.entry_id == Appointment.objects.get(slot=slot).draw_entry.pk


def test_whoever_may_not_have_the_dose_any_more_gets_no_place(draw, slot):
    entry = make_entry(draw)
    drawn(draw)
    Programme.objects.filter(pk=slot.programme_id).update(max_age=10)
    forget_slot_facts()

    give(draw)

    assert (outcome(entry), told(entry)) == ("NOT_ELIGIBLE", "NOT_DRAWN")
    assert not Appointment.objects.exists()


def test_a_slot_that_was_closed_since_gives_no_place(draw, slot):
    entry = make_entry(draw)
    drawn(draw)
    Slot.objects.update(closed_at=AFTER)

    give(draw)

    assert (outcome(entry), told(entry)) == ("SLOT_GONE", "NOT_DRAWN")


def test_never_more_than_the_quota_whatever_happened_to_it_since(draw, slot):
    entries = [make_entry(draw) for _ in range(3)]
    drawn(draw)
    make_appointment(slot, place=2)
    set_quota(slot_id=slot.pk, quota=2, by=None, now=AFTER)

    give(draw)

    assert sorted(outcome(one) for one in entries) == ["BOOKED", "SLOT_GONE", "SLOT_GONE"]
    first = min(entries, key=lambda one: DrawEntry.objects.get(pk=one.entry_id).rank)
    assert outcome(first) == "BOOKED"
    assert sorted(Appointment.objects.filter(slot=slot).values_list("place", flat=True)) == [1, 2]
    assert audit(now=AFTER).is_clean


def test_killed_between_batches_it_goes_on_where_it_was(draw, monkeypatch):
    entries = [make_entry(draw) for _ in range(7)]
    drawn(draw)
    monkeypatch.setattr(module, "BATCH", 2)
    assert give_places(draw.pk, now=AFTER) == 2
    assert progress(draw.pk).done == 2
    draw.refresh_from_db()
    assert draw.state == DrawState.DRAWING

    def killed(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        # In the middle of a batch: its appointments are written, but not what came of the entries.
        patched.setattr(module, "_explain", killed)
        with pytest.raises(KeyboardInterrupt):
            give_places(draw.pk, now=AFTER)
    assert progress(draw.pk).done == 2

    advance_draws(now=AFTER)

    draw.refresh_from_db()
    assert draw.state == DrawState.DRAWN
    assert progress(draw.pk).outcomes == {"BOOKED": 3, "NOT_PLACED": 4}
    assert Appointment.objects.count() == 3
    assert sorted(map(told, entries)) == ["NOT_DRAWN"] * 4 + ["PLACED_BY_DRAW"] * 3
    assert Message.objects.count() == 7


def test_a_second_run_changes_nothing(draw):
    make_entry(draw)
    have_drawn(draw)
    before = (list(DrawEntry.objects.values()), list(Appointment.objects.values()), Message.objects.count())

    assert carry_on(draw_id=draw.pk, now=AFTER) is False
    advance_draws(now=AFTER)
    assert give_places(draw.pk, now=AFTER) is None
    have_drawn(draw)

    assert (list(DrawEntry.objects.values()), list(Appointment.objects.values()), Message.objects.count()) == before


def test_it_is_drawn_once_with_one_public_value(draw):
    make_entry(draw)
    by = make_administrator().pk

    def refused(value, now=AFTER):
        with pytest.raises(CannotDraw) as error:
            run_draw(draw_id=draw.pk, public_value=value, by=by, now=now)
        return error.value.facts["reason"]

    assert refused("12", now=DURING) == "not_closed"
    with pytest.raises(CannotDraw):
        close(draw_id=draw.pk, now=CLOSES - timedelta(seconds=1))
    advance_draws(now=AFTER)
    assert [refused(value) for value in (" ", "1\n2", "1" * 201)] == ["bad_value"] * 3
    have_drawn(draw, public_value=" 12 ")
    assert refused("13") == "drawn"
    assert run_draw(draw_id=draw.pk, public_value="12", by=by, now=AFTER).public_value == "12"


def test_while_the_city_pauses_booking_nothing_is_given(draw):
    entry = make_entry(draw)
    advance_draws(now=AFTER)
    begin_pause(text="暂停", text_en="Paused", by=make_administrator().pk, now=AFTER)
    with pytest.raises(Paused):
        run_draw(draw_id=draw.pk, public_value="12", by=draw.made_by_id, now=AFTER)
    end_pause(by=draw.made_by_id, now=AFTER)
    run_draw(draw_id=draw.pk, public_value="12", by=draw.made_by_id, now=AFTER)
    begin_pause(text="暂停", text_en="Paused", by=make_administrator().pk, now=AFTER)

    assert carry_on(draw_id=draw.pk, now=AFTER) is False
    assert outcome(entry) == ""
    end_pause(by=draw.made_by_id, now=AFTER)
    advance_draws(now=AFTER)
    assert outcome(entry) == "BOOKED"


def test_nobody_moves_into_places_that_are_being_drawn(draw, slot):
    elsewhere = make_appointment(make_draw_slot(slot.programme, day=30))

    def move_there():
        return move(
            account_id=elsewhere.booked_by_id,
            reference=elsewhere.reference,
            slot_id=slot.pk,
            request_key="move-there",
            now=AFTER,
        )

    with pytest.raises(NotYourTurn):
        move_there()
    make_entry(draw, make_patient())
    have_drawn(draw)
    assert move_there().slot_id == slot.pk
