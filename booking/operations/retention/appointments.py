"""Appointments whose time is over stay as numbers: whose they were goes, with what was said about somebody's health."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.functions import RandomUUID
from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from booking.models import (
    Appointment,
    AppointmentEvent,
    DeskAct,
    HealthAnswers,
    Reaction,
    RecordStatus,
    Status,
    VaccinationRecord,
)
from booking.operations.retention.nobody import PATIENT, nobody
from booking.operations.retention.steps import Step, before

_GIVEN = VaccinationRecord.objects.filter(status=RecordStatus.COMPLETED, batch__isnull=False)


def _without_a_dose(now: datetime) -> QuerySet[Appointment]:
    old = Appointment.objects.filter(slot__ends_at__lt=before(now, "APPOINTMENT_DAYS")).exclude(patient_id=PATIENT)
    return old.exclude(status=Status.FULFILLED).exclude(Exists(_GIVEN.filter(appointment_id=OuterRef("pk"))))


def _with_a_dose(now: datetime) -> QuerySet[Appointment]:
    """The law counts from the vaccine's expiry, so a dose without a batch is kept until somebody enters one."""
    until = before(now, "DOSE_YEARS")
    own = _GIVEN.filter(appointment_id=OuterRef("pk"))
    old = Appointment.objects.filter(slot__ends_at__lt=until).exclude(patient_id=PATIENT)
    kept = own.filter(batch__expires_on__gte=timezone.localdate(until))
    return old.filter(Exists(own)).exclude(Exists(kept))


def _make_anonymous(keys: Sequence[int], now: datetime) -> None:
    """The rows stay and are counted as before; nothing leads from them to anybody any more."""
    somebody = nobody()
    VaccinationRecord.objects.filter(appointment_id__in=keys).update(person=RandomUUID())
    HealthAnswers.objects.filter(visit__appointment_id__in=keys).delete()
    Reaction.objects.filter(visit__appointment_id__in=keys).update(note="")
    _open_no_more(Q(appointment_id__in=keys))
    booked_by = Appointment.objects.filter(pk=OuterRef("appointment_id"), booked_by_id=OuterRef("by_id"))
    # The ledger lets nobody be forgotten of an event that is not older than a year.
    old = AppointmentEvent.objects.filter(appointment_id__in=keys, at__lt=now - timedelta(days=367))
    old.filter(Exists(booked_by)).update(by=None)
    Appointment.objects.filter(pk__in=keys).update(
        patient=somebody,
        booked_by=somebody.user,
        person=RandomUUID(),
        # One for each account, and all have the same now.
        request_key=Concat(Value("over "), Cast(F("pk"), CharField())),
    )


def _answers_without_a_dose(now: datetime) -> QuerySet[HealthAnswers]:
    given = VaccinationRecord.objects.filter(visit_id=OuterRef("visit_id"), status=RecordStatus.COMPLETED)
    return HealthAnswers.objects.filter(~Exists(given), at__lt=before(now, "HEALTH_DAYS"))


def _delete_answers(keys: Sequence[int], now: datetime) -> None:
    HealthAnswers.objects.filter(pk__in=keys).delete()


def _sealed(now: datetime) -> QuerySet[DeskAct]:
    return DeskAct.objects.filter(facts__has_key="sealed", received_at__lt=before(now, "HEALTH_DAYS"))


def _drop_sealed(keys: Sequence[int], now: datetime) -> None:
    _open_no_more(Q(pk__in=keys))


def _open_no_more(which: Q) -> None:
    """Drop what acts keep sealed; the ledger lets nothing else of them be changed."""
    keys = list(DeskAct.objects.filter(which, facts__has_key="sealed").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE booking_deskact SET facts = facts - 'sealed' WHERE id = ANY(%s)", [keys])


STEPS = (
    Step("health answers without a dose", _answers_without_a_dose, _delete_answers),
    Step("what desk acts keep sealed", _sealed, _drop_sealed),
    Step("appointments without a dose", _without_a_dose, _make_anonymous),
    Step("appointments with a dose", _with_a_dose, _make_anonymous),
)
