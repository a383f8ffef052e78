"""What the steward prepares for leftover doses: somebody who waits for one at a site.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from accounts.models import Patient, User
from booking.models import LeftoverRound, Offer, OfferState, RoundState, Slot, WaitlistEntry
from booking.operations.waitlist.join import join
from booking.queries.programmes import forget_programmes

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


def asked_too(entry: str) -> None:
    """This wish is asked about the dose of the running round as well: more people than doses."""
    row, now = WaitlistEntry.objects.get(pk=UUID(entry)), timezone.now()
    round_ = LeftoverRound.objects.get(programme_id=row.programme_id, state=RoundState.RUNNING)
    Offer.objects.create(entry=row, site=round_.site, round=round_, made_at=now, expires_at=now + _ANSWER)


ACTS = (waits, offered, asked_too)
