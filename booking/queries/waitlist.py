"""What an account waits for, and what it is offered, as its pages show them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from booking.models import Appointment, Offer, OfferState, Status, WaitlistEntry
from booking.queries.availability import day_bounds
from booking.queries.slot_facts import SiteFacts, site_facts
from sites.models import District, Site

PENDING, EXPIRED = "pending", "expired"
PLACE, LEFTOVER = "place", "leftover"


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One wish that still counts. Without sites and districts any site of the city would do, without days any day."""

    entry_id: UUID
    patient_id: UUID
    patient_name: str
    programme_code: str
    programme_name: str
    programme_name_en: str
    sites: tuple[Site, ...]
    districts: tuple[District, ...]
    takes_leftovers: bool
    until: date
    joined_at: datetime
    days: tuple[int, ...] = ()
    parts_of_day: tuple[str, ...] = ()
    # Who comes along: id and name.
    companions: tuple[tuple[UUID, str], ...] = ()
    # The person has an appointment for the programme meanwhile, so nobody asks them: its day.
    booked_on: date | None = None


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """Places or a leftover dose offered. `state`: pending, accepted, declined, expired or withdrawn, as of now."""

    offer_id: UUID
    entry_id: UUID
    patient_id: UUID
    patient_name: str
    programme_code: str
    programme_name: str
    programme_name_en: str
    site: SiteFacts
    state: str
    made_at: datetime
    expires_at: datetime
    # By when whoever accepts is to be at the site: of places, when the slot ends.
    come_by: datetime
    # Of the appointment that came of it.
    reference: str | None
    # Of places: the slot's time, and the names of those for whom they are besides the patient.
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    companions: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """It can be answered."""
        return self.state == PENDING

    @property
    def kind(self) -> str:
        """A place that somebody gave up, or a leftover dose of today."""
        return LEFTOVER if self.starts_at is None else PLACE


def entries_of(account_id: int, *, now: datetime) -> list[EntryFacts]:
    """The account's wishes that still count, oldest first."""
    rows = list(_waiting(account_id, now=now))
    booked = _booked(rows)
    return [_entry(row, booked) for row in rows]


def entry_of(account_id: int, entry_id: UUID, *, now: datetime) -> EntryFacts | None:
    """One of the account's wishes that still count; None for anybody else's."""
    row = _waiting(account_id, now=now).filter(pk=entry_id).first()
    return _entry(row, _booked([row])) if row else None


def offers_of(account_id: int, *, now: datetime) -> list[OfferFacts]:
    """The account's offers of today, newest first."""
    today = timezone.localdate(now)
    rows = _offers(account_id).filter(made_at__range=day_bounds(today, today)).order_by("-made_at", "pk")
    return [_offer(row, now) for row in rows]


def open_offers_of(account_id: int, *, now: datetime) -> list[OfferFacts]:
    """Those that wait for an answer, the most urgent first. One statement."""
    rows = _offers(account_id).filter(state=OfferState.PENDING, expires_at__gt=now).order_by("expires_at", "pk")
    return [_offer(row, now) for row in rows]


def offer_of(account_id: int, offer_id: UUID, *, now: datetime) -> OfferFacts | None:
    """One of the account's offers; None for anybody else's."""
    row = _offers(account_id).filter(pk=offer_id).first()
    return _offer(row, now) if row else None


def _waiting(account_id: int, *, now: datetime) -> QuerySet[WaitlistEntry]:
    return (
        WaitlistEntry.objects.filter(account_id=account_id, ended_at=None, until__gte=timezone.localdate(now))
        .filter(patient__removed_at=None)
        .select_related("patient", "programme")
        .prefetch_related("sites", "districts", "companions")
        .order_by("joined_at", "pk")
    )


def _booked(rows: list[WaitlistEntry]) -> dict[tuple[UUID, int], date]:
    found = Appointment.objects.filter(
        person__in=[row.person for row in rows], status__in=[Status.BOOKED, Status.CHECKED_IN]
    )
    days = found.values_list("person", "programme_id", "slot__starts_at").order_by("-slot__starts_at")
    return {(person, programme): timezone.localdate(at) for person, programme, at in days}


def _entry(row: WaitlistEntry, booked: dict[tuple[UUID, int], date]) -> EntryFacts:
    return EntryFacts(
        entry_id=row.pk,
        patient_id=row.patient_id,
        patient_name=row.patient.name,
        programme_code=row.programme.code,
        programme_name=row.programme.name,
        programme_name_en=row.programme.name_en,
        sites=tuple(row.sites.all()),
        districts=tuple(row.districts.all()),
        takes_leftovers=row.takes_leftovers,
        until=row.until,
        joined_at=row.joined_at,
        days=tuple(row.days),
        parts_of_day=tuple(row.parts_of_day),
        companions=_along(row),
        booked_on=booked.get((row.person, row.programme_id)),
    )


def _offers(account_id: int) -> QuerySet[Offer]:
    return (
        Offer.objects.filter(entry__account_id=account_id)
        .select_related("entry__patient", "entry__programme", "site", "round", "slot", "appointment")
        .prefetch_related("entry__companions")
    )


def _along(entry: WaitlistEntry) -> tuple[tuple[UUID, str], ...]:
    """Whoever left the account's family does not come along any more."""
    own = [one for one in entry.companions.all() if one.removed_at is None and one.user_id == entry.account_id]
    return tuple((one.pk, one.name) for one in own)


def _offer(row: Offer, now: datetime) -> OfferFacts:
    entry, site, round_, slot = row.entry, row.site, row.round, row.slot
    is_over = row.state == OfferState.PENDING and row.expires_at <= now
    return OfferFacts(
        offer_id=row.pk,
        entry_id=entry.pk,
        patient_id=entry.patient_id,
        patient_name=entry.patient.name,
        programme_code=entry.programme.code,
        programme_name=entry.programme.name,
        programme_name_en=entry.programme.name_en,
        site=site_facts(site),
        state=EXPIRED if is_over else row.state.lower(),
        made_at=row.made_at,
        expires_at=row.expires_at,
        come_by=round_.until if round_ else slot.ends_at,  # type: ignore[union-attr]
        reference=row.appointment.reference if row.appointment else None,
        starts_at=slot.starts_at if slot else None,
        ends_at=slot.ends_at if slot else None,
        companions=tuple(name for _, name in _along(entry)) if slot else (),
    )
