"""The doses that a person has had of the series that an appointment belongs to, in the city and elsewhere."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from booking.models import Appointment, OutsideDose, RecordStatus, Status, VaccinationRecord


@dataclass(frozen=True, slots=True)
class DoseBefore:
    """Which dose of the series it was, and the city's day on which it was given."""

    dose: int
    on: date


def doses_before(appointment: Appointment) -> list[DoseBefore]:
    """What the appointment's person has had in its programme, latest first, without the appointment itself.

    A record knows the moment, and also counts where its appointment was cancelled. Without one, the day of the
    appointment is as good as known.
    """
    given = VaccinationRecord.objects.filter(
        person=appointment.person, appointment__programme_id=appointment.programme_id, status=RecordStatus.COMPLETED
    ).exclude(appointment=appointment)
    rows = list(given.values_list("appointment", "dose", "given_at"))
    without = (
        Appointment.objects.filter(
            person=appointment.person, programme_id=appointment.programme_id, status=Status.FULFILLED
        )
        .exclude(pk__in=[appointment.pk, *(row[0] for row in rows)])
        .values_list("pk", "dose", "slot__starts_at")
    )
    elsewhere = OutsideDose.objects.filter(
        person=appointment.person, programme_id=appointment.programme_id, voided_at=None
    ).values_list("dose", "given_on")
    found = [DoseBefore(dose, timezone.localdate(at)) for _, dose, at in [*rows, *without]]
    found += [DoseBefore(dose, on) for dose, on in elsewhere]
    return sorted(found, key=lambda one: (one.on, one.dose), reverse=True)
