"""A device at a desk says how it stands, and learns what we last knew of it: what it has lost, if it has."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from booking.models import DeskDevice
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Report:
    """What a device says of itself: how many acts it has still to send, how far its clock is ahead of ours."""

    device: UUID
    desk: str
    pending: int
    clock_ahead_ms: int = 0


@dataclass(frozen=True, slots=True)
class LastKnown:
    """How the device stood when it last reported. Whose last sequence is lower than this one has lost its storage.

    `pending`: what it had to send then; as many of its acts are lost with it, if they never came.
    """

    seen_at: datetime
    pending: int
    last_sequence: int


def report_device(report: Report, *, site: Site, user_id: int, arrived: int = 0, now: datetime) -> LastKnown | None:
    """Write down how the device stands; returns what we knew before, None of a new one.

    `arrived`: the highest sequence of its acts that has just come.
    """
    facts = {
        "site": site,
        "desk": report.desk,
        "user_id": user_id,
        "seen_at": now,
        "pending": report.pending,
        "clock_ahead_ms": report.clock_ahead_ms,
    }
    if not report.desk:
        # It only says that it is there: its desk is where it was.
        del facts["desk"]
    with transaction.atomic():
        row = DeskDevice.objects.select_for_update().filter(pk=report.device).first()
        if row is None:
            row, is_new = DeskDevice.objects.get_or_create(
                pk=report.device, defaults={**facts, "last_sequence": arrived}
            )
            if is_new:
                return None
        highest = Greatest(F("last_sequence"), arrived)
        DeskDevice.objects.filter(pk=report.device).update(**facts, last_sequence=highest)
    return LastKnown(row.seen_at, row.pending, row.last_sequence)
