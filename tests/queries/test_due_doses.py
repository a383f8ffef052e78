"""Which later doses become due, by week, programme, district and dose."""

from datetime import timedelta

import pytest

from booking.operations.book import book
from booking.queries.due_doses import forecast, series
from tests.factories import make_patient, make_slot, make_two_dose_programme
from tests.series_factories import make_first_dose, make_outside_dose

pytestmark = pytest.mark.django_db(transaction=True)


def looked_at(now, **fields):
    first = now.date() - timedelta(days=now.weekday())
    rows = forecast(first=first, last=first + timedelta(days=27), programmes=series(), **fields)
    return [(row.monday, row.programme.code, row.district, row.dose, row.due, row.booked) for row in rows]


def test_by_week_programme_and_district(now, django_assert_num_queries):
    one, other = make_two_dose_programme(28, code="a"), make_two_dose_programme(35, code="b")
    monday = now.date() - timedelta(days=1)
    for days_ago, district in ((28, "430102"), (27, "430102"), (20, "430104")):
        make_first_dose(one, patient=make_patient(district_code=district), days_ago=days_ago)
    make_first_dose(other, patient=make_patient(district_code="430102"), days_ago=34)
    make_outside_dose(make_patient(), one, given_on=now.date() - timedelta(days=28))
    series()

    with django_assert_num_queries(2):
        found = looked_at(now)

    assert found == [
        (monday, "a", "", 2, 1, 0),
        (monday, "a", "430102", 2, 2, 0),
        (monday, "b", "430102", 2, 1, 0),
        (monday + timedelta(days=7), "a", "430104", 2, 1, 0),
    ]
    assert [row[2] for row in looked_at(now, districts=["430104"])] == ["430104"]


def test_who_has_booked_it_counts_as_booked_and_who_had_it_not_at_all(now):
    programme = make_two_dose_programme(28)
    ahead, done, booked = (make_first_dose(programme, days_ago=28) for _ in range(3))
    make_outside_dose(done, programme, dose=2, given_on=now.date())
    slot = make_slot(programme=programme, starts_at=now + timedelta(days=1))
    book(account_id=booked.user_id, patient_id=booked.pk, slot_id=slot.pk, request_key="request-1", now=now)

    assert [(due, of) for *_, due, of in looked_at(now)] == [(2, 1)]
    assert ahead.appointments.count() == 1


def test_a_voided_dose_leads_to_none(now):
    programme = make_two_dose_programme(28)
    make_outside_dose(make_patient(), programme, given_on=now.date() - timedelta(days=28), voided_at=now)

    assert looked_at(now) == []
