"""What the waitlist does not need any more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from booking.models import Appointment, Offer, OfferState, WaitlistEntry

# How long an ended wish is kept, so that its account can still see what came of it.
KEEP_ENDED = timedelta(days=28)


def end_entries(*, now: datetime) -> int:
    """Note the end of wishes whose last day is over, who got a place otherwise, or whose patient is gone."""
    booked_since = Appointment.objects.live().filter(
        person=OuterRef("person"), programme_id=OuterRef("programme_id"), booked_at__gt=OuterRef("joined_at")
    )
    removed = Q(patient__removed_at__lt=now - timedelta(seconds=settings.UNDO_SECONDS))
    over = WaitlistEntry.objects.filter(ended_at=None).filter(
        Q(until__lt=timezone.localdate(now)) | removed | Exists(booked_since)
    )
    return over.update(ended_at=now)


def forget_entries(*, now: datetime) -> int:
    """Delete what ended long ago, with its offers; returns how many. What became an appointment is kept with that."""
    accepted = Offer.objects.filter(entry_id=OuterRef("pk"), state=OfferState.ACCEPTED)
    old = WaitlistEntry.objects.filter(~Exists(accepted), ended_at__lt=now - KEEP_ENDED)
    keys = list(old.values_list("pk", flat=True))
    Offer.objects.filter(entry_id__in=keys).delete()
    WaitlistEntry.objects.filter(pk__in=keys).delete()
    return len(keys)
