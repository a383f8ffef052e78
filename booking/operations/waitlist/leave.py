"""Somebody does not wait any more."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking.models import Offer, OfferState, WaitlistEntry
from booking.operations.once_more import again_if_undone
from booking.operations.refusals import NotFound
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.refusals import OfferGone


@again_if_undone
def leave(*, account_id: int, entry_id: UUID, now: datetime) -> None:
    """End the wish, and decline what is offered to it; a second time changes nothing. Raises NotFound."""
    with transaction.atomic():
        if not WaitlistEntry.objects.filter(pk=entry_id, account_id=account_id).exists():
            raise NotFound(what="entry")
        # First the offer, which locks its round, as everybody does. One that is made in this very moment cannot be
        # accepted any more and runs out.
        for offer_id in Offer.objects.filter(entry_id=entry_id, state=OfferState.PENDING).values_list("pk", flat=True):
            with suppress(OfferGone):
                decline(account_id=account_id, offer_id=offer_id, now=now)
        WaitlistEntry.objects.filter(pk=entry_id, ended_at=None).update(ended_at=now)


def leave_everything(*, account_id: int, now: datetime) -> None:
    """End every wish of the account."""
    for entry_id in WaitlistEntry.objects.filter(account_id=account_id, ended_at=None).values_list("pk", flat=True):
        leave(account_id=account_id, entry_id=entry_id, now=now)
