"""A node of the gate's cluster dies: its slots as with no gate at all, the others unharmed."""

import time
from collections.abc import Callable
from typing import Any

from booking.admission.keys import slot_keys
from tests.faults.installations import WithCluster
from tests.faults.rush import Rush, noticed, per_second, promises_hold, wait_until, without_gate
from tests.faults.servers import client, kill, role, wait_for


def node_dies(city: WithCluster, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """kill -9 one of three masters in the middle of a rush; its replica takes over by itself."""
    dies = city.gate.master_of(slot_keys(made["slots"][0])[0])
    at = {slot: city.gate.master_of(slot_keys(slot)[0]).port for slot in made["slots"][:300]}
    its_own = [slot for slot, port in at.items() if port == dies.port]
    others = [slot for slot, port in at.items() if port != dies.port]
    half = len(made["citizens"]) // 2
    with (
        Rush(city, made["citizens"][:half], its_own, seconds=16, connections=3) as harmed,
        Rush(city, made["citizens"][half:], others, seconds=16, connections=3) as unharmed,
    ):
        began = time.monotonic()
        time.sleep(3)
        kill(dies)
        killed = time.monotonic() - began
        took = wait_for(lambda: len(_masters(city)) == 3, "its replica has taken over")
        ready = wait_until(lambda: without_gate(city) == 0, 10, "the city finds it")
        back = time.monotonic() - began
        say(f"its replica was a master {took:.1f} s after the kill; every web process spoke to it {ready:.1f} s later")
    for name, rush in (("its own slots", harmed), ("the others", unharmed)):
        rates = [per_second(rush, *window) for window in ((1, killed), (killed, back), (back, back + 3))]
        say(
            f"{name}: {rates[0]:.0f} booked a second before, {rates[1]:.0f} meanwhile, {rates[2]:.0f} after; "
            f"{noticed(rush.result)}"
        )
        if rush is unharmed:
            assert rates[1] > 0.4 * rates[0], "the others were harmed"
        assert rates[1] > 0, f"{name}: nobody was booked meanwhile"
    promises_hold(city, harmed, say)
    promises_hold(city, unharmed, say)
    dies.start()
    wait_for(lambda: role(dies) == "slave", "the old master follows")


def node_emptied(city: WithCluster, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """One node of three forgets everything, three times, in the middle of a rush."""
    with Rush(city, made["citizens"], made["slots"], seconds=6, connections=16) as rush:
        for server in _masters(city):
            time.sleep(1)
            client(server).flushall()
    promises_hold(city, rush, say)


def _masters(city: WithCluster) -> list[Any]:
    return [server for server in city.gate.servers if role(server) == "master"]


CASES = (node_emptied, node_dies)
