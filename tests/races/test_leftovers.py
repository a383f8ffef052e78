"""Leftover doses when people, jobs and supervisors act in the same moment."""

import functools
import threading
from datetime import timedelta

import pytest
from django.db import transaction

from booking.models import Appointment, LeftoverRound, Message, Offer, WalkIn
from booking.operations.reconcile import reconcile
from booking.operations.refusals import AlreadyBooked
from booking.operations.waitlist import accept as accepting
from booking.operations.waitlist import locked
from booking.operations.waitlist import offer_next as asking
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.begin_leftovers import begin_leftovers
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.offer_next import offer_next
from booking.operations.waitlist.refusals import CannotBegin, OfferGone
from booking.operations.waitlist.stop_leftovers import stop_leftovers
from booking.queries.appointments import AppointmentFacts
from booking.queries.audit import audit
from tests.factories import make_site
from tests.races.crowd import all_at_once
from tests.waitlist_factories import Leftovers, pending

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leftovers(now):
    return Leftovers(now.replace(hour=11))


def _yes(offer, now):
    return functools.partial(accept, account_id=offer.entry.account_id, offer_id=offer.pk, now=now)


def _without_locks(monkeypatch, people: int):
    """Offer and round are read, not locked, and everybody has read before the first one writes."""

    def read(account_id, offer_id):
        offer = Offer.objects.select_related("entry", "appointment", "round__site").get(pk=offer_id)
        return offer, offer.round

    monkeypatch.setattr(accepting, "locked_offer", read)
    monkeypatch.setattr(accepting, "promised", _together(locked.promised, people))


def _together(count, people: int):
    """The count, after which everybody waits for everybody."""
    all_there = threading.Barrier(people)

    def counted(round_):
        number = count(round_)
        all_there.wait(timeout=30)
        return number

    return counted


def test_one_offer_accepted_many_times_at_once_is_one_appointment(leftovers):
    leftovers.waits()
    leftovers.begins()

    results = all_at_once([_yes(pending()[0], leftovers.now)] * 8, threads=8)

    assert all(isinstance(result, AppointmentFacts) for result in results)
    assert len({result.reference for result in results}) == 1
    assert Appointment.objects.count() == WalkIn.objects.count() == 1
    reconcile(now=leftovers.now)
    assert audit(now=leftovers.now).is_clean


def test_twin_without_the_lock_the_ledger_still_holds_but_people_are_told_wrongly(leftovers, monkeypatch):
    leftovers.waits()
    leftovers.begins()
    _without_locks(monkeypatch, 8)

    results = all_at_once([_yes(pending()[0], leftovers.now)] * 8, threads=8)

    assert Appointment.objects.count() == 1
    assert any(isinstance(result, AlreadyBooked | OfferGone) for result in results)


def _more_offers_than_doses(leftovers) -> list[Offer]:
    """Three doses, and ten people who have been asked: what no round does by itself."""
    entries = [leftovers.waits() for _ in range(10)]
    round_ = leftovers.begins(doses=3)
    for entry in entries:
        if not entry.offers.exists():
            Offer.objects.create(
                entry=entry,
                site=leftovers.site,
                round=round_,
                made_at=leftovers.now,
                expires_at=leftovers.now + timedelta(minutes=15),
            )
    return pending()


def test_three_doses_never_go_to_more_than_three_even_if_ten_were_asked_and_press_at_once(leftovers):
    offers = _more_offers_than_doses(leftovers)

    results = all_at_once([_yes(offer, leftovers.now) for offer in offers], threads=10)

    assert sum(isinstance(result, AppointmentFacts) for result in results) == 3
    assert sum(isinstance(result, OfferGone) for result in results) == 7
    assert Appointment.objects.count() == 3


def test_twin_without_counting_what_is_promised_all_ten_get_one(leftovers, monkeypatch):
    offers = _more_offers_than_doses(leftovers)
    monkeypatch.setattr(accepting, "promised", lambda round_: 0)

    results = all_at_once([_yes(offer, leftovers.now) for offer in offers], threads=10)

    assert sum(isinstance(result, AppointmentFacts) for result in results) == 10


def test_twin_counting_without_the_lock_gives_out_more_than_there_are(leftovers, monkeypatch):
    offers = _more_offers_than_doses(leftovers)
    _without_locks(monkeypatch, 10)

    results = all_at_once([_yes(offer, leftovers.now) for offer in offers], threads=10)

    assert sum(isinstance(result, AppointmentFacts) for result in results) == 10


def test_many_jobs_at_once_ask_as_many_as_there_are_doses_and_tell_each_once(leftovers):
    for _ in range(12):
        leftovers.waits()
    begin_leftovers(
        site_id=leftovers.site.pk,
        programme=leftovers.programme.code,
        doses=3,
        until=leftovers.until,
        by=leftovers.supervisor.pk,
        now=leftovers.now,
    )

    results = all_at_once([functools.partial(advance_leftovers, now=leftovers.now)] * 6, threads=6)

    assert sum(results) == len(pending()) == 3
    assert Message.objects.filter(kind="LEFTOVER_OFFERED").count() == 3


def test_twin_jobs_that_do_not_lock_the_round_ask_too_many(leftovers, monkeypatch):
    for _ in range(12):
        leftovers.waits()
    round_ = leftovers.begins(doses=3)
    Message.objects.all().delete()
    Offer.objects.all().delete()

    def job():
        with transaction.atomic():
            return offer_next(LeftoverRound.objects.select_related("site").get(pk=round_.pk), now=leftovers.now)

    monkeypatch.setattr(asking, "promised", _together(locked.promised, 2))
    all_at_once([job] * 2, threads=2)

    assert len(pending()) == 6


def test_two_sites_that_want_the_same_person_ask_them_once(leftovers):
    there = Leftovers(leftovers.now, programme=leftovers.programme, site=make_site())
    for _ in range(4):
        leftovers.waits(sites=[leftovers.site.code, there.site.code])
    for one in (leftovers, there):
        begin_leftovers(
            site_id=one.site.pk,
            programme=one.programme.code,
            doses=4,
            until=one.until,
            by=one.supervisor.pk,
            now=one.now,
        )

    results = all_at_once([functools.partial(advance_leftovers, now=leftovers.now)] * 4, threads=4)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert len(pending()) == len({offer.entry.person for offer in pending()}) == 4


@pytest.mark.parametrize("other", ["passed on", "withdrawn", "declined"])
def test_an_answer_in_the_moment_in_which_the_offer_ends_is_one_or_the_other(leftovers, other):
    entry = leftovers.waits()
    round_ = leftovers.begins()
    offer, late = pending()[0], leftovers.now + timedelta(minutes=15)
    ends = {
        "passed on": functools.partial(advance_leftovers, now=late),
        "withdrawn": functools.partial(
            stop_leftovers, site_id=leftovers.site.pk, round_id=round_.pk, now=leftovers.now
        ),
        "declined": functools.partial(decline, account_id=entry.account_id, offer_id=offer.pk, now=leftovers.now),
    }

    answer, _ = all_at_once([_yes(offer, late - timedelta(seconds=1)), ends[other]], threads=2)

    offer.refresh_from_db()
    accepted = isinstance(answer, AppointmentFacts)
    assert accepted or isinstance(answer, OfferGone)
    assert (offer.state == "ACCEPTED") is accepted
    assert Appointment.objects.count() == WalkIn.objects.count() == accepted


def test_two_supervisors_who_begin_at_once_begin_one_round(leftovers):
    leftovers.waits()

    results = all_at_once([functools.partial(leftovers.begins, 2)] * 4, threads=4)

    assert sum(isinstance(result, CannotBegin) for result in results) == 3
    assert LeftoverRound.objects.count() == 1


def test_everybody_locks_in_one_order_so_nobody_waits_in_a_circle(leftovers):
    entries = [leftovers.waits() for _ in range(12)]
    round_ = leftovers.begins(doses=6)
    now = leftovers.now
    acts = [_yes(offer, now) for offer in pending()]
    acts += [
        functools.partial(decline, account_id=offer.entry.account_id, offer_id=offer.pk, now=now) for offer in pending()
    ]
    acts += [functools.partial(advance_leftovers, now=now)] * 4

    results = all_at_once(acts, threads=8)

    wrong = [result for result in results if isinstance(result, Exception) and not isinstance(result, OfferGone)]
    assert wrong == []
    assert locked.promised(round_) + len(pending()) <= 6
    assert len(entries) == 12
