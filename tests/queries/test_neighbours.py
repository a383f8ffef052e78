"""Where several people find room in one visit."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.operations.book_together import book_together
from booking.queries.neighbours import neighbours
from tests.factories import make_family, make_programme, make_site, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(now):
    """Makes slots of half an hour on one day, one after the other, with these quotas; None leaves a gap."""
    site, programme, start = make_site(), make_programme(), now + timedelta(days=3)

    def made(*quotas):
        times = [(start + timedelta(minutes=30 * n), quota) for n, quota in enumerate(quotas)]
        return [make_slot(site, programme, quota, starts_at=at) for at, quota in times if quota is not None]

    def asked(people, **more):
        found = neighbours(
            site_id=site.pk, programme=programme.code, day=timezone.localdate(start), people=people, now=now, **more
        )
        return [run.slot_ids for run in found]

    made.asked = asked
    return made


def test_one_slot_is_better_than_two_and_earlier_better_than_later(day):
    a, b, c = day(2, 4, 3)

    assert day.asked(3) == [(b.pk,) * 3, (c.pk,) * 3, (a.pk, a.pk, b.pk)]
    assert day.asked(3, most=1) == [(b.pk,) * 3]


def test_slots_that_follow_one_another_have_room_together(day):
    a, b, c = day(1, 1, 2)

    assert day.asked(4) == [(a.pk, b.pk, c.pk, c.pk)]


def test_a_gap_and_a_full_slot_are_no_neighbours(day):
    day(1, None, 1, 0, 1)

    assert day.asked(2) == []


def test_what_it_finds_can_be_booked(day, now):
    a, b = day(1, 4)
    family = make_family(3)
    [run] = day.asked(3, most=1)

    booked = book_together(
        account_id=family[0].user_id,
        wishes=list(zip((patient.pk for patient in family), run, strict=True)),
        request_key="family-0001",
        now=now,
    )

    assert [facts.slot_id for facts in booked] == [b.pk] * 3
    assert day.asked(2) == [(a.pk, b.pk)]


def test_asked_again_it_costs_the_ledger_nothing(day):
    day(5, 5, 5)
    day.asked(2)

    with CaptureQueriesContext(connection) as sent:
        day.asked(4)

    assert len(sent) == 0
