"""Who of the city's own looked at the data of an account and its patients. Never by name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from accounts.models import LookUp, LookUpKind, Patient
from booking.models import Appointment

_ACCOUNT, _PATIENT, _APPOINTMENT = "accounts.user", "accounts.patient", "booking.appointment"


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `name` is the patient's, empty where it was about the account; `by_administrator` or by site staff."""

    at: datetime
    kind: str
    name: str
    by_administrator: bool
    reason: str


def looks_at(user_id: int, *, limit: int = 200) -> list[Look]:
    """The looks at the account and at its patients since they were added, latest first.

    What was opened is told only to the account whose row it was, and a search by document only since the account has
    had the person: another account with the same person learns nothing from it.
    """
    patients = list(Patient.objects.filter(user_id=user_id).order_by("added_at"))
    by_person: dict[UUID, Patient] = {}
    for row in patients:
        by_person.setdefault(row.person, row)
    account = f"{_ACCOUNT} {user_id}"
    about = Q(person__in=by_person) | Q(person__isnull=True, what=account)
    rows = list(LookUp.objects.filter(about).select_related("by").order_by("-at", "-pk")[: limit * 2])
    own = {account, *(f"{_PATIENT} {row.pk}" for row in patients), *_own_appointments(rows, user_id)}
    return [
        Look(
            at=row.at,
            kind=row.kind,
            name=by_person[row.person].name if row.person else "",
            by_administrator=row.by.is_staff,
            reason=row.reason,
        )
        for row in rows
        if (row.what in own if row.what else _searched_since(row, by_person))
    ][:limit]


def _searched_since(row: LookUp, by_person: dict[UUID, Patient]) -> bool:
    return row.kind == LookUpKind.SEARCHED and row.person is not None and row.at >= by_person[row.person].added_at


def _own_appointments(rows: list[LookUp], user_id: int) -> set[str]:
    opened = [row.what.removeprefix(f"{_APPOINTMENT} ") for row in rows if row.what.startswith(f"{_APPOINTMENT} ")]
    if not opened:
        return set()
    found = Appointment.objects.filter(pk__in=opened, booked_by_id=user_id).values_list("pk", flat=True)
    return {f"{_APPOINTMENT} {pk}" for pk in found}
