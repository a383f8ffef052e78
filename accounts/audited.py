"""What somebody does in the admin is written into the audit trail here: by them, now, from where they are."""

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
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    district_code: str = "",
) -> None:
    """Write down that the caller did it; `action` is one of accounts.admin.audit.ACTIONS, the rest as for record.

    Of a change of many slots the exact before and after are the slots' events; here stands what was asked for, and how
    much of it.
    """
    assert isinstance(request.user, User)
    record(
        by=request.user,
        action=action,
        what=what,
        label=label,
        before=before,
        after=after,
        reason=reason,
        origin=origin_of(request),
        district_code=district_code,
        now=timezone.now(),
    )
