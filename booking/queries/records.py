"""Doses received, as the account that holds the patient sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from accounts.models import Patient
from accounts.patients import patients_of
from booking.models import Appointment, BodySite, RecordStatus, Status
from booking.queries.appointments import AppointmentFacts, facts_of
from booking.queries.outside_doses import outside_doses_of


@dataclass(frozen=True, slots=True)
class DoseReceived:
    """One dose. Without a record of it `batch` and `body_site` are empty; `given_on` is the city's date."""

    appointment: AppointmentFacts
    person: UUID
    vaccine_name: str
    vaccine_name_en: str
    manufacturer: str
    given_on: date
    batch: str = ""
    # One of models.BodySite.
    body_site: str = ""

    @property
    def where(self) -> str:
        """The body site in words; empty without a record."""
        return str(BodySite(self.body_site).label) if self.body_site else ""


@dataclass(frozen=True, slots=True)
class DoseElsewhere:
    """A dose that was given elsewhere. When and where is told only to accounts with which the person came to a site.

    Whoever knows somebody's number could add them and read where they were.
    """

    person: UUID
    vaccine_name: str
    vaccine_name_en: str
    dose: int
    given_on: date | None
    where: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class PatientRecords:
    """A person with the doses received, latest first. `patient_id` is None for somebody who was taken off the list."""

    patient_id: UUID | None
    name: str
    document_type: str
    last_four: str
    birth_date: date
    doses: list[DoseReceived]
    # Given elsewhere.
    elsewhere: list["DoseElsewhere"]


def doses_received(user_id: int) -> list[DoseReceived]:
    """Every dose of the account's patients, removed ones too, latest first.

    Only what the account's own patients were given: the same person in another account is that account's affair.
    """
    rows = (
        Appointment.objects.filter(patient__user_id=user_id, status=Status.FULFILLED)
        .select_related("patient", "programme__vaccine", "slot__site")
        .alias(record=FilteredRelation("records", condition=Q(records__status=RecordStatus.COMPLETED)))
        .annotate(
            given_at=F("record__given_at"),
            given_batch=F("record__batch__number"),
            given_site=F("record__body_site"),
            given_name=F("record__vaccine__name"),
            given_name_en=F("record__vaccine__name_en"),
            given_manufacturer=F("record__vaccine__manufacturer"),
        )
        .order_by("-slot__starts_at", "-pk")
    )
    return [_dose(row) for row in rows]


def _dose(row: Any) -> DoseReceived:
    vaccine = row.programme.vaccine
    # What was given may be another vaccine than was booked.
    name, name_en, manufacturer = (
        (row.given_name, row.given_name_en, row.given_manufacturer)
        if row.given_name is not None
        else (vaccine.name, vaccine.name_en, vaccine.manufacturer)
    )
    return DoseReceived(
        appointment=facts_of(row),
        person=row.person,
        vaccine_name=name,
        vaccine_name_en=name_en,
        manufacturer=manufacturer,
        given_on=timezone.localdate(row.given_at or row.slot.starts_at),
        batch=row.given_batch or "",
        body_site=row.given_site or "",
    )


def records_of(user_id: int) -> list[PatientRecords]:
    """Everybody on the account's list, then those who were taken off it and have doses."""
    by_person: dict[UUID, list[DoseReceived]] = {}
    patients = patients_of(user_id)
    elsewhere: dict[UUID, list[DoseElsewhere]] = {}
    for one in doses_elsewhere(user_id, [row.person for row in patients]):
        elsewhere.setdefault(one.person, []).append(one)
    for dose in doses_received(user_id):
        by_person.setdefault(dose.person, []).append(dose)
    found = [
        _records(row, by_person.pop(row.person, []), elsewhere.get(row.person, []), removed=False) for row in patients
    ]
    if by_person:
        gone = {row.person: row for row in Patient.objects.filter(user_id=user_id, person__in=by_person)}
        found += [_records(gone[person], doses, [], removed=True) for person, doses in by_person.items()]
    return found


def doses_elsewhere(user_id: int, persons: Sequence[UUID]) -> list[DoseElsewhere]:
    """What these people of the account were given elsewhere, latest first. Two statements, one if there is nothing."""
    rows = outside_doses_of(persons)
    if not rows:
        return []
    came = Appointment.objects.filter(patient__user_id=user_id, status__in=(Status.CHECKED_IN, Status.FULFILLED))
    seen = set(came.values_list("person", flat=True))
    return [
        DoseElsewhere(
            person=row.person,
            vaccine_name=row.vaccine.name,
            vaccine_name_en=row.vaccine.name_en,
            dose=row.dose,
            given_on=row.given_on if row.person in seen else None,
            where=row.where if row.person in seen else "",
            batch=row.batch if row.person in seen else "",
        )
        for row in rows
    ]


def _records(
    row: Patient, doses: list[DoseReceived], elsewhere: list[DoseElsewhere], *, removed: bool
) -> PatientRecords:
    return PatientRecords(
        patient_id=None if removed else row.pk,
        name=row.name,
        document_type=row.get_document_type_display(),
        last_four=str(row.document_number)[-4:],
        birth_date=row.birth_date,
        doses=doses,
        elsewhere=elsewhere,
    )
