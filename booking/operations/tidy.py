"""Housekeeping: what has served its time goes, so that neither the gate nor the ledger's small tables grow for ever."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from accounts.models import AnsweredRequest, HandOverCode, RevokedToken, UsedTicket
from accounts.pieces import in_pieces
from booking import admission
from booking.models import InboundText, MessageCount, Slot
from booking.operations.imports.forget import forget_files
from booking.operations.invitations.forget import forget_phones
from booking.operations.waitlist.forget import end_entries, forget_entries
from booking.operations.watch_city import forget_minutes

# Longer than the 24 hours that a request key is promised to be answered alike.
KEEP_ANSWERS = timedelta(days=3)
# How many messages went on a day, and which text messages came in: nobody asks after a month.
KEEP_COUNTS = timedelta(days=30)


def tidy(*, now: datetime) -> str:
    """Forget ended slots at the gate, old answers, files, wishes and phones of invitations, and what has expired."""
    ended = Slot.objects.filter(ends_at__lt=now - timedelta(days=1), ends_at__gt=now - timedelta(days=4))
    slots = 0
    for slot_id in in_pieces(ended.values_list("pk", flat=True)):
        admission.forget(slot_id)
        admission.forget(admission.kept_at_gate(slot_id))
        slots += 1
    answers, _ = AnsweredRequest.objects.filter(answered_at__lt=now - KEEP_ANSWERS).delete()
    tokens, _ = RevokedToken.objects.filter(expires_at__lt=now).delete()
    UsedTicket.objects.filter(expires_at__lt=now).delete()
    codes, _ = HandOverCode.objects.filter(used_at__isnull=True, expires_at__lt=now).delete()
    files = forget_files(now=now)
    forget_phones(now=now)
    forget_minutes(now=now)
    end_entries(now=now)
    wishes = forget_entries(now=now)
    MessageCount.objects.filter(day__lt=(now - KEEP_COUNTS).date()).delete()
    InboundText.objects.filter(came_at__lt=now - KEEP_COUNTS).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    return f"{slots} slots, {answers} answers, {tokens} tokens, {codes} codes, {files} files, {wishes} wishes"
