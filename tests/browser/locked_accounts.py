"""What the steward does about accounts that look like many in one hand: notices one, has it locked.

Imported by tests.browser.steward, once Django is there.
"""

from uuid import UUID

from django.utils import timezone

from accounts.models import Patient
from booking.models import Suspicion
from booking.operations.touts.judge import lock
from booking.rules import bulk
from tests.factories import make_administrator


def suspected(person: str) -> str:
    """The person's account was noticed for the many people it booked: the suspicion's key."""
    account = Patient.objects.get(pk=UUID(person)).user
    noticed = {"people": 23, "appointments": 31}
    row = Suspicion.objects.create(account=account, sign=bulk.PEOPLE, evidence=noticed, raised_at=timezone.now())
    return str(row.pk)


def locked(person: str, reason: str) -> None:
    """Somebody has looked at the person's account and locked it."""
    by = make_administrator()
    lock(suspicion_id=UUID(suspected(person)), by=by.pk, reason=reason, now=timezone.now())


ACTS = (suspected, locked)
