"""A site whose day is closed with people booked, and other sites around it."""

from datetime import datetime, timedelta

import pytest

from booking.models import Appointment, QuotaChange, Slot, WithAppointments
from booking.operations.book import book
from booking.operations.quotas.set_quota import close_slot
from booking.operations.relocations.move_people import Moved, move_people
from tests.factories import make_administrator, make_patients, make_programme, make_site, make_slot

# A degree of latitude.
METRES = 111_195


class ClosedDay:
    """Slots of one site, with people in them; `close` closes them, `move` moves the people."""

    def __init__(self, now: datetime, programme=None, **site) -> None:
        self.now, self.by = now, make_administrator()
        self.programme, self.site = programme or make_programme(), make_site(**site)
        self.slots: list[Slot] = []

    def slot(self, hours: float = 0, quota: int = 10, days: int = 0, site=None) -> Slot:
        """A slot at nine tomorrow, or so much later."""
        nine = (self.now + timedelta(days=1)).replace(hour=9)
        starts_at = nine + timedelta(hours=hours, days=days)
        return make_slot(site or self.site, self.programme, quota, starts_at=starts_at)

    def near(self, metres: int = 1_000, **fields):
        """Another site so far away."""
        return make_site(latitude=28.2 + metres / METRES, **fields)

    def full_of(self, count: int, hours: float = 0) -> list[Appointment]:
        """A slot of the site with so many people in it."""
        slot = self.slot(hours, quota=max(count, 1))
        self.slots.append(slot)
        for patient in make_patients(count):
            self.book(patient, slot)
        return list(slot.appointments.order_by("pk"))

    def book(self, patient, slot, key: str = "key-00000001") -> Appointment:
        facts = book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=key, now=self.now)
        return Appointment.objects.get(reference=facts.reference)

    def close(self) -> None:
        for slot in self.slots:
            close_slot(slot_id=slot.pk, by=self.by.pk, now=self.now)

    def change(self, **fields) -> QuotaChange:
        defaults = {"kind": "close", "by": self.by, "created_at": self.now, "site_ids": [self.site.pk]}
        return QuotaChange.objects.create(**{**defaults, **fields})

    def move(self, rows, choice=WithAppointments.MOVE, change=None, now=None) -> Moved:
        return move_people(
            appointment_ids=[row.pk for row in rows],
            choice=choice,
            change_id=change and change.pk,
            reason="停电",
            by=self.by.pk,
            now=now or self.now,
        )


@pytest.fixture
def closed(now: datetime) -> ClosedDay:
    return ClosedDay(now)
