"""Whoever lost is in the next round by themselves, nearer the front, unless they withdrew."""

from datetime import timedelta

import pytest

from accounts.models import Patient
from booking.models import DrawEntry, Slot
from booking.operations.draws import carry_over as module
from booking.operations.draws.advance import advance_draws
from booking.operations.draws.announce import call_off
from booking.operations.draws.carry_over import carry_over
from booking.operations.draws.close import close
from booking.operations.draws.enter import withdraw
from booking.operations.draws.refusals import CannotDraw
from booking.queries.draw_entries import my_entries
from booking.queries.draws import published
from booking.rules.draw_file import read_list
from tests.draw_factories import AFTER, FIRST, have_drawn, make_draw, make_draw_slot, make_entry
from tests.factories import make_patient

pytestmark = pytest.mark.django_db(transaction=True)

LATER = FIRST + timedelta(days=10)
OPENS_AGAIN, CLOSES_AGAIN = AFTER + timedelta(hours=1), AFTER + timedelta(days=2)


@pytest.fixture
def slot():
    return make_draw_slot(places=1)


def next_round(draw, places=1):
    slot = make_draw_slot(draw.programme, day=10, places=places)
    return make_draw(
        slot,
        previous_id=draw.pk,
        now=AFTER,
        opens_at=OPENS_AGAIN,
        closes_at=CLOSES_AGAIN,
        first_day=LATER,
        last_day=LATER + timedelta(days=2),
    )


def in_draw(draw):
    return set(DrawEntry.objects.filter(draw=draw, withdrawn_at=None).values_list("person", "rounds_lost"))


def lost_a_round(slot, entries=3):
    draw = make_draw(slot)
    made = [make_entry(draw, sites=[slot.site.code], days=[FIRST]) for _ in range(entries)]
    have_drawn(draw)
    return draw, made


def losers(draw):
    return set(DrawEntry.objects.filter(draw=draw, outcome="NOT_PLACED").values_list("person", flat=True))


def test_losers_are_in_the_next_round_with_one_lost_round_more_and_their_sites(slot):
    draw, _ = lost_a_round(slot)
    following = next_round(draw)

    advance_draws(now=AFTER)

    assert in_draw(following) == {(person, 1) for person in losers(draw)}
    entry = DrawEntry.objects.filter(draw=following).first()
    assert (entry.sites, entry.days, entry.any_site) == ([slot.site.code], [], False)
    before = DrawEntry.objects.get(draw=draw, person=entry.person)
    assert entry.code != before.code
    assert {one.draw.draw_id for one in my_entries(entry.account_id, now=AFTER)} == {draw.pk, following.pk}


def test_whoever_withdrew_is_not_brought_back(slot):
    draw, _ = lost_a_round(slot)
    following = next_round(draw)
    advance_draws(now=AFTER)
    one = DrawEntry.objects.filter(draw=following).first()
    withdraw(account_id=one.account_id, entry_id=one.pk, now=AFTER)

    assert carry_over(following.pk, now=AFTER)

    assert len(in_draw(following)) == 1
    assert one.person not in {person for person, _ in in_draw(following)}


def test_whoever_may_not_have_the_dose_any_more_is_not_carried_over(slot):
    draw, _ = lost_a_round(slot)
    gone = DrawEntry.objects.filter(draw=draw, outcome="NOT_PLACED").first()
    Patient.objects.filter(pk=gone.patient_id).update(removed_at=AFTER)
    following = next_round(draw)

    advance_draws(now=AFTER)

    assert {person for person, _ in in_draw(following)} == losers(draw) - {gone.person}


def test_whoever_enters_by_themselves_has_lost_it_all_the_same(slot):
    draw, _ = lost_a_round(slot)
    following = next_round(draw)
    lost = Patient.objects.get(pk=DrawEntry.objects.filter(draw=draw, outcome="NOT_PLACED").first().patient_id)

    assert make_entry(following, lost, now=OPENS_AGAIN).rounds_lost == 1
    assert make_entry(following, make_patient(), now=OPENS_AGAIN).rounds_lost == 0
    advance_draws(now=OPENS_AGAIN)

    assert in_draw(following) >= {(person, 1) for person in losers(draw)}
    assert len(in_draw(following)) == 3


def test_a_place_that_was_gone_counts_as_a_lost_round(slot):
    draw = make_draw(slot)
    make_entry(draw)
    advance_draws(now=AFTER)
    Slot.objects.update(closed_at=AFTER)
    have_drawn(draw)
    following = next_round(draw)

    advance_draws(now=AFTER)

    assert [rounds for _, rounds in in_draw(following)] == [1]


def test_a_draw_that_was_called_off_passes_everybody_on_as_they_were(slot):
    first, _ = lost_a_round(slot)
    second = next_round(first)
    advance_draws(now=AFTER)
    make_entry(second, make_patient(), now=OPENS_AGAIN)
    call_off(draw_id=second.pk, now=OPENS_AGAIN)
    third = next_round(second)

    advance_draws(now=AFTER)

    assert in_draw(third) == in_draw(second)
    assert sorted(rounds for _, rounds in in_draw(third)) == [0, 1, 1]


def test_whoever_lost_comes_first_in_the_next_round(slot):
    draw, _ = lost_a_round(slot)
    following = next_round(draw, places=2)
    advance_draws(now=AFTER)
    for _ in range(6):
        make_entry(following, make_patient(), now=OPENS_AGAIN)

    have_drawn(following, now=CLOSES_AGAIN)

    ranks = DrawEntry.objects.filter(draw=following).order_by("rank").values_list("rounds_lost", flat=True)
    assert list(ranks) == [1, 1, 0, 0, 0, 0, 0, 0]


def test_the_list_tells_no_more_than_three_lost_rounds(slot):
    draw = make_draw(slot)
    entry = make_entry(draw)
    DrawEntry.objects.filter(pk=entry.entry_id).update(rounds_lost=7)
    advance_draws(now=AFTER)

    _, entries = read_list(published(draw.pk).content)

    assert [one.rounds_lost for one in entries] == [3]


def test_the_entries_do_not_close_before_everybody_was_carried_over(slot, monkeypatch):
    draw, _ = lost_a_round(slot, entries=4)
    following = next_round(draw)
    monkeypatch.setattr(module, "_BATCH", 1)

    assert carry_over(following.pk, now=CLOSES_AGAIN, seconds=0) is False
    with pytest.raises(CannotDraw):
        close(draw_id=following.pk, now=CLOSES_AGAIN)
    advance_draws(now=CLOSES_AGAIN)

    following.refresh_from_db()
    assert following.state == "CLOSED"
    assert len(in_draw(following)) == 3
