"""People who were removed, and accounts that nobody uses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.erase import erase_patient
from accounts.models import KnownDevice, Patient, User
from booking.models import Appointment, Status, Suspicion, SuspicionState, VaccinationRecord, WaitlistEntry
from booking.operations.delete_account import delete_account
from booking.operations.refusals import NotFound, StillBooked
from booking.operations.retention.nobody import PATIENT
from booking.operations.retention.steps import Step, before
from sites.models import StaffMember


def _removed(now: datetime) -> QuerySet[Patient]:
    """Those who were removed long ago and of whom nothing has to be kept: no dose, nothing ahead."""
    given = VaccinationRecord.objects.filter(appointment__patient_id=OuterRef("pk"))
    kept = Appointment.objects.filter(
        Q(status__in=[Status.BOOKED, Status.CHECKED_IN, Status.FULFILLED]), patient_id=OuterRef("pk")
    )
    gone = Patient.objects.filter(removed_at__lt=before(now, "REMOVED_DAYS")).exclude(name="")
    return gone.exclude(Exists(given)).exclude(Exists(kept))


def _erase_removed(keys: Sequence[Any], now: datetime) -> None:
    for row in Patient.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        erase_patient(row, now=now)


def _idle(now: datetime) -> QuerySet[User]:
    """Citizens' accounts that nobody has signed in to or booked from for years, and that stop nobody."""
    last = before(now, "IDLE_ACCOUNT_YEARS")
    own = OuterRef("pk")
    used = (
        Exists(KnownDevice.objects.filter(user_id=own, last_seen_at__gte=last)),
        Exists(Appointment.objects.filter(patient__user_id=own, booked_at__gte=last)),
        Exists(WaitlistEntry.objects.filter(account_id=own, ended_at=None)),
        # Whoever is locked stays so.
        Exists(Suspicion.objects.filter(account_id=own, state=SuspicionState.LOCKED)),
        Exists(StaffMember.objects.filter(user_id=own)),
    )
    idle = User.objects.filter(is_active=True, is_staff=False, is_superuser=False, date_joined__lt=last)
    for sign in used:
        idle = idle.exclude(sign)
    return idle.exclude(last_login__gte=last).exclude(patients=PATIENT)


def _delete_idle(keys: Sequence[int], now: datetime) -> None:
    for account_id in keys:
        try:
            with transaction.atomic():
                delete_account(account_id=account_id, cancel_appointments=False, now=now)
        except (NotFound, StillBooked):
            # It has come to life meanwhile.
            continue


STEPS = (
    Step("people who were removed", _removed, _erase_removed),
    Step("accounts that nobody uses", _idle, _delete_idle),
)
