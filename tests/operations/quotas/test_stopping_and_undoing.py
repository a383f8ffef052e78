"""A change that is stopped, killed, run twice, and taken back."""

import pytest

from booking import admission
from booking.models import ChangeState, ClosedDay, QuotaChange, Slot, SlotEvent
from booking.operations.quotas import apply_change
from booking.operations.quotas.apply_change import carry_on, continue_change, start_undo, stop_change
from booking.operations.quotas.set_quota import set_quota
from booking.queries.audit import audit
from booking.queries.quotas.undo import outlook
from tests.factories import make_administrator, make_programme, make_site, make_slot
from tests.operations.quotas.changing import MONDAY, apply, carry_out, confirm, days, look, plan_of
from tests.operations.quotas.test_applying import at, fill

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def steward():
    return make_administrator()


def undo(change, now):
    assert start_undo(change_id=change.pk, by=change.by_id, now=now)
    return carry_out(change, now)


def one_step(change, now):
    change_site = apply_change._Slice(change.pk, now)
    assert change_site.next_site()


def test_a_change_killed_in_the_middle_of_a_step_is_done_again_and_once(now, steward, monkeypatch):
    sites, programme = [make_site(), make_site()], make_programme()
    change = look("plan", sites, plan_of(programme), steward, now)
    confirm(change, now)
    one_step(change, now)
    monkeypatch.setattr(apply_change, "_remember", lambda *_: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        carry_on(change_id=change.pk, now=now)
    monkeypatch.undo()

    assert Slot.objects.count() == 8

    carry_out(change, now)

    assert (Slot.objects.count(), SlotEvent.objects.count(), change.state) == (16, 16, ChangeState.DONE)


def test_a_step_that_is_done_twice_changes_nothing_the_second_time(now, steward):
    site, programme = make_site(), make_programme()
    make_slot(site, programme, quota=3, starts_at=at("08:00"))
    change = apply("plan", [site], plan_of(programme), steward, now)
    events = SlotEvent.objects.count()
    QuotaChange.objects.filter(pk=change.pk).update(state=ChangeState.RUNNING, done=0)

    carry_out(change, now)

    assert (Slot.objects.count(), SlotEvent.objects.count()) == (8, events)


def test_a_stop_counts_at_once_and_going_on_does_the_rest(now, steward):
    sites, programme = [make_site(), make_site(), make_site()], make_programme()
    change = look("plan", sites, plan_of(programme), steward, now)
    confirm(change, now)
    one_step(change, now)

    assert stop_change(change_id=change.pk)
    assert not carry_on(change_id=change.pk, now=now)
    change.refresh_from_db()
    assert (change.state, change.done, Slot.objects.count()) == (ChangeState.STOPPED, 1, 8)

    assert continue_change(change_id=change.pk, now=now)
    carry_out(change, now)

    assert (change.state, change.done, Slot.objects.count()) == (ChangeState.DONE, 3, 24)


def test_an_undo_withdraws_what_was_made_and_puts_back_what_was_changed(now, steward):
    site, programme = make_site(), make_programme()
    before = make_slot(site, programme, quota=3, starts_at=at("08:00"))
    change = apply("plan", [site], plan_of(programme), steward, now)
    assert outlook(change, now=now) == {"": 8}

    undo(change, now)

    before.refresh_from_db()
    assert change.state == ChangeState.UNDONE
    assert (before.quota, before.withdrawn_at) == (3, None)
    assert list(Slot.objects.standing()) == [before]
    assert set(Slot.objects.exclude(pk=before.pk).values_list("quota", "closed_at", "withdrawn_at")) == {(0, now, now)}
    assert not start_undo(change_id=change.pk, by=steward.pk, now=now)


def test_a_plan_after_an_undo_brings_withdrawn_slots_back(now, steward):
    site, programme = make_site(), make_programme()
    undo(apply("plan", [site], plan_of(programme), steward, now), now)

    apply("plan", [site], plan_of(programme, places=4), steward, now)

    assert set(Slot.objects.values_list("quota", "closed_at", "withdrawn_at")) == {(4, None, None)}
    assert Slot.objects.count() == 8


def test_an_undo_leaves_what_somebody_has_booked_or_changed_since(now, steward):
    site, programme = make_site(), make_programme()
    change = apply("plan", [site], plan_of(programme), steward, now)
    booked, changed, *free = Slot.objects.order_by("starts_at")
    Slot.objects.update(opens_at=now)
    fill(booked, 1, now)
    set_quota(slot_id=changed.pk, quota=5, by=steward.pk, now=now)
    assert outlook(change, now=now) == {"booked": 1, "touched": 1, "": 6}

    undo(change, now)

    assert set(Slot.objects.standing()) == {booked, changed}
    assert change.summary["undo_left_counts"] == {"booked": 1, "touched": 1}
    assert len(free) == 6
    assert audit(now=now).is_clean


def test_an_undo_of_a_raised_quota_keeps_whoever_was_booked_into_the_old_one(now, steward):
    site, programme = make_site(), make_programme()
    roomy = make_slot(site, programme, quota=3, starts_at=at("08:00"))
    crowded = make_slot(site, programme, quota=1, starts_at=at("08:30"))
    change = apply("plan", [site], plan_of(programme), steward, now)
    fill(roomy, 3, now)
    fill(crowded, 2, now)

    undo(change, now)

    roomy.refresh_from_db()
    crowded.refresh_from_db()
    assert (roomy.quota, crowded.quota) == (3, 8)
    assert admission.places_left([roomy.pk, crowded.pk]) == {roomy.pk: 0, crowded.pk: 6}
    assert audit(now=now).is_clean


def test_an_undo_that_is_killed_goes_on_where_it_was(now, steward, monkeypatch):
    sites, programme = [make_site(), make_site()], make_programme()
    change = apply("plan", sites, plan_of(programme), steward, now)
    start_undo(change_id=change.pk, by=steward.pk, now=now)
    one_step(change, now)
    monkeypatch.setattr(apply_change, "_remember", lambda *_: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        carry_on(change_id=change.pk, now=now)
    monkeypatch.undo()

    carry_out(change, now)

    assert not Slot.objects.standing().exists()
    assert SlotEvent.objects.count() == 32


def test_a_closed_day_is_written_down_and_its_undo_opens_it_again(now, steward):
    site, programme = make_site(), make_programme()
    slot, shut = (make_slot(site, programme, quota=3, starts_at=at(clock)) for clock in ("08:00", "09:00"))
    Slot.objects.filter(pk=shut.pk).update(closed_at=now)
    ClosedDay.objects.create(site=site, day="2026-12-01", by=steward, at=now.replace(hour=1), reason="设备检修")
    change = apply("close", [site], days(last="2026-12-01"), steward, now, reason="停电")

    slot.refresh_from_db()
    assert slot.closed_at == now
    assert set(ClosedDay.objects.values_list("reason", flat=True)) == {"停电", "设备检修"}

    undo(change, now)

    slot.refresh_from_db()
    shut.refresh_from_db()
    assert (slot.closed_at, shut.closed_at) == (None, now)
    assert list(ClosedDay.objects.values_list("reason", flat=True)) == ["设备检修"]


def test_part_of_a_day_is_closed_without_a_closed_day(now, steward):
    site, programme = make_site(), make_programme()
    early, late = (make_slot(site, programme, starts_at=at(clock)) for clock in ("08:00", "14:00"))
    fill(late, 1, now)

    apply("close", [site], days(begins="12:00", ends="18:00"), steward, now)

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.closed_at, late.closed_at) == (None, now)
    assert not ClosedDay.objects.exists()
    assert audit(now=now).is_clean


def test_opening_again_takes_the_closed_day_away_and_its_undo_brings_it_back(now, steward):
    site, programme = make_site(), make_programme()
    slot = make_slot(site, programme, starts_at=at("08:00"))
    apply("close", [site], days(), steward, now, reason="停电")

    part = apply("reopen", [site], days(begins="07:00", ends="12:00"), steward, now)
    assert part.summary["counts"] == {"closed": 1}

    change = apply("reopen", [site], days(), steward, now)
    slot.refresh_from_db()
    assert slot.closed_at is None
    assert not ClosedDay.objects.exists()

    undo(change, now)
    slot.refresh_from_db()
    assert slot.closed_at == now
    assert list(ClosedDay.objects.values_list("day", "reason")) == [(at("08:00").date(), "停电")]


def test_the_preview_of_a_closing_names_everybody_who_would_lose_the_place(now, steward):
    site, programme = make_site(), make_programme()
    slot = make_slot(site, programme, starts_at=at("08:00"))
    fill(slot, 3, now)

    change = look("close", [site], days(MONDAY, MONDAY), steward, now)

    assert change.summary["appointments"]["count"] == 3
    assert change.summary["counts"] == {"close": 1}
