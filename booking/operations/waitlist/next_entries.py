"""Who on the waitlist is asked next, in the order of rules.leftovers."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from booking.models import (
    Appointment,
    LeftoverRound,
    Offer,
    OfferState,
    Status,
    Suspicion,
    SuspicionState,
    WaitlistEntry,
)
from booking.queries.availability import day_bounds
from booking.rules.leftovers import MOST_OFFERS_A_DAY, homes_nearest_first
from sites.models import Site
from sites.queries import distance_m, districts

_SITE, _DISTRICT, _CITY = 0, 1, 2


def next_entries(round_: LeftoverRound, *, most: int, without: set[UUID], now: datetime) -> list[WaitlistEntry]:
    """Up to so many entries who may be asked, the first in turn first, locked in the transaction.

    Whoever another round is asking in this moment is left out, so are the entries of `without`. Whether the programme
    is for them today is not looked at.
    """
    rows = _in_order(_willing(round_, now=now), round_.site).exclude(pk__in=without)
    rows = rows.exclude(person__in=_asked_enough(round_, now=now))
    return list(rows.select_for_update(skip_locked=True, of=("self",))[:most])


def _willing(round_: LeftoverRound, *, now: datetime) -> QuerySet[WaitlistEntry]:
    has_a_place = Appointment.objects.filter(
        person=OuterRef("person"), programme_id=round_.programme_id, status__in=[Status.BOOKED, Status.CHECKED_IN]
    )
    locked = Suspicion.objects.filter(account=OuterRef("account"), state=SuspicionState.LOCKED)
    return WaitlistEntry.objects.filter(
        ~Exists(has_a_place),
        ~Exists(locked),
        programme_id=round_.programme_id,
        ended_at=None,
        takes_leftovers=True,
        until__gte=timezone.localdate(now),
        patient__removed_at=None,
    )


def _in_order(rows: QuerySet[WaitlistEntry], site: Site) -> QuerySet[WaitlistEntry]:
    by_site = WaitlistEntry.sites.through.objects.filter(waitlistentry_id=OuterRef("pk"))
    by_district = WaitlistEntry.districts.through.objects.filter(waitlistentry_id=OuterRef("pk"))
    band = Case(
        When(Exists(by_site.filter(site_id=site.pk)), then=Value(_SITE)),
        When(Exists(by_district.filter(district_id=site.district_id)), then=Value(_DISTRICT)),
        When(~Exists(by_site) & ~Exists(by_district), then=Value(_CITY)),
        output_field=IntegerField(),
    )
    metres = {row.code: distance_m(row.latitude, row.longitude, site) for row in districts()}
    homes = [
        When(patient__district_code=code, then=Value(number)) for number, code in enumerate(homes_nearest_first(metres))
    ]
    # Nobody who named a place says by it where they are at home; who has not said where counts as far away.
    home = Case(When(~Q(band=_CITY), then=Value(0)), *homes, default=Value(len(homes)), output_field=IntegerField())
    return (
        rows.annotate(band=band)
        .filter(band__isnull=False)
        .annotate(home=home)
        .order_by(F("band"), F("home"), "joined_at", "pk")
    )


def _asked_enough(round_: LeftoverRound, *, now: datetime) -> list[UUID]:
    """Persons whom this round has asked, who are being asked, or were asked as often today as anybody is."""
    today = timezone.localdate(now)
    midnight, _ = day_bounds(today, today)
    offers = Offer.objects.filter(Q(made_at__gte=midnight) | Q(state=OfferState.PENDING) | Q(round_id=round_.pk))
    count: Counter[UUID] = Counter()
    enough: set[UUID] = set()
    for person, state, round_id, made_at in offers.values_list("entry__person", "state", "round_id", "made_at"):
        count[person] += made_at >= midnight
        if state == OfferState.PENDING or round_id == round_.pk or count[person] >= MOST_OFFERS_A_DAY:
            enough.add(person)
    return sorted(enough)
