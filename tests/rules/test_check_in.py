"""What somebody at the desk is told. The cases are a table that the desk's own script is tested with as well."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from booking.rules.check_in import CheckIn, Known, check_in

CASES = json.loads((Path(__file__).parent / "check_in_cases.json").read_text())
CITY = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def known_of(said: dict | None) -> Known | None:
    if said is None:
        return None
    return Known(
        status=said["status"],
        is_here=said["is_here"],
        starts_at=moment(said["starts_at"]),
        ends_at=moment(said["ends_at"]),
        day=date.fromisoformat(said["day"]),
        has_visit=said["has_visit"],
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_desk_is_told(case: dict) -> None:
    said = case["in"]

    found = check_in(
        known_of(said["known"]),
        now=moment(said["now"]),
        today=date.fromisoformat(said["today"]),
        window=timedelta(minutes=said["window_minutes"]),
        is_ours=said["is_ours"],
        accepts_time=said["accepts_time"],
    )

    assert found == CheckIn(**case["out"])


def test_the_tables_days_are_the_citys() -> None:
    for case in CASES:
        said = case["in"]
        pairs = [(said["now"], said["today"])]
        if said["known"]:
            pairs.append((said["known"]["starts_at"], said["known"]["day"]))
        for text, day in pairs:
            assert moment(text).astimezone(CITY).date().isoformat() == day, case["name"]


def test_the_table_has_every_answer_that_there_is() -> None:
    from booking.rules import check_in as rules

    reasons = {case["out"]["reason"] for case in CASES}

    words = {value for name, value in vars(rules).items() if name.isupper()}
    assert reasons == words - {rules.OK, rules.WRONG_TIME, rules.REFUSED, rules.UNKNOWN}
