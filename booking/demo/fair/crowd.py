"""The made-up people of the fair release, and the appointments that they have. They have no phones: nobody is told."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import DocumentType, Patient, Relation, Sex, User
from accounts.patients import person_key
from booking.demo.documents import CROWD_AREA, resident_id
from booking.demo.names import FAMILY, WOMEN
from booking.models import Appointment, AppointmentEvent, EventKind, Slot, Status
from booking.rules.references import new_reference

# As many as one account may have on its list at a time.
_ON_A_LIST = 6


class Crowd:
    """Makes people one after the other, each of them once."""

    def __init__(self, *, today: date, now: datetime) -> None:
        self._today, self._now, self._made = today, now, 0
        self._draw = Random("fair release")

    def accounts(self, count: int) -> list[User]:
        """Accounts to which nobody can sign in."""
        first = User.objects.filter(username__startswith="fair-").count()
        joined = self._now - timedelta(days=40)
        password = f"{UNUSABLE_PASSWORD_PREFIX}made up"
        return User.objects.bulk_create(
            User(username=f"fair-{first + n:04}", password=password, date_joined=joined) for n in range(count)
        )

    def women(self, count: int, *, ages: tuple[int, int] = (20, 43)) -> list[Patient]:
        """Women of these ages, each with an account of her own."""
        return Patient.objects.bulk_create(self._woman(user, ages) for user in self.accounts(count))

    def on_one_list(self, count: int) -> list[Patient]:
        """Many women whom one account has booked for: taken off its list again to make room for the next."""
        [user] = self.accounts(1)
        women = [self._woman(user, (20, 43)) for _ in range(count)]
        for woman in women[:-_ON_A_LIST]:
            woman.removed_at = self._now - timedelta(days=2)
        return Patient.objects.bulk_create(women)

    def _woman(self, user: User, ages: tuple[int, int]) -> Patient:
        n, draw = self._made, self._draw
        self._made += 1
        born = date(self._today.year - draw.randint(*ages), 1, 1) + timedelta(days=n * 37 % 300)
        number = resident_id(CROWD_AREA, born, n % 500 * 2)
        return Patient(
            user=user,
            name=draw.choice(FAMILY) + draw.choice(WOMEN),
            document_type=DocumentType.RESIDENT_ID,
            document_number=number,
            person=person_key(DocumentType.RESIDENT_ID, number),
            birth_date=born,
            sex=Sex.FEMALE,
            relation=Relation.SELF,
        )


def book(patients: Sequence[Patient], places: Sequence[tuple[Slot, int]], *, at: datetime) -> list[Appointment]:
    """Each patient gets the place beside her: a slot that the gate does not know yet, and a number of it."""
    rows = Appointment.objects.bulk_create(
        Appointment(
            reference=new_reference(),
            slot=slot,
            place=place,
            patient=patient,
            person=patient.person,
            programme_id=slot.programme_id,
            dose=1,
            status=Status.BOOKED,
            booked_by=patient.user,
            booked_at=at,
            request_key=f"fair-{patient.pk}",
            request_digest="-",
            claim=hashlib.sha256(str(patient.pk).encode()).hexdigest()[:32],
        )
        for patient, (slot, place) in zip(patients, places, strict=True)
    )
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(
            appointment=row, kind=EventKind.BOOKED, at=at, by_id=row.booked_by_id,
            facts={"slot": row.slot_id, "place": row.place},
        )
        for row in rows
    )  # fmt: skip
    return rows
