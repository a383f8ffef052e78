"""A slot is closed or gets fewer places: numbers that nobody has yet go first, those that are offered among them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q

from booking.models import Appointment, Offer, OfferState
from booking.operations.freed_places.locked import given_up
from booking.operations.freed_places.to_everybody import to_everybody
from booking.queries.taken import taken_in


def withdraw_all(slot_ids: Collection[int], *, now: datetime) -> None:
    """Nobody is offered anything in these slots any more. In a transaction that has their rows locked."""
    rows = _freed(slot_ids, now=now)
    _withdraw([row for row in rows if row.kept_for_id is not None], now=now)
    to_everybody(rows, now=now)


def make_room(quotas: Mapping[int, int], *, now: datetime) -> None:
    """Let go of as many freed numbers as have to go for these quotas; first of those that are offered to nobody.

    In a transaction that has the slots' rows locked. Whoever has an appointment, or may still undo a cancellation, is
    not touched: a quota may remain too low.
    """
    taken = taken_in(list(quotas))
    short = {slot_id: taken.get(slot_id, 0) - quota for slot_id, quota in quotas.items()}
    rows = _freed([slot_id for slot_id, missing in short.items() if missing > 0], now=now)
    # Of those who were asked the last ones first; whoever is asked about several places loses all of them.
    rows.sort(key=lambda row: (row.kept_for_id is not None, -row.release_at.timestamp() if row.release_at else 0))
    gone: list[Appointment] = []
    for row in rows:
        if short[row.slot_id] > 0 and row not in gone:
            with_it = [other for other in rows if other.kept_for_id == row.kept_for_id] if row.kept_for_id else [row]
            gone += with_it
            short[row.slot_id] -= len(with_it)
    _withdraw([row for row in gone if row.kept_for_id is not None], now=now)
    to_everybody(gone, now=now)


def _freed(slot_ids: Collection[int], *, now: datetime) -> list[Appointment]:
    over = Q(restorable_until=None) | Q(restorable_until__lte=now)
    rows = given_up().filter(over, slot_id__in=slot_ids)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _withdraw(rows: Collection[Appointment], *, now: datetime) -> None:
    offers = Offer.objects.filter(pk__in={row.kept_for_id for row in rows}, state=OfferState.PENDING)
    keys = list(offers.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Offer.objects.filter(pk__in=keys).update(state=OfferState.WITHDRAWN, answered_at=now)
