"""Doses that come to a site and go from it otherwise than into an arm."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from booking.models import Batch, MovementKind, StockMovement, Vaccine
from booking.operations.refusals import NotFound
from booking.operations.stock.refusals import StockRefused
from booking.queries.desk.stock import doses_left
from booking.rules.stock import SHORTEST_REASON, SIGN, is_expired
from sites.models import Site

MOST_DOSES = 100_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """A batch as its box says: vaccine (code), number, the last day on which it may be given."""

    vaccine: str
    number: str
    expires_on: date
    doses_per_vial: int = 1
    pack_code: str = ""


def receive(*, site: Site, delivery: Delivery, doses: int, by: int, key: str, now: datetime) -> Batch:
    """Note that doses of a batch have come; the batch is made if the site did not have it. A repeat changes nothing.

    Raises StockRefused: unknown_vaccine; expired; other_expiry, where the site knows the number with another date
    (`expires_on`); number_of_doses.
    """
    vaccine = Vaccine.objects.filter(code=delivery.vaccine).first()
    if vaccine is None:
        raise StockRefused(reason="unknown_vaccine")
    _refuse_number_of(doses)
    if is_expired(delivery.expires_on, today=timezone.localdate(now)):
        raise StockRefused(reason="expired", expires_on=delivery.expires_on)
    with transaction.atomic():
        batch, made = Batch.objects.get_or_create(
            site=site,
            vaccine=vaccine,
            number=delivery.number,
            defaults={
                "expires_on": delivery.expires_on,
                "doses_per_vial": delivery.doses_per_vial,
                "pack_code": delivery.pack_code,
            },
        )
        if not made and batch.expires_on != delivery.expires_on:
            raise StockRefused(reason="other_expiry", expires_on=batch.expires_on)
        if batch.finished_at is not None:
            batch.finished_at = None
            batch.save(update_fields=["finished_at"])
        _move(batch, MovementKind.RECEIVED, doses, by=by, key=key, now=now)
    return batch


def take_out(
    *, site: Site, batch_id: int, kind: MovementKind, doses: int, reason: str, by: int, key: str, now: datetime
) -> Batch:
    """Note that doses were wasted or sent back. A repeat changes nothing.

    Raises NotFound; StockRefused: no_reason; number_of_doses; more_than_left (`left`).
    """
    if kind not in (MovementKind.WASTED, MovementKind.RETURNED):
        raise ValueError("doses go into arms by vaccinating")
    _refuse_number_of(doses)
    if len(reason.strip()) < SHORTEST_REASON:
        raise StockRefused(reason="no_reason")
    with transaction.atomic():
        batch = lock_batch(site, batch_id)
        left = doses_left(batch.pk)
        if doses > left and not StockMovement.objects.filter(key=key).exists():
            raise StockRefused(reason="more_than_left", left=left)
        _move(batch, kind, doses, by=by, key=key, now=now, reason=reason.strip())
    return batch


def finish(*, site: Site, batch_id: int, finished: bool, now: datetime) -> Batch:
    """Say that a batch is used up, so that no desk offers it, or take that back. Raises NotFound."""
    with transaction.atomic():
        batch = lock_batch(site, batch_id)
        batch.finished_at = now if finished else None
        batch.save(update_fields=["finished_at"])
    return batch


def lock_batch(site: Site, batch_id: int) -> Batch:
    """The batch's row until the transaction ends. Raises NotFound, also for a batch of another site."""
    batch = Batch.objects.select_for_update(of=("self",)).filter(pk=batch_id, site=site).first()
    if batch is None:
        raise NotFound(what="batch")
    return batch


def _move(batch: Batch, kind: MovementKind, doses: int, *, by: int, key: str, now: datetime, reason: str = "") -> None:
    try:
        with transaction.atomic():
            StockMovement.objects.create(
                batch=batch, kind=kind, doses=SIGN[kind] * doses, by_id=by, key=key, at=now, reason=reason
            )
    except IntegrityError:
        # The only constraint that it can meet is that of the key: it was noted before.
        if not StockMovement.objects.filter(key=key, batch=batch, kind=kind, doses=SIGN[kind] * doses).exists():
            raise StockRefused(reason="key_reused") from None


def _refuse_number_of(doses: int) -> None:
    if not 1 <= doses <= MOST_DOSES:
        raise StockRefused(reason="number_of_doses", most=MOST_DOSES)
