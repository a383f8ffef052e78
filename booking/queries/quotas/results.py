"""What a bulk change has done so far, and what its page names: counted from the events it has written."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from accounts.models import User
from booking.models import Appointment, QuotaChange
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Results:
    """How many slots were changed in which way (by the event's kind), and how many of them were put back."""

    done: dict[str, int]
    undone: int


def results_of(change: QuotaChange) -> Results:
    """Counted anew each time, so that a step that was done twice counts once."""
    forward = change.events.exclude(facts__has_key="undone")
    done = dict(
        forward.order_by().values("kind").annotate(slots=Count("slot", distinct=True)).values_list("kind", "slots")
    )
    return Results(done, change.events.filter(facts__has_key="undone").count())


def with_names(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a summary, with sites and people by name. Two statements."""
    rows = list(rows)
    sites = Site.objects.in_bulk({row["site"] for row in rows if row.get("site")})
    people = User.objects.in_bulk({row["by"] for row in rows if row.get("by")})
    return [
        {**row, "site": sites.get(row.get("site")), "by": people.get(row.get("by"))}  # type: ignore[arg-type]
        for row in rows
    ]


def touched_appointments(ids: Iterable[int]) -> list[Appointment]:
    """The appointments that a preview names, in order of time."""
    rows = Appointment.objects.filter(pk__in=list(ids)).select_related("patient", "slot__site")
    return list(rows.order_by("slot__starts_at", "pk"))
