"""POST appointments and the calls around it, as the city app sees them."""

import json
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from booking.models import Appointment
from tests.factories import make_patient, make_slot, make_token

pytestmark = pytest.mark.django_db(transaction=True)


class App:
    """The city app of one citizen."""

    def __init__(self, user, language="zh-CN"):
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {make_token(user, timezone.now())}", "Accept-Language": language}

    def post(self, path, body=None, key=None, **headers):
        key_header = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            f"/api/v1/{path}",
            json.dumps(body if body is not None else {}),
            content_type="application/json",
            headers={**self.headers, **key_header, **headers},
        )

    def get(self, path):
        return self.client.get(f"/api/v1/{path}", headers=self.headers)

    def delete(self, path):
        return self.client.delete(f"/api/v1/{path}", headers=self.headers)


@pytest.fixture
def patient():
    return make_patient()


@pytest.fixture
def app(patient):
    return App(patient.user)


@pytest.fixture
def slot():
    return make_slot(starts_at=timezone.now() + timezone.timedelta(days=3))


def wanted(slot, patient):
    return {"slot": slot.pk, "patient": str(patient.pk)}


def test_hold_then_book_then_cancel_then_restore(app, patient, slot):
    held = app.post("holds", wanted(slot, patient))
    assert held.status_code == 201
    booked = app.post("appointments", {**wanted(slot, patient), "hold": held.json()["id"]}, key="key-00000001")
    assert booked.status_code == 201, booked.content
    reference = booked.json()["reference"]

    assert app.get(f"appointments/{reference}").json() == booked.json()
    assert app.get("appointments?state=booked").json()["results"] == [booked.json()]
    cancelled = app.post(f"appointments/{reference}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert "restorable_until" in cancelled.json()
    restored = app.post(f"appointments/{reference}/restore")
    assert (restored.status_code, restored.json()) == (200, booked.json())
    assert app.delete(f"holds/{held.json()['id']}").status_code == 204
    assert Appointment.objects.get().status == "BOOKED"


def test_the_same_key_and_body_get_the_same_answer_and_another_body_is_refused(app, patient, slot):
    first = app.post("appointments", wanted(slot, patient), key="key-00000001")
    second = app.post("appointments", wanted(slot, patient), key="key-00000001")
    other = make_slot(starts_at=timezone.now() + timezone.timedelta(days=4))
    third = app.post("appointments", wanted(other, patient), key="key-00000001")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (third.status_code, third.json()["code"]) == (422, "request_key_reused")


def test_a_full_slot_offers_the_nearest(patient, app):
    starts_at = timezone.now() + timezone.timedelta(days=3)
    full = make_slot(quota=0, starts_at=starts_at)
    near = make_slot(site=full.site, programme=full.programme, starts_at=starts_at + timezone.timedelta(minutes=30))

    refused = app.post("appointments", wanted(full, patient), key="key-00000001")

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_full")
    assert refused["Content-Type"] == "application/problem+json"
    assert [slot["id"] for slot in refused.json()["nearest"]] == [near.pk]


def test_words_follow_the_language_asked_for(patient, slot):
    refused = App(patient.user).post("appointments", wanted(slot, patient))

    assert (refused.status_code, refused.json()["code"]) == (400, "request_key_missing")
    assert "请求编号" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b'"x"', 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"[" * 4000, 400, "malformed"),
        (b'{"slot": "1", "patient": 7}', 400, "invalid"),
        (b'{"slot": true, "patient": "x"}', 400, "invalid"),
        (b'{"slot": 99999999999999999999, "patient": null}', 400, "invalid"),
        (b'{"slot": 1, "patient": "' + b"x" * 5000 + b'"}', 413, "too_large"),
    ],
)
def test_bad_bodies_get_a_clear_problem(app, body, status, code):
    refused = app.client.post(
        "/api/v1/appointments",
        body,
        content_type="application/json",
        headers={**app.headers, "Idempotency-Key": "key-00000001"},
    )

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    if code == "invalid":
        assert {error["field"] for error in refused.json()["errors"]} == {"slot", "patient"}


def test_what_does_not_exist_or_belongs_to_others_is_not_found(app, patient, slot):
    stranger = make_patient()

    for body in (
        {"slot": 2**50, "patient": str(patient.pk)},
        {"slot": slot.pk, "patient": str(uuid.uuid4())},
        {"slot": slot.pk, "patient": str(stranger.pk)},
    ):
        refused = app.post("appointments", body, key=f"key-{uuid.uuid4().hex[:12]}")
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    theirs = App(stranger.user).post("appointments", wanted(slot, stranger), key="key-00000001").json()["reference"]
    for path in ("", "/calendar.ics", "/qr.svg"):
        assert app.get(f"appointments/{theirs}{path}").status_code == 404
    for act in ("cancel", "restore", "move"):
        assert app.post(f"appointments/{theirs}/{act}", {"slot": slot.pk}).status_code == 404


def test_without_a_token_nothing_is_booked(patient, slot):
    refused = Client().post(
        "/api/v1/appointments",
        json.dumps(wanted(slot, patient)),
        content_type="application/json",
        headers={"Idempotency-Key": "key-00000001"},
    )

    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert Appointment.objects.count() == 0


def test_an_act_repeated_with_its_key_is_answered_alike(app, patient, slot):
    reference = app.post("appointments", wanted(slot, patient), key="key-00000001").json()["reference"]

    first = app.post(f"appointments/{reference}/cancel", key="cancel-0001")
    app.post(f"appointments/{reference}/restore")
    again = app.post(f"appointments/{reference}/cancel", key="cancel-0001")

    assert first.json() == again.json()
    assert Appointment.objects.get().status == "BOOKED"
    other = app.post(f"appointments/{reference}/restore", key="cancel-0001")
    assert (other.status_code, other.json()["code"]) == (422, "request_key_reused")


def test_a_move_keeps_the_number_and_counts(app, patient, slot):
    other = make_slot(programme=slot.programme, starts_at=timezone.now() + timezone.timedelta(days=4))
    reference = app.post("appointments", wanted(slot, patient), key="key-00000001").json()["reference"]

    moved = app.post(f"appointments/{reference}/move", {"slot": other.pk}, key="move-00001")

    assert moved.status_code == 200, moved.content
    assert (moved.json()["slot"]["id"], moved.json()["changes_left"]) == (other.pk, 1)
    assert moved.json()["reference"] == reference


def test_calendar_and_qr(app, patient, slot):
    booked = app.post("appointments", wanted(slot, patient), key="key-00000001").json()

    calendar = app.get(f"appointments/{booked['reference']}/calendar.ics")
    image = app.get(f"appointments/{booked['reference']}/qr.svg")

    assert calendar["Content-Type"].startswith("text/calendar")
    assert calendar.content.count(b"BEGIN:VALARM") == 2
    assert f"{booked['reference']}@vaccine-booking".encode() in calendar.content
    assert image["Content-Type"] == "image/svg+xml"
    assert image.content.startswith(b"<svg")


def test_cancelling_after_check_in_is_refused_by_name(app, patient, slot):
    reference = app.post("appointments", wanted(slot, patient), key="key-00000001").json()["reference"]
    Appointment.objects.update(status="CHECKED_IN")

    for act, body in (("cancel", {}), ("restore", {}), ("move", {"slot": make_slot(programme=slot.programme).pk})):
        refused = app.post(f"appointments/{reference}/{act}", body)
        assert (refused.status_code, refused.json()["code"], refused.json()["status"]) == (409, "wrong_status", 409), (
            act
        )
