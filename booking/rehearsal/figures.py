"""Everything that a rehearsal found, as plain values: what is written as JSON, and what the report is made from."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import connection

from booking.rehearsal import soak
from booking.rehearsal.conduct import Course
from booking.rehearsal.machine import Sample, described, workers_among
from booking.rehearsal.measures import BUSY, DONE, ERROR, REFUSED, Second, together
from booking.rehearsal.strain import advise, engine_was_late, longest_silence, saturated
from booking.rehearsal.verdict import Verdict

_MOST_STEPS = 240


def figures_of(course: Course, verdict: Verdict) -> dict[str, Any]:
    """The whole of it. Times are seconds; steps and samples count from the beginning."""
    measures, plan = course.measures, course.plan
    workers = workers_among(plan.watched)
    when = saturated(measures.seconds)
    width = -(-len(measures.seconds) // _MOST_STEPS)
    soaking = plan.rate is not None
    return {
        "kind": "soak" if soaking else "surge",
        "began_at": course.began_at.isoformat(timespec="seconds"),
        "stopped": course.stopped,
        "verdict": verdict.as_dict(),
        "settings": _settings(course),
        "machine": {**described(), "workers": workers},
        "people": {"came": measures.people, "places": measures.booked, "outcomes": dict(measures.outcomes)},
        "waiting": {"answer": measures.to_answer.figures(), "place": measures.to_place.figures()},
        "requests": _requests(course),
        "answers": {name: measures.total[name] for name in (DONE, REFUSED, BUSY, ERROR)},
        "release": round(course.release, 1),
        "width": width,
        "steps": [
            _step(measures.seconds[start : start + width], start)
            for start in range(0, max(len(measures.seconds) - 1, 1), width)
        ],
        "samples": [_sample(sample) for sample in course.samples],
        "saturated": asdict(when) if when else None,
        "longest_silence": longest_silence(measures.seconds),
        "engine": {
            "was_late": engine_was_late(measures),
            "late": measures.lateness.figures(),
            "cpu": round(max((second.cpu for second in measures.seconds), default=0.0), 2),
        },
        "advice": []
        if soaking
        else [
            asdict(one)
            for one in advise(
                measures, course.samples, release=course.release, workers=workers, most_connections=_most_connections()
            )
        ],
        "soak": _soak(course) if soaking else None,
    }  # fmt: skip


def _settings(course: Course) -> dict[str, Any]:
    plan, ground = course.plan, course.ground
    return {
        "people": plan.people,
        "curve": plan.curve.name,
        "minutes": plan.minutes,
        "rate": plan.rate,
        "seed": plan.seed,
        "places": ground.places,
        "slots": ground.slots,
        "sites": len(ground.sites),
        "addresses": [target.host for target in plan.targets],
        "connections": plan.connections,
        "prepared": course.prepared,
    }


def _requests(course: Course) -> list[dict[str, Any]]:
    measures = course.measures
    return [
        {"kind": kind, **spread.figures(), "answers": dict(measures.names[kind].most_common())}
        for kind, spread in sorted(measures.kinds.items(), key=lambda pair: -pair[1].count)
    ]


def _step(seconds: Sequence[Second], start: int) -> dict[str, Any]:
    spread, width = together(second.spread for second in seconds), len(seconds)
    answers = {name: sum(second.answers[name] for second in seconds) / width for name in (DONE, REFUSED, BUSY, ERROR)}
    return {
        "at": start,
        "arrived": round(sum(second.arrived for second in seconds) / width, 2),
        "present": max(second.present for second in seconds),
        "queued": max(second.queued for second in seconds),
        **{name: round(rate, 2) for name, rate in answers.items()},
        "booked": round(sum(second.booked for second in seconds) / width, 2),
        "p50": round(spread.at(0.5), 4),
        "p95": round(spread.at(0.95), 4),
        "p99": round(spread.at(0.99), 4),
        "places_left": seconds[-1].places_left or seconds[0].places_left,
        "late": round(max(second.late for second in seconds), 4),
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "at": round(sample.at, 1),
        "cpu": None if sample.cpu is None else round(sample.cpu, 3),
        "memory": round(sum(sample.memory.values()), 1),
        "processes": {str(pid): round(size, 1) for pid, size in sample.memory.items()},
        "ledger_connections": sample.ledger_connections,
        "ledger_seconds": sample.ledger_seconds and round(sample.ledger_seconds, 4),
        "gate_seconds": sample.gate_seconds and round(sample.gate_seconds, 4),
        "gate_mb": round(sample.gate_mb, 2),
        "queue": sample.queue,
        "queue_age": round(sample.queue_age, 1),
        "drifted": sample.drifted,
    }


def _soak(course: Course) -> dict[str, Any]:
    return {
        "long_enough": course.plan.seconds >= soak.LEAST_SECONDS and not course.stopped,
        "steady": soak.is_steady(course.samples),
        "trends": [asdict(trend) for trend in soak.trends(course.samples)],
    }


def _most_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        return int(cursor.fetchone()[0])
