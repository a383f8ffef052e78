"""Figures are counted from slots and appointments: right, again, and side by side."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django_q.models import OrmQ

from booking import jobs
from booking.models import Appointment, HourFigure, Programme, Slot, Status
from booking.operations import count_figures as counting
from booking.operations.count_figures import ask_for_counting, count_figures
from booking.queries.figures.age import counted_at
from sites.models import Site
from tests.factories import make_appointment, make_programme, make_site, make_slot
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db
NUMBERS = ("hour", "quota", "taken", "checked_in", "fulfilled", "no_show", "cancelled", "lead_days", "lead_count")
DAY = date(2026, 11, 24)


@pytest.fixture
def site(db) -> Site:
    return make_site()


@pytest.fixture
def programme(db) -> Programme:
    return make_programme()


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day:02}T{hour:02}:{minute:02}:00+08:00")


def numbers() -> list[tuple[int, ...]]:
    return list(HourFigure.objects.order_by("day", "hour").values_list(*NUMBERS))


def nine_oclock(site: Site, programme: Programme) -> list[Slot]:
    """Two half hours with four places each: one of every status, one given up for good."""
    slots = [make_slot(site, programme, quota=4, starts_at=at(9, minute)) for minute in (0, 30)]
    make_appointment(slots[0], place=1, status=Status.BOOKED, booked_at=at(23, 59, day=23))
    make_appointment(slots[0], place=2, status=Status.CHECKED_IN, booked_at=at(8, 0, day=14))
    make_appointment(slots[0], place=3, status=Status.FULFILLED, booked_at=at(8, 0, day=24))
    make_appointment(slots[1], place=1, status=Status.NO_SHOW, booked_at=at(8, 0, day=20))
    make_appointment(slots[1], place=2, status=Status.CANCELLED, booked_at=at(8, 0, day=20))
    make_appointment(slots[1], place=None, status=Status.CANCELLED, booked_at=at(8, 0, day=20))
    return slots


# hour 9, 8 places, 5 taken, 1 arrived, 1 vaccinated, 1 missing, 2 cancelled; 1 + 10 + 0 + 4 days ahead by 4 people.
COUNTED_BY_HAND = (9, 8, 5, 1, 1, 1, 2, 15, 4)


def test_an_hour_comes_to_what_a_hand_counts(site: Site, programme: Programme, now: datetime) -> None:
    nine_oclock(site, programme)

    written = count_figures(now=now)

    assert written == 1
    assert numbers() == [COUNTED_BY_HAND]
    row = HourFigure.objects.get()
    assert (row.site, row.programme, row.day, row.counted_at) == (site, programme, DAY, now)


def test_hours_days_programmes_and_sites_are_kept_apart(site: Site, programme: Programme, now: datetime) -> None:
    for one_site, one_programme, starts_at in (
        (site, programme, at(9)),
        (site, programme, at(10)),
        (site, programme, at(9, day=25)),
        (site, make_programme(), at(9)),
        (make_site(), programme, at(9)),
    ):
        make_slot(one_site, one_programme, quota=1, starts_at=starts_at)

    count_figures(now=now)

    assert HourFigure.objects.count() == 5
    assert set(HourFigure.objects.values_list("quota", flat=True)) == {1}


def test_a_day_is_the_citys_and_not_the_worlds(site: Site, programme: Programme, now: datetime) -> None:
    make_slot(site, programme, starts_at=at(0, 30, day=25))
    make_slot(site, programme, starts_at=at(23, 30, day=24))

    count_figures(now=now)

    assert list(HourFigure.objects.order_by("day").values_list("day", "hour")) == [(DAY, 23), (date(2026, 11, 25), 0)]


def test_counting_twice_changes_nothing(site: Site, programme: Programme, now: datetime) -> None:
    nine_oclock(site, programme)
    count_figures(now=now)

    again = count_figures(now=now + timedelta(minutes=10))

    assert again == 0
    assert numbers() == [COUNTED_BY_HAND]


def test_what_changes_later_is_counted_later(site: Site, programme: Programme, now: datetime) -> None:
    slots = nine_oclock(site, programme)
    count_figures(now=now)
    Slot.objects.filter(pk=slots[0].pk).update(quota=7)
    Appointment.objects.filter(status=Status.BOOKED).update(status=Status.FULFILLED)

    count_figures(now=now + timedelta(minutes=10))

    assert numbers() == [(9, 11, 5, 1, 2, 1, 2, 15, 4)]


def test_a_withdrawn_slot_does_not_count_and_its_hour_becomes_nothing(
    site: Site, programme: Programme, now: datetime
) -> None:
    slot = make_slot(site, programme, quota=4, starts_at=at(9))
    count_figures(now=now)
    assert numbers() == [(9, 4, 0, 0, 0, 0, 0, 0, 0)]
    Slot.objects.filter(pk=slot.pk).update(withdrawn_at=now, closed_at=now, quota=0)

    count_figures(now=now + timedelta(minutes=10))

    assert numbers() == [(9, 0, 0, 0, 0, 0, 0, 0, 0)]


def test_a_closed_slot_offers_no_more_than_was_taken(site: Site, programme: Programme, now: datetime) -> None:
    slot = make_slot(site, programme, quota=4, starts_at=at(9))
    make_appointment(slot, place=1, booked_at=at(9, day=23))
    Slot.objects.filter(pk=slot.pk).update(closed_at=now)

    count_figures(now=now)

    assert numbers() == [(9, 1, 1, 0, 0, 0, 0, 1, 1)]


def test_regular_countings_leave_the_past_alone_but_for_one_at_night(
    site: Site, programme: Programme, now: datetime
) -> None:
    make_slot(site, programme, starts_at=now - timedelta(days=35))
    make_slot(site, programme, starts_at=now - timedelta(days=36))

    count_figures(now=now)
    by_day = HourFigure.objects.count()
    count_figures(now=now.replace(hour=3, minute=5))

    assert by_day == 0
    assert list(HourFigure.objects.values_list("day", flat=True)) == [DAY - timedelta(days=35)]


def test_a_counting_goes_on_in_jobs_until_four_weeks_ahead(site: Site, programme: Programme, now: datetime) -> None:
    for ahead in (-2, -1, 28, 29):
        make_slot(site, programme, starts_at=now + timedelta(days=ahead))

    count_figures(now=now)
    assert counted_at(None) is None
    arguments = []
    while waiting := OrmQ.objects.first():
        task = waiting.task
        assert task["func"] == "booking.jobs.count_figures"
        arguments.append(task["args"])
        waiting.delete()
        count_figures(*map(date.fromisoformat, task["args"]), now=now)

    assert arguments == [("2026-12-03", "2026-12-22"), ("2026-12-13", "2026-12-22")]
    days = list(HourFigure.objects.order_by("day").values_list("day", flat=True))
    assert days == [DAY - timedelta(days=1), DAY + timedelta(days=28)]
    assert counted_at(None) == now


def test_the_job_takes_its_days_as_text(site: Site, programme: Programme) -> None:
    make_slot(site, programme, starts_at=at(9))

    assert jobs.count_figures("2026-11-24", "2026-11-25") == "1 figures have changed"


def test_asking_twice_within_a_minute_brings_one_job(db, now: datetime) -> None:
    assert ask_for_counting(now=now) is True
    assert ask_for_counting(now=now) is False
    assert OrmQ.objects.count() == 1


def test_a_counting_that_began_earlier_overwrites_nothing(site: Site, programme: Programme, now: datetime) -> None:
    nine_oclock(site, programme)
    count_figures(now=now + timedelta(seconds=5))
    # What the slow counting had seen before.
    Appointment.objects.all().delete()

    count_figures(now=now)

    assert numbers() == [COUNTED_BY_HAND]


def test_without_that_guard_the_slow_one_would_win(
    site: Site, programme: Programme, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_NOT_OLDER", "true")
    nine_oclock(site, programme)
    count_figures(now=now + timedelta(seconds=5))
    Appointment.objects.all().delete()

    count_figures(now=now)

    assert numbers() == [(9, 8, 0, 0, 0, 0, 0, 0, 0)]


@pytest.mark.django_db(transaction=True)
def test_eight_countings_side_by_side_agree(now: datetime) -> None:
    programme = make_programme()
    for _ in range(12):
        nine_oclock(make_site(), programme)

    results = all_at_once([lambda: count_figures(now=now)] * 8, threads=8)

    assert sum(results) == 12
    assert numbers() == [COUNTED_BY_HAND] * 12


@pytest.mark.django_db(transaction=True)
def test_with_plain_inserts_all_but_one_of_them_would_fail(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_COUNT", counting._COUNT.split("ON CONFLICT")[0])
    nine_oclock(make_site(), make_programme())

    results = all_at_once([lambda: count_figures(now=now)] * 8, threads=8)

    assert sum(isinstance(result, IntegrityError) for result in results) == 7
