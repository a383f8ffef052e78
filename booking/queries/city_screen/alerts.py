"""The alerts that are open, in the order in which they are to be looked at."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from booking.models import Alert
from booking.rules.alerts import SEVERITIES
from sites.scope import Scope


@dataclass(frozen=True, slots=True)
class Open:
    """Those that somebody must still see to, by severity; and those at rest, which were handled and are not over."""

    waiting: tuple[Alert, ...]
    at_rest: tuple[Alert, ...]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many wait, of each severity."""
        return [(name, sum(alert.severity == name for alert in self.waiting)) for name in SEVERITIES]


def seen_by(scope: Scope) -> Q:
    """Which alerts somebody with that part of the city sees: its districts' and sites'; the city's own only all."""
    if scope.everywhere:
        return Q()
    return Q(district__in=scope.districts) | Q(site__in=scope.sites)


def open_alerts(*, scope: Scope | None = None, districts: Collection[str] | None = None) -> Open:
    """As they stand now, the worst and oldest first. One statement. Without either, the whole city's."""
    rows = Alert.objects.filter(ended_at=None).select_related("site", "district", "claimed_by", "handled_by")
    if scope is not None:
        rows = rows.filter(seen_by(scope))
    if districts is not None:
        rows = rows.filter(district__in=districts)
    found = sorted(rows, key=lambda alert: (SEVERITIES.index(alert.severity), alert.began_at, alert.pk))
    return Open(
        tuple(alert for alert in found if alert.handled_at is None),
        tuple(alert for alert in found if alert.handled_at is not None),
    )
