"""Where and when places are left. It informs, and never promises: only booking does.

What slots there are comes from the ledger and is kept in the shared cache until somebody changes a slot of the site;
how many places are left comes from the gate, in one round trip. Without the gate the ledger counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.utils import timezone

from booking import admission
from booking.admission import GateDown
from booking.models import Slot
from booking.queries.load_gate import load_slots
from booking.queries.stale import may_be_old
from booking.queries.taken import taken_in
from booking.rules.availability import slot_state

# Seconds. Changes to a site's slots forget what is kept at once; this is for changes made past the operations.
_KEEP = 60


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot as it was published."""

    slot_id: int
    site_code: str
    programme_code: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    quota: int
    is_closed: bool
    # Beside the quota, for second and later doses.
    kept_doses: int = 0


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A slot with its places left and its state in one word."""

    row: SlotRow
    places_left: int
    state: str


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of `first` to the first moment after `last`, in the city's time zone."""
    zone = timezone.get_default_timezone()
    return datetime.combine(first, time.min, zone), datetime.combine(last + timedelta(days=1), time.min, zone)


def forget_site(site_id: int) -> None:
    """Have the site's slots read from the ledger again: somebody changed them."""
    cache.set(f"slots:version:{site_id}", timezone.now().timestamp(), None)


def slots_of_site(*, site_id: int, programme: str, first: date, last: date) -> list[SlotRow]:
    """The site's slots of a programme (all programmes if empty) on these days, in order of time."""
    # Both in one question; what was read before the last change does not count.
    version_key, key = f"slots:version:{site_id}", f"slots:{site_id}:{programme}:{first}:{last}"
    known = cache.get_many([version_key, key])
    version = known.get(version_key, 0)
    read_at, rows = known.get(key) or (None, [])
    if read_at != version:
        start, end = day_bounds(first, last)
        found = Slot.objects.standing().filter(site_id=site_id, starts_at__gte=start, starts_at__lt=end)
        if programme:
            found = found.filter(programme__code=programme)
        rows = slot_rows(found)
        cache.set(key, (version, rows), _KEEP)
    return rows


def slot_rows(found: "Iterable[Slot]") -> list[SlotRow]:
    """The slots of a queryset, in order of time."""
    columns = (
        "pk", "site__code", "programme__code", "starts_at", "ends_at", "opens_at", "quota", "closed_at", "kept_doses",
    )  # fmt: skip
    ordered = found.order_by("starts_at", "pk").values_list(*columns)  # type: ignore[attr-defined]
    return [SlotRow(*(*row[:7], row[7] is not None, row[8])) for row in ordered]


def with_places(
    rows: Sequence[SlotRow], *, now: datetime, later_dose: bool = False, for_everybody: bool = False
) -> list[OpenSlot]:
    """Each slot with what is left of it now; for a later dose with what is kept for those, too."""
    left = places_left(rows, now=now, later_dose=later_dose, for_everybody=for_everybody)
    return [
        OpenSlot(
            row,
            left[row.slot_id],
            slot_state(
                places_left=left[row.slot_id],
                quota=row.quota + (row.kept_doses if later_dose else 0),
                opens_at=row.opens_at,
                starts_at=row.starts_at,
                is_closed=row.is_closed,
                now=now,
            ),
        )
        for row in rows
    ]


def places_left(
    rows: Sequence[SlotRow], *, now: datetime, later_dose: bool = False, for_everybody: bool = False
) -> dict[int, int]:
    """Places left of every slot; for a later dose with those that are kept."""
    quotas = {row.slot_id: row.quota for row in rows}
    keeping = [row for row in rows if later_dose and row.kept_doses]
    quotas |= {admission.kept_at_gate(row.slot_id): row.kept_doses for row in keeping}
    left = left_of(quotas, now=now, for_everybody=for_everybody)
    for row in keeping:
        left[row.slot_id] += left[admission.kept_at_gate(row.slot_id)]
    return left


def left_of(
    quotas: Mapping[int, int], *, now: datetime, load: bool = True, for_everybody: bool = False
) -> dict[int, int]:
    """Places left by slot, of slots given with their quotas, from the gate, which loads what it does not know.

    Without the gate the ledger counts; without `load` also what the gate does not know, which is the quicker way for
    whoever asks about a thousand slots and wants a few. What is told to everybody alike may be counted from the
    ledger's replica.
    """
    ids = list(quotas)
    try:
        left = admission.places_left(ids)
        unknown = [slot_id for slot_id in ids if slot_id not in left]
        if unknown and load:
            load_slots(unknown, now=now)
            left.update(admission.places_left(unknown))
    except GateDown:
        left = {}
    counted = [slot_id for slot_id in ids if slot_id not in left]
    if counted:
        taken = may_be_old(lambda ledger: taken_in(counted, ledger)) if for_everybody else taken_in(counted)
        left.update({slot_id: max(quotas[slot_id] - taken.get(slot_id, 0), 0) for slot_id in counted})
    return left
