"""Whoever was locked says why that is wrong. A person reads it."""

from datetime import datetime

from django.db import transaction

from booking.models import Suspicion
from booking.operations.refusals import NotFound
from booking.operations.touts.refusals import AlreadyDecided, AppealMissing
from booking.queries.touts import open_lock

LEAST_LETTERS, MOST_LETTERS = 4, 1000


def appeal(*, account_id: int, text: str, now: datetime) -> Suspicion:
    """Put the appeal before the city; while one waits there is no second one.

    Raises NotFound for an account that is not locked, AppealMissing, and AlreadyDecided while an appeal waits.
    """
    text = text.strip()[:MOST_LETTERS]
    if len(text) < LEAST_LETTERS:
        raise AppealMissing()
    with transaction.atomic():
        lock = open_lock(account_id)
        if lock is None:
            raise NotFound(what="lock")
        row = Suspicion.objects.select_for_update(of=("self",)).get(pk=lock.pk)
        if row.appealed_at is not None and row.answered_at is None:
            raise AlreadyDecided()
        row.appeal, row.appealed_at = text, now
        row.answer, row.answered_by, row.answered_at = "", None, None
        row.save(update_fields=["appeal", "appealed_at", "answer", "answered_by", "answered_at"])
        return row
