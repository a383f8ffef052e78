"""What the steward prepares for leftover doses: somebody who waits for one at a site.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Patient
from booking.models import Slot
from booking.operations.waitlist.join import join
from booking.queries.programmes import forget_programmes
from booking.rules.leftovers import is_quiet


def waits(person: str, site: str, minutes: int) -> None:
    """The person joined so many minutes ago, for this site and what it gives."""
    now, patient = timezone.now(), Patient.objects.get(pk=UUID(person))
    slot = Slot.objects.select_related("programme").filter(site__code=site).first()
    assert slot is not None
    # The day's programme was made a moment ago.
    forget_programmes()
    join(
        account_id=patient.user_id, patient_id=patient.pk, programme=slot.programme.code, sites=[site],
        until=timezone.localdate(now) + timedelta(days=7), now=now - timedelta(minutes=minutes),
    )  # fmt: skip


def nobody_is_disturbed_now() -> dict[str, Any]:
    """Whether it is so late that nobody is asked."""
    return {"quiet": is_quiet(timezone.localtime())}


ACTS = (waits, nobody_is_disturbed_now)
