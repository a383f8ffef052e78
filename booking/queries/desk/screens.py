"""The screens in a site's waiting room, and what they show: tickets, masked names, no vaccine."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from accounts.masking import masked_name
from booking.models import PublicScreen, Visit, VisitStatus
from booking.queries.desk.waiting_room import waiting_room
from booking.queries.moments import moment
from sites.models import Site

_CALLS = 4
# Seconds: all screens of a site ask together.
_KEEP = 1


def screen_known_by(secret: UUID) -> PublicScreen | None:
    """The screen whose cookie this is, paired or ended; None for one that never was."""
    return PublicScreen.objects.filter(secret=secret).select_related("site", "district").first()


def screens_of(site_id: int) -> list[dict[str, Any]]:
    """Those that are paired, latest first, and by whom."""
    rows = PublicScreen.objects.filter(site_id=site_id, ended_at=None).select_related("paired_by")
    return [
        {
            "id": str(row.pk),
            "paired_at": moment(row.paired_at),
            "paired_by": row.paired_by.known_as(),
        }
        for row in rows.order_by("-paired_at")
    ]


def screen_state(site: Site, *, now: datetime) -> dict[str, Any]:
    """What the site's screens show now; two statements a second however many there are."""
    key = f"screen:state:{site.pk}"
    state: dict[str, Any] | None = cache.get(key)
    if state is None:
        state = _state(site, now=now)
        cache.set(key, state, _KEEP)
    return state


def _state(site: Site, *, now: datetime) -> dict[str, Any]:
    room = waiting_room(site.pk, now=now)
    return {
        "site": {"name": site.name, "name_en": site.name_en, "phone": site.phone},
        "now": moment(now),
        "calls": _calls(site.pk, now=now),
        "for_questions": room.for_questions,
        "for_dose": room.for_dose,
        "observed": room.observed,
        "minutes": room.minutes,
        "may_leave": [_ticket(number) for number in room.may_leave],
    }


def _calls(site_id: int, *, now: datetime) -> list[dict[str, Any]]:
    rows = Visit.objects.filter(site_id=site_id, day=timezone.localdate(now), called_at__isnull=False)
    latest = rows.exclude(status=VisitStatus.CANCELLED).order_by("-called_at", "-pk")[:_CALLS]
    return [
        {"ticket": _ticket(ticket), "name": masked_name(name), "desk": desk, "at": moment(at)}
        for ticket, name, desk, at in latest.values_list(
            "ticket", "appointment__patient__name", "called_desk", "called_at"
        )
    ]


def _ticket(number: int) -> str:
    return f"A{number:03}"
