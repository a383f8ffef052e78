"""Where it was too much is found, and what to add follows from what was measured."""

import pytest

from booking.rehearsal.engine import LEFT, Answer
from booking.rehearsal.machine import Sample
from booking.rehearsal.measures import Measures, Second
from booking.rehearsal.strain import Advice, advise, best_rate, engine_was_late, longest_silence, saturated


def _second(*, done: int = 100, seconds: float = 0.01, **more: int) -> Second:
    second = Second()
    second.answers.update({"done": done, **{name: count for name, count in more.items() if name != "booked"}})
    second.booked = more.get("booked", 0)
    for _ in range(done):
        second.spread.add(seconds)
    return second


def test_a_system_that_carries_everything_is_never_saturated() -> None:
    assert saturated([_second(refused=50) for _ in range(60)]) is None


@pytest.mark.parametrize(("sign", "bad"), [("busy", {"busy": 5}), ("error", {"error": 5}), ("slow", {"seconds": 1.5})])
def test_the_first_of_three_bad_seconds_is_named_with_its_sign(sign: str, bad: dict[str, float]) -> None:
    # One bad second by itself is no saturation.
    seconds = [_second(), _second(**bad), _second(), *(_second(**bad) for _ in range(3))]

    found = saturated(seconds)

    assert found is not None
    assert (found.second, found.sign) == (3, sign)


def test_the_best_rate_is_that_of_so_many_seconds_in_a_row() -> None:
    assert best_rate([0, 10, 20, 30, 0, 0], window=2) == 25
    assert best_rate([7], window=10) == 7
    assert best_rate([]) == 0


def test_the_longest_time_without_a_booking_is_counted_between_bookings() -> None:
    seconds = [_second(booked=booked) for booked in (0, 0, 1, 0, 0, 0, 1, 1, 0)]

    assert longest_silence(seconds) == 4


def _measures(seconds: list[Second]) -> Measures:
    measures = Measures()
    measures.seconds = seconds
    measures.people = sum(second.arrived for second in seconds)
    return measures


def test_what_was_carried_is_said_with_its_rates() -> None:
    measures = _measures([_second(done=80, refused=20, booked=12) for _ in range(30)])

    assert advise(measures, [], release=0, workers=2, most_connections=100) == [
        Advice("carried", {"answers": 100, "bookings": 12.0})
    ]


def test_as_many_workers_more_are_advised_as_the_people_need() -> None:
    seconds = [_second(done=100, busy=50, booked=10) for _ in range(60)]
    for second in seconds:
        # Eight requests each: four times of what is answered.
        second.arrived = 50
    samples = [Sample(at=5.0, cpu=0.97, ledger_connections=95, gate_seconds=0.001, ledger_seconds=0.3)]

    found = {one.code: one.facts for one in advise(_measures(seconds), samples, release=0, workers=2,
                                                   most_connections=100)}  # fmt: skip

    assert found["from_busy"] == {"second": 0, "answers": 100}
    assert found["workers"] == {
        "answers": 100, "bookings": 10.0, "wanted": 400, "workers": 2, "each": 50, "each_books": 5.0, "more": 6,
    }  # fmt: skip
    assert found["cpu"] == {"percent": 97}
    assert found["ledger"] == {"ms": 300}
    assert found["connections"] == {"most": 100}
    assert "gate" not in found


def test_where_nobody_knows_the_workers_a_factor_is_advised() -> None:
    seconds = [_second(done=100, busy=50) for _ in range(60)]
    for second in seconds:
        second.arrived = 25

    found = advise(_measures(seconds), [], release=0, workers=0, most_connections=100)

    assert [one.facts["times"] for one in found if one.code == "machines"] == [2.0]


def test_an_engine_that_was_late_says_so_first() -> None:
    measures = _measures([_second() for _ in range(10)])
    for _ in range(100):
        measures.late(0.2)

    assert engine_was_late(measures)
    assert advise(measures, [], release=0, workers=0, most_connections=100)[0].code == "engine"


def test_an_answer_counts_as_what_it_is_to_its_person() -> None:
    measures = Measures()
    for status, body in (
        (200, b""), (304, b""), (409, b'{"code": "slot_full"}'), (422, b""), (503, b""), (429, b""), (500, b""),
        (401, b""), (LEFT, b""),
    ):  # fmt: skip
        measures.answered("book", Answer(status, b"", body, 0.1))

    assert measures.total == {"done": 2, "refused": 2, "busy": 2, "error": 3}
    assert measures.names["book"]["409 slot_full"] == 1
