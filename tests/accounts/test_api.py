"""The account calls as the city app sees them."""

import json
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts.addresses import address_of
from accounts.models import Patient, User
from tests.factories import make_citizen, make_patient, make_resident_id, make_token

pytestmark = pytest.mark.django_db(transaction=True)


def call(method, path, body=None, user=None, language="zh-CN"):
    headers = {"Accept-Language": language}
    if user is not None:
        headers["Authorization"] = f"Bearer {make_token(user, timezone.now())}"
    return Client().generic(
        method, f"/api/v1/{path}", json.dumps(body) if body is not None else "", "application/json", headers=headers
    )


def somebody(**more):
    return {
        "name": "王秀兰",
        "document_type": "resident_id",
        "document_number": make_resident_id(),
        "relation": "self",
        **more,
    }


def test_a_new_phone_signs_in_with_its_code_and_signs_out():
    code = call("POST", "auth/codes", {"phone": "138 1234 6621"})
    assert code.status_code == 202

    token = call("POST", "auth/tokens", {"phone": "13812346621", "code": code.json()["demonstration_code"]})

    assert token.status_code == 201
    assert User.objects.get().phone == "+8613812346621"
    headers = {"Authorization": f"Bearer {token.json()['token']}"}
    assert Client().get("/api/v1/patients", headers=headers).status_code == 200
    assert Client().delete("/api/v1/auth/tokens/current", headers=headers).status_code == 204
    assert Client().get("/api/v1/patients", headers=headers).json()["code"] == "not_signed_in"


def test_outside_a_demonstration_the_code_is_not_in_the_answer(settings):
    settings.DEMONSTRATION = False

    assert call("POST", "auth/codes", {"phone": "13812346621"}).json() == {}


def test_known_and_unknown_phones_get_the_same_answers(settings):
    settings.DEMONSTRATION = False
    known = make_citizen(phone="+8613812346621")

    answers = [call("POST", "auth/codes", {"phone": phone}) for phone in (known.phone, "+8613812346622")]
    wrong = [call("POST", "auth/tokens", {"phone": p, "code": "000000"}) for p in (known.phone, "+8613812346622")]

    assert answers[0].status_code == answers[1].status_code == 202
    assert answers[0].content == answers[1].content
    assert wrong[0].json() == wrong[1].json()
    assert (wrong[0].status_code, wrong[0].json()["tries_left"]) == (401, 4)
    assert User.objects.count() == 1


def test_an_app_that_names_its_device_may_change_its_network_between_asking_and_entering():
    asked = {"phone": "13812346621", "device": "app-7f1c9e2ab04d"}
    code = call("POST", "auth/codes", asked).json()["demonstration_code"]
    entering = json.dumps({**asked, "code": code})
    elsewhere = Client(REMOTE_ADDR="10.9.8.7")

    stranger = elsewhere.post(
        "/api/v1/auth/tokens", json.dumps({"phone": "13812346621", "code": code}), "application/json"
    )
    owner = elsewhere.post("/api/v1/auth/tokens", entering, "application/json")

    assert (stranger.status_code, owner.status_code) == (401, 201)


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings):
    settings.BEHIND_PROXY = True
    code = call("POST", "auth/codes", {"phone": "13812346621"}).json()["demonstration_code"]
    body = json.dumps({"phone": "13812346621", "code": code})

    def enter(forwarded):
        headers = {"X-Forwarded-For": forwarded}
        return Client().post("/api/v1/auth/tokens", body, "application/json", headers=headers).status_code

    assert enter("127.0.0.1, 203.0.113.7") == 401
    assert enter("203.0.113.7, 127.0.0.1") == 201


@pytest.mark.parametrize(
    ("seen", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_a_household_is_one_address(rf, seen, counted):
    assert address_of(rf.get("/", REMOTE_ADDR=seen)) == counted


@pytest.mark.parametrize("phone", ["", "123", "+49 151 23456789", "+1 900 555 0100", "110", "一二三", "+86" + "1" * 30])
def test_phones_that_cannot_get_a_message_are_refused(phone):
    refused = call("POST", "auth/codes", {"phone": phone})

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert refused.json()["errors"][0]["field"] == "phone"


def test_a_patient_is_added_with_what_the_number_tells():
    citizen = make_citizen()
    number = make_resident_id("19600229", "003")

    added = call("POST", "patients", somebody(document_number=number), citizen)

    assert added.status_code == 201, added.content
    assert (added.json()["birth_date"], added.json()["sex"]) == ("1960-02-29", "M")
    assert added.json()["document_number"] == "*" * 14 + number[-4:]
    assert number not in added.content.decode()
    assert call("GET", "patients", user=citizen).json()["results"] == [added.json()]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"document_number": "430102199001010021"[:-1] + "9"}, "document_number"),
        ({"document_number": "1"}, "document_number"),
        ({"document_type": "library_card"}, "document_type"),
        ({"name": ""}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"relation": "boss"}, "relation"),
        (
            {"birth_date": "2999-01-01", "document_type": "passport", "document_number": "E1234567", "sex": "F"},
            "birth_date",
        ),
        ({"birth_date": "yesterday"}, "birth_date"),
        ({"birth_date": "1991-01-01"}, "birth_date"),
        ({"sex": "M"}, "sex"),
        ({"document_type": "passport", "document_number": "E1234567", "sex": "F"}, "birth_date"),
        ({"phone": "12"}, "phone"),
        ({"district_code": "x"}, "district_code"),
    ],
)
def test_each_mistake_names_its_field(change, field):
    refused = call("POST", "patients", somebody(**change), make_citizen())

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert field in {error["field"] for error in refused.json()["errors"]}
    assert all(error["message"] for error in refused.json()["errors"])
    assert Patient.objects.count() == 0


def test_the_same_person_twice_and_the_seventh_are_refused():
    citizen = make_citizen()
    first = call("POST", "patients", somebody(), citizen).json()

    again = call("POST", "patients", somebody(document_number=" " + make_resident_id().lower()), citizen)
    assert (again.status_code, again.json()["patient"]) == (409, first["id"])
    for _ in range(5):
        make_patient(citizen)
    seventh = call("POST", "patients", somebody(document_number=make_resident_id(serial="004")), citizen)
    assert (seventh.status_code, seventh.json()["code"]) == (409, "too_many_patients")


def test_two_accounts_may_hold_the_same_person_and_see_nothing_of_each_other():
    daughter, son = make_citizen(), make_citizen()
    hers = call("POST", "patients", somebody(), daughter).json()
    his = call("POST", "patients", somebody(name="妈"), son).json()

    assert hers["id"] != his["id"]
    assert len({row.person for row in Patient.objects.all()}) == 1
    assert call("GET", f"patients/{hers['id']}", user=son).status_code == 404


def test_changing_and_removing():
    citizen = make_citizen()
    patient = call("POST", "patients", somebody(), citizen).json()

    changed = call("PATCH", f"patients/{patient['id']}", {"name": "王兰", "document_number": "x"}, citizen)
    assert (changed.status_code, changed.json()["name"]) == (200, "王兰")
    assert changed.json()["document_number"] == patient["document_number"]
    assert call("DELETE", f"patients/{patient['id']}", user=citizen).status_code == 204
    assert call("GET", f"patients/{patient['id']}", user=citizen).status_code == 404
    assert call("POST", "patients", somebody(), citizen).status_code == 201


def test_others_and_nobody_are_not_found():
    theirs = make_patient()
    citizen = make_citizen()

    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        for patient_id in (theirs.pk, uuid.uuid4()):
            assert call(method, f"patients/{patient_id}", body, citizen).status_code == 404
    assert call("GET", "patients/7", user=citizen).json()["code"] == "not_found"
    theirs.refresh_from_db()
    assert theirs.removed_at is None


def test_signing_in_by_token_sends_no_sql(django_assert_num_queries):
    citizen = make_citizen()
    call("GET", "patients", user=citizen)
    token = make_token(citizen, timezone.now())

    with django_assert_num_queries(1):
        Client().get("/api/v1/patients", headers={"Authorization": f"Bearer {token}"})


def test_wrong_methods_types_and_bodies_are_problems():
    citizen = make_citizen()
    token = make_token(citizen, timezone.now())
    headers = {"Authorization": f"Bearer {token}"}

    for response, status in (
        (call("PUT", "patients", {}, citizen), 405),
        (Client().post("/api/v1/patients", "{", content_type="application/json", headers=headers), 400),
        (Client().post("/api/v1/patients", "x=1", content_type="text/plain", headers=headers), 415),
        (Client().get("/api/v1/nowhere", headers=headers), 404),
        (Client().get("/api/v1/patients", headers={"Authorization": "Basic x"}), 401),
        (Client().get("/api/v1/patients", headers={"Authorization": "Bearer \xff"}), 401),
    ):
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert set(response.json()) >= {"type", "title", "status", "detail", "code"}
