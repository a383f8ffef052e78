"""Accounts that look like many in one hand, and those that were locked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as LedgerError
from django.db import connection
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Value, When

from accounts.models import KnownDevice, Patient, User
from booking.models import LIVE, Suspicion, SuspicionState
from booking.queries.known import Known
from booking.rules import bulk
from booking.rules.bulk import Noticed

_DEVICES = """
WITH used AS (
  SELECT d.device, d.user_id,
         EXISTS (
           SELECT 1 FROM booking_appointment a WHERE a.booked_by_id = d.user_id AND a.booked_at >= %(since)s
         ) AS booked
  FROM accounts_knowndevice d JOIN accounts_user u ON u.id = d.user_id
  WHERE d.last_seen_at >= %(since)s AND NOT u.is_staff
), many AS (
  SELECT device, count(*) AS accounts, count(*) FILTER (WHERE booked) AS booking
  FROM used GROUP BY device HAVING count(*) >= %(accounts)s AND count(*) FILTER (WHERE booked) >= %(booking)s
)
SELECT used.user_id, max(many.accounts), max(many.booking)
FROM used JOIN many USING (device) WHERE used.booked GROUP BY used.user_id ORDER BY used.user_id
"""

_PHONES = """
WITH used AS (
  SELECT DISTINCT p.phone_index, p.user_id FROM accounts_patient p JOIN accounts_user u ON u.id = p.user_id
  WHERE p.phone_index IS NOT NULL AND p.removed_at IS NULL AND NOT u.is_staff
    AND EXISTS (SELECT 1 FROM booking_appointment a WHERE a.booked_by_id = p.user_id AND a.booked_at >= %(since)s)
), many AS (SELECT phone_index, count(*) AS accounts FROM used GROUP BY phone_index HAVING count(*) >= %(accounts)s)
SELECT used.user_id, max(many.accounts) FROM used JOIN many USING (phone_index) GROUP BY used.user_id ORDER BY 1
"""

_PEOPLE = """
SELECT a.booked_by_id, count(DISTINCT a.person), count(*)
FROM booking_appointment a JOIN accounts_user u ON u.id = a.booked_by_id
WHERE a.booked_at >= %(since)s AND NOT u.is_staff AND u.is_active
GROUP BY a.booked_by_id HAVING count(DISTINCT a.person) >= %(people)s ORDER BY a.booked_by_id
"""


def noticed(*, now: datetime) -> list[Noticed]:
    """Every account with a sign of rules.bulk in the last days. Several seconds for a city: for a job."""
    since = now - timedelta(days=bulk.DAYS)
    found: list[Noticed] = []
    for user_id, accounts, booking in _rows(
        _DEVICES,
        {"since": since, "accounts": bulk.ACCOUNTS_ON_A_DEVICE, "booking": bulk.BOOKING_ACCOUNTS_ON_A_DEVICE},
    ):
        found.append(Noticed(user_id, bulk.DEVICE, {"accounts": accounts, "booking": booking}))
    for user_id, accounts in _rows(_PHONES, {"since": since, "accounts": bulk.ACCOUNTS_WITH_A_PHONE}):
        found.append(Noticed(user_id, bulk.PHONE, {"accounts": accounts}))
    for user_id, people, appointments in _rows(_PEOPLE, {"since": since, "people": bulk.PEOPLE_IN_AN_ACCOUNT}):
        found.append(Noticed(user_id, bulk.PEOPLE, {"people": people, "appointments": appointments}))
    return found


def _rows(statement: str, facts: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())


def is_locked(account_id: int) -> bool:
    """Whether somebody has locked the account's booking; as it was a few seconds ago at the most.

    Everybody who takes a place asks. While the ledger does not answer and this process never knew, nobody counts as
    locked: who books is asked again by the ledger.
    """
    try:
        return account_id in _locked.now()
    except LedgerError:
        return False


def forget_locked() -> None:
    """A lock has changed: the next question in this process reads them again."""
    _locked.forget()


def open_lock(account_id: int) -> Suspicion | None:
    """Why the account is locked, the latest first; None if it is not."""
    return _locks().filter(account_id=account_id).order_by("-decided_at").first()


@dataclass(frozen=True, slots=True)
class LockFacts:
    """A lock as its account sees it. `waits`: an appeal that nobody has answered yet."""

    sign: str
    reason: str
    locked_at: datetime
    is_over: bool
    appeal: str
    appealed_at: datetime | None
    answer: str
    answered_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.appealed_at is not None and self.answered_at is None

    @property
    def may_appeal(self) -> bool:
        return not self.is_over and not self.waits


def latest_lock(account_id: int) -> LockFacts | None:
    """The lock that holds, or else the last one, with its appeal and answer; None if the account never was locked."""
    rows = Suspicion.objects.filter(
        account_id=account_id, state__in=[SuspicionState.LOCKED, SuspicionState.RESTORED], decided_at__isnull=False
    ).annotate(over=Case(When(state=SuspicionState.LOCKED, then=Value(0)), default=Value(1)))
    row = rows.order_by("over", "-decided_at").first()
    if row is None or row.decided_at is None:
        return None
    return LockFacts(
        sign=row.sign,
        reason=row.reason,
        locked_at=row.decided_at,
        is_over=row.state != SuspicionState.LOCKED,
        appeal=row.appeal,
        appealed_at=row.appealed_at,
        answer=row.answer,
        answered_at=row.answered_at,
    )


def _locks() -> QuerySet[Suspicion]:
    return Suspicion.objects.filter(state=SuspicionState.LOCKED)


def _all_locked() -> frozenset[int]:
    return frozenset(_locks().values_list("account_id", flat=True))


# Seconds: how long a lock, or its end, may take to be felt in another process.
_locked = Known(_all_locked, seconds=5)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An account that shares the sign: how long it exists and what it booked. No name, no phone."""

    account_id: int
    username: str
    joined_at: datetime
    last_seen_at: datetime | None
    people: int
    live_appointments: int
    is_locked: bool


def neighbours(suspicion: Suspicion, *, most: int = 50) -> list[Neighbour]:
    """The accounts that the sign is about, the suspected one among them; those with most appointments first."""
    accounts = _sharing(suspicion)
    rows = (
        User.objects.filter(pk__in=accounts)
        .annotate(
            seen=Max("known_devices__last_seen_at"),
            people=Count("bookings__person", distinct=True),
            live=Count("bookings", filter=Q(bookings__status__in=LIVE), distinct=True),
            locked=Exists(_locks().filter(account_id=OuterRef("pk"))),
        )
        .order_by("-live", "pk")[:most]
    )
    return [
        Neighbour(row.pk, row.username, row.date_joined, row.seen, row.people, row.live, row.locked) for row in rows
    ]


def _sharing(suspicion: Suspicion) -> set[int]:
    own = suspicion.account_id
    if suspicion.sign == bulk.DEVICE:
        devices = KnownDevice.objects.filter(user_id=own).values("device")
        return {own, *KnownDevice.objects.filter(device__in=devices).values_list("user_id", flat=True)}
    if suspicion.sign == bulk.PHONE:
        phones = Patient.objects.filter(user_id=own, phone_index__isnull=False).values("phone_index")
        return {own, *Patient.objects.filter(phone_index__in=phones).values_list("user_id", flat=True)}
    return {own}
