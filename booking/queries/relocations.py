"""What the city did to appointments when it had to move them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from booking.models import Appointment, Relocation, RelocationState

# The latest relocation of an appointment as one column, so that a list needs no second statement for it.
LATEST_RELOCATION = Subquery(
    Relocation.objects.filter(appointment=OuterRef("pk"))
    .order_by("-pk")
    .values(
        facts=JSONObject(
            state=F("state"),
            reason=F("reason"),
            from_starts_at=F("from_slot__starts_at"),
            from_ends_at=F("from_slot__ends_at"),
            from_site=F("from_slot__site__code"),
            from_site_name=F("from_slot__site__name"),
            from_site_name_en=F("from_slot__site__name_en"),
            metres=F("distance_m"),
        )
    )[:1]
)


@dataclass(frozen=True, slots=True)
class RelocationFacts:
    """Where an appointment was before the city moved it, or cancelled it, and what was said to that.

    `metres` lie between the old site and the new one; None where there is no new one.
    """

    state: str
    reason: str
    from_starts_at: datetime
    from_ends_at: datetime
    from_site: str
    from_site_name: str
    from_site_name_en: str
    metres: int | None

    @property
    def is_pending(self) -> bool:
        """Nobody has said yet whether the new place suits."""
        return self.state == RelocationState.PENDING

    @property
    def ended_it(self) -> bool:
        """The appointment was cancelled by the city."""
        return self.state == RelocationState.NO_PLACE


def relocation_in(column: dict[str, Any] | None) -> RelocationFacts | None:
    """The facts in a row's LATEST_RELOCATION."""
    if column is None:
        return None
    times = {name: datetime.fromisoformat(column[name]) for name in ("from_starts_at", "from_ends_at")}
    return RelocationFacts(**{**column, **times})


def latest_relocations(appointment_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """LATEST_RELOCATION of these appointments as it is now; those that were never moved are missing."""
    rows = Appointment.objects.filter(pk__in=appointment_ids).annotate(latest=LATEST_RELOCATION)
    return {pk: latest for pk, latest in rows.values_list("pk", "latest") if latest is not None}


def moved_by(change_id: UUID) -> int:
    """How many appointments a bulk change has moved or cancelled: what cannot be undone with it."""
    return Relocation.objects.filter(change_id=change_id).values("appointment_id").distinct().count()
