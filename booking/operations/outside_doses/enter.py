"""Somebody reads a dose that was given elsewhere from a paper, and enters it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from booking.models import Appointment, EventKind, OutsideDose, Programme, Vaccine
from booking.operations.cancel import note
from booking.operations.outside_doses.refusals import DoseBooked, DoseKnown, DoseUnclear
from booking.operations.refusals import NotFound
from booking.queries.outside_doses import SeriesKnown, series_known
from booking.rules.outside_dose import mistakes


@dataclass(frozen=True, slots=True)
class Said:
    """What the paper says. `vaccine` is a code; empty: the programme's own."""

    programme: str
    dose: int
    given_on: date
    where: str
    evidence: str
    batch: str = ""
    vaccine: str = ""


def enter_outside_dose(
    *, person: UUID, born_on: date | None, said: Said, by: User, now: datetime, district_code: str = ""
) -> OutsideDose:
    """Write the dose down; from now on it counts wherever doses count.

    Raises NotFound for an unknown programme or vaccine, DoseUnclear, DoseKnown for a dose that was given in the city or
    is entered already, and DoseBooked for one that the person has an appointment for.
    """
    programme = Programme.objects.filter(code=said.programme).select_related("vaccine").first()
    if programme is None:
        raise NotFound(what="programme")
    vaccine = Vaccine.objects.filter(code=said.vaccine).first() if said.vaccine else programme.vaccine
    if vaccine is None:
        raise NotFound(what="vaccine")
    with transaction.atomic():
        known = series_known([person], [programme.pk]).get((person, programme.pk), SeriesKnown({}, {}))
        refuse(said, programme, known, born_on=born_on, today=timezone.localdate(now))
        row = OutsideDose(
            person=person,
            programme=programme,
            vaccine=vaccine,
            dose=said.dose,
            given_on=said.given_on,
            where=said.where.strip(),
            batch=said.batch.strip(),
            evidence=said.evidence.strip(),
            entered_by=by,
            entered_at=now,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            # Somebody else has entered it in the same moment.
            raise DoseKnown(given_on=said.given_on) from None
        tell_the_desks(row, by=by.pk, now=now)
        audit.record(
            by=by,
            action="enter",
            what=row,
            label=str(row),
            after={"dose": row.dose, "given_on": row.given_on.isoformat(), "where": row.where},
            district_code=district_code,
            now=now,
        )
    return row


def refuse(said: Said, programme: Programme, known: SeriesKnown, *, born_on: date | None, today: date) -> None:
    """Raises DoseUnclear, DoseKnown and DoseBooked."""
    errors = mistakes(
        dose=said.dose,
        doses=programme.doses,
        given_on=said.given_on,
        where=said.where,
        evidence=said.evidence,
        today=today,
        born_on=born_on,
        others={**known.booked, **known.given},
    )
    if said.dose in known.given:
        raise DoseKnown(given_on=known.given[said.dose])
    if said.dose in known.booked:
        raise DoseBooked(day=known.booked[said.dose])
    if errors:
        raise DoseUnclear(errors=errors)


def tell_the_desks(row: OutsideDose, *, by: int | None, now: datetime) -> None:
    """Note it at the person's live appointments of the series, so that each desk's list has what bars their doses."""
    live = Appointment.objects.live().filter(person=row.person, programme_id=row.programme_id).order_by("pk")
    for appointment in live:
        note(appointment, EventKind.CORRECTED, by=by, now=now, what="outside_dose", dose=row.dose)
