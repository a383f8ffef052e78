"""What was done at a site's desks and contradicts what happened meanwhile, as long as nobody has looked at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from booking.models import DeskAct, Outcome
from sites.models import Site


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """An act in conflict: what, by whom, when and where it was done, and what it contradicts (`code`, `facts`).

    `reference` is empty where it is about nothing that we know, `ticket` None where nobody has a number.
    """

    id: int
    key: str
    kind: str
    code: str
    happened_at: datetime
    received_at: datetime
    desk: str
    offline: bool
    by: str
    reference: str
    ticket: int | None
    facts: dict[str, Any]


def open_conflicts(site: Site, *, most: int = 200) -> list[OpenConflict]:
    """The site's open conflicts, the newest first."""
    rows = _open(site).select_related("by", "appointment", "visit").order_by("-received_at", "-pk")[:most]
    return [_conflict(row) for row in rows]


def open_conflict_count(site: Site) -> int:
    """How many of the site's conflicts nobody has looked at."""
    return _open(site).count()


def _open(site: Site) -> QuerySet[DeskAct]:
    return DeskAct.objects.filter(site=site, outcome=Outcome.CONFLICT, answer=None)


def _conflict(row: DeskAct) -> OpenConflict:
    return OpenConflict(
        id=row.pk,
        key=row.key,
        kind=row.kind,
        code=row.code,
        happened_at=row.happened_at,
        received_at=row.received_at,
        desk=row.desk,
        offline=row.offline,
        by=row.by.known_as(),
        reference=row.appointment.reference if row.appointment else row.facts.get("reference", ""),
        ticket=row.visit.ticket if row.visit else None,
        facts=row.facts,
    )


def conflict_of(site: Site, key: str) -> int | None:
    """The id of the site's act in conflict with this key of its device, answered or not; None if there is none."""
    rows = DeskAct.objects.filter(site=site, key=key, outcome=Outcome.CONFLICT)
    return rows.values_list("pk", flat=True).first()
