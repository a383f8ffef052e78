"""Which accepted leftover doses are still wanted: whoever cancelled or moved to another day does not come for one."""

from django.db.models import F, QuerySet
from django.db.models.functions import TruncDate

from booking.models import Offer, OfferState


def promised_offers() -> QuerySet[Offer]:
    """The accepted offers whose people have a place at the site on that day; also one that a cancelled may restore."""
    return Offer.objects.filter(
        state=OfferState.ACCEPTED,
        appointment__place__isnull=False,
        appointment__slot__site_id=F("round__site_id"),
        appointment__slot__starts_at__date=TruncDate("round__until"),
    )
