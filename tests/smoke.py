"""From an empty folder to a booking: `make smoke`.

Installs what requirements.lock names into an environment of its own, starts the city with `make run` as a newcomer
would, walks a citizen through the API from the districts to a cancelled appointment, and starts it a second time.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deploy.embedded import free_port
from tests.leaks import leaks_of

HOUSE = Path(__file__).resolve().parents[1]
PHONE = "13800000001"


class City:
    """`make run` in a folder of its own; stopped on exit as by Ctrl-C."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        # Nothing of the caller's environment may stand in for what `make run` makes by itself.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            ["make", "run", f"PORT={port}", f"DATA={folder / 'city'}", f"VENV={folder / 'venv'}"],
            cwd=HOUSE, env=kept, stdout=(folder / "run.log").open("ab"), stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> "City":
        return self

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(90)

    def first_page(self, seconds: float) -> float:
        """Seconds until the first page is there; raises what the city said if it never is."""
        started = time.monotonic()
        while time.monotonic() - started < seconds and self.process.poll() is None:
            try:
                if self.call("GET", "/", parse=False)[0] == 200:
                    return time.monotonic() - started
            except OSError:
                time.sleep(0.2)
        raise RuntimeError((self.folder / "run.log").read_text()[-3000:])

    def call(self, method: str, path: str, body: Any = None, *, parse: bool = True, **headers: str) -> tuple[int, Any]:
        """One request; status and JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(
            method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json", **sent}
        )
        response = connection.getresponse()
        received = response.read()
        connection.close()
        return response.status, json.loads(received) if parse and received else None


def walk(city: City) -> set[str]:
    """Districts, sites, slots, sign-in, hold, appointment, the same again, cancel; what no log may tell of it."""
    _expect(city.call("GET", "/health/ready"), 200)
    districts = _expect(city.call("GET", "/api/v1/districts"), 200)["results"]
    where = f"/api/v1/sites?district={districts[0]['code']}&programme=influenza&with_places=1"
    site = _expect(city.call("GET", where), 200)["results"][0]
    slots = _expect(city.call("GET", f"/api/v1/sites/{site['code']}/slots?programme=influenza"), 200)["results"]
    slot = next(slot for slot in slots if slot["places_left"] > 0 and slot["starts_at"] > _soonest())
    code = _expect(city.call("POST", "/api/v1/auth/codes", {"phone": PHONE}), 202)["demonstration_code"]
    token = _expect(city.call("POST", "/api/v1/auth/tokens", {"phone": PHONE, "code": code}), 201)["token"]
    signed_in = {"Authorization": f"Bearer {token}"}
    patient = _expect(city.call("GET", "/api/v1/patients", **signed_in), 200)["results"][0]
    wanted = {"slot": slot["id"], "patient": patient["id"]}
    hold = _expect(city.call("POST", "/api/v1/holds", wanted, **signed_in), 201)
    booking = {**wanted, "hold": hold["id"]}
    key = {"Idempotency_Key": "smoke-0001", **signed_in}
    booked = _expect(city.call("POST", "/api/v1/appointments", booking, **key), 201)
    again = _expect(city.call("POST", "/api/v1/appointments", booking, **key), 201)
    assert again == booked, "the same request was answered differently"
    cancelled = _expect(city.call("POST", f"/api/v1/appointments/{booked['reference']}/cancel", **signed_in), 200)
    assert cancelled["status"] == "cancelled", cancelled
    assert "restorable_until" in cancelled, cancelled
    print(f"{districts[0]['name']} > {site['name']} > {slot['starts_at']} > hold > {booked['reference']} > cancelled")
    return {PHONE, *token.split(".")}


def _told(folder: Path, secrets: set[str]) -> dict[str, list[str]]:
    """What the logs tell, but for who can sign in to the demonstration, which is printed on purpose."""
    return leaks_of(folder, secrets, said_on_purpose=(folder / "city" / "sign-in.txt").read_text())


def _soonest() -> str:
    """A cancellation can be undone until two hours before the start; a day leaves room for any clock."""
    return (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)).isoformat()


def _expect(found: tuple[int, Any], status: int) -> Any:
    assert found[0] == status, found
    return found[1]


def main() -> int:
    """0 if everything went as it should."""
    with tempfile.TemporaryDirectory(prefix="booking-smoke-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        port = free_port()
        with City(folder, port) as city:
            print(f"first page after {city.first_page(300):.1f} s, everything installed and filled")
            secrets = walk(city)
            assert (told := _told(folder, secrets)) == {}, told
        with City(folder, port) as city:
            print(f"first page of the second start after {city.first_page(60):.1f} s")
        print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
