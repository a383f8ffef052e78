"""The report says in both languages what the figures say, and needs nothing but itself."""

import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from booking.rehearsal.conduct import Course, Plan
from booking.rehearsal.curves import OUTBREAK
from booking.rehearsal.engine import LEFT, Answer
from booking.rehearsal.figures import figures_of
from booking.rehearsal.ground import Ground
from booking.rehearsal.machine import Sample
from booking.rehearsal.measures import Measures, Second
from booking.rehearsal.report import report
from booking.rehearsal.strain import Advice
from booking.rehearsal.verdict import Verdict
from booking.rehearsal.words import advice

pytestmark = pytest.mark.django_db
_NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _course(*, rate: float | None = None, busy: int = 0) -> Course:
    measures = Measures()
    for number in range(600):
        second = Second()
        second.arrived, second.booked, second.places_left = 5, 3, 3000 - number * 3
        second.answers.update({"done": 40, "busy": busy})
        second.spread.add(0.02)
        measures.seconds.append(second)
    measures.people, measures.booked = 3000, 1800
    measures.outcomes.update({"place": 1700, "sold_out": 1000, "gave_up": 200})
    for status, body in ((201, b""), (409, b'{"code": "slot_full"}'), (503, b'{"code": "busy"}'), (LEFT, b"")):
        measures.answered("book", Answer(status, b"", body, 0.4))
    ground = Ground("dress-rehearsal", _NOW, 3000, 260, False, [])
    samples = [
        Sample(at=10.0 * n, memory={1: 100.0 + n}, cpu=0.5, ledger_connections=9, queue=n % 3) for n in range(60)
    ]
    plan = Plan(3000, OUTBREAK, 10, 1, 3000, [], Path(), rate=rate)
    return Course(plan, ground, measures, samples, Path("journal"), 20.0, _NOW)


def _figures(verdict: Verdict | None = None, **fields: Any) -> dict[str, Any]:
    return figures_of(_course(**fields), verdict or Verdict())


def test_it_says_first_whether_every_promise_was_kept() -> None:
    kept, broken = _figures(), _figures(Verdict(lost=["123456789012"], oversold=[(1, 10, 11)]))

    assert "<h1>承诺都守住了</h1>" in report(kept, "zh-hans")
    assert "<h1>Every promise was kept</h1>" in report(kept, "en")
    page = report(broken, "en")
    assert "<h1>A promise was broken</h1>" in page
    assert page.count("should be 0") == 2


def test_it_says_when_so_many_were_too_much_and_how_many_had_no_answer() -> None:
    page = report(_figures(busy=5), "en")

    assert "but so many people were too much" in page
    assert "300 people (10.0%) heard neither yes nor no." in page
    assert "From second" in page


@pytest.mark.parametrize("rate", [None, 20.0])
def test_it_needs_nothing_but_itself(rate: float | None) -> None:
    page = report(_figures(rate=rate, busy=5), "zh-hans")

    assert "<script" not in page
    assert re.findall(r"(?:src|href|url)\s*[=(]", page) == []
    assert page.count("<svg") >= 4
    assert "nan" not in re.findall(r' d="([^"]*)"', page)[0].lower()


@pytest.mark.parametrize("rate", [None, 20.0])
def test_in_english_no_chinese_is_left(rate: float | None) -> None:
    page = report(_figures(rate=rate, busy=5), "en")

    assert _CHINESE.findall(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)) == []


def test_a_soak_says_what_grows() -> None:
    page = report(_figures(rate=20.0), "en")

    assert "Long rehearsal" in page
    assert "Something grows: see the table." in page
    assert "Largest process · grows" in page


def test_a_long_run_is_drawn_with_few_points() -> None:
    figures = _figures()

    assert len(figures["steps"]) <= 240
    assert figures["steps"][1]["at"] == figures["width"] == 3
    assert sum(step["booked"] for step in figures["steps"]) * figures["width"] == pytest.approx(1800, abs=15)


_FACTS = {
    "answers": 1, "bookings": 2, "each": 3, "each_books": 4, "late_ms": 5, "more": 6, "most": 7, "ms": 8, "percent": 9,
    "second": 10, "times": 11, "wanted": 12, "workers": 13,
}  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["engine", "carried", "from_busy", "from_slow", "from_error", "workers", "machines", "cpu", "gate", "ledger",
     "connections"],
)  # fmt: skip
def test_every_advice_has_words(code: str) -> None:
    one = asdict(Advice(code, _FACTS))

    assert "%(" not in advice(one["code"], one["facts"])
