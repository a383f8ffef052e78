"""How long people wait at a site, and how full that is, in one word. Plain Python."""

# Fewer than these say nothing about the next one.
FEWEST_WAITS = 3
# Somebody who is on the way is told how full it is only where so many came within an hour.
FEWEST_SCANS = 5
QUIET, NORMAL, BUSY = "quiet", "normal", "busy"
_NORMAL_FROM, _BUSY_FROM = 10, 30


def minutes_told(median_seconds: float | None, *, waits: int) -> int | None:
    """The wait in minutes as people are told it: at least one, and nothing where too few were measured."""
    if median_seconds is None or waits < FEWEST_WAITS:
        return None
    return max(round(median_seconds / 60), 1)


def band(minutes: int) -> str:
    """quiet, normal or busy."""
    if minutes < _NORMAL_FROM:
        return QUIET
    return NORMAL if minutes < _BUSY_FROM else BUSY
