"""What the browser brings along to where the pages take places: its places in queues."""

from uuid import UUID

from django.http import HttpRequest

from booking.operations.releases.brought import MOST_PLACE, Brought

# Places that joining queues gave, joined by `~`; no script can read it.
QUEUE_PLACES = "queue_places"
MOST_PLACES = 8


def queue_places(request: HttpRequest) -> list[str]:
    """The places in the cookie, as they came."""
    return [token for token in request.COOKIES.get(QUEUE_PLACES, "").split("~") if token][:MOST_PLACES]


def brought_by(request: HttpRequest) -> Brought:
    """The cookie's places by the patient that each names."""
    places: dict[UUID, str] = {}
    for token in queue_places(request):
        patient_id = _patient_in(token)
        if patient_id is not None:
            places[patient_id] = f"{places[patient_id]}~{token}" if patient_id in places else token
    kept = {patient_id: text for patient_id, text in places.items() if len(text) <= MOST_PLACE}
    return Brought(kept)


def _patient_in(token: str) -> UUID | None:
    # Only to sort them: what a place is worth is judged where it is brought to.
    try:
        return UUID(hex=token.split(".")[1])
    except (ValueError, IndexError):
        return None
