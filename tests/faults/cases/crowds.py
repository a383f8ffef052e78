"""Too many people, the same people twice, quotas that change: nothing is broken, everything is asked for."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import redis

from booking.admission.keys import slot_keys
from tests.bench.installation import Installation
from tests.faults.rush import Rush, answer, audit, booked, booking, promises_hold


def crowd(city: Installation, made: dict[str, Any], say: Callable[[str], None]) -> None:
    """500 citizens at once on a slot of 50."""
    slot = city.slot(quota=50)
    with Rush(city, made["citizens"][:500], [slot], seconds=20, connections=250) as rush:
        pass
    fifty_of_five_hundred(city, rush, say)


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
    fifty_of_five_hundred(city, rush, say)


def fifty_of_five_hundred(city: Installation, rush: Rush, say: Callable[[str], None]) -> None:
    """After a crowd on a slot of fifty: fifty were told so, the others that it is full, and every promise holds."""
    promises_hold(city, rush, say)
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
        before = booked(city)
    say(
        f"{found['cuts']} cuts, {found['refused']} tried again because somebody was quicker; "
        f"{booked(city) - before} booked after the last"
    )
    assert found["over"] == 0, f"{found['over']} places above a quota"
    assert rush.result.statuses["409 slot_full"] > 0, "no cut was felt by anybody"
    promises_hold(city, rush, say)


CASES = (crowd, crowd_past_the_gate, one_request_twenty_times, one_patient_two_slots, quotas_cut_and_raised)
