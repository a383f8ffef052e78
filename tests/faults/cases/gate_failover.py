"""The gate's master dies, and a replica that has not heard of the last bookings takes over."""

import time
from collections.abc import Callable
from typing import Any

from tests.faults.installations import WithGroup
from tests.faults.rush import Rush, booked, promises_hold, wait_until, without_gate
from tests.faults.servers import client, kill, role, wait_for


def stale_replica(city: WithGroup, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """Replication stops, people go on booking, the master is killed, and the sentinels promote the stale replica."""
    master, replica = city.gate.servers
    # As many people as places: nearly every number that the replica would give again is somebody's.
    slots = made["slots"][:250]
    with Rush(city, made["citizens"], slots, seconds=30, connections=6) as rush:
        time.sleep(1)
        client(replica).config_set("masterauth", "not the password")
        client(master).client_kill_filter(_type="replica")
        known = booked(city)
        time.sleep(1.5)
        unknown = booked(city) - known
        kill(master)
        before = booked(city)
        took = wait_for(lambda: role(replica) == "master", "the replica is the master")
        ready = wait_until(lambda: without_gate(city) == 0, 15, "the city finds it")
        say(
            f"the replica did not know of {unknown} bookings; it was the master {took:.1f} s after the old one was "
            f"killed, and every web process spoke to it {ready:.1f} s later; the ledger alone booked "
            f"{booked(city) - before} meanwhile"
        )
    assert unknown > 0, "the replica was not stale"
    assert rush.result.statuses["409 slot_full"] > 0, "nobody came to a full slot"
    promises_hold(city, rush, say)
    client(replica).config_set("masterauth", city.gate.password)
    master.start()
    took = wait_for(lambda: role(master) == "slave", "the old master follows")
    say(f"the old master came back, and follows the new one {took:.1f} s later")


CASES = (stale_replica,)
