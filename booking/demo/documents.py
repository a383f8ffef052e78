"""Document numbers of people who do not exist: right in form, and nobody's."""

from datetime import date

# No county of Hunan has a code from 430149 to 430180: nobody real is meant.
DEMONSTRATION_AREA = 430149
FIRST_REHEARSAL_AREA = 430150

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(area: int, born: date, order: int) -> str:
    """An 18-character resident ID with its check character (GB 11643). Even orders are women's."""
    digits = f"{area:06}{born.year:04}{born.month:02}{born.day:02}{order:03}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]
