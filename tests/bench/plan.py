"""A city-wide plan, and what it costs the people who book meanwhile: `make bench ARGS="--plan"`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench import load
from tests.bench.installation import Installation
from tests.bench.scenarios import Scenarios

_ROUNDS = 45
_SECONDS = 3.0
# (figure, at most) in seconds, and the share of the bookings that must remain.
PREVIEW, APPLY, REMAINING = 5.0, 90.0, 0.5


def measure(city: Installation, worker_class: str, citizens: int, connections: int) -> tuple[list[str], bool]:
    """The figures as lines, and whether all were met."""
    filled = city.script("tests.bench.fill", str(citizens), "0", str(_ROUNDS))
    scenarios, rounds = Scenarios(filled), iter(filled["rounds"])
    city.script("tests.bench.plan_city", "look")
    alone = city.script("tests.bench.plan_city", "look")
    applied_alone = city.script("tests.bench.plan_city", "apply", alone["change"])
    beside = city.script("tests.bench.plan_city", "look")
    city.start_web(worker_class)
    try:
        _book(city, scenarios, next(rounds), connections)
        usual = [_book(city, scenarios, next(rounds), connections) for _ in range(5)]
        during, applied = _book_while_applying(city, scenarios, rounds, connections, beside["change"])
        usual += [_book(city, scenarios, next(rounds), connections) for _ in range(5)]
    finally:
        city.stop_web()
    rate, meanwhile = sum(usual) / len(usual), sum(during) / len(during)
    audit = city.manage("audit_places", check=False)
    figures = [
        (f"preview of {alone['slots']:,} slots, seconds", alone["seconds"], PREVIEW, True),
        ("apply, nobody else there, seconds", applied_alone["seconds"], APPLY, True),
        ("apply while people book, seconds", applied["seconds"], None, True),
        ("bookings a second without", rate, None, False),
        ("bookings a second during the apply", meanwhile, None, False),
        ("their ratio", meanwhile / rate, REMAINING, False),
    ]
    lines, all_met = [], True
    for name, value, target, at_most in figures:
        met = target is None or (value <= target if at_most else value >= target)
        verdict = (
            "" if target is None else f"at {'most' if at_most else 'least'} {target}: {'met' if met else 'NOT MET'}"
        )
        lines.append(f"{name:<44}{value:>10,.2f}  {verdict}".rstrip())
        all_met = all_met and met
    lines.append(f"audit_places: {audit.stdout.strip()} (exit code {audit.returncode})")
    return lines, all_met and audit.returncode == 0


def _book(city: Installation, scenarios: Scenarios, round_: dict[str, Any], connections: int) -> float:
    booking = next(one for one in scenarios.all() if one.name == "booked, 1,000 slots")
    result = load.run(
        ("127.0.0.1", city.port), booking.requests(round_), connections=connections, seconds=_SECONDS, most=booking.most
    )
    return result.statuses["201"] / result.seconds


def _book_while_applying(
    city: Installation, scenarios: Scenarios, rounds: Any, connections: int, change: str
) -> tuple[list[float], dict[str, Any]]:
    with tempfile.NamedTemporaryFile("w+") as answer:
        job = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.plan_city", "apply", change],
            env=city.environment, cwd=Path(__file__).resolve().parents[2], stdout=answer,
        )  # fmt: skip
        during = []
        while job.poll() is None and (round_ := next(rounds, None)) is not None:
            during.append(_book(city, scenarios, round_, connections))
        job.wait()
        answer.seek(0)
        # The last run outlasted the change.
        return during[:-1] or during, json.load(answer)
