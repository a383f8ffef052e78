"""What the tests of bulk changes share: a plan in the form it is stored, and a change carried out to its end."""

from datetime import datetime
from typing import Any

from booking.models import ChangeKind, QuotaChange, WithAppointments
from booking.operations.quotas.apply_change import carry_on, start_change
from booking.operations.quotas.preview_change import preview_change

# A Monday, in the week after the tests' clock.
MONDAY = "2026-11-30"


def plan_of(
    programme, *, first=MONDAY, last="2026-12-01", places: int | None = 8, overwrite=False, **more
) -> dict[str, Any]:
    """Monday and Tuesday from 8:00 to 10:00, in half hours."""
    sessions = [[weekday, "08:00", "10:00", 30, places] for weekday in (1, 2)]
    return {
        "programme": programme.pk, "plan": 1, "plan_name": "平日", "sessions": sessions, "walk_in_percent": 0,
        "community_percent": 0, "first": first, "last": last, "overwrite": overwrite, "skip": [], "as_weekday": {},
        **more,
    }  # fmt: skip


def days(first=MONDAY, last=MONDAY, **more) -> dict[str, Any]:
    """Some days of every programme, the whole day unless a time is given."""
    return {"programme": None, "first": first, "last": last, "begins": None, "ends": None, **more}


def look(kind: str, sites, params, by, now: datetime, *, reason="") -> QuotaChange:
    """The preview."""
    return preview_change(
        kind=ChangeKind(kind), site_ids=[site.pk for site in sites], params=params, reason=reason, by=by.pk, now=now
    )  # fmt: skip


def confirm(change: QuotaChange, now: datetime, *, appointments=WithAppointments.KEEP, reason="") -> bool:
    """Press the button."""
    return start_change(
        change_id=change.pk, appointments=appointments, reason=reason, by=change.by_id, now=now
    ).runs  # fmt: skip


def carry_out(change: QuotaChange, now: datetime) -> QuotaChange:
    """Let the job run to its end."""
    while carry_on(change_id=change.pk, now=now, seconds=1):
        pass
    change.refresh_from_db()
    return change


def apply(kind: str, sites, params, by, now: datetime, **confirmed) -> QuotaChange:
    """Looked at, confirmed and carried out."""
    change = look(kind, sites, params, by, now)
    assert confirm(change, now, **confirmed)
    return carry_out(change, now)
