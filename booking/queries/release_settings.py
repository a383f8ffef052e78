"""How a programme is released as the ledger has it, and the change of it that could be taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.audit import name_of
from accounts.models import AuditEntry
from booking.models import Cohort, Programme
from booking.queries.cohorts import named_cohort
from booking.rules.release_setting import ReleaseSetting, setting_of

# Verbs of the audit trail: a mode was set, and taken back.
SET, UNDONE = "release", "undo"


def release_setting(programme: Programme) -> ReleaseSetting:
    """The row's mode with the programme's cohorts, the earliest first. One statement."""
    rows = Cohort.objects.filter(programme=programme).order_by("opens_at", "pk")
    return ReleaseSetting(programme.release_mode, tuple(named_cohort(row) for row in rows))


@dataclass(frozen=True, slots=True)
class LastChange:
    """The last time that somebody set the mode: `entry` of the audit trail, and what was set before and after."""

    entry: int
    at: datetime
    by: str
    before: ReleaseSetting
    after: ReleaseSetting


def change_to_undo(programme: Programme, now_set: ReleaseSetting) -> LastChange | None:
    """The last change, if it was not taken back and what it set still stands."""
    trail = AuditEntry.objects.filter(what=name_of(programme), action__in=(SET, UNDONE)).select_related("by")
    entry = trail.order_by("-at", "-pk").first()
    if entry is None or entry.action != SET:
        return None
    zone = timezone.get_current_timezone()
    before, after = setting_of(entry.before, zone), setting_of(entry.after, zone)
    if after.digest() != now_set.digest():
        return None
    return LastChange(entry.pk, entry.at, str(entry.by), before, after)
