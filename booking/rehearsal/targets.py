"""Which web machines are rehearsed on: only those that prove to be this very installation, marked for it."""

import http.client
import json
import secrets
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from booking.rehearsal.marked import proof_of

_PATH = "/api/v1/rehearsal?challenge="
_SEES_WITHIN = 40


class NotATarget(Exception):
    """The address may not be rehearsed on; the message is one sentence for the person at the keyboard."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web machine: where to connect, and the name by which it is asked."""

    address: tuple[str, int]
    host: str


def target_of(text: str) -> Target:
    """The web machine of an http:// address. Raises NotATarget."""
    parts = urlsplit(text if "//" in text else f"http://{text}")
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise NotATarget(f"{text} is no address of a web machine: write http://HOST:PORT (TLS ends before them).")
    try:
        # A name may have several addresses, and not all of them answer.
        with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as connection:
            address, port = connection.getpeername()[:2]
    except (OSError, ValueError) as error:
        raise NotATarget(f"{text} cannot be reached: {error}") from None
    return Target((address, port), parts.netloc)


def prove(target: Target) -> None:
    """Have the web machine prove that it is this installation and marked for rehearsals. Raises NotATarget."""
    challenge = secrets.token_hex(16)
    status, body = asked(target, _PATH + challenge)
    if status == 404:
        raise NotATarget(
            f"{target.host} is not marked for rehearsals (REHEARSAL, DEMONSTRATION), so nobody rehearses on it."
        )
    try:
        answered = str(json.loads(body)["proof"])
    except (ValueError, KeyError, TypeError):
        answered = ""
    if not secrets.compare_digest(answered, proof_of(challenge)):
        raise NotATarget(f"{target.host} is another installation than this one (its SECRET_KEY differs).")


def wait_until_seen(targets: Sequence[Target], programme: str) -> None:
    """Return when each web machine offers the programme: then it has this ledger. Raises NotATarget."""
    deadline = time.monotonic() + _SEES_WITHIN
    for target in targets:
        while f'"{programme}"'.encode() not in asked(target, "/api/v1/programmes")[1]:
            if time.monotonic() > deadline:
                raise NotATarget(f"{target.host} does not show what stands in this ledger: it has another one.")
            time.sleep(0.5)


def asked(target: Target, path: str) -> tuple[int, bytes]:
    """Status and body of a GET. Raises NotATarget."""
    connection = http.client.HTTPConnection(*target.address, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": target.host})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise NotATarget(f"{target.host} does not answer: {error}") from None
    finally:
        connection.close()
