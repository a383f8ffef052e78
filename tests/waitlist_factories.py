"""A site with leftover doses, and people who wait for one."""

from datetime import datetime, timedelta

from accounts.models import User
from booking.models import LeftoverRound, Offer, OfferState, Programme, WaitlistEntry
from booking.operations.waitlist.advance_leftovers import advance_leftovers
from booking.operations.waitlist.begin_leftovers import begin_leftovers
from booking.operations.waitlist.join import join
from tests.factories import make_citizen, make_patient, make_programme, make_site, make_slot


class Leftovers:
    """One site with a slot of today from 12:00 to 12:30, as seen at `now`, 11:00 unless told otherwise."""

    def __init__(self, now: datetime, *, programme: Programme | None = None, site=None) -> None:
        self.now = now
        self.site = site or make_site()
        self.programme = programme or make_programme()
        noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
        self.slot = make_slot(self.site, self.programme, quota=5, starts_at=noon)
        self.until = noon + timedelta(minutes=30)
        self.supervisor: User = make_citizen()

    def waits(self, patient=None, *, minutes: int = 0, until: int = 7, **wish) -> WaitlistEntry:
        """The patient, or a new one, joined so many minutes ago; by default for this site."""
        patient = patient or make_patient()
        if not wish.keys() & {"sites", "districts"}:
            wish["sites"] = [self.site.code]
        facts = join(
            account_id=patient.user_id,
            patient_id=patient.pk,
            programme=self.programme.code,
            until=self.now.date() + timedelta(days=until),
            now=self.now - timedelta(minutes=minutes),
            **wish,
        )
        return WaitlistEntry.objects.get(pk=facts.entry_id)

    def begins(self, doses: int = 1, **more) -> LeftoverRound:
        """The site begins a round, and the first people are asked."""
        wanted = {"until": self.until, "now": self.now, **more}
        round_ = begin_leftovers(
            site_id=self.site.pk, programme=self.programme.code, doses=doses, by=self.supervisor.pk, **wanted
        )
        advance_leftovers(now=wanted["now"])
        return round_


def pending() -> list[Offer]:
    """What waits for an answer, in the order in which it was made."""
    return list(Offer.objects.filter(state=OfferState.PENDING).select_related("entry").order_by("made_at", "pk"))


def asked() -> set:
    """The entries that are being asked."""
    return {offer.entry_id for offer in pending()}
