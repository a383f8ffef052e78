"""What patients hold while somebody checks and confirms: one visit each, which may be a place for each of two doses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from booking.admission.connection import Call, Script, connection
from booking.admission.keys import hold_key, slot_keys


@dataclass(frozen=True, slots=True)
class Held:
    """A place that a patient was given to hold, and until when, in epoch seconds. It may have been given back since."""

    slot_id: int
    claim: str
    until: int


def remember_holds(holds: Mapping[str, Sequence[Held]], *, seconds: int) -> list[Held]:
    """Note what each patient holds from now on, in one round trip; returns what they held before."""
    script = Script.named("swap_hold")
    calls = [Call(script, (hold_key(patient),), (_text(held), seconds)) for patient, held in holds.items()]
    return [held for before in connection().run(calls) for held in _read(before)] if calls else []


def held_by(patients: Sequence[str]) -> dict[str, list[Held]]:
    """What each of these patients was last given to hold, in one round trip."""
    found = connection().values([hold_key(patient) for patient in patients])
    return {patient: _read(text) for patient, text in zip(patients, found, strict=True)}


def drop_holds(places: Iterable[tuple[int, str]]) -> None:
    """(slot, claim): give held places back in one round trip; those that the ledger has by now stay taken."""
    script = Script.named("release")
    calls = [Call(script, slot_keys(slot_id), (claim, "1", "0")) for slot_id, claim in places]
    if calls:
        connection().run(calls)


def forget_holds(patients: Sequence[str]) -> None:
    """Forget what these patients hold; the places themselves are not given back."""
    for patient, held in held_by(patients).items():
        if held:
            connection().delete([hold_key(patient)])


def _text(held: Sequence[Held]) -> str:
    return ",".join(f"{one.slot_id}:{one.claim}:{one.until}" for one in held)


def _read(text: bytes | None) -> list[Held]:
    parts = [one.split(":") for one in text.decode().split(",")] if text else []
    return [Held(int(slot), claim, int(until)) for slot, claim, until in parts]
