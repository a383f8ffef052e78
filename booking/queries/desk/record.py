"""The record of a dose as it is printed: what the law asks for, and what the person needs to know next."""

from typing import Any

from django.utils import timezone

from accounts.masking import masked_number
from booking.models import RecordStatus, VaccinationRecord
from booking.queries.moments import moment
from booking.rules.eligibility import next_dose_from
from booking.rules.fhir_names import IMMUNIZATION
from sites.models import Site


def record_of(site: Site, reference: str) -> dict[str, Any] | None:
    """The dose that was given at the site on this appointment; None if there is none. One statement."""
    record = (
        VaccinationRecord.objects.filter(
            visit__site=site, appointment__reference=reference, status=RecordStatus.COMPLETED
        )
        .select_related("vaccine", "batch", "given_by", "visit__site", "appointment__patient", "appointment__programme")
        .order_by("-given_at")
        .first()
    )
    return _shown(record) if record is not None else None


def _shown(record: VaccinationRecord) -> dict[str, Any]:
    row, batch, place = record.appointment, record.batch, record.visit.site
    assert batch is not None
    patient, programme = row.patient, row.programme
    next_from = next_dose_from(
        doses=programme.doses,
        intervals=programme.intervals,
        dose=record.dose,
        given_on=timezone.localdate(record.given_at),
    )
    return {
        "reference": row.reference,
        "fhir_status": IMMUNIZATION[record.status],
        "name": patient.name,
        "document_type": patient.document_type,
        "document_masked": masked_number(str(patient.document_number)),
        "vaccine": record.vaccine.code,
        "vaccine_name": record.vaccine.name,
        "vaccine_name_en": record.vaccine.name_en,
        "manufacturer": record.vaccine.manufacturer,
        "dose": record.dose,
        "doses": programme.doses,
        "batch": batch.number,
        "expires_on": batch.expires_on.isoformat(),
        "pack_code": batch.pack_code,
        "body_site": record.body_site,
        "route": record.route,
        "given_at": moment(record.given_at),
        "given_by": record.given_by.known_as(),
        "site_name": place.name,
        "site_name_en": place.name_en,
        "observe_until": moment(record.visit.observe_until),
        "next_dose_from": next_from.isoformat() if next_from else None,
    }
