"""What programmes keep of their places for second and later doses."""

from django.conf import settings

from booking.models import Programme
from booking.rules.kept_doses import KeptForLaterDoses


def kept_of(programme: Programme) -> KeptForLaterDoses:
    """What the programme keeps; nothing where there is one dose only."""
    percent = programme.kept_for_later_doses if programme.doses > 1 else 0
    return KeptForLaterDoses(percent, settings.LATER_DOSES_KEPT_UNTIL_DAYS)


def kept_by_programme() -> dict[int, KeptForLaterDoses]:
    """The same for every programme that keeps any. One statement."""
    return {row.pk: kept_of(row) for row in Programme.objects.filter(kept_for_later_doses__gt=0)}
