"""A site gives places in every way there is while citizens book and give up, and the gate is put right meanwhile."""

import functools
import random
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from booking.models import ActKind, Appointment, Slot, Status, WalkIn
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.desk.carry_out_batch import carry_out_batch
from booking.operations.freed_places.release_places import release_places
from booking.operations.reconcile import reconcile
from booking.operations.refusals import Refusal
from booking.operations.waitlist.accept import accept
from booking.operations.walk_ins import extra_place
from booking.operations.walk_ins.give_ticket import give_ticket
from booking.operations.walk_ins.mark_no_shows import mark_no_shows
from booking.queries.audit import audit
from tests.desk_factories import make_act, make_desk
from tests.factories import make_patient
from tests.operations.walk_ins.scenes import late_people, neighbour, said
from tests.races.crowd import all_at_once
from tests.waitlist_factories import Leftovers, pending

pytestmark = pytest.mark.django_db(transaction=True)


class Afternoon:
    """A slot at noon that citizens book, with three kept for walk-ins; leftover doses; a morning with no-shows."""

    def __init__(self, now):
        self.leftovers = Leftovers(now)
        self.now, self.slot, self.site = now, self.leftovers.slot, self.leftovers.site
        Slot.objects.filter(pk=self.slot.pk).update(quota=20, kept_walk_in=3)
        self.desk = make_desk(self.site, "registration")
        self.missed = late_people(neighbour(self.slot, now, -120), 3)
        self.given_up = [self.books(n)() for n in range(100, 106)]
        for facts in self.given_up:
            cancel(account_id=self._account(facts), reference=facts.reference, now=now)
        # Their undo is over: three of the numbers are somebody else's by the time the desk tells that they came.
        Appointment.objects.filter(status=Status.CANCELLED).update(release_at=now - timedelta(seconds=1))
        for _ in range(3):
            self.leftovers.waits()
        self.leftovers.begins(doses=3)

    def _account(self, facts):
        return Appointment.objects.get(reference=facts.reference).booked_by_id

    def books(self, n):
        one = make_patient()
        fields = {"account_id": one.user_id, "patient_id": one.pk, "slot_id": self.slot.pk, "now": self.now}
        return functools.partial(book, request_key=f"rush-{n:08}", **fields)

    def walks_in(self, n):
        who = said(serial=f"{2 * n + 2:03}")
        fields = {"site": self.site, "by": self.desk.pk, "key": f"ticket-{n:04}", "now": self.now}
        return functools.partial(give_ticket, who, self.slot.programme.code, **fields)

    def came(self, row):
        """A device without the network has checked them in, and comes back."""
        minutes = 60 if row.slot_id != self.slot.pk else 1
        at = self.now - timedelta(minutes=minutes)
        act = make_act(ActKind.CHECK_IN, row, self.desk, at=at, offline=True, data={"how": "list"})
        return functools.partial(carry_out_batch, [act], site=self.site, sent_by=self.desk.pk, now=self.now)

    def accepts(self, offer):
        return functools.partial(accept, account_id=offer.entry.account_id, offer_id=offer.pk, now=self.now)

    def everything(self):
        rows = Appointment.objects.filter(reference__in=[facts.reference for facts in self.given_up])
        acts = [self.books(n) for n in range(30)] + [self.walks_in(n) for n in range(8)]
        acts += [self.came(row) for row in [*rows, *self.missed]] + [self.accepts(offer) for offer in pending()]
        acts += [functools.partial(job, now=self.now) for job in (reconcile, release_places, mark_no_shows) * 3]
        random.Random(1).shuffle(acts)
        return acts


@pytest.fixture
def afternoon(now):
    return Afternoon(now.replace(hour=11))


def test_whatever_way_places_are_given_none_is_given_twice_and_gate_and_ledger_agree(afternoon):
    results = all_at_once(afternoon.everything(), threads=16)

    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Refusal)] == []
    places = list(Appointment.objects.filter(slot=afternoon.slot, place__isnull=False).values_list("place", flat=True))
    afternoon.slot.refresh_from_db()
    assert len(places) == len(set(places)) <= afternoon.slot.quota
    assert WalkIn.objects.filter(source="LEFTOVER").count() == 3
    assert set(Appointment.objects.filter(acts__kind=ActKind.CHECK_IN).values_list("status", flat=True)) == {
        "CHECKED_IN"
    }
    found = audit(now=afternoon.now)
    assert found.is_clean, found.lines()
    with time_machine.travel(afternoon.now, tick=False):
        call_command("audit_places")


def test_twin_that_tells_the_gate_nothing_drifts_until_it_is_put_right(afternoon, monkeypatch):
    monkeypatch.setattr(extra_place, "after_commit", lambda *told: None)

    all_at_once([afternoon.walks_in(n) for n in range(3)])

    assert not audit(now=afternoon.now).is_clean
    reconcile(now=afternoon.now)
    assert audit(now=afternoon.now).is_clean
