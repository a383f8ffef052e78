"""An appointment by its number and the last four characters of the document, for somebody who has not signed in.

A number can be read over a shoulder and four characters can be tried, so: few tries an hour for each number and each
address, counted before anything is compared; every failure gets the same answer for the same work; and what is found
says where, when and how it stands, and nothing about the person or the vaccine.
"""

import hmac
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from accounts.documents import tidy
from accounts.encryption import blind_index, decrypt, encrypt
from accounts.tries import counted
from booking.models import Appointment
from booking.queries.appointments import facts_of
from booking.queries.slot_facts import SiteFacts
from booking.rules.standing import standing

TRIES_AN_HOUR = 5
_HOUR = 3600
_COLUMN = "patient.document_number"
log = logging.getLogger(__name__)


class TooManyTries(Exception):
    """The number or the address was tried too often; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__("too many tries")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class LookedUp:
    """When, where, and how it stands (rules.standing); times are aware."""

    starts_at: datetime
    ends_at: datetime
    site: SiteFacts
    standing: str


def look_up(reference: str, tail: str, *, address: str, now: datetime) -> LookedUp | None:
    """The appointment with this reference, if `tail` is what its patient's document number ends with.

    `address` is the caller's network address. Raises TooManyTries, and accounts.tries.CannotCount.
    """
    # Both are counted every time, and before anything is compared: guesses at the same moment count one by one.
    counts = [_count("number", reference), _count("address", address)]
    if max(counts) > TRIES_AN_HOUR:
        if TRIES_AN_HOUR + 1 in counts:
            log.warning("Looking up without an account was tried %d times in an hour.", max(counts))
        raise TooManyTries(_HOUR)
    if not _matches(reference, tail):
        return None
    row = (
        Appointment.objects.select_related("patient", "programme", "slot__site")
        .defer("patient__document_number", "patient__phone")
        .filter(reference=reference)
        .first()
    )
    if row is None:
        return None
    facts = facts_of(row)
    now_is = standing(status=facts.status, ends_at=facts.ends_at, now=now)
    return LookedUp(facts.starts_at, facts.ends_at, facts.site, now_is)


def _matches(reference: str, tail: str) -> bool:
    """One statement, one decryption and one comparison, whether or not there is such an appointment."""
    numbers = list(
        Appointment.objects.filter(reference=reference).values_list("patient__document_number", flat=True)[:1]
    )
    number = str(numbers[0]) if numbers else decrypt(_nobodys_number(), associated=_COLUMN)
    same = hmac.compare_digest(tidy(tail).encode(), number[-4:].encode())
    return same and bool(numbers)


@lru_cache(maxsize=1)
def _nobodys_number() -> bytes:
    return encrypt("0" * 18, associated=_COLUMN)


def _count(what: str, value: str) -> int:
    return counted(f"look-up:{what}:{blind_index('look-up', value).hex}", seconds=_HOUR)
