"""A list is sent, and once later those who have not booked are reminded: by a job, some hundred people a step."""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Patient, Relation
from booking import enqueue
from booking.models import ImportState, Invitation, InvitationList, Message, MessageKind
from booking.operations.invitations.locked import locked
from booking.operations.invitations.refusals import ListRefused
from booking.queries.release_modes import was_used

_AT_ONCE = 500


def send_list(*, list_id: int, now: datetime) -> InvitationList:
    """From now on its people are invited; each is told once. Raises NotFound and ListRefused."""
    with transaction.atomic():
        one = locked(list_id)
        if one.sent_at is not None:
            raise ListRefused(reason="sent")
        _refuse_unless_open(one, now=now)
        if one.files.filter(state=ImportState.RUNNING).exists():
            raise ListRefused(reason="importing")
        if not one.invitations.filter(withdrawn_at=None).exists():
            raise ListRefused(reason="nobody")
        one.sent_at, one.done = now, 0
        one.save(update_fields=["sent_at", "done"])
        enqueue.send_invitations(list_id, now=now)
    return one


def remind_list(*, list_id: int, now: datetime) -> InvitationList:
    """Tell those who have not booked once more. Raises NotFound and ListRefused."""
    with transaction.atomic():
        one = locked(list_id)
        if one.sent_at is None:
            raise ListRefused(reason="not_sent")
        _refuse_unless_open(one, now=now)
        if one.reminded_at is not None:
            raise ListRefused(reason="reminded")
        if is_under_way(one):
            raise ListRefused(reason="sending")
        one.reminded_at, one.done = now, 0
        one.save(update_fields=["reminded_at", "done"])
        enqueue.send_invitations(list_id, now=now)
    return one


def is_under_way(one: InvitationList) -> bool:
    """Whether some of its people have not been gone through yet."""
    return one.sent_at is not None and one.withdrawn_at is None and one.done < one.invitations.count()


def carry_on(*, list_id: int, now: datetime, seconds: float = 5) -> bool:
    """Write the messages of the next people; False once there is nobody left. Puts itself into the queue again.

    A step is one transaction with the number of people who are done, and a message has its key: a job that was killed,
    or runs twice, tells nobody twice.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not _step(list_id, now=now):
            return False
    enqueue.send_invitations(list_id, now=now)
    return True


def _refuse_unless_open(one: InvitationList, *, now: datetime) -> None:
    if one.withdrawn_at is not None:
        raise ListRefused(reason="withdrawn")
    if one.expires_at <= now:
        raise ListRefused(reason="over")


def _step(list_id: int, *, now: datetime) -> bool:
    with transaction.atomic():
        # Whoever has the row works on it; a second job has nothing to do.
        one = InvitationList.objects.select_for_update(skip_locked=True).filter(pk=list_id).first()
        if one is None or one.sent_at is None or one.withdrawn_at is not None:
            return False
        people = list(one.invitations.annotate(is_used=was_used()).order_by("pk")[one.done : one.done + _AT_ONCE])
        if not people:
            return False
        # Whoever has booked already need not be told.
        to_tell = [row for row in people if row.withdrawn_at is None and not row.is_used]
        written = list(_messages(to_tell, again=one.reminded_at is not None, now=now))
        Message.objects.bulk_create(written, ignore_conflicts=True)
        one.done += len(people)
        one.save(update_fields=["done"])
        if written:
            enqueue.send_messages(now=now)
    return True


def _messages(people: Sequence[Invitation], *, again: bool, now: datetime) -> Iterable[Message]:
    patients = _patients_of([row.person for row in people if not row.phone])
    for row in people:
        patient = None if row.phone else patients.get(row.person)
        if not row.phone and patient is None:
            continue
        yield Message(
            key=f"{MessageKind.INVITED}:{row.pk}{':again' if again else ''}",
            kind=MessageKind.INVITED,
            invitation=row,
            account_id=patient.user_id if patient else None,
            patient=patient,
            created_at=now,
            due_at=now,
        )


def _patients_of(people: Sequence[UUID]) -> dict[UUID, Patient]:
    """For each person the row of an account that can be told: their own rather than a relative's, the older first."""
    rows = Patient.objects.filter(person__in=people, removed_at=None, user__is_active=True)
    found: dict[UUID, Patient] = {}
    for row in sorted(rows, key=lambda one: (one.relation != Relation.SELF, one.added_at)):
        found.setdefault(row.person, row)
    return found
