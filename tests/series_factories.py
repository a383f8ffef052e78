"""People in the middle of a series: a dose behind them, here or elsewhere, and slots that keep places for the next."""

import itertools
from datetime import date, datetime, timedelta

from accounts.models import Patient
from booking.models import Appointment, OutsideDose, Slot, Status, VisitStatus
from booking.models.vaccination import VaccinationRecord
from tests.desk_factories import make_batch, make_desk, make_visit
from tests.factories import CLOCK, make_patient, make_site, make_slot, make_two_dose_programme

_count = itertools.count(1)


def make_keeping_slot(*, quota: int = 10, kept: int = 2, days: int = 5, programme=None, **fields) -> Slot:
    """A slot of a series of two doses (28 days apart) that keeps places for the second one."""
    starts_at = fields.pop("starts_at", CLOCK + timedelta(days=days, minutes=next(_count)))
    slot = make_slot(programme=programme or make_two_dose_programme(), quota=quota, starts_at=starts_at, **fields)
    slot.kept_doses = kept
    slot.save(update_fields=["kept_doses"])
    return slot


def make_first_dose(programme, *, patient: Patient | None = None, days_ago: int = 40, site=None) -> Patient:
    """A patient who had the first dose of the programme so many days ago, without a record of it."""
    patient = patient or make_patient()
    n = next(_count)
    slot = make_slot(site or make_site(), programme, starts_at=CLOCK - timedelta(days=days_ago, minutes=n))
    Appointment.objects.create(
        reference=f"9{n:011}", slot=slot, place=1, patient=patient, person=patient.person, programme=programme, dose=1,
        status=Status.FULFILLED, booked_by=patient.user, booked_at=CLOCK - timedelta(days=days_ago + 5),
        request_key=f"first-{n:06}", request_digest="-", claim=f"first-{n:06}",
    )  # fmt: skip
    return patient


def make_record(appointment: Appointment, given_at: datetime) -> VaccinationRecord:
    """The record of an appointment's dose."""
    site, vaccine = appointment.slot.site, appointment.programme.vaccine
    return VaccinationRecord.objects.create(
        visit=make_visit(appointment, status=VisitStatus.FINISHED, at=given_at), appointment=appointment,
        person=appointment.person, vaccine=vaccine, dose=appointment.dose, given_at=given_at,
        batch=make_batch(site, vaccine, number=f"B{next(_count)}"), given_by=make_desk(site, "vaccination"),
    )  # fmt: skip


def make_outside_dose(patient: Patient, programme, *, given_on: date, dose: int = 1, **fields) -> OutsideDose:
    """A dose that the patient was given in another city."""
    defaults = {
        "vaccine": programme.vaccine, "where": "武汉市江岸区疾控中心", "evidence": "预防接种证",
        "entered_by": patient.user, "entered_at": CLOCK,
    }  # fmt: skip
    return OutsideDose.objects.create(
        person=patient.person, programme=programme, dose=dose, given_on=given_on, **{**defaults, **fields}
    )
