"""Entries in draws: what an account has in them, and what is published under a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from booking.models import DrawEntry, DrawState, Slot
from booking.queries.draws import ANNOUNCED, OPEN, DrawFacts, draw_rows, facts_of, sites_by_code
from booking.queries.slot_facts import SiteFacts, site_facts
from booking.rules.draw import clean_code


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a drawn place is."""

    site: SiteFacts
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class MyEntry:
    """An account's entry. `sites` in the order of the wish; no days: any.

    `rank` and `place` are there as soon as it is drawn; `outcome` (one of models.DrawOutcome) and `reference` once the
    place was given.
    """

    entry_id: UUID
    draw: DrawFacts
    patient_id: UUID
    patient_name: str
    code: str
    sites: tuple[SiteFacts, ...]
    days: tuple[date, ...]
    any_site: bool
    rounds_lost: int
    entered_at: datetime
    withdrawn_at: datetime | None
    rank: int | None
    place: Place | None
    outcome: str
    reference: str | None

    @property
    def can_change(self) -> bool:
        """Whether the wish can be changed, or the entry withdrawn."""
        return self.withdrawn_at is None and self.draw.state in (ANNOUNCED, OPEN)


@dataclass(frozen=True, slots=True)
class Line:
    """What is published about an entry, found by its code. `rank` None: not drawn yet."""

    code: str
    sites: tuple[str, ...]
    days: tuple[date, ...]
    any_site: bool
    rounds_lost: int
    rank: int | None
    place: Place | None


def my_entries(account_id: int, *, now: datetime) -> list[MyEntry]:
    """The account's entries that were not withdrawn, the newest first."""
    rows = _entries().filter(account_id=account_id, withdrawn_at=None).order_by("-entered_at", "pk")
    return _mine(list(rows), now)


def my_entry(account_id: int, entry_id: UUID, *, now: datetime) -> MyEntry | None:
    """One of the account's entries, also a withdrawn one; None for anybody else's."""
    return next(iter(_mine(list(_entries().filter(account_id=account_id, pk=entry_id)), now)), None)


def line_by_code(draw_id: UUID, typed: str) -> Line | None:
    """What is published under a code, however it is typed; None before the entries are closed, or if there is none."""
    published = [DrawState.CLOSED, DrawState.DRAWING, DrawState.DRAWN]
    rows = _entries().filter(draw_id=draw_id, withdrawn_at=None, code=clean_code(typed), draw__state__in=published)
    row = rows.first()
    if row is None:
        return None
    return Line(row.code, tuple(row.sites), tuple(row.days), row.any_site, row.rounds_lost, row.rank, _place(row.slot))


def _entries() -> QuerySet[DrawEntry]:
    return DrawEntry.objects.select_related("draw__programme", "patient", "slot__site", "appointment")


def _mine(rows: Sequence[DrawEntry], now: datetime) -> list[MyEntry]:
    facts = {row.pk: facts_of(row, now) for row in draw_rows().filter(pk__in={row.draw_id for row in rows})}
    sites = sites_by_code({code for row in rows for code in row.sites})
    return [
        MyEntry(
            entry_id=row.pk,
            draw=facts[row.draw_id],
            patient_id=row.patient_id,
            patient_name=row.patient.name,
            code=row.code,
            sites=tuple(sites[code] for code in row.sites if code in sites),
            days=tuple(row.days),
            any_site=row.any_site,
            rounds_lost=row.rounds_lost,
            entered_at=row.entered_at,
            withdrawn_at=row.withdrawn_at,
            rank=row.rank,
            place=_place(row.slot),
            outcome=row.outcome,
            reference=row.appointment.reference if row.appointment else None,
        )
        for row in rows
    ]


def _place(slot: Slot | None) -> Place | None:
    return Place(site_facts(slot.site), slot.starts_at, slot.ends_at) if slot else None
