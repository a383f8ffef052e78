"""A series of three doses: the citizen's mother has had the first one, and the second one is due."""

import hashlib
from datetime import time, timedelta

from booking.demo.fair.programmes import SERIES
from booking.demo.fair.setting import Setting
from booking.models import (
    Appointment,
    AppointmentEvent,
    Batch,
    BodySite,
    Decision,
    EventKind,
    HealthAnswers,
    MovementKind,
    Route,
    Slot,
    Status,
    StockMovement,
    VaccinationRecord,
    Visit,
    VisitStatus,
)
from booking.rules.references import new_reference

_STARTS = (time(9), time(9, 30), time(10), time(14), time(14, 30), time(15))
_DAYS_AGO, _RECEIVED = 33, 20


def begin_series(setting: Setting) -> None:
    """Slots that keep a tenth for later doses, and the first dose with everything that is known of it."""
    setting.publish(SERIES.code, first=1, last=14, starts=_STARTS, quota=10)
    row = _appointment(setting)
    arrived, asked = row.slot.starts_at + timedelta(minutes=4), row.slot.starts_at + timedelta(minutes=11)
    given, left = asked + timedelta(minutes=6), asked + timedelta(minutes=38)
    visit = Visit.objects.create(
        appointment=row, site=row.slot.site, day=setting.today - timedelta(days=_DAYS_AGO), ticket=1,
        status=VisitStatus.FINISHED, arrived_at=arrived, arrived_desk="登记台 1", called_at=asked,
        called_desk="问诊台 1", triaged_at=asked, vaccinated_at=given, observe_until=given + timedelta(minutes=30),
        left_at=left,
    )  # fmt: skip
    by = setting.administrator
    HealthAnswers.objects.create(visit=visit, said_yes="", note="", decision=Decision.MAY, by=by, at=asked)
    batch = Batch.objects.create(
        site=row.slot.site, vaccine=row.programme.vaccine, number=f"{setting.today:%y}0901B",
        expires_on=setting.today + timedelta(days=300), pack_code="00000000009010000001",
    )  # fmt: skip
    record = VaccinationRecord.objects.create(
        visit=visit, appointment=row, person=row.person, vaccine=row.programme.vaccine, dose=1, batch=batch,
        body_site=BodySite.LEFT_ARM, route=Route.INTRAMUSCULAR, given_at=given, given_by=by,
    )  # fmt: skip
    came = given - timedelta(days=7)
    moves = ((MovementKind.RECEIVED, _RECEIVED, came, None), (MovementKind.USED, -1, given, record))
    StockMovement.objects.bulk_create(
        StockMovement(batch=batch, kind=kind, doses=doses, record=of, by=by, at=at, key=f"fair-{batch.pk}-{kind}")
        for kind, doses, at, of in moves
    )
    history = (
        (EventKind.BOOKED, row.booked_at, row.booked_by_id),
        (EventKind.CHECKED_IN, arrived, by.pk),
        (EventKind.FULFILLED, given, by.pk),
    )
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(appointment=row, kind=kind, at=at, by_id=who, facts={}) for kind, at, who in history
    )


def _appointment(setting: Setting) -> Appointment:
    mother, starts_at = setting.mother, setting.at(-_DAYS_AGO, time(9, 30))
    slot = Slot.objects.create(
        site=setting.sites[-1],
        programme=setting.programmes[SERIES.code],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        opens_at=starts_at - timedelta(days=14),
        quota=10,
    )
    return Appointment.objects.create(
        reference=new_reference(),
        slot=slot,
        place=1,
        patient=mother,
        person=mother.person,
        programme=slot.programme,
        dose=1,
        status=Status.FULFILLED,
        booked_by=mother.user,
        booked_at=starts_at - timedelta(days=5),
        request_key="fair-first-dose",
        request_digest="-",
        claim=hashlib.sha256(b"fair-first-dose").hexdigest()[:32],
    )
