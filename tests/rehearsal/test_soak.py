"""What grows over hours is seen, and what only warms up is not taken for growth."""

from pathlib import Path

import pytest

from booking.models import Appointment
from booking.rehearsal.ground import CODE
from booking.rehearsal.machine import Sample, family, look, workers_among
from booking.rehearsal.soak import is_steady, trends
from booking.rehearsal.verdict import judge
from tests.factories import CLOCK
from tests.rehearsal.stage import make_sites, rehearse


def _samples(count: int = 360, **growing: float) -> list[Sample]:
    """An hour of samples, with what grows by so much in it."""
    found = []
    for number in range(count):
        share = number / count
        # A process that fills up in its first minutes, and a queue that is now long and now short.
        warm = min(number, 20) / 20
        sample = Sample(number * 10.0, memory={1: 60 + 40 * warm, 2: 100.0}, ledger_connections=16, queue=number % 4)
        for name, by in growing.items():
            if name == "memory":
                sample.memory[2] += by * share
            else:
                setattr(sample, name, getattr(sample, name) + by * share)
        found.append(sample)
    return found


def test_an_hour_in_which_things_only_warm_up_is_steady() -> None:
    assert is_steady(_samples())


@pytest.mark.parametrize(
    ("what", "by", "named"),
    [
        ("memory", 30.0, "largest process"),
        ("ledger_connections", 12, "ledger connections"),
        ("gate_mb", 50.0, "gate"),
        ("drifted", 4, "drifted slots"),
        ("queue", 200, "due jobs"),
        ("queue_age", 80.0, "oldest due job"),
    ],
)
def test_what_grows_is_named(what: str, by: float, named: str) -> None:
    samples = _samples(**{what: by})

    assert named in [trend.name for trend in trends(samples) if trend.grows]
    assert not is_steady(samples)


def test_a_job_that_waits_long_once_is_not_steady() -> None:
    samples = _samples()
    samples[200].queue_age = 120

    assert not is_steady(samples)


def test_too_few_samples_say_nothing() -> None:
    assert trends(_samples(2)) == []


@pytest.mark.django_db
def test_a_look_sees_this_process_the_ledger_and_the_gate() -> None:
    import os

    found = look([os.getpid()], at=1.0, now=CLOCK, thoroughly=True)

    assert found.memory[os.getpid()] > 10
    assert found.ledger_connections >= 1
    assert found.gate_mb > 0
    assert None not in (found.gate_seconds, found.ledger_seconds)
    assert (found.drifted, found.oversold, found.queue) == (0, 0, 0)


def test_processes_that_have_ended_are_not_looked_at() -> None:
    assert family([2**22 + 1]) == []
    assert workers_among([2**22 + 1]) == 0


@pytest.mark.django_db(transaction=True)
def test_people_of_a_soak_give_their_places_back(live_server, tmp_path: Path) -> None:
    make_sites(1)

    course = rehearse(live_server.url, tmp_path, people=50, places=200, rate=10)

    assert course.measures.booked >= 10
    verdict = judge(course.journal, CODE)
    assert verdict.holds
    assert not Appointment.objects.live().exists()
