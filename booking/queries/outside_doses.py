"""Doses that were given elsewhere, and what the ledger knows of a person's series beside them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from booking.models import Appointment, OutsideDose, Programme, RecordStatus, Status, Vaccine


@dataclass(frozen=True, slots=True)
class SeriesKnown:
    """A person's doses of one programme: by number the days on which they were given, and those that are booked."""

    given: dict[int, date]
    booked: dict[int, date]


def outside_doses_of(persons: Collection[UUID]) -> list[OutsideDose]:
    """What stands for these people, latest first."""
    found = OutsideDose.objects.filter(person__in=persons, voided_at=None)
    return list(found.select_related("programme", "vaccine").order_by("-given_on", "-dose"))


def series_known(persons: Collection[UUID], programme_ids: Collection[int]) -> dict[tuple[UUID, int], SeriesKnown]:
    """By person and programme, everything that was given or is booked, here and elsewhere. Two statements."""
    found: dict[tuple[UUID, int], SeriesKnown] = {}
    rows = (
        Appointment.objects.live()
        .filter(person__in=persons, programme_id__in=programme_ids)
        .alias(record=FilteredRelation("records", condition=Q(records__status=RecordStatus.COMPLETED)))
        .values_list("person", "programme_id", "dose", "status", "slot__starts_at", "record__given_at")
    )
    for person, programme, dose, status, starts_at, given_at in rows:
        known = found.setdefault((person, programme), SeriesKnown({}, {}))
        of = known.given if status == Status.FULFILLED else known.booked
        of[dose] = timezone.localdate(given_at or starts_at)
    elsewhere = OutsideDose.objects.filter(person__in=persons, programme_id__in=programme_ids, voided_at=None)
    for person, programme, dose, given_on in elsewhere.values_list("person", "programme_id", "dose", "given_on"):
        found.setdefault((person, programme), SeriesKnown({}, {})).given.setdefault(dose, given_on)
    return found


def later_booked(person: UUID, programme_id: int, dose: int) -> list[Appointment]:
    """The person's booked doses after this one, by dose: what a dose that was not given leaves hanging."""
    rows = Appointment.objects.filter(person=person, programme_id=programme_id, dose__gt=dose, status=Status.BOOKED)
    return list(rows.select_related("slot__site").order_by("dose"))


def series_and_vaccines() -> dict[str, list[dict[str, Any]]]:
    """What can be entered: the active programmes with their doses and usual vaccine, and every vaccine, by code."""
    programmes = Programme.objects.filter(is_active=True).select_related("vaccine").order_by("code")
    return {
        "series": [
            {
                "code": row.code,
                "name": row.name,
                "name_en": row.name_en,
                "doses": row.doses,
                "vaccine": row.vaccine.code,
            }
            for row in programmes
        ],
        "vaccines": [
            {"code": row.code, "name": row.name, "name_en": row.name_en} for row in Vaccine.objects.order_by("code")
        ],
    }
