"""A full slot whose people give their places up, and people who wait for one."""

from datetime import datetime, timedelta

from django.db.models import Count

from booking.models import Appointment, Offer, OfferState, Programme, Slot, WaitlistEntry
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.freed_places.release_places import release_places
from booking.operations.waitlist.join import join
from booking.queries.appointments import AppointmentFacts
from booking.queries.audit import audit
from tests.factories import make_patient, make_programme, make_site, make_slot


class FullSlot:
    """One site with a slot of so many places, three days ahead at 9:00 unless told otherwise; all are booked."""

    def __init__(
        self, now: datetime, *, quota: int = 1, starts_at: datetime | None = None, programme: Programme | None = None
    ) -> None:
        self.now = now
        self.programme = programme or make_programme()
        self.site = make_site()
        starts_at = starts_at or (now + timedelta(days=3)).replace(hour=9, minute=0)
        self.slot: Slot = make_slot(self.site, self.programme, quota=quota, starts_at=starts_at)
        self.booked = [self.books() for _ in range(quota)]

    def books(self, patient=None, *, slot: Slot | None = None) -> Appointment:
        patient = patient or make_patient()
        facts = book(
            account_id=patient.user_id,
            patient_id=patient.pk,
            slot_id=(slot or self.slot).pk,
            request_key=f"books-{patient.pk}",
            now=self.now,
        )
        return Appointment.objects.get(reference=facts.reference)

    def waits(self, patient=None, *, minutes: int = 0, until: int = 7, **wish) -> WaitlistEntry:
        """The patient, or a new one, joined so many minutes ago; by default for any site."""
        patient = patient or make_patient()
        facts = join(
            account_id=patient.user_id,
            patient_id=patient.pk,
            programme=self.programme.code,
            until=self.now.date() + timedelta(days=until),
            now=self.now - timedelta(minutes=minutes),
            **wish,
        )
        return WaitlistEntry.objects.get(pk=facts.entry_id)

    def cancels(self, row: Appointment | None = None, *, now: datetime | None = None) -> AppointmentFacts:
        row = row or self.booked[0]
        return cancel(account_id=row.booked_by_id, reference=row.reference, now=now or self.now)

    @property
    def undone(self) -> datetime:
        """When what was cancelled now can no longer be restored."""
        return self.now + timedelta(minutes=10)

    def frees(self, row: Appointment | None = None) -> None:
        """Cancelled, and the time for an undo is over."""
        self.cancels(row)
        release_places(now=self.undone)


def offers(state: str = OfferState.PENDING) -> list[Offer]:
    """In the order in which they were made."""
    return list(Offer.objects.filter(state=state, slot__isnull=False).select_related("entry").order_by("made_at", "pk"))


def asked() -> list:
    """The entries that are being asked."""
    return [offer.entry_id for offer in offers()]


def kept(offer: Offer) -> list[int]:
    """The numbers that are kept for an offer."""
    return sorted(Appointment.objects.filter(kept_for=offer).values_list("place", flat=True))


def nothing_is_lost(*, now: datetime) -> bool:
    """The promises hold: nothing oversold or doubly booked, gate and ledger agree, and no number is offered twice."""
    pending = Offer.objects.filter(state=OfferState.PENDING, slot__isnull=False)
    without = pending.annotate(numbers=Count("places")).filter(numbers=0)
    ended = Appointment.objects.filter(place__isnull=False, kept_for__isnull=False).exclude(kept_for__state="PENDING")
    held = Appointment.objects.filter(status="CANCELLED", place__isnull=False, release_at=None)
    found = audit(now=now)
    assert found.is_clean, found.lines()
    assert not without.exists(), "an offer without a place"
    assert not ended.exists(), "a place that is kept for an offer that has ended"
    assert not held.exists(), "a place that nobody will ever release"
    return True
