"""The ledger restarts, dies, loses its answers, its connections and its patience."""

import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg

from tests.bench.installation import Installation
from tests.faults.ledger_servers import kill, number
from tests.faults.ledgers import Proxied
from tests.faults.pages import pages
from tests.faults.rush import Rush, answer, booked, promises_hold, wait_until

_TWICE = (
    "SELECT count(*) FROM (SELECT FROM booking_appointment GROUP BY booked_by_id, request_key HAVING count(*) > 1) t"
)


def ledger_restarted(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The ledger is restarted in the middle of commits: as administrators do it, then by kill -9 of its postmaster."""
    with Rush(city, made["citizens"], made["slots"], seconds=14, connections=32) as rush:
        for how, end in (("restarted", city.ledger.stop), ("killed and started", lambda: kill(city.ledger))):
            time.sleep(1.5)
            stopped_at = time.monotonic()
            end()
            city.ledger.start()
            gone, before = time.monotonic() - stopped_at, booked(city)
            took = wait_until(lambda before=before: booked(city) > before, 15, "bookings go on")
            say(f"{how}: gone for {gone:.1f} s; the next booking stood in the ledger {took * 1000:.0f} ms later")
    promises_hold(city, rush, say)


def answer_lost_after_commit(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The connection is lost after the ledger has the statement that books, before its answer, again and again."""
    assert isinstance(city, Proxied)
    citizens, cut = made["citizens"][:1500], 0
    with Rush(city, citizens, made["slots"], seconds=10, connections=16) as rush:
        ends = time.monotonic() + 4
        while time.monotonic() < ends:
            before = city.proxy.resets
            city.proxy.cut_at(b"fault-")
            time.sleep(0.05)
            cut += city.proxy.resets > before
    say(f"{cut} connections cut while the ledger was writing")
    promises_hold(city, rush, say)
    assert cut >= 5, "hardly any answer was lost"
    written = booked(city)
    told = [answer(city, request) for request in itertools.islice(rush.requests(), 300)]
    fresh = booked(city) - written
    assert {status for status, _ in told} <= {201}, [body for status, body in told if status != 201][:3]
    references = {body["reference"] for _, body in told}
    assert len(references) == len(told), "two citizens were told the same reference"
    assert number(city.ledger, _TWICE, "booking") == 0
    say(f"300 citizens repeated their request and were told the truth: {fresh} booked by it, the others once before")


def connections_taken(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """Somebody else takes every connection of the ledger for some seconds."""
    assert isinstance(city, Proxied)
    held: list[psycopg.Connection[Any]] = []
    with Rush(city, made["citizens"], made["slots"], seconds=20, connections=16) as rush:
        time.sleep(1)
        # The city's own connections are cut first, and others are quicker.
        city.proxy.cut()
        with suppress(psycopg.OperationalError):
            while len(held) < 100:
                held.append(psycopg.connect(city.ledger.url(), connect_timeout=2))
        city.proxy.pass_on()
        taken_at = time.monotonic()
        told = pages(city, made["citizens"][0])
        seconds = time.monotonic() - taken_at
        for one in held:
            one.close()
        before = booked(city)
        took = wait_until(lambda: booked(city) > before, 15, "bookings go on")
    say(f"{len(held)} connections were somebody else's for {seconds:.1f} s; pages were answered {told}")
    say(f"the next booking stood in the ledger {took * 1000:.0f} ms after they were free")
    promises_hold(city, rush, say)


def locked_out(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """Somebody holds the table of appointments for seven seconds: nobody waits so long, all are told to come back."""
    with Rush(city, made["citizens"], made["slots"], seconds=14, connections=16) as rush:
        time.sleep(1)
        with psycopg.connect(city.ledger.url()) as hog:
            hog.execute("LOCK TABLE booking_appointment IN ACCESS EXCLUSIVE MODE")
            time.sleep(7)
        before = booked(city)
        took = wait_until(lambda: booked(city) > before, 10, "bookings go on")
    say(f"the next booking stood in the ledger {took * 1000:.0f} ms after the table was free")
    assert rush.result.statuses["503 busy"] > 0, dict(rush.result.statuses)
    promises_hold(city, rush, say)


CASES = (ledger_restarted, answer_lost_after_commit, connections_taken, locked_out)
