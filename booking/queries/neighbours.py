"""Where several people find room in one visit: in one slot, else in slots that follow one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from booking.queries.availability import OpenSlot, slots_of_site, with_places
from booking.rules.availability import BOOKABLE


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Room for everybody: `slot_ids` has one slot for each person, in order of time. Times are aware."""

    slot_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime

    @property
    def is_one_slot(self) -> bool:
        """True if everybody comes at the same time."""
        return self.slot_ids[0] == self.slot_ids[-1]


def neighbours(
    *, site_id: int, programme: str, day: date, people: int, now: datetime, most: int = 6
) -> list[Neighbours]:
    """Up to `most` ways for that many people to come together on that day: fewest slots first, then earliest.

    No statement where the site's slots are known, and one round trip to the gate. Informs, never promises.
    """
    slots = with_places(slots_of_site(site_id=site_id, programme=programme, first=day, last=day), now=now)
    runs = [run for position in range(len(slots)) if (run := run_from(slots[position:], people))]
    runs.sort(key=lambda run: (len(run), run[0][0].row.starts_at))
    return [
        Neighbours(
            slot_ids=tuple(slot.row.slot_id for slot, count in run for _ in range(count)),
            starts_at=run[0][0].row.starts_at,
            ends_at=run[-1][0].row.ends_at,
        )
        for run in runs[:most]
    ]


def run_from(slots: Sequence[OpenSlot], people: int) -> list[tuple[OpenSlot, int]]:
    """How many come in which of the slots, beginning with the first; empty if they do not fit without a gap."""
    run: list[tuple[OpenSlot, int]] = []
    for slot in slots:
        if slot.state not in BOOKABLE or (run and slot.row.starts_at != run[-1][0].row.ends_at):
            break
        count = min(slot.places_left, people)
        run.append((slot, count))
        people -= count
        if people == 0:
            return run
    return []
