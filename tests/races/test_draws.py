"""Draws in a rush: one entry a person, one drawing, one appointment and one message for everybody who was placed."""

import functools
import threading
import time

import pytest
from django.db import IntegrityError, connection

from booking.models import Appointment, Draw, DrawEntry, DrawState, Message
from booking.operations.draws import close as closing
from booking.operations.draws import enter as entering
from booking.operations.draws import give_places as module
from booking.operations.draws.advance import advance_draws
from booking.operations.draws.enter import enter
from booking.operations.draws.give_places import give_places
from booking.operations.draws.refusals import AlreadyEntered, NotEntering
from booking.operations.draws.run import carry_on, run_draw
from booking.queries.audit import audit
from booking.queries.draws import entries_in, progress, published
from booking.rules.draw_file import check, read_list
from tests.draw_factories import AFTER, CLOSES, DURING, make_draw, make_draw_slot, make_entry
from tests.factories import make_patient, make_patients
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def entry_of(draw, patient):
    return functools.partial(
        enter, account_id=patient.user_id, patient_id=patient.pk, draw_id=draw.pk, any_site=True, now=DURING
    )


def make_full_draw(monkeypatch, *, people=40, places=12):
    """Closed, with many more people than places, in small batches."""
    monkeypatch.setattr(module, "BATCH", 5)
    slots = [make_draw_slot(places=places // 3)]
    slots += [make_draw_slot(slots[0].programme, places=places // 3, day=day) for day in (0, 1)]
    draw = make_draw(slots[0])
    for patient in make_patients(people):
        make_entry(draw, patient)
    advance_draws(now=AFTER)
    return draw


def assert_once(draw, *, people=40, places=12):
    draw.refresh_from_db()
    assert draw.state == DrawState.DRAWN
    assert progress(draw.pk).outcomes == {"BOOKED": places, "NOT_PLACED": people - places}
    rows = list(Appointment.objects.values_list("slot_id", "place", "person"))
    assert len(rows) == len({row[:2] for row in rows}) == len({row[2] for row in rows}) == places
    assert Message.objects.filter(kind="PLACED_BY_DRAW").count() == places
    assert Message.objects.filter(kind="NOT_DRAWN").count() == people - places
    checked = check(published(draw.pk).content)
    assert sorted(one.slot for one in checked.drawn if one.slot) == sorted(row[0] for row in rows)
    assert audit(now=AFTER).is_clean


def test_of_two_accounts_that_enter_a_person_at_once_one_does():
    draw, mother = make_draw(), make_patient()
    rows = [mother, *(make_patient(person=mother.person) for _ in range(9))]

    results = all_at_once([entry_of(draw, row) for row in rows])

    assert sorted(type(one).__name__ for one in results) == ["AlreadyEntered"] * 9 + ["MyEntry"]
    assert all(one.facts == {"entry": None} for one in results if isinstance(one, AlreadyEntered))
    assert entries_in(draw.pk) == 1


def test_twin_without_the_constraint_a_person_has_as_many_chances_as_accounts():
    draw, mother = make_draw(), make_patient()
    rows = [mother, *(make_patient(person=mother.person) for _ in range(3))]
    name = "one_entry_per_draw_and_person"
    constraint = next(one for one in DrawEntry._meta.constraints if one.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(DrawEntry, constraint)
    try:
        results = all_at_once([entry_of(draw, row) for row in rows])

        assert len(results) == entries_in(draw.pk) == 4
    finally:
        DrawEntry.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(DrawEntry, constraint)


def test_whoever_drew_first_drew_and_every_place_is_given_once(monkeypatch):
    draw = make_full_draw(monkeypatch)
    values = ["12", "13"] * 4

    runs = all_at_once(
        [
            functools.partial(run_draw, draw_id=draw.pk, public_value=one, by=draw.made_by_id, now=AFTER)
            for one in values
        ]
    )
    all_at_once([functools.partial(carry_on, draw_id=draw.pk, now=AFTER)] * 6)

    assert sorted(type(one).__name__ for one in runs) == ["CannotDraw"] * 4 + ["Draw"] * 4
    assert_once(draw)


def test_killed_after_every_batch_and_run_by_two_it_gives_every_place_once(monkeypatch):
    draw = make_full_draw(monkeypatch)
    run_draw(draw_id=draw.pk, public_value="12", by=draw.made_by_id, now=AFTER)
    real = module._explain

    class Killed(Exception):
        pass

    died = []

    def dying(rows, places):
        real(rows, places)
        if len(died) < 4:
            died.append(1)
            raise Killed

    monkeypatch.setattr(module, "_explain", dying)
    while all_at_once([functools.partial(carry_on, draw_id=draw.pk, now=AFTER)] * 2) != [False, False]:
        pass

    assert len(died) == 4
    assert_once(draw)


def test_twin_without_the_lock_two_jobs_give_one_entry_two_places_and_only_the_constraints_hold(monkeypatch):
    draw = make_full_draw(monkeypatch, people=5, places=3)
    run_draw(draw_id=draw.pk, public_value="12", by=draw.made_by_id, now=AFTER)
    carry_on(draw_id=draw.pk, now=AFTER, seconds=0)
    both_have_read = threading.Barrier(2)
    real = module._deal_with

    def together(rows, **more):
        both_have_read.wait(timeout=30)
        real(rows, **more)

    monkeypatch.setattr(module, "_deal_with", together)
    monkeypatch.setattr(Draw.objects, "select_for_update", lambda **_options: Draw.objects.all(), raising=False)

    results = all_at_once([functools.partial(give_places, draw.pk, now=AFTER)] * 2)

    # The second one is stopped by the keys of its messages: its whole batch is undone.
    assert [type(one) for one in results].count(IntegrityError) == 1
    assert Appointment.objects.count() == 3


def test_an_entry_is_in_the_published_list_or_it_is_refused():
    draw = make_draw()
    patients = make_patients(30)
    acts = [entry_of(draw, patient) for patient in patients]
    acts.insert(15, functools.partial(advance_draws, now=CLOSES))

    results = all_at_once(acts)

    entered = [one for one in results if not isinstance(one, Exception) and one != 1]
    assert all(isinstance(one, NotEntering) for one in results if isinstance(one, Exception))
    _, listed = read_list(published(draw.pk).content)
    assert len(listed) == len(entered) == entries_in(draw.pk)


def test_twin_without_the_shared_lock_somebody_is_told_that_they_are_in_and_is_not(monkeypatch):
    draw, late = make_draw(), make_patient()
    monkeypatch.setattr(entering, "_keep_open", lambda *_args, **_more: None)
    listed, entering_now = threading.Event(), threading.Event()
    real = closing.list_of

    def then_waits(*args):
        content = real(*args)
        listed.set()
        assert entering_now.wait(timeout=30)
        # Whoever enters has looked at the draw before it closed, and waits for it with their row.
        time.sleep(0.5)
        return content

    def looked(*args, **more):
        entering_now.set()
        return open_by_then(*args, **more)

    open_by_then = entering._rounds_lost
    monkeypatch.setattr(closing, "list_of", then_waits)
    monkeypatch.setattr(entering, "_rounds_lost", looked)
    closer = threading.Thread(target=lambda: (advance_draws(now=CLOSES), connection.close()))
    closer.start()
    assert listed.wait(timeout=30)

    entry_of(draw, late)()

    closer.join(30)
    _, entries = read_list(published(draw.pk).content)
    assert (entries_in(draw.pk), len(entries)) == (1, 0)
