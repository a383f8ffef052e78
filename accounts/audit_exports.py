"""Files of the audit trail: one person asks, another one approves, the first may fetch it within a day."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.audit import record
from accounts.models import AuditEntry, AuditExport, User
from accounts.pieces import in_pieces

MOST_DAYS = 366
# How long a request waits for the second person, and how long its file may be fetched then.
WAITS = timedelta(days=7)
LIVES = timedelta(days=1)


class NoSuchExport(Exception):
    """There is no such request, or it is too old, or it is not this person's turn."""


def ask(*, by: User, first_day: date, last_day: date, reason: str, origin: str | None, now: datetime) -> AuditExport:
    """Ask for the entries of these days, both included."""
    with transaction.atomic():
        made = AuditExport.objects.create(
            asked_by=by, asked_at=now, first_day=first_day, last_day=last_day, reason=reason
        )
        _record(by, "ask", made, origin=origin, now=now)
    return made


def waiting_for(user: User, *, now: datetime) -> "QuerySet[AuditExport]":
    """Requests of others that this person may approve or refuse."""
    return _waiting(now).exclude(asked_by=user).select_related("asked_by").order_by("asked_at")


def own(user: User, *, now: datetime) -> "QuerySet[AuditExport]":
    """This person's requests that still mean something."""
    recent = Q(approved_at__gt=now - LIVES) | Q(approved_at=None, asked_at__gt=now - WAITS)
    return AuditExport.objects.filter(recent, asked_by=user).select_related("approved_by").order_by("-asked_at")


def decide(*, by: User, export_id: UUID, is_approved: bool, origin: str | None, now: datetime) -> None:
    """Approve or refuse somebody else's request. Raises NoSuchExport."""
    with transaction.atomic():
        # One statement decides, so that two people who answer at once do not both.
        decision: dict[str, Any] = {"approved_by": by, "approved_at": now} if is_approved else {"refused_at": now}
        if not waiting_for(by, now=now).filter(pk=export_id).update(**decision):
            raise NoSuchExport
        made = AuditExport.objects.get(pk=export_id)
        _record(by, "approve" if is_approved else "refuse", made, origin=origin, now=now)


def fetch(*, by: User, export_id: UUID, origin: str | None, now: datetime) -> Iterator[list[Any]]:
    """The rows of an approved file, headings first; that it was fetched is written down. Raises NoSuchExport."""
    made = AuditExport.objects.filter(pk=export_id, asked_by=by, approved_at__gt=now - LIVES).first()
    if made is None:
        raise NoSuchExport
    _record(by, "export", made, origin=origin, now=now)
    return _rows(made)


def _waiting(now: datetime) -> "QuerySet[AuditExport]":
    return AuditExport.objects.filter(approved_at=None, refused_at=None, asked_at__gt=now - WAITS)


def _rows(made: AuditExport) -> Iterator[list[Any]]:
    zone = timezone.get_default_timezone()
    begins = datetime.combine(made.first_day, time.min, zone)
    ends = datetime.combine(made.last_day + timedelta(days=1), time.min, zone)
    yield ["at", "by", "action", "what", "label", "before", "after", "reason", "origin", "district"]
    found = AuditEntry.objects.filter(at__gte=begins, at__lt=ends).select_related("by").order_by("at", "pk")
    for entry in in_pieces(found, size=1000):
        yield [
            timezone.localtime(entry.at).isoformat(timespec="seconds"), entry.by.username, entry.action, entry.what,
            entry.label, _json(entry.before), _json(entry.after), entry.reason, entry.origin, entry.district_code,
        ]  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _record(by: User, action: str, made: AuditExport, *, origin: str | None, now: datetime) -> None:
    record(by=by, action=action, what=made, label=str(made), reason=made.reason, origin=origin, now=now)
