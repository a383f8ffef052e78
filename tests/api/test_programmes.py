"""What the API says of how each programme is released."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Cohort, Draw
from tests.factories import make_administrator, make_programme, make_slot

pytestmark = pytest.mark.django_db


def _ask(client: Client, now: datetime, language: str = "zh-CN") -> dict[str, dict]:
    with time_machine.travel(now, tick=False):
        answer = client.get("/api/v1/programmes", headers={"accept-language": language})
    assert answer.status_code == 200
    return {row["code"]: row for row in answer.json()["results"]}


def test_an_open_programme_says_when_its_next_slots_open(client: Client, now: datetime) -> None:
    programme = make_programme(code="a")
    make_slot(programme=programme, opens_at=now + timedelta(hours=5))
    make_slot(programme=programme, opens_at=now + timedelta(hours=3))
    make_programme(code="b")

    found = _ask(client, now)

    assert found["a"]["next_opening"] == (now + timedelta(hours=3)).isoformat()
    assert found["b"]["next_opening"] is None
    assert [(row["release_mode"], row["cohorts"], row["draw"]) for row in found.values()] == [("open", [], None)] * 2


def test_cohorts_come_with_their_windows_and_the_next_one_is_the_next_opening(client: Client, now: datetime) -> None:
    programme = make_programme(code="a", release_mode="cohort")
    rows = [("晚", "Late", 2, None, ["3"]), ("早", "Early", -1, now + timedelta(days=1), ["1", "2"])]
    for name, name_en, days, closes_at, digits in rows:
        Cohort.objects.create(
            programme=programme, name=name, name_en=name_en, digits=digits, born_until=date(1960, 1, 1),
            opens_at=now + timedelta(days=days), closes_at=closes_at,
        )  # fmt: skip

    found = _ask(client, now, "en")["a"]

    assert found["cohorts"] == [
        {
            "name": "Early",
            "digits": ["1", "2"],
            "born_from": None,
            "born_until": "1960-01-01",
            "opens_at": (now - timedelta(days=1)).isoformat(),
            "closes_at": (now + timedelta(days=1)).isoformat(),
        },
        {
            "name": "Late",
            "digits": ["3"],
            "born_from": None,
            "born_until": "1960-01-01",
            "opens_at": (now + timedelta(days=2)).isoformat(),
            "closes_at": None,
        },
    ]
    assert found["next_opening"] == (now + timedelta(days=2)).isoformat()


def test_cohorts_that_do_not_count_now_are_not_told(client: Client, now: datetime) -> None:
    programme = make_programme(code="a", release_mode="invitation")
    Cohort.objects.create(programme=programme, name="一", name_en="one", opens_at=now + timedelta(days=1))

    found = _ask(client, now)["a"]

    assert (found["cohorts"], found["next_opening"]) == ([], None)


def test_a_draw_says_when_one_may_enter(client: Client, now: datetime) -> None:
    programme = make_programme(code="a", release_mode="draw")
    for begins in (-9, 2, 5):
        Draw.objects.create(
            programme=programme, name="轮", name_en="round", opens_at=now + timedelta(days=begins),
            closes_at=now + timedelta(days=begins + 1), first_day=now.date(), last_day=now.date(), public_source="-",
            public_source_en="-", seed="0", commitment="1", made_by=make_administrator(), made_at=now,
        )  # fmt: skip

    found = _ask(client, now)["a"]

    opens_at, closes_at = ((now + timedelta(days=days)).isoformat() for days in (2, 3))
    assert found["draw"] == {"opens_at": opens_at, "closes_at": closes_at}
    assert found["next_opening"] == opens_at


def test_the_schema_has_what_is_answered(client: Client, now: datetime) -> None:
    make_programme(code="a")

    schema = client.get("/api/v1/schema", headers={"accept": "application/json"}).json()

    fields = schema["components"]["schemas"]["ProgrammeOut"]["properties"]
    assert set(_ask(client, now)["a"]) == set(fields)
