"""Whoever presses faster than a person can is asked to wait, on the pages as in the API, with or without a cache."""

import pytest

from booking.models import Appointment
from booking.queries.pace import Pace
from booking.web.journey import place
from tests.web.journey.conftest import when
from tests.web.journey.test_check import confirm

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slowly(monkeypatch):
    """The pace of this process, with so few tries that a test can use them up."""

    def of(per_minute: int):
        monkeypatch.setattr(place, "booking_pace", Pace(per_minute))

    return of


def test_too_fast_nothing_is_held_and_nothing_booked_and_the_page_says_when_to_come_back(
    slowly, visitor, site, programme, slots, patient
) -> None:
    slowly(1)
    page = when(site, programme, patient)

    first = visitor.post(page, slot=slots[0].pk)
    second = visitor.post(page, slot=slots[0].pk)
    refused = confirm(visitor, first["Location"])

    assert "hold=" in first["Location"]
    assert "hold=" not in second["Location"]
    assert refused.status_code == 503
    assert 0 < int(refused["Retry-After"]) <= 61
    assert not Appointment.objects.exists()


def test_at_a_persons_pace_it_books(slowly, visitor, site, programme, slots, patient) -> None:
    slowly(2)

    held = visitor.post(when(site, programme, patient), slot=slots[0].pk)["Location"]

    assert confirm(visitor, held).status_code == 302
    assert Appointment.objects.count() == 1
