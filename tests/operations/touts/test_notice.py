"""What a job notices of accounts that look like many in one hand, and what it leaves alone."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import KnownDevice
from booking.models import Suspicion, SuspicionState
from booking.operations.touts.judge import dismiss
from booking.operations.touts.notice import notice_bulk_accounts
from booking.rules import bulk
from tests.factories import CLOCK, make_administrator, make_appointment, make_citizen, make_patient, make_slot

pytestmark = pytest.mark.django_db


def _accounts_on_a_device(count, *, booking=None, seen=CLOCK):
    device, slot = uuid.uuid4(), make_slot(quota=100)
    for number in range(count):
        user = make_citizen()
        KnownDevice.objects.create(user=user, device=device, first_seen_at=seen, last_seen_at=seen)
        if number < (count if booking is None else booking):
            _book(slot, make_patient(user), number + 1)


def _book(slot, patient, place):
    row = make_appointment(slot, place=place)
    row.patient, row.person, row.booked_by = patient, patient.person, patient.user
    row.save()


def test_many_accounts_that_book_on_one_device_are_each_written_down_once():
    _accounts_on_a_device(bulk.ACCOUNTS_ON_A_DEVICE)

    assert notice_bulk_accounts(now=CLOCK) == bulk.ACCOUNTS_ON_A_DEVICE
    assert notice_bulk_accounts(now=CLOCK) == 0

    row = Suspicion.objects.first()
    assert (row.sign, row.state) == (bulk.DEVICE, SuspicionState.OPEN)
    assert row.evidence == {"accounts": bulk.ACCOUNTS_ON_A_DEVICE, "booking": bulk.ACCOUNTS_ON_A_DEVICE}


@pytest.mark.parametrize(
    "less",
    [
        {"count": bulk.ACCOUNTS_ON_A_DEVICE - 1},
        {"count": bulk.ACCOUNTS_ON_A_DEVICE, "booking": bulk.BOOKING_ACCOUNTS_ON_A_DEVICE - 1},
        {"count": bulk.ACCOUNTS_ON_A_DEVICE, "seen": CLOCK - timedelta(days=bulk.DAYS + 1)},
    ],
)
def test_a_tablet_that_people_share_is_left_alone(less):
    _accounts_on_a_device(**less)

    assert notice_bulk_accounts(now=CLOCK) == 0


def test_only_accounts_that_have_booked_are_written_down():
    _accounts_on_a_device(bulk.ACCOUNTS_ON_A_DEVICE, booking=bulk.BOOKING_ACCOUNTS_ON_A_DEVICE)

    assert notice_bulk_accounts(now=CLOCK) == bulk.BOOKING_ACCOUNTS_ON_A_DEVICE


@pytest.mark.parametrize(("count", "noticed"), [(bulk.ACCOUNTS_WITH_A_PHONE, 6), (bulk.ACCOUNTS_WITH_A_PHONE - 1, 0)])
def test_many_accounts_whose_patients_give_one_phone(count, noticed):
    slot = make_slot(quota=100)
    for place in range(1, count + 1):
        _book(slot, make_patient(phone="+8613800000077"), place)

    assert notice_bulk_accounts(now=CLOCK) == noticed


@pytest.mark.parametrize(("people", "noticed"), [(bulk.PEOPLE_IN_AN_ACCOUNT, 1), (bulk.PEOPLE_IN_AN_ACCOUNT - 1, 0)])
def test_an_account_that_books_for_many_people(people, noticed):
    slot, user = make_slot(quota=100), make_citizen()
    for place in range(1, people + 1):
        _book(slot, make_patient(user), place)

    assert notice_bulk_accounts(now=CLOCK) == noticed


def test_what_somebody_has_looked_at_comes_back_only_with_much_more():
    _accounts_on_a_device(bulk.ACCOUNTS_ON_A_DEVICE)
    notice_bulk_accounts(now=CLOCK)
    by = make_administrator()
    for row in Suspicion.objects.all():
        dismiss(suspicion_id=row.pk, by=by.pk, reason="社区的平板", now=CLOCK)

    assert notice_bulk_accounts(now=CLOCK) == 0
    device = KnownDevice.objects.first().device
    slot = make_slot(quota=100)
    for place in range(1, 6):
        user = make_citizen()
        KnownDevice.objects.create(user=user, device=device, first_seen_at=CLOCK, last_seen_at=CLOCK)
        _book(slot, make_patient(user), place)

    assert notice_bulk_accounts(now=CLOCK) == 15


def test_nothing_personal_stands_in_the_evidence():
    slot = make_slot(quota=100)
    for place in range(1, bulk.ACCOUNTS_WITH_A_PHONE + 1):
        _book(slot, make_patient(phone="+8613800000077"), place)
    notice_bulk_accounts(now=CLOCK)

    for row in Suspicion.objects.all():
        assert all(isinstance(value, int) for value in row.evidence.values())
