"""A site's day as a device keeps it: rows, batches, programmes, how the desk is set.

A device asks for what changed since its cursor and puts it into what it has. A change whose number is older than the
cursor, because it was committed late, and a row that went away are not among these: the number of rows and the sum of
their versions say so, and the device asks for the whole list.
"""

import re
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Coalesce

from booking.models import Batch, Programme, Slot
from booking.queries.availability import day_bounds
from booking.queries.desk.counters import counters_of
from booking.queries.desk.rows import Version, rows_of
from booking.queries.moments import moment
from sites.models import Site

_CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
# Whoever has a place there that day, and whoever came there, wherever their place was.
_LISTED = """
WITH listed AS (
  SELECT a.id FROM booking_appointment a JOIN booking_slot s ON s.id = a.slot_id
  WHERE s.site_id = %(site)s AND s.starts_at >= %(start)s AND s.starts_at < %(end)s
    -- Not what only holds a number that was left.
    AND a.request_digest <> 'freed place'
  UNION
  SELECT appointment_id FROM booking_visit WHERE site_id = %(site)s AND day = %(day)s AND status <> 'CANCELLED'
)
SELECT l.id,
  coalesce((SELECT max(e.id) FROM booking_appointmentevent e WHERE e.appointment_id = l.id), 0),
  coalesce((SELECT max(d.id) FROM booking_deskact d WHERE d.appointment_id = l.id), 0)
FROM listed l
"""


def day_list(*, site: Site, day: date, since: str = "", now: datetime) -> dict[str, Any]:
    """The day for a device: whole, or what was noted since the cursor of an earlier answer. At most six statements.

    A cursor that is not one of ours counts as none.
    """
    listed = listed_at(site_id=site.pk, day=day)
    seen = _CURSOR.fullmatch(since)
    wanted = listed
    if seen:
        event, act = int(seen[1]), int(seen[2])
        wanted = {pk: one for pk, one in listed.items() if one.event > event or one.act > act}
    return {
        "site": {"code": site.code, "name": site.name, "name_en": site.name_en},
        "date": day.isoformat(),
        "now": moment(now),
        "cursor": _cursor(listed),
        "whole": seen is None,
        "rows": rows_of(wanted),
        "count": len(listed),
        "sum": sum(one.number for one in listed.values()),
        "batches": batches_of(site_id=site.pk),
        "programmes": programmes_of(site_id=site.pk, day=day),
        "settings": desk_settings(),
        "counters": counters_of(site_id=site.pk, day=day).shown(),
    }


def listed_at(*, site_id: int, day: date) -> dict[int, Version]:
    """Every appointment on the site's list of that day, and how far its row has come; one statement."""
    start, end = day_bounds(day, day)
    with connection.cursor() as cursor:
        cursor.execute(_LISTED, {"site": site_id, "day": day, "start": start, "end": end})
        return {pk: Version(event, act) for pk, event, act in cursor.fetchall()}


def _cursor(listed: dict[int, Version]) -> str:
    events = max((one.event for one in listed.values()), default=0)
    return f"{events}-{max((one.act for one in listed.values()), default=0)}"


def batches_of(*, site_id: int) -> list[dict[str, Any]]:
    """The site's batches that are not finished, soonest expiry first, with what is left of each."""
    rows = Batch.objects.filter(site_id=site_id, finished_at=None).select_related("vaccine")
    return [
        {
            "number": batch.number,
            "vaccine": batch.vaccine.code,
            "expires_on": batch.expires_on.isoformat(),
            "doses_per_vial": batch.doses_per_vial,
            "left": batch.left,
            "pack_code": batch.pack_code,
        }
        for batch in rows.annotate(left=Coalesce(Sum("movements__doses"), 0))
    ]


def programmes_of(*, site_id: int, day: date) -> list[dict[str, Any]]:
    """What the site gives on that day or later."""
    start, _end = day_bounds(day, day)
    slots = Slot.objects.standing().filter(site_id=site_id, programme=OuterRef("pk"), starts_at__gte=start)
    rows = Programme.objects.filter(Exists(slots), is_active=True).select_related("vaccine")
    return [
        {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "vaccine": row.vaccine.code,
            "vaccine_name": row.vaccine.name,
            "vaccine_name_en": row.vaccine.name_en,
            "doses": row.doses,
            "intervals": list(row.intervals),
            "min_age": row.min_age,
            "max_age": row.max_age,
            "sex": row.sex,
        }
        for row in rows
    ]


def desk_settings() -> dict[str, Any]:
    """How the city has set the desk."""
    return {
        "check_in_minutes": settings.CHECK_IN_MINUTES,
        "late_minutes": settings.LATE_MINUTES,
        "late_places_to_walk_ins": settings.LATE_PLACES_TO_WALK_INS,
        "no_show_minutes": settings.NO_SHOW_MINUTES,
        "observation_minutes": settings.OBSERVATION_MINUTES,
        "undo_seconds": settings.CHECK_IN_UNDO_SECONDS,
        "leftover_answer_minutes": settings.LEFTOVER_ANSWER_MINUTES,
        "demonstration": settings.DEMONSTRATION,
    }
