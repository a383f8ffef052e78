"""What administrators do by a page that is no form of a table is written into the audit trail here."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from accounts.addresses import origin_of
from accounts.audit import record
from accounts.models import User


def note(
    request: HttpRequest,
    action: str,
    what: Model | str,
    label: str,
    *,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    district_code: str = "",
) -> None:
    """Write down that the caller did it, now and from where they are; `action` is one of accounts.admin.audit.ACTIONS.

    The exact before and after of each slot are its events; here stands what was asked for, and how much of it.
    """
    assert isinstance(request.user, User)
    record(
        by=request.user,
        action=action,
        what=what,
        label=label,
        after=after,
        reason=reason,
        origin=origin_of(request),
        district_code=district_code,
        now=timezone.now(),
    )
