"""Where invited people were told is not kept for longer than somebody may ask about it."""

from datetime import datetime, timedelta

from booking.models import Invitation

KEEP = timedelta(days=30)


def forget_phones(*, now: datetime) -> int:
    """Drop the phones of lists that ended a month ago; returns how many."""
    return Invitation.objects.filter(list__expires_at__lt=now - KEEP).exclude(phone=None).update(phone=None)
