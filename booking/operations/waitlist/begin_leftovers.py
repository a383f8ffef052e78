"""A site has doses left in an open vial and offers them to the waitlist."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from booking import enqueue
from booking.models import Batch, LeftoverRound, Programme, RoundState
from booking.operations.refusals import NotFound
from booking.operations.releases.pausing import refuse_if_paused_in_the_ledger
from booking.operations.waitlist.refusals import CannotBegin
from booking.operations.waitlist.todays_slot import todays_slot
from booking.rules.leftovers import MOST_DOSES, refusal_of_round
from sites.models import Site


def begin_leftovers(
    *, site_id: int, programme: str, doses: int, until: datetime, by: int, now: datetime, batch: str = ""
) -> LeftoverRound:
    """Begin a round of 1 to 50 doses; the next people of the waitlist are asked at once, by a job.

    Whoever accepts is to be at the site `until` then. `batch` is the number of one of the site's. Raises NotFound,
    Paused, and CannotBegin: one is running, it is too late or too early in the day, or the site has no slot today.
    """
    if not 1 <= doses <= MOST_DOSES:
        raise ValueError("not a number of doses")
    reason = refusal_of_round(until=timezone.localtime(until), now=timezone.localtime(now))
    if reason:
        raise CannotBegin(reason=reason)
    with transaction.atomic():
        refuse_if_paused_in_the_ledger()
        # So that two supervisors who press at once do not offer the same doses twice.
        site = Site.objects.select_for_update(no_key=True).get(pk=site_id)
        kind = Programme.objects.filter(code=programme, is_active=True).first()
        if kind is None:
            raise NotFound(what="programme")
        if LeftoverRound.objects.filter(site=site, programme=kind, state=RoundState.RUNNING).exists():
            raise CannotBegin(reason="running")
        if todays_slot(site.pk, kind.pk, until=until) is None:
            raise CannotBegin(reason="no_slot")
        round_ = LeftoverRound.objects.create(
            site=site,
            programme=kind,
            batch=_batch(site, kind, batch) if batch else None,
            doses=doses,
            until=until,
            by_id=by,
            begun_at=now,
        )
        enqueue.advance_leftovers(now=now)
    return round_


def _batch(site: Site, programme: Programme, number: str) -> Batch:
    found = Batch.objects.filter(site=site, vaccine_id=programme.vaccine_id, number=number, finished_at=None).first()
    if found is None:
        raise NotFound(what="batch")
    return found
