"""Draws as pages show them: what was announced, how they stand, and what is published."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from booking.models import Draw, DrawEntry, DrawFile, DrawOutcome, DrawState
from booking.queries.draw_slots import places_of
from booking.queries.slot_facts import SiteFacts, site_facts
from sites.models import Site

# How a draw stands. Open: somebody can enter now; announced: not yet; closed: the entries are, or are about to be.
ANNOUNCED, OPEN, CLOSED, DRAWING, DRAWN, CALLED_OFF = "announced", "open", "closed", "drawing", "drawn", "called_off"


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """What is public of a draw. Digests are empty until there is something that they are of, the seed until it drew."""

    draw_id: UUID
    programme_id: int
    programme_code: str
    programme_name: str
    programme_name_en: str
    name: str
    name_en: str
    state: str
    opens_at: datetime
    closes_at: datetime
    first_day: date
    last_day: date
    public_source: str
    public_source_en: str
    public_value: str
    commitment: str
    seed: str
    closed_at: datetime | None
    entries_digest: str
    drawn_at: datetime | None
    digest: str
    previous_id: UUID | None
    next_id: UUID | None


@dataclass(frozen=True, slots=True)
class DrawPlaces:
    """One site of a draw: its places by day. Before the entries close they may still change."""

    site: SiteFacts
    days: tuple[tuple[date, int], ...]

    @property
    def places(self) -> int:
        return sum(places for _, places in self.days)


@dataclass(frozen=True, slots=True)
class Published:
    """What is published: once the entries are closed the list, later the whole file. `compressed` is gzip of it."""

    compressed: bytes
    is_whole: bool
    # SHA-256 of the whole file, or, of the list, the digest of the entries.
    digest: str

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.compressed)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many entries are in the draw, how many have been dealt with, and what came of those (models.DrawOutcome)."""

    entries: int
    done: int
    outcomes: dict[str, int]

    @property
    def booked(self) -> int:
        return self.outcomes.get(DrawOutcome.BOOKED, 0)


def draws(*, now: datetime, programme_id: int | None = None) -> list[DrawFacts]:
    """All draws, or those of a programme, the newest first."""
    rows = draw_rows().order_by("-opens_at", "pk")
    return [facts_of(row, now) for row in (rows.filter(programme_id=programme_id) if programme_id else rows)]


def draw_facts(draw_id: UUID, *, now: datetime) -> DrawFacts | None:
    """One draw."""
    row = draw_rows().filter(pk=draw_id).first()
    return facts_of(row, now) if row else None


def draw_sites(draw_id: UUID) -> list[DrawPlaces]:
    """The sites where the draw has places, by code, with how many on which day; before the entries are closed."""
    draw = Draw.objects.defer("seed").get(pk=draw_id)
    by_site: dict[str, dict[date, int]] = {}
    for one in places_of(draw):
        days = by_site.setdefault(one.site, {})
        day = date.fromisoformat(one.day)
        days[day] = days.get(day, 0) + one.places
    sites = sites_by_code(by_site)
    return [DrawPlaces(sites[code], tuple(sorted(days.items()))) for code, days in sorted(by_site.items())]


def entries_in(draw_id: UUID) -> int:
    """How many people are in the draw."""
    return DrawEntry.objects.filter(draw_id=draw_id, withdrawn_at=None).count()


def published(draw_id: UUID) -> Published | None:
    """The published file as far as there is one."""
    row = DrawFile.objects.filter(draw_id=draw_id).select_related("draw").defer("draw__seed").first()
    if row is None:
        return None
    if row.outcome is None:
        return Published(bytes(row.entry_list), False, row.draw.entries_digest)
    return Published(bytes(row.outcome), True, row.draw.digest)


def progress(draw_id: UUID) -> Progress:
    """How far the giving of places is."""
    rows = DrawEntry.objects.filter(draw_id=draw_id, withdrawn_at=None).values_list("outcome").annotate(n=Count("pk"))
    outcomes = dict(rows.order_by())
    entries = sum(outcomes.values())
    waiting = outcomes.pop("", 0)
    return Progress(entries, entries - waiting, outcomes)


def draw_rows() -> QuerySet[Draw]:
    """Draws as facts_of wants them."""
    return Draw.objects.select_related("programme", "next").defer("next__seed")


def facts_of(row: Draw, now: datetime) -> DrawFacts:
    """What is public of a row that has its programme and the draw after it."""
    following: Draw | None = getattr(row, "next", None)
    return DrawFacts(
        draw_id=row.pk,
        programme_id=row.programme_id,
        programme_code=row.programme.code,
        programme_name=row.programme.name,
        programme_name_en=row.programme.name_en,
        name=row.name,
        name_en=row.name_en,
        state=state_of(row, now=now),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        first_day=row.first_day,
        last_day=row.last_day,
        public_source=row.public_source,
        public_source_en=row.public_source_en,
        public_value=row.public_value,
        commitment=row.commitment,
        seed=str(row.seed) if row.drawn_at is not None else "",
        closed_at=row.closed_at,
        entries_digest=row.entries_digest,
        drawn_at=row.drawn_at,
        digest=row.digest,
        previous_id=row.previous_id,
        next_id=following.pk if following else None,
    )


def state_of(row: Draw, *, now: datetime) -> str:
    """How it stands: one of the above."""
    if row.state != DrawState.ANNOUNCED:
        return row.state.lower()
    if now < row.opens_at:
        return ANNOUNCED
    return OPEN if now < row.closes_at else CLOSED


def sites_by_code(codes: Iterable[str]) -> dict[str, SiteFacts]:
    """The sites that there are of these codes."""
    return {site.code: site_facts(site) for site in Site.objects.filter(code__in=codes)}
