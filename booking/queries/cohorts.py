"""A row of a cohort as the rules take it."""

from django.utils import timezone

from booking.models import Cohort
from booking.rules.release_modes import CohortRule
from booking.rules.release_setting import NamedCohort


def named_cohort(row: Cohort) -> NamedCohort:
    """The row as the rules take it, its moments in the city's time."""
    closes_at = timezone.localtime(row.closes_at) if row.closes_at else None
    opens_at = timezone.localtime(row.opens_at)
    rule = CohortRule(frozenset(row.digits), row.born_from, row.born_until, opens_at, closes_at)
    return NamedCohort(row.name, row.name_en, rule)
