"""The desks of a city's sites, all at once: `make bench ARGS="--desk"`.

Fifty desks scan in the same moment, again and again; each has the answer before its next person. Then twenty devices
come back from a morning without the network, and send what each of them did in the same second.
"""

import json
import statistics
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench import load
from tests.bench.installation import Installation

SITES, DESKS, BURSTS = 10, 5, 20
DEVICES, SERVED = 20, 6
BATCH = "FLU2611"
# Milliseconds from scan to result, and seconds until everything that was done offline is answered.
MOST_P95, MOST_BACK = 800, 30
_WAY: list[tuple[str, dict[str, Any]]] = [
    ("check_in", {"how": "scan"}),
    ("call", {}),
    ("answer", {"said_yes": [], "decision": "may", "deferred_until": None, "note": ""}),
    ("vaccinate", {"batch": BATCH, "body_site": "left_arm", "route": "intramuscular", "lift": [], "lift_reason": ""}),
    ("leave", {"early": "家里有急事"}),
]


class Device:
    """One desk's device, with the token of whoever works there."""

    def __init__(self, site: str, user: int, token: str) -> None:
        self.site, self.user, self.token, self.id = site, user, token, str(uuid.uuid4())
        self.sequence = 0

    def act(self, kind: str, reference: str, data: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An act on the wire."""
        self.sequence += 1
        act = {
            "key": str(uuid.uuid4()), "device": self.id, "sequence": self.sequence, "after": None, "kind": kind,
            "reference": reference, "happened_at": datetime.now(UTC).isoformat(), "offline": False, "desk": "台 1",
            "by": self.user, "data": data,
        }  # fmt: skip
        return {**act, **more}

    def sending(self, acts: list[dict[str, Any]]) -> bytes:
        """The request that brings them."""
        body = {"site": self.site, "device": self.id, "pending": len(acts), "acts": acts}
        return load.post("/api/v1/desk/acts", json.dumps(body).encode(), Authorization=f"Bearer {self.token}")


def measure(city: Installation, worker_class: str) -> tuple[list[str], bool]:
    """The figures as lines, and whether the targets were met."""
    people = DESKS * (BURSTS + 1) + DEVICES // SITES * SERVED
    filled: list[dict[str, Any]] = city.script("tests.bench.desk_fill", str(SITES), str(DESKS), str(people))
    devices = [Device(one["site"], user, token) for one in filled for user, token in one["desks"]]
    waiting = {one["site"]: iter(one["people"]) for one in filled}
    city.start_web(worker_class)
    try:
        # Not counted: everybody's first.
        _scan(city, devices, waiting)
        bursts = [_scan(city, devices, waiting) for _ in range(BURSTS)]
        back = _come_back(city, filled, waiting)
    finally:
        city.stop_web()
    return _verdict(bursts, back, _count(city))


def _scan(city: Installation, devices: list[Device], waiting: dict[str, Iterator[str]]) -> load.Result:
    requests = [one.sending([one.act("check_in", next(waiting[one.site]), {"how": "scan"})]) for one in devices]
    return load.run(("127.0.0.1", city.port), iter(requests), connections=len(devices), seconds=30)


def _come_back(city: Installation, filled: list[dict[str, Any]], waiting: dict[str, Iterator[str]]) -> list[float]:
    """How long each try took: what was not answered is sent again, with all the rest."""
    requests = []
    for n in range(DEVICES):
        site = filled[n % SITES]
        user, token = site["desks"][n // SITES]
        device = Device(site["site"], user, token)
        acts = [act for _ in range(SERVED) for act in _serve(device, next(waiting[site["site"]]))]
        requests.append(device.sending(acts))
    tries: list[float] = []
    before = _count(city)["acts"]
    while len(tries) < 5:
        sent = load.run(("127.0.0.1", city.port), iter(requests), connections=DEVICES, seconds=30)
        tries.append(sent.seconds)
        if sent.statuses["200"] == DEVICES and _count(city)["acts"] == before + DEVICES * SERVED * len(_WAY):
            break
    return tries


def _count(city: Installation) -> dict[str, int]:
    found: dict[str, int] = city.script("tests.bench.desk_fill", "count")
    return found


def _serve(device: Device, reference: str) -> Iterator[dict[str, Any]]:
    begun, before = datetime.now(UTC) - timedelta(seconds=60), None
    for step, (kind, data) in enumerate(_WAY):
        at = (begun + timedelta(seconds=10 * step)).isoformat()
        act = device.act(kind, reference, data, happened_at=at, offline=True, after=before)
        before = act["key"]
        yield act


def _verdict(bursts: list[load.Result], back: list[float], found: dict[str, int]) -> tuple[list[str], bool]:
    scans, acts = SITES * DESKS * (BURSTS + 1), DEVICES * SERVED * len(_WAY)
    answered = sum(burst.statuses["200"] for burst in bursts) == SITES * DESKS * BURSTS
    middle = statistics.median(burst.percentile(0.5) for burst in bursts)
    slow = statistics.median(burst.percentile(0.95) for burst in bursts)
    rate = statistics.median(burst.per_second for burst in bursts)
    once = found == {
        "acts": scans + acts,
        "conflicts": 0,
        "visits": scans + DEVICES * SERVED,
        "doses": DEVICES * SERVED,
        "twice": 0,
    }
    lines = [
        f"{SITES * DESKS} desks of {SITES} sites scan in one moment, {BURSTS} times"
        + ("" if answered else ": NOT ALL ANSWERED"),
        f"  from scan to result, median      {middle:>8,.0f} ms",
        f"  from scan to result, p95         {slow:>8,.0f} ms  {_met(slow <= MOST_P95, MOST_P95)}",
        f"  check-ins a second               {rate:>8,.0f}",
        f"{DEVICES} devices come back with {acts} acts in one second",
        f"  until all are answered           {sum(back):>8,.1f} s   {_met(sum(back) <= MOST_BACK, MOST_BACK)}"
        + (f", at the {len(back)}. try" if len(back) > 1 else ""),
        f"Every act once, in the ledger: {'yes' if once else f'NO, {found}'}",
    ]
    return lines, answered and once and slow <= MOST_P95 and sum(back) <= MOST_BACK


def _met(is_met: bool, most: int) -> str:
    return f"at most {most:,}: {'met' if is_met else 'NOT MET'}"
