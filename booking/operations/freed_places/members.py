"""Who takes the places of an offer together."""

from collections.abc import Sequence
from uuid import UUID

from booking.models import WaitlistEntry


def members_of(entries: Sequence[WaitlistEntry]) -> dict[UUID, list[UUID]]:
    """By entry, its patient and then those who come along; whoever left the account's family does not any more."""
    found: dict[UUID, list[UUID]] = {entry.pk: [entry.patient_id] for entry in entries}
    accounts = {entry.pk: entry.account_id for entry in entries}
    along = WaitlistEntry.companions.through.objects.filter(
        waitlistentry_id__in=list(found), patient__removed_at=None
    ).order_by("pk")
    for entry_id, patient_id, account_id in along.values_list("waitlistentry_id", "patient_id", "patient__user_id"):
        if account_id == accounts[entry_id]:
            found[entry_id].append(patient_id)
    return found
