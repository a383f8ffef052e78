"""A city that has outgrown one machine: three groups of web processes, a cluster as gate, a ledger with a replica."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from tests.bench import load
from tests.faults.behind_nginx import BehindNginx
from tests.faults.cases.crowds import fifty_of_five_hundred
from tests.faults.installations import WithCluster
from tests.faults.ledgers import Replicated
from tests.faults.rush import Rush, Say, answer_of, audit, booking, promises_hold


class ManyMachines(BehindNginx, WithCluster, Replicated):
    """Three gunicorn masters behind nginx; three masters of the gate with a replica each; reads go to a replica."""

    count = 3

    def __enter__(self) -> "ManyMachines":
        super().__enter__()
        self.stand_by()
        return self


def rush_on_many_machines(city: ManyMachines, made: dict[str, Any], say: Say) -> None:
    """A crowd on one slot, the same request at all machines at once, and a rush over a thousand slots."""
    citizens = made["citizens"]
    slot = city.slot(quota=50)
    with Rush(city, citizens[:500], [slot], seconds=20, connections=250) as crowd:
        pass
    fifty_of_five_hundred(city, crowd, say)
    for number, citizen in enumerate(citizens[500:510]):
        request = booking(citizen, made["slots"][0], key=f"many-machines-{number:06}")
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(answer_of, city.machines * 4, [request] * 12))
        assert {status for status, _ in answers} == {201}, answers
        assert all(body == answers[0][1] for _, body in answers), "the machines answer differently"
    say("12 equal requests, four at each machine: one appointment and one answer, for ten citizens")
    with Rush(city, citizens[510:], made["slots"], seconds=60, connections=64) as rush:
        reading = _read(city)
    result = rush.result
    say(f"{result.per_second:.0f} bookings a second through nginx, {reading} reads of places beside them")
    assert reading > 0
    sessions = _sessions(city)
    say(f"{sessions} sessions of web processes at the replica")
    assert sessions > 0, "nobody read from the replica"
    promises_hold(city, rush, say)
    assert audit(city)["clean"]


def _read(city: ManyMachines) -> int:
    """Look at the places of sites for some seconds, as people do who have not chosen yet; how many answers came."""
    paths = [
        load.get(f"/api/v1/sites?district=430102&programme=bench-0-many&with_places=1&page={n}") for n in range(1, 4)
    ]
    found = load.run(("127.0.0.1", city.port), iter(paths * 200), connections=2, seconds=4)
    return found.statuses["200"]


def _sessions(city: ManyMachines) -> int:
    assert city.replica is not None
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'booking' AND pid <> pg_backend_pid()"
    with psycopg.connect(city.replica.url()) as connection:
        row = connection.execute(others).fetchone()
        return int(row[0]) if row else 0


CASES = (rush_on_many_machines,)
