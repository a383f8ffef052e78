"""When a place has gone: the nearest free ones, each taken by one tap, with everything else as it was."""

from typing import Any

from booking.operations import refusals
from booking.operations.refusals import Refusal
from booking.queries.nearest import nearest
from booking.web.journey import words
from booking.web.journey.choices import Journey
from sites.queries import active_site

# After these the slot itself is the trouble, and another one is the way on.
GONE = (refusals.SlotFull, refusals.SlotClosed, refusals.NotOpen, refusals.HoldExpired)


def near_buttons(journey: Journey, slot_id: int) -> list[dict[str, Any]]:
    """Up to three free slots near this one: what the button says, where its form goes, and which slot it takes."""
    buttons = []
    for slot in nearest(slot_id, now=journey.now, most=12):
        site = active_site(slot.site_code)
        on_time = slot.starts_at.astimezone(journey.now.tzinfo).date() >= journey.from_date
        if site is None or slot.places_left < journey.people or not on_time:
            continue
        here = journey.site is not None and slot.site_code == journey.site.code
        if journey.first and not here:
            continue
        buttons.append(
            {
                "slot": slot.slot_id,
                "when": words.soon(slot.starts_at, journey.now),
                "where": "" if here else words.named(site),
                "action": journey.when_url(slot.site_code),
            }
        )
    return buttons[:3]


def is_gone(refusal: Refusal) -> bool:
    """Whether another slot is the way on."""
    return isinstance(refusal, GONE)
