"""A person looks at what was noticed: nothing in it, or booking is locked until an appeal is answered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from booking import enqueue
from booking.models import Message, MessageKind, Suspicion, SuspicionState
from booking.operations.refusals import NotFound
from booking.operations.touts.refusals import AlreadyDecided
from booking.queries.touts import forget_locked


def dismiss(*, suspicion_id: UUID, by: int, reason: str, now: datetime) -> Suspicion:
    """There is nothing in it: the account books as before. Raises NotFound and AlreadyDecided."""
    with transaction.atomic():
        row = _locked(suspicion_id, SuspicionState.OPEN)
        return _decide(row, SuspicionState.DISMISSED, by=by, reason=reason, now=now)


def lock(*, suspicion_id: UUID, by: int, reason: str, now: datetime) -> Suspicion:
    """From now on the account books, holds and moves nothing; its appointments stand, and it is told how to appeal.

    Other processes know it a few seconds later. Raises NotFound and AlreadyDecided.
    """
    with transaction.atomic():
        row = _locked(suspicion_id, SuspicionState.OPEN)
        _tell(row, MessageKind.LOCKED, now=now)
        return _decide(row, SuspicionState.LOCKED, by=by, reason=reason, now=now)


def answer_appeal(*, suspicion_id: UUID, by: int, restore: bool, answer: str, now: datetime) -> Suspicion:
    """Say yes or no to the appeal, in words that its writer reads. After a no they may write again.

    Raises NotFound, and AlreadyDecided where no appeal waits.
    """
    with transaction.atomic():
        row = _locked(suspicion_id, SuspicionState.LOCKED)
        if row.appealed_at is None or row.answered_at is not None:
            raise AlreadyDecided()
        row.answer, row.answered_by_id, row.answered_at = answer, by, now
        if restore:
            row.state = SuspicionState.RESTORED
        row.save(update_fields=["answer", "answered_by", "answered_at", "state"])
        _tell(row, MessageKind.APPEAL_ANSWERED, now=now)
        transaction.on_commit(forget_locked)
        return row


def restore(*, suspicion_id: UUID, by: int, reason: str, now: datetime) -> Suspicion:
    """Take a lock back without an appeal: it was a mistake. Raises NotFound and AlreadyDecided."""
    with transaction.atomic():
        row = _locked(suspicion_id, SuspicionState.LOCKED)
        row.answer, row.answered_by_id, row.answered_at = reason, by, now
        row.state = SuspicionState.RESTORED
        row.save(update_fields=["answer", "answered_by", "answered_at", "state"])
        _tell(row, MessageKind.APPEAL_ANSWERED, now=now)
        transaction.on_commit(forget_locked)
        return row


def _locked(suspicion_id: UUID, state: SuspicionState) -> Suspicion:
    row = Suspicion.objects.select_for_update(of=("self",)).select_related("account").filter(pk=suspicion_id).first()
    if row is None:
        raise NotFound(what="suspicion")
    if row.state != state:
        raise AlreadyDecided()
    return row


def _decide(row: Suspicion, state: SuspicionState, *, by: int, reason: str, now: datetime) -> Suspicion:
    row.state, row.decided_by_id, row.decided_at, row.reason = state, by, now, reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    transaction.on_commit(forget_locked)
    return row


def _tell(row: Suspicion, kind: MessageKind, *, now: datetime) -> None:
    Message.objects.create(
        key=f"{kind}:{row.pk.hex}:{int(now.timestamp() * 1000):x}",
        kind=kind,
        account_id=row.account_id,
        created_at=now,
        due_at=now,
    )
    enqueue.send_messages(now=now)
