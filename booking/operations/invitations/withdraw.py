"""An invitation is withdrawn: a whole list, or one person. For an hour it can be taken back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import documents
from accounts.look_ups import find_person
from accounts.models import User
from accounts.patients import person_key
from booking import enqueue
from booking.models import Invitation, InvitationList
from booking.operations.invitations.locked import locked
from booking.operations.invitations.refusals import ListRefused
from booking.operations.refusals import NotFound
from booking.rules.invitations import can_take_back


def withdraw_list(*, list_id: int, now: datetime) -> InvitationList:
    """From now on its people are not invited by it; what they have booked stays. Raises NotFound, ListRefused."""
    with transaction.atomic():
        one = locked(list_id)
        if one.withdrawn_at is not None:
            raise ListRefused(reason="withdrawn")
        one.withdrawn_at = now
        one.save(update_fields=["withdrawn_at"])
    return one


def put_back_list(*, list_id: int, now: datetime) -> InvitationList:
    """Undo the withdrawal; whoever was not told yet is told now. Raises NotFound and ListRefused."""
    with transaction.atomic():
        one = locked(list_id)
        if not can_take_back(one.withdrawn_at, now=now):
            raise ListRefused(reason="too_late")
        one.withdrawn_at = None
        one.save(update_fields=["withdrawn_at"])
        if one.sent_at is not None:
            enqueue.send_invitations(list_id, now=now)
    return one


def withdraw_person(
    *, list_id: int, document_type: str, number: str, by: User, reason: str, now: datetime
) -> Invitation:
    """Withdraw one person's invitation, found by the exact document; whoever looks leaves a trace.

    Raises NotFound where the list has nobody with this document, and ListRefused if it was withdrawn before.
    """
    find_person(document_type=document_type, number=number, by=by, reason=reason, now=now)
    person = person_key(document_type, documents.tidy(number))
    with transaction.atomic():
        row = Invitation.objects.select_for_update(of=("self",)).filter(list_id=list_id, person=person).first()
        if row is None:
            raise NotFound(what="invitation")
        if row.withdrawn_at is not None:
            raise ListRefused(reason="withdrawn")
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
    return row


def put_back_person(*, list_id: int, invitation_id: UUID, now: datetime) -> Invitation:
    """Undo the withdrawal of one person. Raises NotFound and ListRefused."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update(of=("self",)).filter(list_id=list_id, pk=invitation_id).first()
        if row is None:
            raise NotFound(what="invitation")
        if not can_take_back(row.withdrawn_at, now=now):
            raise ListRefused(reason="too_late")
        row.withdrawn_at = None
        row.save(update_fields=["withdrawn_at"])
    return row
