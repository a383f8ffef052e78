"""Batches as the vaccinating desk meets them: found by number, used by doses, given back by corrections."""

from datetime import date, datetime

from django.utils import timezone

from booking.models import Appointment, Batch, MovementKind, StockMovement, VaccinationRecord, Vaccine
from booking.queries.desk.last_dose import doses_before
from booking.queries.desk.stock import doses_left
from booking.rules.dose import BATCH_EXPIRED, WRONG_VACCINE, BatchNow, bars, not_before
from booking.rules.stock import is_expired
from sites.models import Site


def find_batch(site: Site, vaccine: Vaccine, number: str) -> Batch | None:
    """The site's batch of that number; the vaccine's own if two vaccines share it."""
    found = list(Batch.objects.filter(site=site, number=number).select_related("vaccine"))
    return next((one for one in found if one.vaccine_id == vaccine.pk), found[0] if found else None)


def bars_on(appointment: Appointment, batch: Batch | None, *, decision: str | None, at: datetime) -> list[str]:
    """What bars the appointment's dose from that batch at that moment; a dose of the visit itself is not looked for."""
    before = doses_before(appointment)
    programme = appointment.programme
    earlier = [one for one in before if one.dose < appointment.dose]
    return bars(
        on=timezone.localdate(at),
        vaccine=programme.vaccine.code,
        batch=_now(batch) if batch is not None else None,
        dose=appointment.dose,
        doses_received=len({one.dose for one in earlier}),
        not_before=not_before(programme.intervals, dose=appointment.dose, before_on=earlier[0].on if earlier else None),
        decision=decision,
        given=any(one.dose == appointment.dose for one in before),
    )


def batch_bars(batch: Batch, vaccine: Vaccine, *, at: datetime) -> list[str]:
    """What bars a dose of the vaccine from that batch at that moment by what the batch is, however much is left."""
    wrong = {
        WRONG_VACCINE: batch.vaccine_id != vaccine.pk,
        BATCH_EXPIRED: is_expired(batch.expires_on, today=timezone.localdate(at)),
    }
    return [bar for bar, is_so in wrong.items() if is_so]


def _now(batch: Batch) -> BatchNow:
    return BatchNow(batch.vaccine.code, batch.expires_on, batch.finished_at is not None, doses_left(batch.pk))


def note_batch(site: Site, vaccine: Vaccine, number: str, *, expires_on: date, pack_code: str) -> Batch:
    """A batch that only a vial has told us of. Nothing is received by it: what is left is below zero until it is."""
    read = {"expires_on": expires_on, "pack_code": pack_code}
    # Two devices may bring doses of the same new batch in one moment.
    return Batch.objects.get_or_create(site=site, vaccine=vaccine, number=number, defaults=read)[0]


def use_dose(record: VaccinationRecord, *, by: int, at: datetime) -> None:
    """Take the record's dose from its batch; once for a record."""
    _move(record, MovementKind.USED, -1, by=by, at=at)


def give_back(record: VaccinationRecord, *, by: int, at: datetime) -> None:
    """The record's dose was not given from its batch after all; once for a record."""
    _move(record, MovementKind.CORRECTED, 1, by=by, at=at)


def _move(record: VaccinationRecord, kind: MovementKind, doses: int, *, by: int, at: datetime) -> None:
    assert record.batch is not None
    StockMovement.objects.create(
        batch=record.batch, kind=kind, doses=doses, record=record, by_id=by, at=at, key=f"{kind}:{record.pk}"
    )
