"""How old somebody is. Plain Python."""

from datetime import date

# Below this age a guardian agrees for the child (Personal Information Protection Law, article 31).
CONSENTS_FROM = 14
GROWN_UP_FROM = 18


def age_on(birth_date: date, day: date) -> int:
    """Completed years on that day; somebody born on 29 February turns older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def months_on(birth_date: date, day: date) -> int:
    """Completed months on that day."""
    return (day.year - birth_date.year) * 12 + day.month - birth_date.month - (day.day < birth_date.day)
