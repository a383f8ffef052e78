"""Two administrators change the same week at the same moment, and people book while it happens."""

import functools

import pytest

from booking.models import QuotaChange, Slot, SlotEvent
from booking.operations.book import book
from booking.operations.quotas import change_site
from booking.operations.quotas.apply_change import carry_on
from booking.operations.reconcile import reconcile
from booking.operations.refusals import Refusal
from booking.queries.audit import audit
from tests.factories import make_administrator, make_patients, make_programme, make_site, make_slot
from tests.operations.quotas.changing import carry_out, confirm, days, look, plan_of
from tests.operations.quotas.test_applying import at
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def two_changes(now, *, quotas=(8, 5)):
    """Two previews of the same week that know nothing of each other, both confirmed."""
    steward, programme = make_administrator(), make_programme()
    sites = [make_site() for _ in range(4)]
    for site in sites:
        for clock in ("08:00", "08:30"):
            make_slot(site, programme, quota=3, starts_at=at(clock))
    changes = [look("plan", sites, plan_of(programme, places=quota), steward, now) for quota in quotas]
    assert all(confirm(change, now) for change in changes)
    return changes


def run_both(changes, now):
    def run(change):
        while carry_on(change_id=change.pk, now=now, seconds=1):
            pass

    return all_at_once([functools.partial(run, change) for change in changes])


def overwritten():
    """How many slots were changed by both."""
    by_slot: dict[int, set[object]] = {}
    for slot, change in SlotEvent.objects.values_list("slot", "change"):
        by_slot.setdefault(slot, set()).add(change)
    return sum(len(changes) > 1 for changes in by_slot.values())


def test_of_two_changes_of_the_same_week_each_slot_gets_one_and_the_other_says_so(now):
    changes = two_changes(now)

    results = run_both(changes, now)

    assert results == [None, None]
    assert (overwritten(), Slot.objects.count()) == (0, 32)
    left = sum(QuotaChange.objects.get(pk=c.pk).summary["left_counts"].get("touched", 0) for c in changes)
    assert left == 32


def test_without_looking_at_what_others_did_one_change_would_overwrite_the_other(now, monkeypatch):
    changes = two_changes(now)
    monkeypatch.setattr(change_site, "touched_since", lambda *_, **__: [])

    run_both(changes, now)

    assert overwritten() > 0


def test_two_jobs_of_one_change_do_each_site_once(now):
    steward, programme = make_administrator(), make_programme()
    change = look("plan", [make_site() for _ in range(6)], plan_of(programme), steward, now)
    confirm(change, now)

    run_both([change, change], now)

    assert (Slot.objects.count(), SlotEvent.objects.count()) == (48, 48)


def test_people_book_while_quotas_fall_and_rise_and_nobody_is_lost(now):
    steward, programme = make_administrator(), make_programme()
    site = make_site()
    slots = [make_slot(site, programme, quota=30, starts_at=at(clock)) for clock in ("08:00", "08:30", "09:00")]
    changes = [
        look("set", [site], days(quota=quota, walk_in=None, community=None), steward, now) for quota in (10, 40, 15)
    ]
    acts = [
        functools.partial(
            book, account_id=p.user_id, patient_id=p.pk, slot_id=slots[n % 3].pk, request_key=f"key-{n:04}", now=now
        )
        for n, p in enumerate(make_patients(90))
    ]

    def change_all():
        for change in changes:
            # Each looks anew, as its administrator would after being told.
            while not confirm(change, now):
                pass
            carry_out(change, now)

    results = all_at_once([change_all, *acts], threads=16)

    assert results[0] is None
    assert [r for r in results[1:] if not hasattr(r, "reference") and not isinstance(r, Refusal)] == []
    reconcile(now=now)
    assert audit(now=now).is_clean
