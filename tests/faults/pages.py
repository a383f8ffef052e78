"""Some pages and calls of a city that is not well: what they are answered."""

import http.client
import time
from collections import Counter
from datetime import date, timedelta

from tests.bench.installation import Installation

_PAGES = ("/", "/sites/", "/sites/B0000/", "/sites/?programme=bench-0-many", "/open-data/", "/draws/", "/admin/login/")
_CALLS = ("/api/v1/appointments", "/api/v1/patients", "/api/v1/programmes", "/api/v1/sites?programme=bench-0-many")


def pages(city: Installation, citizen: tuple[str, str]) -> str:
    """How often they were answered with what; never 500, and 503 says when to come back.

    At least one needs the ledger, and has to be told so.
    """
    told: Counter[int] = Counter()
    for path in (*_PAGES, *_CALLS):
        asking = http.client.HTTPConnection("127.0.0.1", city.port, timeout=20)
        asking.request("GET", path, headers={"Host": "localhost", "Authorization": f"Bearer {citizen[0]}"})
        response = asking.getresponse()
        response.read()
        told[response.status] += 1
        assert response.status != 500, path
        assert response.status != 503 or response.getheader("Retry-After"), path
        asking.close()
    assert told[503], f"nobody was told that the ledger is away: {dict(told)}"
    return ", ".join(f"{count} × {status}" for status, count in sorted(told.items()))


def board_of(city: Installation, number: int) -> tuple[int, float]:
    """Status of the city's board for days that nobody has asked about yet, and the seconds that it took."""
    first = date.today() + timedelta(days=number)
    days = f"from={first}&to={first + timedelta(days=20)}"
    began = time.monotonic()
    asking = http.client.HTTPConnection("127.0.0.1", city.port, timeout=20)
    asking.request("GET", f"/api/v1/availability?programme=bench-0-many&{days}", headers={"Host": "localhost"})
    response = asking.getresponse()
    response.read()
    asking.close()
    return response.status, time.monotonic() - began
