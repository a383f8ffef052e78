"""A visit over the API, step by step, for programs that keep no queue."""

import pytest

from booking.models import Batch, DeskAct, StockMovement
from booking.queries.qr_codes import qr_payload
from tests.desk_factories import make_desk, make_expected, make_visit
from tests.factories import CLOCK


@pytest.fixture
def appointment(site):
    return make_expected(site, 1)[0]


@pytest.fixture
def batch(site, appointment):
    vaccine = appointment.programme.vaccine
    batch = Batch.objects.create(site=site, vaccine=vaccine, number="L1", expires_on="2027-01-01")
    StockMovement.objects.create(batch=batch, kind="RECEIVED", doses=10, by=make_desk(site), at=CLOCK, key="received")
    return batch


def step(desk, appointment, what, key=None, **fields):
    headers = {"Idempotency_Key": key} if key else {}
    return desk.post(f"visits/{appointment.reference}/{what}", {"site": "A1", "desk": "1 号台", **fields}, **headers)


DOSE = {"batch": "L1", "body_site": "left_arm", "route": "intramuscular"}


def test_from_the_questions_to_the_door(supervisor, appointment, batch, clock):
    make_visit(appointment)

    asked = step(supervisor, appointment, "answers", said_yes=[], decision="may")
    given = step(supervisor, appointment, "doses", **DOSE)
    seen = step(
        supervisor, appointment, "reaction", kind="fainting", action="watched", note="脸白", began_at=CLOCK.isoformat()
    )
    clock.shift(31 * 60)
    left = step(supervisor, appointment, "leave")

    assert [answer.status_code for answer in (asked, given, seen, left)] == [200] * 4, (given.text, left.text)
    visits = [answer.json()["row"]["visit"] for answer in (asked, given, seen, left)]
    assert [visit["status"] for visit in visits] == ["triaged", "in_progress", "in_progress", "finished"]
    assert (visits[0]["decision"], visits[1]["dose"]["batch"]) == ("may", "L1")
    assert "脸白" not in seen.text


def test_a_repeat_under_the_same_key_has_no_second_effect(supervisor, appointment, batch):
    make_visit(appointment)
    step(supervisor, appointment, "answers", said_yes=[], decision="may")

    answers = [step(supervisor, appointment, "doses", "dose-key-1", **DOSE) for _ in range(2)]

    assert [answer.json()["repeated"] for answer in answers] == [False, True]
    assert StockMovement.objects.filter(kind="USED").count() == 1


def test_a_key_that_was_used_for_something_else_is_refused(supervisor, appointment, batch):
    make_visit(appointment)
    step(supervisor, appointment, "answers", "one-key-000", said_yes=[], decision="may")

    answer = step(supervisor, appointment, "doses", "one-key-000", **DOSE)

    assert (answer.status_code, answer.json()["code"]) == (422, "request_key_reused")
    assert step(supervisor, appointment, "doses", "short", **DOSE).status_code == 400


def test_a_check_in_is_taken_back(supervisor, appointment):
    supervisor.post("check-ins", {"code": qr_payload(appointment.reference), "desk": "1 号台"})
    answer = step(supervisor, appointment, "undo", reason="点错人")

    assert answer.status_code == 200, answer.text
    assert (answer.json()["row"]["status"], answer.json()["row"]["visit"]) == ("booked", None)


def test_what_is_refused_is_a_problem_with_its_words(supervisor, appointment, batch):
    make_visit(appointment)

    answer = step(supervisor, appointment, "doses", **DOSE)

    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (409, "dose_barred")
    assert not DeskAct.objects.exists()


@pytest.mark.parametrize(
    ("role", "what", "fields"),
    [
        ("registration", "answers", {"said_yes": [], "decision": "may"}),
        ("screening", "doses", DOSE),
        ("registration", "leave", {}),
        ("observation", "undo", {}),
    ],
)
def test_each_step_belongs_to_some_posts(site, signed_in, appointment, role, what, fields):
    make_visit(appointment)

    answer = step(signed_in(make_desk(site, role)), appointment, what, **fields)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_post")


@pytest.mark.parametrize("fields", [{"decision": "may"}, {"said_yes": ["hunger"], "decision": "may"}, {"said_yes": []}])
def test_what_is_missing_or_unknown_is_named_without_what_was_said(supervisor, appointment, fields):
    answer = step(supervisor, appointment, "answers", note="对鸡蛋过敏", **fields)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "对鸡蛋过敏" not in answer.text
