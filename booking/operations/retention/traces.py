"""Messages, sign-ins, and the trails of who looked and who changed what."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django_q.models import Failure

from accounts.models import AuditEntry, HandOverCode, Invitation, KnownDevice, LookUp
from booking.models import Message
from booking.operations.retention.steps import Step, before


def _messages(now: datetime) -> QuerySet[Message]:
    """Those that are not sent any more: no later job writes the same one again."""
    done = Message.objects.filter(created_at__lt=before(now, "MESSAGE_DAYS"))
    return done.filter(Q(sent_at__isnull=False) | Q(dropped_at__isnull=False))


def _devices(now: datetime) -> QuerySet[KnownDevice]:
    return KnownDevice.objects.filter(last_seen_at__lt=before(now, "SIGN_IN_DAYS"))


def _hand_overs(now: datetime) -> QuerySet[HandOverCode]:
    return HandOverCode.objects.filter(expires_at__lt=before(now, "SIGN_IN_DAYS"))


def _work_invitations(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(expires_at__lt=before(now, "SIGN_IN_DAYS"))


def _failed_jobs(now: datetime) -> QuerySet[Failure]:
    failed: QuerySet[Failure] = Failure.objects.filter(stopped__lt=before(now, "FAILED_JOB_DAYS"))
    return failed


def _look_ups(now: datetime) -> QuerySet[LookUp]:
    return LookUp.objects.filter(at__lt=before(now, "TRAIL_YEARS"))


def _audit(now: datetime) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(at__lt=before(now, "TRAIL_YEARS"))


def _deleting(model: Any) -> Callable[[Sequence[Any], datetime], object]:
    def erase(keys: Sequence[Any], now: datetime) -> None:
        model.objects.filter(pk__in=keys).delete()

    return erase


STEPS = (
    Step("messages", _messages, _deleting(Message)),
    Step("devices that people signed in on", _devices, _deleting(KnownDevice)),
    Step("hand-over codes", _hand_overs, _deleting(HandOverCode)),
    Step("invitations of staff", _work_invitations, _deleting(Invitation)),
    Step("jobs that failed", _failed_jobs, _deleting(Failure)),
    Step("look-ups of people", _look_ups, _deleting(LookUp)),
    Step("the audit trail", _audit, _deleting(AuditEntry)),
)
