"""A ledger with a replica: what the replica may be asked, and what is lost when it takes over."""

import time
from collections.abc import Callable
from typing import Any

from tests.bench.installation import Installation
from tests.faults.ledger_servers import kill
from tests.faults.ledgers import Replicated
from tests.faults.pages import board_of
from tests.faults.rush import Rush, audit, booked, lost, noticed, promises_hold, wait_until


def replica_frozen_and_dead(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The replica that the city's board is read from stops showing anything new, then dies, in the middle of a rush."""
    assert isinstance(city, Replicated)
    replica = city.stand_by()
    with Rush(city, made["citizens"], made["slots"], seconds=12, connections=16) as rush:
        time.sleep(1.5)
        replica.freeze()
        frozen = [_board(city, number) for number in range(20)]
        replica.thaw()
        replica.stop()
        dead = [_board(city, number) for number in range(20, 40)]
        replica.start()
    assert {status for status, _ in frozen + dead} == {200}, frozen + dead
    slowest = max(seconds for _, seconds in frozen + dead)
    log = city.web_log()
    served, left = log.count("serves what may be a little old"), log.count("without its replica")
    say(f"{len(frozen + dead)} boards were shown, the slowest in {slowest * 1000:.0f} ms")
    say(f"processes came to the replica {served} times and left it {left} times, by themselves")
    assert served, "the replica was never asked"
    assert left, "nobody noticed that the replica was gone"
    promises_hold(city, rush, say)


def failover_synchronous(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The ledger dies (kill -9) in the middle of commits, and its synchronous replica is promoted."""
    assert isinstance(city, Replicated)
    city.stand_by(sync=True)
    rush = _die(city, made, say)
    promises_hold(city, rush, say)


def failover_asynchronous(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The same with an asynchronous replica, a fifth of a second behind: something is lost, and it is told how much."""
    assert isinstance(city, Replicated)
    city.stand_by(behind=0.2)
    rush = _die(city, made, say)
    gone = lost(city, rush.references)
    found = audit(city)
    say(
        f"{len(gone)} of {len(rush.references)} promised appointments are lost, as an asynchronous replica means; "
        f"{found['places_taken']} places taken, none oversold; {noticed(rush.result)}"
    )
    assert found["clean"], f"audit_places: {found}"
    assert len(gone) < len(rush.references) / 2, "more was lost than a fifth of a second"
    assert not [name for name in rush.result.statuses if name.startswith("500")], "somebody was answered 500"


def _board(city: Replicated, number: int) -> tuple[int, float]:
    time.sleep(0.1)
    return board_of(city, number)


def _die(city: Replicated, made: dict[str, Any], say: Callable[[str], None]) -> Rush:
    with Rush(city, made["citizens"], made["slots"], seconds=14, connections=16) as rush:
        wait_until(lambda: booked(city) > 0, 10, "a booking")
        time.sleep(2)
        died_at = time.monotonic()
        kill(city.ledger)
        city.fail_over()
        promoted, before = time.monotonic() - died_at, booked(city)
        took = wait_until(lambda: booked(city) > before, 20, "bookings go on")
        say(f"promoted {promoted:.1f} s after the ledger's death; the next booking stood in it {took * 1000:.0f} ms on")
    return rush


CASES = (replica_frozen_and_dead, failover_synchronous, failover_asynchronous)
