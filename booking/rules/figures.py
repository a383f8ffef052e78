"""How full, in whole percent and one of five classes; what is too few to be published; which days are counted when."""

from datetime import date, datetime, timedelta

LOW, MIDDLE, HIGH, NEARLY, FULL, NO_DATA = "low", "middle", "high", "nearly", "full", "none"
# From which percentage on a class counts.
_CLASSES = ((100, FULL), (90, NEARLY), (70, HIGH), (40, MIDDLE), (0, LOW))

# What anybody may know of the places left on a day: never how many, so that nobody aims at single places.
NONE, FEW, SOME, PLENTY = "none", "few", "some", "plenty"
BANDS = (NONE, FEW, SOME, PLENTY)

# Fewer people than this are not published: somebody could be recognised.
FEWEST_PUBLISHED = 5

DAYS_AHEAD = 28
DAYS_BACK = 35
_NIGHT = 3
_MINUTES_BETWEEN = 10


def percent(part: int, whole: int) -> int | None:
    """Whole percent, rounded down, so that 100 means that nothing is left; None without a whole."""
    return None if whole <= 0 else part * 100 // whole


def fill_class(percentage: int | None) -> str:
    """The class of a percentage: under 40, under 70, under 90, under 100, 100; `none` without data."""
    if percentage is None:
        return NO_DATA
    return next(name for least, name in _CLASSES if percentage >= least)


def published(count: int) -> int | None:
    """The count, or None if it is too small to be published; zero is too, so that a gap tells as little as it can."""
    return count if count >= FEWEST_PUBLISHED else None


def band_of(state: str) -> str:
    """The band of a day's state; what cannot be booked now, for whatever reason, is none."""
    return state if state in BANDS else NONE


def days_to_count(now: datetime) -> tuple[date, date]:
    """First and last day of a counting that begins now, in the city's time.

    Yesterday to four weeks ahead; once a night also the five weeks before, where a status may have been set late.
    """
    today = now.date()
    at_night = now.hour == _NIGHT and now.minute < _MINUTES_BETWEEN
    return today - timedelta(days=DAYS_BACK if at_night else 1), today + timedelta(days=DAYS_AHEAD)
