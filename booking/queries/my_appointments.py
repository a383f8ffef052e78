"""What an account has booked, as its list shows it: what is coming, what is over, what was given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from booking.models import Appointment, Status
from booking.queries.appointments import AppointmentFacts, facts_of
from booking.queries.relocations import LATEST_RELOCATION
from booking.rules.standing import GIVEN_UP, GRACE, PAST, UPCOMING, standing

GROUPS = (UPCOMING, PAST, GIVEN_UP)
PAGE = 20
# How many of each group stand on the first page; whoever looks for an older one opens the group.
FIRST = {UPCOMING: PAGE, PAST: 5, GIVEN_UP: 3}


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One line; `standing` is as rules.standing says."""

    facts: AppointmentFacts
    standing: str


@dataclass(frozen=True, slots=True)
class AppointmentGroup:
    """Some rows of a group, of `total`: what comes soonest first, the others newest first."""

    name: str
    rows: tuple[AppointmentRow, ...]
    total: int


def appointment_groups(user_id: int, *, now: datetime) -> list[AppointmentGroup]:
    """The first rows of each of the three groups, also of empty ones. One statement."""
    wanted = Q()
    for name, most in FIRST.items():
        wanted |= Q(part=name, number__lte=most)
    found = list(_numbered(user_id, now).filter(wanted))
    return [_group(name, [row for row in found if row.part == name], now) for name in GROUPS]  # type: ignore[attr-defined]


def appointment_group(user_id: int, name: str, *, page: int, now: datetime) -> AppointmentGroup:
    """One page of one group, from 1; a page that does not exist is empty. One statement."""
    last = page * PAGE
    found = _numbered(user_id, now).filter(part=name, number__gt=last - PAGE, number__lte=last)
    return _group(name, list(found), now)


def next_appointment_of(user_id: int, now: datetime) -> AppointmentFacts | None:
    """The appointment that comes next or whose patient is there now, if there is one. One statement."""
    coming = Appointment.objects.filter(
        booked_by_id=user_id, status__in=[Status.BOOKED, Status.CHECKED_IN], slot__ends_at__gt=now - GRACE
    ).select_related("patient", "programme", "slot__site")
    row = coming.annotate(latest_relocation=LATEST_RELOCATION).order_by("slot__starts_at", "pk").first()
    return facts_of(row) if row else None


def _numbered(user_id: int, now: datetime) -> QuerySet[Any]:
    """The account's appointments with their group, their number in it, and how many the group has."""
    upcoming = Q(status__in=[Status.BOOKED, Status.CHECKED_IN], slot__ends_at__gt=now - GRACE)
    part = Case(
        When(status=Status.CANCELLED, then=Value(GIVEN_UP)), When(upcoming, then=Value(UPCOMING)), default=Value(PAST)
    )
    # Soonest first for what is coming: for the other groups the first key is empty, and the second decides.
    order = [Case(When(upcoming, then=F("slot__starts_at"))).asc(), F("slot__starts_at").desc(), F("pk").desc()]
    return (
        Appointment.objects.filter(booked_by_id=user_id)
        .select_related("patient", "programme", "slot__site")
        .annotate(
            part=part,
            number=Window(RowNumber(), partition_by=[part], order_by=order),
            total=Window(Count("*"), partition_by=[part]),
            latest_relocation=LATEST_RELOCATION,
        )
        .order_by("number")
    )


def _group(name: str, found: list[Any], now: datetime) -> AppointmentGroup:
    rows = tuple(
        AppointmentRow(facts_of(row), standing(status=row.status, ends_at=row.slot.ends_at, now=now)) for row in found
    )
    return AppointmentGroup(name, rows, found[0].total if found else 0)
