"""Posting to a gateway: time-outs, no redirects, and failures that name nobody."""

import time
from collections.abc import Mapping
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from accounts.channels.outgoing import NotSent

# Seconds to connect and to wait for the answer: a person is waiting for the page.
TIMEOUT = (3.05, 5)
# The whole answer must be there by then, however slowly it drips in, and be no longer than this.
_WHOLE_SECONDS = 10
_LONGEST = 64 * 1024


def post(url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
    """The gateway's answer, whatever its status. Raises NotSent where there is none."""
    until = time.monotonic() + _WHOLE_SECONDS
    try:
        # A redirect would carry the number to an address that nobody configured.
        with requests.post(
            url, data=body, headers=dict(headers), timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            answer._content = _read(answer, until)
            return answer
    except (requests.RequestException, HTTPError, UnicodeError) as error:
        # Its own words hold the address and may hold the request.
        raise NotSent(type(error).__name__) from None


def _read(answer: requests.Response, until: float) -> bytes:
    found = b""
    # What has come, piece by piece: waiting for a full one would let a byte a second hold us for hours.
    while piece := answer.raw.read1(_LONGEST, decode_content=True):
        found += piece
        if len(found) > _LONGEST or time.monotonic() > until:
            raise NotSent("answer too long")
    return found


def json_of(response: requests.Response) -> dict[str, Any]:
    """The answer's JSON object. Raises NotSent if it is none."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotSent(str(response.status_code)) from None
    return found
