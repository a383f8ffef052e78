"""Whoever is being observed after a dose reads until when."""

from datetime import timedelta

import pytest

from booking.models import VisitStatus
from tests.desk_factories import make_visit

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(signed_in, row):
    return signed_in.get(f"/appointments/{row.reference}/").content.decode()


@pytest.mark.parametrize(
    ("status", "minutes", "is_told"),
    [(VisitStatus.IN_PROGRESS, 12, True), (VisitStatus.IN_PROGRESS, -1, False), (VisitStatus.FINISHED, 12, False)],
)
def test_the_page_says_until_when_somebody_is_observed(signed_in, booked, now, status, minutes, is_told):
    row = booked()
    until = now + timedelta(minutes=minutes)
    make_visit(row, status=status, at=now, observe_until=until)

    text = page_of(signed_in, row)

    assert "已接种" in text
    assert ("留观到" in text) is is_told
