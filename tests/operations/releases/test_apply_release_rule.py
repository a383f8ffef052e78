"""A rule is carried over to slots that have not opened, and to no others."""

import functools
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from booking import admission
from booking.models import Slot, SlotEvent
from booking.operations.book import book
from booking.operations.quotas.set_quota import close_slot
from booking.operations.refusals import NotFound, NotOpen
from booking.operations.releases.apply_release_rule import apply_release_rule
from booking.queries.audit import audit
from booking.queries.load_gate import load_slot
from booking.queries.release_effect import effect_of
from booking.queries.releases import next_release
from sites.scope import Scope
from tests.factories import make_district, make_patient, make_release_rule, make_site, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now() -> datetime:
    """The ledger's clock has a say here, so it is the tests' too."""
    return timezone.now()


def at(days: int, hour: int, minute: int = 0) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())


def make_waiting(days=12, quota=10, opens_at=None, **fields) -> Slot:
    """A slot that opens three days before it begins."""
    return make_slot(starts_at=at(days, 9), opens_at=opens_at or at(days - 3, 8), quota=quota, **fields)


def apply(rule, now, **more):
    return apply_release_rule(rule_id=rule.pk, by=None, now=now, **more)


def test_time_and_portions_are_set_and_noted(now):
    slot = make_waiting()
    rule = make_release_rule(slot.programme, opens=time(9, 30), portions=[[60, 0], [40, 240]])

    done = apply(rule, now)

    slot.refresh_from_db()
    assert (done.slots, done.sites_left) == (1, 0)
    assert (slot.opens_at, slot.quota, slot.kept_later) == (at(5, 9, 30), 6, 4)
    assert slot.next_portion_at == at(5, 13, 30)
    event = SlotEvent.objects.get()
    assert (event.kind, event.facts["rule"], event.facts["quota_from"], event.facts["quota"]) == (
        "RELEASE_SET", rule.pk, 10, 6,
    )  # fmt: skip


def test_a_second_time_changes_nothing(now):
    slot = make_waiting()
    rule = make_release_rule(slot.programme, portions=[[50, 0], [50, 60]])
    apply(rule, now)

    assert apply(rule, now).slots == 0
    assert SlotEvent.objects.count() == 1


def test_leaving_portions_out_again_brings_all_places_back(now):
    slot = make_waiting()
    rule = make_release_rule(slot.programme, portions=[[50, 0], [50, 60]])
    apply(rule, now)
    rule.portions = []
    rule.save()

    apply(rule, now)

    slot.refresh_from_db()
    assert (slot.quota, slot.kept_later, slot.next_portion_at) == (10, 0, None)


def test_what_has_opened_was_booked_withdrawn_or_belongs_to_another_programme_stays(now):
    site, open_ = make_site(), make_waiting(opens_at=now - timedelta(minutes=1))
    programme = open_.programme
    booked = make_waiting(site=site, programme=programme, opens_at=now - timedelta(hours=1))
    patient = make_patient()
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=booked.pk, request_key="key-0001", now=now)
    Slot.objects.filter(pk=booked.pk).update(opens_at=at(9, 8))
    withdrawn = make_waiting(programme=programme)
    Slot.objects.filter(pk=withdrawn.pk).update(withdrawn_at=now, quota=0, closed_at=now)
    make_waiting()
    before = list(Slot.objects.order_by("pk").values())

    done = apply(make_release_rule(programme, days_ahead=2), now)

    assert done.slots == 0
    assert list(Slot.objects.order_by("pk").values()) == before


def test_a_closed_slot_is_right_when_it_opens_again(now):
    slot = make_waiting()
    close_slot(slot_id=slot.pk, by=None, now=now)

    assert apply(make_release_rule(slot.programme), now).slots == 1


def test_the_narrowest_rule_counts(now):
    district = make_district("430104")
    own, neighbour, elsewhere = make_site(district=district), make_site(district=district), make_site()
    programme = make_waiting(site=own).programme
    for site in (neighbour, elsewhere):
        make_waiting(site=site, programme=programme)
    city = make_release_rule(programme, opens=time(7))
    of_district = make_release_rule(programme, districts=[district], opens=time(8, 30))
    of_site = make_release_rule(programme, sites=[own], opens=time(10))

    assert [apply(rule, now).slots for rule in (city, of_district, of_site)] == [1, 1, 1]
    opened = {slot.site_id: timezone.localtime(slot.opens_at).time() for slot in Slot.objects.all()}
    assert opened == {own.pk: time(10), neighbour.pk: time(8, 30), elsewhere.pk: time(7)}


def test_a_rule_that_is_off_counts_nowhere(now):
    slot = make_waiting()

    assert apply(make_release_rule(slot.programme, is_active=False), now).slots == 0


def test_no_such_rule(now):
    with pytest.raises(NotFound):
        apply_release_rule(rule_id=1, by=None, now=now)


def test_the_gate_knows_the_new_time_at_once(now):
    slot = make_waiting()
    load_slot(slot.pk, now=now)

    apply(make_release_rule(slot.programme, portions=[[60, 0], [40, 240]]), now)

    answer = admission.admit(slot.pk, "early", lease=5)
    assert answer.opens_ms == int(at(5, 8).timestamp() * 1000)
    assert admission.places_left([slot.pk]) == {slot.pk: 6}
    assert audit(now=now).is_clean


def test_somebody_who_is_loading_the_slot_meanwhile_does_not_bring_the_old_time_back(now, monkeypatch):
    from booking.queries import load_gate

    slot = make_waiting()
    rule = make_release_rule(slot.programme)
    read = load_gate.slot_states
    turns = []

    def read_and_be_overtaken(slot_ids, *, now):
        states = read(slot_ids, now=now)
        if not turns:
            turns.append(apply(rule, now))
        return states

    monkeypatch.setattr(load_gate, "slot_states", read_and_be_overtaken)
    load_slot(slot.pk, now=now)

    assert admission.admit(slot.pk, "early", lease=5).opens_ms == int(at(5, 8).timestamp() * 1000)


def test_what_should_have_opened_by_the_rule_can_be_booked_at_once(now):
    slot, patient = make_waiting(), make_patient()
    act = functools.partial(book, account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)
    with pytest.raises(NotOpen):
        act(request_key="too-early-1")
    rule = make_release_rule(slot.programme, days_ahead=20)
    assert effect_of(rule, Scope(True), now=now).at_once == 1

    apply(rule, now)

    assert act(request_key="in-time-01").reference


def test_the_preview_counts_what_applying_does(now):
    slot = make_waiting()
    for days in (13, 14):
        make_waiting(days, site=slot.site, programme=slot.programme, quota=7)
    make_waiting(programme=slot.programme)
    rule = make_release_rule(slot.programme, sites=[slot.site], portions=[[60, 0], [40, 240]])

    effect = effect_of(rule, Scope(True), now=now)

    assert (effect.changed, effect.unchanged, effect.at_once) == (3, 0, 0)
    assert [(day.slots, day.places_first, day.places_later) for day in effect.days] == [(1, 6, 4), (1, 4, 3), (1, 4, 3)]
    assert apply(rule, now).slots == 3
    assert effect_of(rule, Scope(True), now=now).unchanged == 3


def test_where_the_time_is_too_short_a_second_call_goes_on(now, monkeypatch):
    monkeypatch.setattr("booking.operations.releases.apply_release_rule._AT_ONCE", 1)
    slot = make_waiting()
    make_waiting(programme=slot.programme)
    rule = make_release_rule(slot.programme)

    first = apply(rule, now, seconds=0)

    assert first.slots + apply(rule, now).slots == 2
    assert first.sites_left > 0


def test_two_who_apply_at_once_change_each_slot_once(now):
    slot = make_waiting()
    rule = make_release_rule(slot.programme)

    done = all_at_once([functools.partial(apply, rule, now)] * 4, threads=4)

    assert sum(one.slots for one in done) == SlotEvent.objects.count() == 1


def test_the_first_page_knows_the_new_time(now):
    slot = make_waiting()
    assert next_release(now=now).opens_at == at(9, 8)

    apply(make_release_rule(slot.programme), now)

    assert next_release(now=now).opens_at == at(5, 8)
