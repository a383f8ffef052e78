"""Document numbers of people who do not exist: right in form, and nobody's."""

from datetime import date

from accounts.documents import check_character

# No county of Hunan has a code from 430149 to 430180: nobody real is meant.
DEMONSTRATION_AREA = 430149
FIRST_REHEARSAL_AREA = 430150
CROWD_AREA = 430179


def resident_id(area: int, born: date, order: int) -> str:
    """An 18-character resident ID with its check character (GB 11643). Even orders are women's."""
    digits = f"{area:06}{born.year:04}{born.month:02}{born.day:02}{order:03}"
    return digits + check_character(digits)
