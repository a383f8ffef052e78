"""Proof of work (ALTCHA), asked for only while many press at the same moment, and only where somebody queues.

It costs a phone a second and a program that stands in for thousands of people hours. Whoever cannot run a script waits
half a minute instead: nobody reads distorted letters or moves a puzzle.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from booking.operations.refusals import ProofNeeded

_ALGORITHM = "PBKDF2/SHA-256"
# A try takes a cheap phone some 4 ms; the right one is between these.
_COST, _LEAST, _MOST = 2000, 100, 400
_LIVES = timedelta(minutes=5)
_WAIT = timedelta(seconds=30)
# So many presses in ten seconds, at one queue, are a rush.
_WINDOW = 10
# How long an answer may be.
MOST_PROOF = 2000
_signer = Signer(salt="booking.proof.wait")


def press(what: str, *, now: datetime) -> bool:
    """Count a press at this queue (any name); True while there are more than settings.PROOF_ABOVE in ten seconds.

    Without the cache nobody counts, and nobody is asked for a proof.
    """
    this = int(now.timestamp()) // _WINDOW
    counts = [_count(what, this), int(cache.get(f"press:{what}:{this - 1}") or 0)]
    return max(counts) > settings.PROOF_ABOVE


def refuse_without_proof(*, account_id: int, what: str, proof: str, now: datetime) -> None:
    """Raise ProofNeeded, with a new challenge, unless this is an unused answer to one, or a wait that is over.

    A proof is the account's own and for this one thing; it is used once and lives five minutes, by the server's clock.
    """
    if not (_is_wait(proof, account_id, what, now=now) or _is_answer(proof, account_id, what)):
        raise ProofNeeded(
            challenge=_challenge(account_id, what, now=now),
            wait=_wait(account_id, what, now=now),
            wait_seconds=int(_WAIT.total_seconds()),
        )


def _count(what: str, window: int) -> int:
    key = f"press:{what}:{window}"
    cache.add(key, 0, 3 * _WINDOW)
    try:
        return int(cache.incr(key))
    except ValueError:
        return 0


def _secret(purpose: str) -> str:
    return salted_hmac("booking.proof", purpose, algorithm="sha256").hexdigest()


def _about(account_id: int, what: str) -> dict[str, str]:
    return {"for": salted_hmac("booking.proof.for", f"{account_id}|{what}", algorithm="sha256").hexdigest()[:32]}


def _challenge(account_id: int, what: str, *, now: datetime) -> dict[str, Any]:
    made = altcha.create_challenge(
        _ALGORITHM,
        _COST,
        counter=_LEAST + secrets.randbelow(_MOST - _LEAST),
        expires_at=int((now + _LIVES).timestamp()),
        data=_about(account_id, what),
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("key"),
    )
    return made.to_dict()


def _is_answer(proof: str, account_id: int, what: str) -> bool:
    if not proof:
        return False
    found = altcha.verify_solution(proof, _secret("challenge"), hmac_key_secret=_secret("key"))
    if not found.verified:
        return False
    challenge = altcha.Payload.from_base64(proof).challenge
    # Each challenge opens once.
    return challenge.parameters.data == _about(account_id, what) and cache.add(
        f"proof:{challenge.signature}", 1, int(_LIVES.total_seconds())
    )


def _wait(account_id: int, what: str, *, now: datetime) -> str:
    return _signer.sign(f"{int((now + _WAIT).timestamp())}.{_about(account_id, what)['for']}")


def _is_wait(proof: str, account_id: int, what: str, *, now: datetime) -> bool:
    try:
        over, about = _signer.unsign(proof).split(".")
    except (BadSignature, ValueError):
        return False
    waited = datetime.fromtimestamp(int(over), tz=now.tzinfo)
    in_time = waited <= now < waited + _LIVES
    return in_time and about == _about(account_id, what)["for"] and cache.add(f"proof:{proof}", 1, 600)
