"""Every act of a citizen with its request key: repeated, it has one effect and one answer."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import AnsweredRequest, Patient, User
from tests.factories import make_citizen, make_patient, make_resident_id, make_token

pytestmark = pytest.mark.django_db(transaction=True)


def post(user: User, path: str, body: dict[str, Any], key: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {make_token(user, timezone.now())}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return Client().post(f"/api/v1/{path}", json.dumps(body), "application/json", headers=headers)


def somebody(**more: Any) -> dict[str, Any]:
    return {
        "name": "王秀兰", "document_type": "resident_id", "document_number": make_resident_id(), "relation": "self",
        **more,
    }  # fmt: skip


def test_adding_a_patient_twice_with_one_key_adds_one() -> None:
    user = make_citizen()
    first, second = (post(user, "patients", somebody(), "add-my-mother") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Patient.objects.count() == 1
    assert post(user, "patients", somebody()).json()["code"] == "patient_exists"


def test_twenty_at_once_are_one() -> None:
    user = make_citizen()

    def add(_n: int) -> Any:
        try:
            return post(user, "patients", somebody(), "add-my-mother")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(add, range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert Patient.objects.count() == 1


def test_the_same_key_with_another_body_is_refused_and_adds_nothing() -> None:
    user = make_citizen()
    post(user, "patients", somebody(), "add-my-mother")
    other = post(user, "patients", somebody(name="李雷", document_type="passport", document_number="E1234567"),
                 "add-my-mother")  # fmt: skip
    assert (other.status_code, other.json()["code"]) == (422, "request_key_reused")
    assert Patient.objects.count() == 1


def test_a_refusal_is_not_kept() -> None:
    user = make_citizen()
    wrong = post(user, "patients", somebody(document_number="123"), "add-my-mother")
    assert wrong.status_code == 400
    assert not AnsweredRequest.objects.exists()
    assert post(user, "patients", somebody(document_number="123"), "add-my-mother").status_code == 400


def test_keys_belong_to_an_account() -> None:
    for _ in range(2):
        assert post(make_citizen(), "patients", somebody(), "add-my-mother").status_code == 201
    assert Patient.objects.count() == 2


def test_what_is_kept_holds_no_document_number() -> None:
    user = make_citizen()
    post(user, "patients", somebody(), "add-my-mother")
    row = AnsweredRequest.objects.values().get()
    assert make_resident_id() not in repr(row)


@pytest.mark.parametrize("key", ["short", "x" * 65, "with blank", "键键键键键键键键"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    answer = post(make_citizen(), "patients", somebody(), key)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_key_malformed")
    assert not Patient.objects.exists()


def test_a_hold_is_answered_alike() -> None:
    from tests.factories import make_slot

    patient = make_patient()
    slot = make_slot(starts_at=timezone.now() + timezone.timedelta(days=2), opens_at=timezone.now())
    wanted = {"slot": slot.pk, "patient": str(patient.pk)}
    first, second = (post(patient.user, "holds", wanted, "hold-a-place") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


def test_deep_and_enormous_bodies_are_refused() -> None:
    user = make_citizen()
    headers = {"Authorization": f"Bearer {make_token(user, timezone.now())}"}
    deep = Client().post("/api/v1/patients", "[" * 10_000, "application/json", headers=headers)
    assert (deep.status_code, deep.json()["code"]) == (400, "malformed")
    enormous = Client().post("/api/v1/patients", "[" * 20_000, "application/json", headers=headers)
    assert (enormous.status_code, enormous.json()["code"]) == (413, "too_large")
