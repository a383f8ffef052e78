"""Where each invited person is told."""

from collections.abc import Sequence
from uuid import UUID

from accounts.models import Patient, Relation


def patients_who_can_be_told(people: Sequence[UUID]) -> dict[UUID, Patient]:
    """For each person the row of an account that somebody signs in to: their own rather than a relative's, the older
    one first. Whoever is in no such account is missing.
    """
    rows = Patient.objects.filter(person__in=people, removed_at=None, user__is_active=True).select_related("user")
    found: dict[UUID, Patient] = {}
    for row in sorted(rows, key=lambda one: (one.relation != Relation.SELF, one.added_at)):
        found.setdefault(row.person, row)
    return found
