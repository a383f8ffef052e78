"""What does not change about a slot while people book it: when, where, and under which rules.

Kept in each process for some seconds, because a rush asks for the same few slots thousands of times. What does change
(quota, closing, release) is never taken from here: the gate and the statement that books decide that.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from booking.models.statements import array_of, quick_cursor
from booking.rules.eligibility import ProgrammeRules
from sites.models import Site

# Seconds: how long an administrator's change of programme or site may take to be seen by somebody who books.
_KEEP = 15
_MOST = 50_000

_STATEMENT = """
SELECT s.id, g.id, g.code, g.name, g.name_en, g.doses, g.intervals, g.min_age, g.max_age, g.sex,
       (SELECT array_agg(d.district_id) FROM booking_programme_districts d WHERE d.programme_id = g.id),
       s.starts_at, s.ends_at, g.is_active AND t.is_active,
       t.code, t.name, t.name_en, t.district_id, t.address, t.phone, t.latitude, t.longitude, s.kept_doses > 0
FROM booking_slot s JOIN booking_programme g ON g.id = s.programme_id JOIN sites_site t ON t.id = s.site_id
WHERE s.id = ANY(%s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A site as an appointment shows it."""

    code: str
    name: str
    name_en: str
    district: str
    address: str
    phone: str
    latitude: float
    longitude: float


def site_facts(site: Site) -> SiteFacts:
    """The site's own."""
    return SiteFacts(
        site.code,
        site.name,
        site.name_en,
        site.district_id,
        site.address,
        site.phone,
        site.latitude,
        site.longitude,
    )


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """A slot's programme with its rules, its time, and its site. `day` is the city's date; times are aware."""

    slot_id: int
    programme_id: int
    programme_code: str
    programme_name: str
    programme_name_en: str
    rules: ProgrammeRules
    starts_at: datetime
    ends_at: datetime
    day: date
    is_active: bool
    site: SiteFacts
    # Whether any of its places were kept for later doses when this was read: a hint, to spare others the question.
    keeps_doses: bool = False


_kept: dict[int, tuple[float, SlotFacts]] = {}


def slot_facts(slot_ids: Iterable[int]) -> dict[int, SlotFacts]:
    """The facts of the slots that exist; one statement if some are not known, else none."""
    fresh = time.monotonic() - _KEEP
    found: dict[int, SlotFacts] = {}
    missing: set[int] = set()
    for slot_id in slot_ids:
        kept = _kept.get(slot_id)
        if kept is not None and kept[0] > fresh:
            found[slot_id] = kept[1]
        else:
            missing.add(slot_id)
    if missing:
        for facts in _read(missing):
            found[facts.slot_id] = facts
    return found


def forget_slot_facts() -> None:
    """The next question reads everything again."""
    _kept.clear()


def _read(slot_ids: set[int]) -> list[SlotFacts]:
    with quick_cursor() as cursor:
        cursor.execute(_STATEMENT, [array_of(slot_ids)])
        rows = [_facts(row) for row in cursor.fetchall()]
    if len(_kept) > _MOST:
        _kept.clear()
    now = time.monotonic()
    _kept.update((facts.slot_id, (now, facts)) for facts in rows)
    return rows


def _facts(row: tuple) -> SlotFacts:  # type: ignore[type-arg]
    return SlotFacts(
        slot_id=row[0],
        programme_id=row[1],
        programme_code=row[2],
        programme_name=row[3],
        programme_name_en=row[4],
        rules=ProgrammeRules(row[5], row[6], row[7], row[8], row[9], row[10] or ()),
        starts_at=row[11],
        ends_at=row[12],
        day=timezone.localdate(row[11]),
        is_active=row[13],
        site=SiteFacts(*row[14:22]),
        keeps_doses=row[22],
    )
