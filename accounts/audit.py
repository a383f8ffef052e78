"""The trail of what administrators change: who, what, from what to what, why and from where."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import AuditEntry, User

# What stands in an entry for a value that must not be in it.
HIDDEN = "***"


def record(
    *,
    by: User,
    action: str,
    what: Model | str,
    label: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    origin: str | None = None,
    district_code: str = "",
    now: datetime,
) -> AuditEntry:
    """Add an entry, in the caller's transaction.

    `action` is a verb ("add", "apply", "export"); `what` the row, or its name as "sites.site 17"; `label` how people
    call it. `before` and `after` hold the fields that changed, as plain values, never a number, a password or a
    patient's name: put HIDDEN there. `origin` is the network address (accounts.addresses.origin_of).
    """
    return AuditEntry.objects.create(
        by=by,
        at=now,
        action=action,
        what=(name_of(what) if isinstance(what, Model) else what)[:80],
        label=label[:160],
        before=dict(before or {}),
        after=dict(after or {}),
        reason=reason[:200],
        origin=origin,
        district_code=district_code,
    )


def name_of(row: Model) -> str:
    """A row as the trail names it: "sites.site 17"."""
    return f"{row._meta.label_lower} {row.pk}"
