"""Whether somebody may be in a draw, and which of the days that they wish for would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from booking.models import Draw
from booking.operations.draws.refusals import WishRefused
from booking.operations.explain import already_booked
from booking.operations.refusals import NotEligible, NotFound
from booking.queries.bookables import Bookable, bookables
from booking.queries.draw_slots import slots_of
from booking.rules.draw import MOST_SITES
from booking.rules.eligibility import Decision, decide


@dataclass(frozen=True, slots=True)
class Wish:
    """Where and when: site codes, the most wanted first; no days: any."""

    sites: tuple[str, ...]
    days: tuple[date, ...]
    any_site: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """The person, and their wish as it counts."""

    person: UUID
    wish: Wish


def days_of(draw: Draw) -> list[date]:
    """Every day of the draw."""
    return [draw.first_day + timedelta(days=n) for n in range((draw.last_day - draw.first_day).days + 1)]


def checked(account_id: int, patient_id: UUID, draw: Draw, wish: Wish) -> Accepted:
    """The wish with those of its days on which the patient may have the dose; no days, if that is every day.

    Raises WishRefused, NotFound, NotEligible, AlreadyBooked.
    """
    _refuse(wish, draw)
    slot_id = slots_of(draw).order_by("pk").values_list("pk", flat=True).first()
    if slot_id is None:
        raise NotFound(what="slot")
    # The rules and the person are the same whichever slot of the draw is asked about.
    found = bookables([(patient_id, account_id, slot_id)])[0]
    if found is None:
        raise NotFound(what="patient")
    decided = suitable(found, draw, wish.days)
    if isinstance(decided, Decision):
        _refuse_decided(found, decided, account_id)
        raise NotEligible(reason=decided.reason, from_date=decided.from_date)
    return Accepted(found.person_key, Wish(wish.sites, decided, wish.any_site))


def suitable(found: Bookable, draw: Draw, wished: Sequence[date]) -> tuple[date, ...] | Decision:
    """Those of the wished days, or of all, that would do; none, if all of the draw's would. Or why no day would."""
    days = days_of(draw)
    decided = {day: decide(found.slot.rules, found.person, on=day) for day in sorted(set(wished)) or days}
    booked = {dose for dose, _ in found.person.booked}
    good = tuple(day for day, one in decided.items() if one.dose is not None and one.dose not in booked)
    if not good:
        return next(iter(decided.values()))
    return () if len(good) == len(days) else good


def _refuse(wish: Wish, draw: Draw) -> None:
    if not wish.sites and not wish.any_site:
        raise WishRefused(reason="no_site")
    if len(wish.sites) > MOST_SITES or len(set(wish.sites)) < len(wish.sites):
        raise WishRefused(reason="too_many_sites")
    known = slots_of(draw).filter(site__code__in=wish.sites).values_list("site__code", flat=True).distinct()
    if len(known) < len(wish.sites):
        raise WishRefused(reason="unknown_site")
    if not set(wish.days) <= set(days_of(draw)):
        raise WishRefused(reason="unknown_day")


def _refuse_decided(found: Bookable, decided: Decision, account_id: int) -> None:
    if decided.dose is not None:
        booked = already_booked(found.person_key, found.slot.programme_id, decided.dose, account_id=account_id)
        if booked is not None:
            raise booked
        # It was cancelled in this very moment: their answer is that of a minute ago.
        raise NotFound(what="patient")
