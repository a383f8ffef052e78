"""A place in a queue: a signed text that the person keeps, and that nobody else can use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer

from booking.rules.queue import Standing

_signer = Signer(salt="booking.queue_place")
# Of one patient in several queues.
JOINT = "~"


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a patient stands in a queue; `token` is what their side keeps."""

    token: str
    queue_id: int
    patient_id: UUID
    standing: Standing
    expires_at: datetime


def place_of(queue_id: int, patient_id: UUID, standing: Standing, expires_at: datetime) -> QueuePlace:
    """The place with its signed token."""
    kind = "e" if standing.early else "n"
    text = f"{queue_id}.{patient_id.hex}.{kind}{standing.number}.{int(expires_at.timestamp())}"
    return QueuePlace(_signer.sign(text), queue_id, patient_id, standing, expires_at)


def read_place(token: str) -> QueuePlace | None:
    """The place that the token stands for; None for one that we never gave."""
    try:
        queue, patient, standing, expires = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    expires_at = datetime.fromtimestamp(int(expires)).astimezone()
    return QueuePlace(token, int(queue), UUID(hex=patient), Standing(standing[0] == "e", int(standing[1:])), expires_at)


def places_in(texts: Iterable[str]) -> list[QueuePlace]:
    """The places that the texts hold, without what we never gave."""
    found = (read_place(token) for text in texts for token in text.split(JOINT))
    return [place for place in found if place is not None]
