"""An administrator asks what a change of many slots would do. Nothing is changed yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from booking.models import ChangeKind, ChangeState, QuotaChange, WithAppointments
from booking.queries.quotas.preview import preview_of
from booking.queries.quotas.site_slots import touched_since
from booking.rules.asked_change import read_asked
from sites.models import Site


def preview_change(
    *, kind: ChangeKind, site_ids: Sequence[int], params: Mapping[str, Any], reason: str, by: int, now: datetime
) -> QuotaChange:
    """Work out what the change would do to these sites, and keep it as a change that waits to be confirmed."""
    ordered = list(Site.objects.filter(pk__in=site_ids).order_by("code").values_list("pk", flat=True))
    seen = _last_event()
    return QuotaChange.objects.create(
        kind=kind,
        by_id=by,
        created_at=now,
        site_ids=ordered,
        params=dict(params),
        appointments=WithAppointments.KEEP,
        reason=reason,
        summary=preview_of(kind=kind, site_ids=ordered, params=params, now=now),
        seen_event=seen,
        total=len(ordered),
    )


def look_again(*, change_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Work the preview out anew if somebody has changed its slots since; returns who changed which, else nothing."""
    change = QuotaChange.objects.get(pk=change_id)
    asked = read_asked(change.kind, change.params)
    touched = touched_since(change.site_ids, asked, seen=change.seen_event, change_id=change.pk)
    if touched:
        seen = _last_event()
        summary = preview_of(kind=change.kind, site_ids=change.site_ids, params=change.params, now=now)
        QuotaChange.objects.filter(pk=change_id, state=ChangeState.PREVIEWED).update(summary=summary, seen_event=seen)
    return touched


def _last_event() -> int:
    """The last slot event, with all before it committed: what comes later is unknown to a preview that reads now."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Waits for those who are writing events this moment. Their numbers were given before they commit, so the
        # highest one that can be seen would say nothing about the lower ones. Bookings write none.
        cursor.execute("LOCK TABLE booking_slotevent IN SHARE MODE")
        cursor.execute("SELECT coalesce(max(id), 0) FROM booking_slotevent")
        return int(cursor.fetchone()[0])
