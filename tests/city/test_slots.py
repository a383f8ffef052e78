"""The demonstration city's slots: how many, where, when, and only once."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db.models import Count, Sum
from django.utils import timezone

from booking.demo.programmes import load_programmes
from booking.demo.slots import load_slots
from booking.models import Programme, Slot, SlotEvent, Vaccine
from booking.operations.quotas.set_quota import close_slot, set_quota
from sites.city import load_city
from sites.models import Site

pytestmark = pytest.mark.django_db
MONDAY, SATURDAY = date(2026, 11, 30), date(2026, 11, 28)


@pytest.fixture
def whole_city(now):
    load_city()
    return load_slots(load_programmes(), now=now)


@pytest.fixture
def city(now):
    """One district of it, which says the same in a tenth of the time."""
    load_city()
    Site.objects.exclude(district="430102").update(is_active=False)
    return load_slots(load_programmes(), now=now)


def _on(day: date):
    return Slot.objects.filter(starts_at__date=day)


def test_a_weekday_has_about_95000_places_and_a_weekend_day_a_third(whole_city):
    assert 85_000 <= _on(MONDAY).aggregate(Sum("quota"))["quota__sum"] <= 105_000
    # The same city on every installation.
    assert _on(MONDAY).count() == 6_149
    assert 20_000 <= _on(SATURDAY).aggregate(Sum("quota"))["quota__sum"] <= 45_000


def test_three_programmes_are_given_at_all_half_and_a_tenth_of_the_sites(whole_city):
    found = Slot.objects.values_list("programme__code").annotate(sites=Count("site", distinct=True))

    sites = dict(found)
    assert Vaccine.objects.count() == Programme.objects.count() == 3
    assert sites["influenza"] == 298
    assert 130 <= sites["covid-booster"] <= 170
    assert 20 <= sites["hpv"] <= 40
    assert Slot.objects.filter(programme__code="hpv").order_by("-quota")[0].quota <= 5


def test_slots_are_the_half_hours_of_both_sessions(city):
    site = Site.objects.first()
    starts = _on(MONDAY).filter(site=site, programme__code="influenza").order_by("starts_at")

    local = [timezone.localtime(slot.starts_at).time() for slot in starts]
    assert local[0] == time(8, 30)
    assert local[6:8] == [time(11, 30), time(14, 0)]
    assert local[-1] == time(16, 30)
    assert len(local) == 13
    assert {slot.ends_at - slot.starts_at for slot in starts} == {timedelta(minutes=30)}


def test_fourteen_days_follow_today_and_nothing_has_begun(city, now):
    days = [day.day for day in city]

    assert days == [now.date() + timedelta(days=ahead) for ahead in range(15)]
    assert all(day.slots for day in city)
    assert not Slot.objects.filter(starts_at__lte=now).exists()


def test_only_the_scarce_vaccine_waits_for_its_release(city, now):
    waiting = Slot.objects.filter(opens_at__gt=now)

    assert set(waiting.values_list("programme__code", flat=True)) == {"hpv"}
    assert Slot.objects.filter(programme__code="hpv", opens_at__lte=now).exists()
    for slot in waiting[:50]:
        day = timezone.localdate(slot.starts_at) - timedelta(days=7)
        assert slot.opens_at == datetime.combine(day, time(8, 0), now.tzinfo)


def test_every_slot_has_its_publication_in_the_history(city):
    assert SlotEvent.objects.count() == Slot.objects.count()
    assert SlotEvent.objects.values("slot").distinct().count() == Slot.objects.count()


def test_a_second_run_changes_nothing(city, now):
    before = list(Slot.objects.order_by("id").values_list())

    again = load_slots(load_programmes(), now=now)

    assert sum(day.slots for day in again) == 0
    assert list(Slot.objects.order_by("id").values_list()) == before
    assert SlotEvent.objects.count() == len(before)


def test_what_somebody_did_with_a_slot_stays_and_what_is_missing_comes(city, now):
    changed, closed, gone = _on(MONDAY)[:3]
    set_quota(slot_id=changed.pk, quota=99, by=None, now=now)
    close_slot(slot_id=closed.pk, by=None, now=now)
    # Its history cannot go, so it moves: the start it had is then missing.
    Slot.objects.filter(pk=gone.pk).update(starts_at=gone.starts_at + timedelta(minutes=1))

    again = load_slots(load_programmes(), now=now)

    assert sum(day.slots for day in again) == 1
    assert Slot.objects.get(pk=changed.pk).quota == 99
    assert Slot.objects.get(pk=closed.pk).closed_at == now
    assert Slot.objects.filter(site=gone.site, programme=gone.programme, starts_at=gone.starts_at).exists()


def test_a_day_later_one_more_day_comes(city, now):
    again = load_slots(load_programmes(), now=now + timedelta(days=1))

    assert [day.day for day in again if day.slots] == [now.date() + timedelta(days=15)]
