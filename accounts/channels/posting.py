"""Posting to a gateway: time-outs, no redirects, and failures that name nobody."""

from collections.abc import Mapping
from typing import Any

import requests

from accounts.channels.outgoing import NotSent

# Seconds to connect and to wait for the answer: a person is waiting for the page.
TIMEOUT = (3.05, 5)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
    """The gateway's answer, whatever its status. Raises NotSent where there is none."""
    try:
        # A redirect would carry the number to an address that nobody configured.
        return requests.post(url, data=body, headers=dict(headers), timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        # Its own words hold the address and may hold the request.
        raise NotSent(type(error).__name__) from None


def json_of(response: requests.Response) -> dict[str, Any]:
    """The answer's JSON object. Raises NotSent if it is none."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NotSent(str(response.status_code)) from None
    return found
