"""How an appointment stands now: its status, seen beside the clock."""

from datetime import datetime, timedelta

TO_COME, MISSED = "to_come", "missed"
CHECKED_IN, FULFILLED, CANCELLED, NO_SHOW = "checked_in", "fulfilled", "cancelled", "no_show"
# Checked in, and nothing came of it that day.
UNFINISHED = "unfinished"
UPCOMING, PAST, GIVEN_UP = "upcoming", "past", "given_up"
# Somebody who is late or still stands in line needs the code: only after this is an appointment over.
GRACE = timedelta(minutes=60)
# Whoever checked in and was not seen again for that long is not waiting.
WAITS = timedelta(hours=12)


def standing(*, status: str, ends_at: datetime, now: datetime) -> str:
    """to_come, checked_in, fulfilled, cancelled, no_show; missed: over, and nobody checked in; or unfinished."""
    if status == "BOOKED":
        return TO_COME if ends_at > now - GRACE else MISSED
    if status == "CHECKED_IN" and ends_at <= now - WAITS:
        return UNFINISHED
    return status.lower()


def group(*, status: str, ends_at: datetime, now: datetime) -> str:
    """In which part of a list it stands: upcoming, past or given_up."""
    if status == "CANCELLED":
        return GIVEN_UP
    return UPCOMING if status in ("BOOKED", "CHECKED_IN") and ends_at > now - GRACE else PAST
