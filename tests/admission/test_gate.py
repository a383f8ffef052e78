"""The scripts, on one server and on a cluster."""

import threading
import time

import pytest

from booking import admission
from booking.admission import GateDown, SlotState, Try, Verdict
from booking.admission.connection import Connection, connection
from deploy.embedded import free_port

pytestmark = pytest.mark.usefixtures("gate")


def load(slot_id=7, quota=3, taken=(), opens_ms=0, closed=False, past=()):
    ticket = admission.begin_load_many([slot_id])[slot_id]
    state = SlotState(slot_id, quota, opens_ms, closed, 3600, list(taken), list(past))
    return admission.finish_load_many([(state, ticket)]) == [True]


def test_places_are_numbered_from_one_to_the_quota_and_then_it_is_full():
    load(quota=3)

    answers = [admission.admit(7, f"claim-{n}", lease=30) for n in range(4)]

    assert sorted(answer.place for answer in answers[:3]) == [1, 2, 3]
    assert answers[3].verdict is Verdict.FULL
    assert admission.places_left([7, 8]) == {7: 0}


def test_a_repeat_keeps_its_place():
    load()

    first, second = admission.admit(7, "same", lease=30), admission.admit(7, "same", lease=30)

    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.HAD)
    assert first.place == second.place
    assert admission.places_left([7]) == {7: 2}


def test_a_slot_that_was_never_loaded_is_unknown():
    assert admission.admit(99, "claim", lease=30).verdict is Verdict.UNKNOWN


def test_the_release_time_is_the_servers():
    later = int((time.time() + 3600) * 1000)
    load(opens_ms=later)

    answer = admission.admit(7, "early", lease=30)

    assert (answer.verdict, answer.opens_ms) == (Verdict.NOT_OPEN, later)


def test_a_closed_slot_takes_nobody_and_an_opened_one_does():
    load()
    admission.set_closed(7, True)
    assert admission.admit(7, "claim", lease=30).verdict is Verdict.CLOSED

    admission.set_closed(7, False)
    assert admission.admit(7, "claim", lease=30).verdict is Verdict.NEW


def test_releasing_twice_gives_one_place_back():
    load(quota=1)
    admission.admit(7, "claim", lease=30)
    admission.settle_many([(7, "claim", 1)])

    assert (admission.release(7, "claim"), admission.release(7, "claim")) == (1, 0)
    assert admission.places_left([7]) == {7: 1}
    assert admission.admit(7, "claim", lease=30).verdict is Verdict.PAST


def test_dropping_a_hold_never_frees_a_settled_place():
    load(quota=1)
    admission.admit(7, "claim", lease=30)
    admission.settle_many([(7, "claim", 1)])

    assert admission.drop_hold(7, "claim") == 0
    assert admission.admit(7, "other", lease=30).verdict is Verdict.FULL


def test_a_lapsed_lease_goes_to_the_next_caller_and_a_settled_place_does_not():
    load(quota=2)
    admission.admit(7, "dies", lease=0.02)
    admission.admit(7, "stays", lease=0.02)
    admission.settle_many([(7, "stays", admission.snapshot(7)["stays"])])
    threading.Event().wait(0.05)

    assert admission.admit(7, "next", lease=30).verdict is Verdict.NEW
    assert admission.admit(7, "one more", lease=30).verdict is Verdict.FULL
    assert set(admission.snapshot(7)) == {"stays", "next"}


def test_handing_over_never_makes_the_place_free():
    load(quota=1)
    admission.admit(7, "giver", lease=30)

    assert admission.hand_over(7, "giver", "receiver") == 1
    assert admission.hand_over(7, "giver", "receiver") == 0
    assert admission.admit(7, "other", lease=30).verdict is Verdict.FULL
    assert admission.admit(7, "receiver", lease=30).verdict is Verdict.HAD
    assert admission.admit(7, "giver", lease=30).verdict is Verdict.PAST


def test_a_quota_raised_and_lowered():
    load(quota=1)
    admission.admit(7, "first", lease=30)

    admission.set_quota(7, 3)
    assert admission.places_left([7]) == {7: 2}
    admission.set_quota(7, 1)
    assert admission.places_left([7]) == {7: 0}
    assert admission.admit(7, "second", lease=30).verdict is Verdict.FULL


def test_loading_again_keeps_running_holds_and_drops_what_the_ledger_does_not_have():
    load(quota=4)
    admission.admit(7, "holding", lease=30)
    kept = admission.snapshot(7)["holding"]
    admission.admit(7, "stray", lease=30)
    admission.settle_many([(7, "stray", admission.snapshot(7)["stray"])])
    other = next(n for n in range(1, 5) if n != kept)

    assert load(quota=4, taken=[("booked", other)])

    assert admission.snapshot(7) == {"holding": kept, "booked": other}
    assert admission.places_left([7]) == {7: 2}


def test_loading_is_refused_when_the_gate_moved_meanwhile():
    load()
    ticket = admission.begin_load_many([7])[7]
    admission.admit(7, "claim", lease=30)
    admission.settle_many([(7, "claim", admission.snapshot(7)["claim"])])

    assert admission.finish_load_many([(SlotState(7, 3, 0, False, 3600, []), ticket)]) == [False]
    assert list(admission.snapshot(7)) == ["claim"]


def test_one_loader_at_a_time():
    assert list(admission.begin_load_many([7, 8])) == [7, 8]
    assert list(admission.begin_load_many([7, 9])) == [9]


def test_many_slots_in_one_call():
    for slot_id in range(1, 30):
        load(slot_id=slot_id, quota=1)

    answers = admission.admit_many([Try(slot_id, "claim", 30) for slot_id in range(1, 31)])

    assert [answer.verdict for answer in answers] == [Verdict.NEW] * 29 + [Verdict.UNKNOWN]
    assert set(admission.places_left(range(1, 30)).values()) == {0}


def test_emptied_scripts_are_loaded_again():
    load()
    connection().client.script_flush()

    assert admission.admit(7, "claim", lease=30).verdict is Verdict.NEW


def test_a_patient_has_one_live_hold():
    first, second = admission.Held(7, "first", 100), [admission.Held(8, "second", 200), admission.Held(9, "third", 200)]

    assert admission.remember_holds({"p": [first]}, seconds=60) == []
    assert admission.remember_holds({"p": second}, seconds=60) == [first]
    assert admission.held_by(["p", "q"]) == {"p": second, "q": []}


def test_a_gate_that_is_gone_is_noticed_at_once_and_forgiven_by_itself(tmp_path):
    from deploy.embedded import Valkey

    server = Valkey(tmp_path, port=free_port(), options=("--appendonly", "no"))
    gate = Connection(server.url(), connections=2, timeout=0.2, retry_after=0.1)
    for _ in range(3):
        with pytest.raises(GateDown):
            gate.ping()
    assert gate.breaker.is_open

    server.start()
    try:
        deadline = time.monotonic() + 5
        while gate.breaker.is_open and time.monotonic() < deadline:
            threading.Event().wait(0.05)
            try:
                gate.ping()
            except GateDown:
                continue
        assert not gate.breaker.is_open
    finally:
        server.stop()


def together(*claims, slot_id=7, **more):
    return admission.admit_together([admission.Try(slot_id, claim, 30, **more) for claim in claims])


def test_claims_that_belong_together_get_a_place_each_or_none():
    load(quota=3)

    first, second = together("a", "b"), together("c", "d")

    assert [answer.verdict for answer in first] == [Verdict.NEW] * 2
    assert [answer.verdict for answer in second] == [Verdict.FULL] * 2
    assert set(admission.snapshot(7)) == {"a", "b"}
    assert admission.places_left([7]) == {7: 1}
    # A repeat keeps its places, and one more fits.
    assert [answer.verdict for answer in together("a", "b", "e")] == [Verdict.HAD, Verdict.HAD, Verdict.NEW]
    assert together("a")[0].place == first[0].place


def test_twin_asked_one_by_one_they_take_the_last_place_from_somebody_alone():
    load(quota=1)

    admission.admit_many([admission.Try(7, claim, 30) for claim in ("a", "b")])

    assert admission.admit(7, "alone", lease=30).verdict is Verdict.FULL


def test_places_whose_lease_ran_out_count_as_room_for_claims_together():
    load(quota=2)
    admission.admit(7, "dies", lease=0.02)
    threading.Event().wait(0.05)

    assert [answer.verdict for answer in together("a", "b")] == [Verdict.NEW] * 2
    assert [answer.verdict for answer in together("c")] == [Verdict.FULL]
    assert set(admission.snapshot(7)) == {"a", "b"}
    assert admission.places_left([7]) == {7: 0}


def test_claims_together_are_told_why_not():
    load(quota=5)
    admission.admit(7, "gone", lease=30)
    admission.release(7, "gone")

    assert [answer.verdict for answer in together("gone", "new")] == [Verdict.PAST, Verdict.NEW]
    assert [answer.verdict for answer in together("held", held=True)] == [Verdict.LOST]
    admission.set_closed(7, True)
    assert [answer.verdict for answer in together("late", "later")] == [Verdict.CLOSED] * 2
    assert [answer.verdict for answer in together("a", "b", slot_id=8)] == [Verdict.UNKNOWN] * 2


def test_claims_in_several_slots_are_answered_in_order():
    load(quota=1)
    tries = [admission.Try(slot_id, claim, 30) for slot_id, claim in ((7, "a"), (8, "b"), (7, "c"))]

    assert [answer.verdict for answer in admission.admit_together(tries)] == [
        Verdict.FULL, Verdict.UNKNOWN, Verdict.FULL,
    ]  # fmt: skip
