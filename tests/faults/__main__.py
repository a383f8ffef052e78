"""Break things in the middle of a rush and check every promise: `make faults`.

Everything is real and private: PostgreSQL, Valkey and gunicorn of an installation made for the run, on loopback and
bounded in time. After each fault the citizens' own journals are compared with the ledger, and audit_places with both.
"""

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import redis

from booking.admission.keys import slot_keys
from tests.bench.installation import Installation
from tests.faults.messages import messages
from tests.faults.rush import Rush, answer, audit, booking, forget_all, loaded, lost, wait_until

CITIZENS = 6000


def crowd(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """500 citizens at once on a slot of 50."""
    slot = city.slot(quota=50)
    with Rush(city, made["citizens"][:500], [slot], seconds=20, connections=250) as rush:
        pass
    _fifty_of_five_hundred(city, rush, say)


def crowd_past_the_gate(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """500 citizens at once on a slot of 50, with a gate that was opened for 500: the ledger alone must hold."""
    slot = city.slot(quota=50)
    first, *others = made["citizens"][500:1000]
    with Rush(city, [first], [slot], seconds=5, connections=1) as rush:
        pass
    gate = redis.Redis.from_url(city.gate.url())
    keys = slot_keys(slot)
    gate.hset(keys[0], "quota", 500)
    gate.sadd(keys[2], *range(51, 501))
    promised = rush.references
    with Rush(city, others, [slot], seconds=30, connections=250) as rush:
        pass
    rush.result.references.extend(promised)
    rush.result.statuses["201"] += len(promised)
    _fifty_of_five_hundred(city, rush, say)


def _fifty_of_five_hundred(city: Installation, rush: Rush, say: Callable[[str], None]) -> None:
    _promises_hold(city, rush, say)
    assert dict(rush.result.statuses) == {"201": 50, "409 slot_full": 450}, dict(rush.result.statuses)


def one_request_twenty_times(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The same request twenty times at once with one key, for twenty citizens."""
    slot = city.slot(quota=100)
    for number, citizen in enumerate(made["citizens"][1000:1020]):
        request = booking(citizen, slot, key=f"twenty-times-{number:06}")
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: answer(city, request), range(20), chunksize=1))  # noqa: B023
        assert {status for status, _ in answers} == {201}, answers
        assert all(body == answers[0][1] for _, body in answers), "the answers differ"
    say("20 equal answers and one appointment for each citizen")
    assert audit(city)["clean"]


def one_patient_two_slots(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """One patient, two slots of a programme at once, twenty rounds."""
    one, other = city.slot(quota=100), city.slot(quota=100)
    for number, citizen in enumerate(made["citizens"][1020:1040]):
        wanted = [booking(citizen, slot, key=f"two-slots-{slot}-{number:06}") for slot in (one, other)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda request: answer(city, request), wanted))
        codes = sorted((status, body.get("code")) for status, body in answers)
        assert codes == [(201, None), (409, "already_booked")], answers
    say("one 201 and one already_booked in each round")
    assert audit(city)["clean"]


def quotas_cut_and_raised(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """A quota is cut to what is taken and raised again fifty times in the middle of a rush."""
    quota = 2000
    slots = [city.slot(quota=quota) for _ in range(5)]
    with Rush(city, made["citizens"], slots, seconds=30, connections=4) as rush:
        time.sleep(0.3)
        found = city.script("tests.faults.quotas", "50", str(quota), *map(str, slots))
        before = _booked(city)
    say(
        f"{found['cuts']} cuts, {found['refused']} tried again because somebody was quicker; "
        f"{_booked(city) - before} booked after the last"
    )
    assert found["over"] == 0, f"{found['over']} places above a quota"
    assert rush.result.statuses["409 slot_full"] > 0, "no cut was felt by anybody"
    _promises_hold(city, rush, say)


def gate_emptied(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """FLUSHALL five times in the middle of a rush."""
    gate = redis.Redis.from_url(city.gate.url())
    with Rush(city, made["citizens"], made["slots"], seconds=8) as rush:
        for _ in range(5):
            time.sleep(0.6)
            gate.flushall()
            before = _booked(city)
            took = wait_until(lambda before=before: _booked(city) > before, 5, "bookings go on")
            say(f"emptied; the next booking stood in the ledger {took * 1000:.0f} ms later")
    _promises_hold(city, rush, say)


def gate_stopped(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """The gate is gone for twenty seconds in the middle of a rush."""
    with Rush(city, made["citizens"], made["slots"], seconds=28, connections=8) as rush:
        time.sleep(1)
        city.gate.stop()
        stopped_at, before = time.monotonic(), _booked(city)
        time.sleep(20)
        during = _booked(city) - before
        city.gate.start()
        say(f"the gate was gone for {time.monotonic() - stopped_at:.1f} s; the ledger alone booked {during} meanwhile")
    _promises_hold(city, rush, say)
    assert during > 0, "nobody was booked while the gate was gone"
    forget_all(city)
    citizen, slot = made["citizens"][-1], city.slot(quota=1)
    answer(city, booking(citizen, slot, key="after-the-gate-came-back"))
    took = wait_until(lambda: loaded(city, slot), 20, "bookings go through the gate again")
    say(f"the breaker had closed by itself ({took:.1f} s)")


def worker_killed(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """kill -9 a web worker, three times, in the middle of a rush."""
    with Rush(city, made["citizens"], made["slots"], seconds=12, connections=64) as rush:
        for _ in range(3):
            time.sleep(0.7)
            victim = city.workers()[0]
            os.kill(victim, signal.SIGKILL)
            took = wait_until(
                lambda gone=victim: gone not in city.workers() and len(city.workers()) == 2, 30, "replaced"
            )
            say(f"killed worker {victim}; replaced after {took:.1f} s")
    say(f"{rush.result.broken} requests got no answer")
    _promises_hold(city, rush, say)


def _promises_hold(city: Installation, rush: Rush, say: Callable[[str], None]) -> None:
    result = rush.result
    answers = ", ".join(f"{count} × {name.strip()}" for name, count in sorted(result.statuses.items()))
    say(f"citizens were told: {answers}")
    assert not [name for name in result.statuses if name.startswith("500")], "somebody was answered 500"
    missing = lost(city, rush.references)
    assert not missing, f"{len(missing)} promised appointments are not in the ledger"
    started = time.monotonic()
    found = audit(city)
    assert found["clean"], f"audit_places: {found}"
    say(
        f"{len(rush.references)} promised and all in the ledger; {found['places_taken']} places taken, none oversold, "
        f"no drift {time.monotonic() - started:.0f} s later"
    )


def _booked(city: Installation) -> int:
    with psycopg.connect(city.ledger.url()) as connection:
        row = connection.execute("SELECT count(*) FROM booking_appointment").fetchone()
        return int(row[0]) if row else 0


FAULTS = (
    crowd,
    crowd_past_the_gate,
    one_request_twenty_times,
    one_patient_two_slots,
    quotas_cut_and_raised,
    gate_emptied,
    gate_stopped,
    worker_killed,
    messages,
)


def main() -> int:
    """Run the faults whose names hold the given text; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="part of a fault's name")
    wanted = parser.parse_args().only
    chosen = [fault for fault in FAULTS if wanted in fault.__name__]
    failed = 0
    with Installation() as city:
        filled = city.script("tests.bench.fill", str(CITIZENS), "0", str(len(chosen)))
        # Two workers that share the gate, as an installation has them.
        city.start_web("gevent")
        for fault, round_ in zip(chosen, filled["rounds"], strict=True):
            _say(f"== {fault.__name__}: {fault.__doc__}")
            made = {"citizens": filled["citizens"], "slots": round_["many"]}
            try:
                fault(city, made, lambda sentence: _say(f"   {sentence}"))
            except Exception:
                failed += 1
                traceback.print_exc(file=sys.stdout)
                _say(f"   the web server's last words:\n{city.web_log()[-4000:]}")
    _say(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
