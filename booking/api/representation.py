"""What an appointment and a slot look like in JSON: one shape for every call that answers with one."""

from typing import Any

from accounts.masking import masked_name
from booking.operations.hold import Hold
from booking.queries.appointments import AppointmentFacts
from booking.queries.moments import moment
from booking.queries.nearest import NearSlot
from booking.queries.qr_codes import qr_payload
from booking.queries.relocations import RelocationFacts
from booking.queries.slot_facts import SiteFacts
from booking.rules.availability import state_of


def _named(name: str, name_en: str, language: str) -> str:
    return (name_en or name) if language == "en" else name


def site(facts: SiteFacts, language: str) -> dict[str, Any]:
    """A site as an appointment shows it."""
    return {
        "code": facts.code,
        "name": _named(facts.name, facts.name_en, language),
        "district": facts.district,
        "address": facts.address,
        "phone": facts.phone,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
    }


def appointment(facts: AppointmentFacts, language: str) -> dict[str, Any]:
    """The appointment of api.md. `restorable_until` is there after a cancellation that can still be undone."""
    shown: dict[str, Any] = {
        "reference": facts.reference,
        "status": facts.status.lower(),
        "patient": {"id": str(facts.patient_id), "name_masked": masked_name(facts.patient_name)},
        "programme": facts.programme_code,
        "programme_name": _named(facts.programme_name, facts.programme_name_en, language),
        "dose": facts.dose,
        "slot": {"id": facts.slot_id, "starts_at": moment(facts.starts_at), "ends_at": moment(facts.ends_at)},
        "site": site(facts.site, language),
        "booked_at": moment(facts.booked_at),
        "qr_payload": qr_payload(facts.reference),
        "changes_left": facts.changes_left,
        "relocation": relocation(facts.relocation, language),
    }
    if facts.restorable_until is not None:
        shown["restorable_until"] = moment(facts.restorable_until)
    return shown


def relocation(facts: RelocationFacts | None, language: str) -> dict[str, Any] | None:
    """Where the appointment was before the city moved or cancelled it; null where it never had to."""
    if facts is None:
        return None
    return {
        "state": facts.state.lower(),
        "reason": facts.reason,
        "distance": facts.metres,
        "from": {
            "starts_at": moment(facts.from_starts_at),
            "ends_at": moment(facts.from_ends_at),
            "site": facts.from_site,
            "site_name": _named(facts.from_site_name, facts.from_site_name_en, language),
        },
    }


def near_slot(slot: NearSlot) -> dict[str, Any]:
    """A slot as a refusal offers it."""
    return {
        "id": slot.slot_id,
        "site": slot.site_code,
        "programme": slot.programme_code,
        "starts_at": moment(slot.starts_at),
        "ends_at": moment(slot.ends_at),
        "opens_at": moment(slot.opens_at),
        "quota": slot.quota,
        "places_left": slot.places_left,
        "state": state_of(places_left=slot.places_left, quota=slot.quota),
    }


def hold(held: Hold) -> dict[str, Any]:
    """A hold; its id is the token that confirming takes."""
    return {"id": held.token, "slot": held.slot_id, "expires_at": moment(held.expires_at)}
