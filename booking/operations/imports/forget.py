"""Uploaded files are not kept."""

from datetime import datetime, timedelta

from booking.models import ImportRun, ImportState

KEEP = timedelta(days=1)
_OPEN = (ImportState.CHECKING, ImportState.CHECKED, ImportState.RUNNING)


def forget_files(*, now: datetime) -> int:
    """Delete what is left of files a day after they came, and drop the runs that nobody decided about."""
    old = ImportRun.objects.filter(created_at__lt=now - KEEP)
    old.filter(state__in=_OPEN).update(state=ImportState.DROPPED, finished_at=now)
    return old.exclude(content=None).update(content=None)
