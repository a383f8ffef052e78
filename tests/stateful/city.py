"""The real city beside the model: a few slots and people in a real ledger and a real gate, and what stands in both."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from booking import admission
from booking.models import Slot
from tests.emptying import empty_bookings
from tests.factories import CLOCK, make_citizen, make_patient, make_programme, make_site

PEOPLE, SLOTS = 6, 3
# Long ago by any clock: by the gate's, by the ledger's, and by that of the test.
_OPENED = datetime.fromisoformat("2020-01-01T00:00:00+08:00")


@dataclass
class Seen:
    """What the ledger holds: in the model's shape, and what the gate is compared with."""

    view: dict[str, Any]
    references: dict[str, str]
    offer_ids: dict[tuple[int, datetime, int], Any]
    entry_ids: dict[tuple[int, datetime], Any]
    claims: list[dict[str, int]]
    places: list[list[int]]
    quotas: list[int]


class City:
    """One programme, a site for each slot, and people of whom the first two share an account."""

    def __init__(self) -> None:
        family = make_citizen()
        self.programme = make_programme()
        self.sites = [make_site() for _ in range(SLOTS)]
        self.people = [make_patient(family), make_patient(family), *(make_patient() for _ in range(PEOPLE - 2))]
        self.slots: list[Slot] = []

    def begin(self, quotas: list[int]) -> None:
        """Nothing is booked, and the slots are new."""
        empty_bookings()
        starts_at = CLOCK + timedelta(days=3)
        self.slots = Slot.objects.bulk_create(
            Slot(
                site=site, programme=self.programme, quota=quota, starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=30), opens_at=_OPENED,
            )
            for site, quota in zip(self.sites, quotas, strict=True)
        )  # fmt: skip

    def account(self, patient: int) -> int:
        """Who books for the patient."""
        return int(self.people[patient].user_id)

    def look(self) -> Seen:
        """Read everything. Four statements."""
        slots = {slot.pk: n for n, slot in enumerate(self.slots)}
        patients = {patient.pk: n for n, patient in enumerate(self.people)}
        sites = {site.pk: n for n, site in enumerate(self.sites)}
        entries = {
            pk: (patients[patient], joined_at, sites[site], ended is not None)
            for pk, patient, joined_at, site, ended in _rows(
                "SELECT e.id, e.patient_id, e.joined_at, s.site_id, e.ended_at FROM booking_waitlistentry e "
                "JOIN booking_waitlistentry_sites s ON s.waitlistentry_id = e.id"
            )
        }
        offers = {
            pk: (*entries[entry][:2], slots[slot], state, expires_at)
            for pk, entry, slot, state, expires_at in _rows(
                "SELECT id, entry_id, slot_id, state, expires_at FROM booking_offer"
            )
        }
        rows, references = [], {}
        claims: list[dict[str, int]] = [{} for _ in slots]
        places: list[list[int]] = [[] for _ in slots]
        for key, digest, patient, slot, status, place, until, kept_for, moves, reference, claim in _rows(
            "SELECT request_key, request_digest, patient_id, slot_id, status, place, restorable_until, kept_for_id, "
            "moves, reference, claim FROM booking_appointment"
        ):
            if place is not None:
                claims[slots[slot]][claim] = place
                places[slots[slot]].append(place)
            if digest == "freed place":
                continue
            is_own = status == "CANCELLED" and place is not None and kept_for is None
            label = _label(key, offers)
            references[label] = reference
            rows.append((label, patients[patient], slots[slot], status, until if is_own else None, moves))
        numbers = _rows("SELECT quota, closed_at IS NOT NULL FROM booking_slot ORDER BY id")
        view = {
            "slots": [(quota, closed, len(places[n])) for n, (quota, closed) in enumerate(numbers)],
            "rows": sorted(rows),
            "entries": sorted(entries.values()),
            "offers": sorted(offers.values()),
        }
        offer_ids = {offer[:3]: pk for pk, offer in offers.items()}
        entry_ids = {entry[:2]: pk for pk, entry in entries.items()}
        return Seen(view, references, offer_ids, entry_ids, claims, places, [quota for quota, _ in numbers])

    def gate_claims(self, slot: int) -> dict[str, int]:
        """Every claim that the gate knows in the slot, with its number."""
        return admission.snapshot(self.slots[slot].pk)


def _label(key: str, offers: dict[Any, tuple[Any, ...]]) -> str:
    if not key.startswith("offer "):
        return key
    patient, joined_at, slot, *_ = next(offer for pk, offer in offers.items() if str(pk) == key.split()[1])
    return f"offer {patient} {joined_at.timestamp()} {slot}"


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
