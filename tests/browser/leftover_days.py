"""What the steward prepares for leftover doses: somebody who waits for one at a site.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Patient, User
from booking.models import LeftoverRound, Offer, OfferState, RoundState, Slot, WaitlistEntry
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.begin_leftovers import begin_leftovers
from booking.operations.waitlist.join import join
from booking.queries.programmes import forget_programmes
from booking.rules.leftovers import is_quiet

_ANSWER, _COME = timedelta(minutes=15), timedelta(minutes=45)


def waits(person: str, site: str, minutes: int, programme: str = "") -> str:
    """The person joined so many minutes ago, for this site and what it gives; the key of their wish."""
    now, patient = timezone.now(), Patient.objects.get(pk=UUID(person))
    slots = Slot.objects.select_related("programme").filter(site__code=site)
    slot = (slots.filter(programme__code=programme) if programme else slots).first()
    assert slot is not None
    # The day's programme was made a moment ago.
    forget_programmes()
    facts = join(
        account_id=patient.user_id, patient_id=patient.pk, programme=slot.programme.code, sites=[site],
        until=timezone.localdate(now) + timedelta(days=14), now=now - timedelta(minutes=minutes),
    )  # fmt: skip
    return str(facts.entry_id)


def offered(entry: str, state: str = "PENDING") -> str:
    """What an offer to this wish looks like, whatever the time of day is; its key."""
    now, row = timezone.now(), WaitlistEntry.objects.get(pk=UUID(entry))
    site, by = row.sites.get(), User.objects.get(username="demo-staff")
    round_ = LeftoverRound.objects.create(
        site=site, programme=row.programme, doses=1, until=now + timedelta(hours=6), by=by, begun_at=now,
        state=RoundState.STOPPED if state == OfferState.WITHDRAWN else RoundState.RUNNING,
    )  # fmt: skip
    expires_at = now + timedelta(hours=5)
    offer = Offer.objects.create(entry=row, site=site, round=round_, state=state, made_at=now, expires_at=expires_at)
    return str(offer.pk)


def round_as_if_by_day(site: str, by: int) -> None:
    """A round of one dose, begun by the clock of noon, that can be answered now: for journeys at night."""
    slot, local = Slot.objects.filter(site__code=site).latest("pk"), timezone.localtime()
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    # In one piece: the city's own jobs do not see it while it is of noon.
    with transaction.atomic():
        round_ = begin_leftovers(
            site_id=slot.site_id, programme=slot.programme.code, doses=1, until=noon + _COME, by=by, now=noon
        )
        advance_leftovers(now=noon)
        until = min(local + _COME, local.replace(hour=23, minute=59, second=59))
        LeftoverRound.objects.filter(pk=round_.pk).update(until=until, begun_at=local)
        Offer.objects.filter(round=round_).update(made_at=local, expires_at=min(local + _ANSWER, until))


def asked_too(entry: str) -> None:
    """This wish is asked about the dose of the running round as well: more people than doses."""
    row, now = WaitlistEntry.objects.get(pk=UUID(entry)), timezone.now()
    round_ = LeftoverRound.objects.get(programme_id=row.programme_id, state=RoundState.RUNNING)
    Offer.objects.create(entry=row, site=round_.site, round=round_, made_at=now, expires_at=now + _ANSWER)


def nobody_is_disturbed_now() -> dict[str, Any]:
    """Whether it is so late that nobody is asked."""
    return {"quiet": is_quiet(timezone.localtime())}


ACTS = (waits, offered, round_as_if_by_day, asked_too, nobody_is_disturbed_now)
