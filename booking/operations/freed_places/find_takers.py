"""Whom freed places are offered to: the next of the waitlist for whom they are, with everybody who comes along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking.models import WaitlistEntry
from booking.operations.freed_places.members import members_of
from booking.queries.bookables import Bookable, bookables
from booking.queries.waiting import waiting_for
from booking.rules.eligibility import decide
from booking.rules.freed_places import Freed, Wish, allot

# So many more than there are places are read in one go: some wish for other slots, some are not eligible any more.
_SPARE = 20


@dataclass(frozen=True, slots=True)
class Taker:
    """An entry, locked, and the slot that it is to be asked about for so many people."""

    entry: WaitlistEntry
    slot_id: int
    people: int


def find_takers(slots: Sequence[Freed], *, programme_id: int, order: Sequence[str], now: datetime) -> list[Taker]:
    """Who gets which slot offered, locked in the transaction; the places are taken away from the slots.

    An entry that somebody else has locked, to offer it something, to change it or to end it, is left out.
    """
    takers: list[Taker] = []
    looked_at: set[UUID] = set()
    while places := sum(slot.places for slot in slots):
        most = 2 * places + _SPARE
        wishes = waiting_for(
            [slot for slot in slots if slot.places],
            programme_id=programme_id,
            order=order,
            without=looked_at,
            most=most,
            now=now,
        )
        looked_at.update(wish.entry_id for wish in wishes)
        takers += _among(slots, wishes)
        if len(wishes) < most:
            break
    return takers


def _among(slots: Sequence[Freed], wishes: Sequence[Wish]) -> list[Taker]:
    takers: list[Taker] = []
    left = list(wishes)
    while chosen := allot(slots, left):
        entries = _locked([wish.entry_id for wish, _ in chosen])
        able = _able([(entries[wish.entry_id], slot.slot_id) for wish, slot in chosen if wish.entry_id in entries])
        for wish, slot in chosen:
            entry = entries.get(wish.entry_id)
            if entry is not None and entry.pk in able:
                takers.append(Taker(entry, slot.slot_id, wish.people))
                continue
            # Somebody else may have these places; another slot may still be for them.
            slot.places += wish.people
            slot.without.add(wish.entry_id)
        done = {taker.entry.pk for taker in takers}
        gone = {wish.entry_id for wish, _ in chosen if wish.entry_id not in entries}
        left = [wish for wish in left if wish.entry_id not in done | gone]
    return takers


def _locked(keys: Sequence[UUID]) -> Mapping[UUID, WaitlistEntry]:
    rows = WaitlistEntry.objects.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    # An offer that was made since we read is committed by now: whoever made it had the entry locked.
    return {row.pk: row for row in rows.filter(pk__in=keys, ended_at=None).exclude(offers__state="PENDING")}


def _able(chosen: Sequence[tuple[WaitlistEntry, int]]) -> set[UUID]:
    """The entries all of whose people may have a dose in the slot, and have none booked for it."""
    people = members_of([entry for entry, _ in chosen])
    asked = [(patient_id, entry, slot_id) for entry, slot_id in chosen for patient_id in people[entry.pk]]
    found = bookables([(patient_id, entry.account_id, slot_id) for patient_id, entry, slot_id in asked])
    refused = {entry.pk for (_, entry, _), one in zip(asked, found, strict=True) if dose_of(one) is None}
    return {entry.pk for entry, _ in chosen} - refused


def dose_of(found: Bookable | None) -> int | None:
    """The dose that an appointment in the slot would be for, if there can be one."""
    if found is None or not found.slot.is_active:
        return None
    dose = decide(found.slot.rules, found.person, on=found.slot.day).dose
    return None if any(booked == dose for booked, _ in found.person.booked) else dose
