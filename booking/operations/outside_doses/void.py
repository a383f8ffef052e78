"""A dose that was entered wrongly: taken back at once, or voided later with a reason. The row stays, marked."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from booking.models import Appointment, OutsideDose
from booking.operations.outside_doses.enter import tell_the_desks
from booking.operations.refusals import NotFound, TooLate
from booking.operations.visits.refusals import ReasonMissing
from booking.queries.outside_doses import later_booked
from booking.rules.dose import is_reason
from booking.rules.outside_dose import can_take_back


def take_back_outside_dose(*, outside_dose_id: UUID, by: User, now: datetime) -> None:
    """Undo what the same person has entered within a minute; twice does nothing. Raises NotFound and TooLate."""
    with transaction.atomic():
        row = _locked(outside_dose_id)
        if row is None or row.entered_by_id != by.pk:
            raise NotFound(what="outside_dose")
        if row.voided_at is not None:
            return
        if not can_take_back(entered_at=row.entered_at, now=now):
            raise TooLate()
        _void(row, reason="", by=by, now=now)


def void_outside_dose(
    *, outside_dose_id: UUID, reason: str, by: User, now: datetime, district_code: str = ""
) -> list[Appointment]:
    """Mark the dose as wrong, with a reason; it counts no more. Returns the person's later doses that stay booked.

    They are not cancelled: the dose may well be given before them, and without it the desk bars them. Whoever voids is
    told of them. Raises NotFound, also for what is void already, and ReasonMissing.
    """
    if not is_reason(reason):
        raise ReasonMissing()
    with transaction.atomic():
        row = _locked(outside_dose_id)
        if row is None or row.voided_at is not None:
            raise NotFound(what="outside_dose")
        _void(row, reason=reason.strip()[:200], by=by, now=now, district_code=district_code)
    return later_booked(row.person, row.programme_id, row.dose)


def _locked(outside_dose_id: UUID) -> OutsideDose | None:
    rows = OutsideDose.objects.select_related("programme").select_for_update(of=("self",))
    return rows.filter(pk=outside_dose_id).first()


def _void(row: OutsideDose, *, reason: str, by: User, now: datetime, district_code: str = "") -> None:
    row.voided_at, row.voided_by, row.voided_reason = now, by, reason
    row.save(update_fields=["voided_at", "voided_by", "voided_reason"])
    tell_the_desks(row, by=by.pk, now=now)
    audit.record(
        by=by,
        action="void",
        what=row,
        label=str(row),
        before={"dose": row.dose, "given_on": row.given_on.isoformat()},
        after={"voided": True},
        reason=reason,
        district_code=district_code,
        now=now,
    )
