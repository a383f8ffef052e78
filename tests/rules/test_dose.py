"""The desk's bars on a dose, by the table that its screens are tested with too."""

import json
from datetime import date
from pathlib import Path

import pytest

from booking.rules.dose import FOR_GOOD, LIFTABLE, BatchNow, bars, not_before, still_barred
from booking.rules.eligibility import ProgrammeRules, earliest_after

CASES = json.loads(Path(__file__).with_name("dose_cases.json").read_text())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _named(kind: str) -> list:
    return [pytest.param(case, id=case["name"]) for case in CASES[kind]]


@pytest.mark.parametrize("case", _named("bars"))
def test_what_bars_a_dose(case: dict) -> None:
    given = {**CASES["usual"], **case}
    batch = given["batch"] and {**CASES["usual"]["batch"], **given["batch"]}

    found = bars(
        on=date.fromisoformat(given["on"]),
        vaccine=given["vaccine"],
        batch=batch and BatchNow(**{**batch, "expires_on": date.fromisoformat(batch["expires_on"])}),
        dose=given["dose"],
        doses_received=given["doses_received"],
        not_before=_day(given["not_before"]),
        decision=given["decision"],
        given=given["given"],
    )

    assert found == case["bars"]


@pytest.mark.parametrize("case", _named("lifting"))
def test_who_lifts_which_bar(case: dict) -> None:
    asked = {"lift": case["lift"], "reason": case["reason"], "doctor": case["doctor"]}

    assert still_barred(case["bars"], **asked) == case["stay"]


@pytest.mark.parametrize("case", _named("not_before"))
def test_from_when_a_dose_may_be_given(case: dict) -> None:
    found = not_before(case["intervals"], dose=case["dose"], before_on=_day(case["before_on"]))

    assert found == _day(case["from"])


def test_the_desk_counts_days_as_booking_does() -> None:
    rules = ProgrammeRules(3, [28, 120], 0, 120, "", ())
    day = date(2027, 1, 31)

    for dose in (2, 3):
        assert not_before(rules.intervals, dose=dose, before_on=day) == earliest_after(rules, dose - 1, day)


def test_every_bar_is_for_good_or_can_be_lifted_and_is_in_the_table() -> None:
    named = {bar for case in CASES["bars"] for bar in case["bars"]}

    assert named == FOR_GOOD | LIFTABLE
    assert not FOR_GOOD & LIFTABLE
