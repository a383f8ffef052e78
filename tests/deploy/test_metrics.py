"""/metrics: who may see it, what it counts, and that nothing in it is about a person."""

import functools
import json
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.admission.connection import connection as gate
from booking.admission.keys import slot_keys
from booking.models import Alert, Appointment
from booking.operations.book import book
from booking.operations.cancel import cancel
from booking.operations.hold import hold
from booking.operations.reconcile import reconcile
from booking.operations.refusals import NotFound, SlotFull
from tests.deploy.asking import ask, samples, value
from tests.factories import make_family, make_patient, make_slot, make_token
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

# Whatever is counted is called by a word of the program, a status, a bound of a histogram; never by what somebody said.
_WORD = re.compile(r"[a-z][a-z_0-9]{1,30}").fullmatch
_SHAPES = {
    "status": re.compile(r"[1-5]xx|429|503").fullmatch,
    "le": re.compile(r"[0-9.]+|\+Inf").fullmatch,
    "version": re.compile(r"[0-9a-z.\-+]{1,40}").fullmatch,
    "python": re.compile(r"[0-9.a-z+]+").fullmatch,
    "django": re.compile(r"[0-9.a-z]+").fullmatch,
    "folder": re.compile(r"/[\w/.\-]*").fullmatch,
}


def scrape(**headers: str) -> str:
    answered = ask("/metrics", **headers)
    assert answered.status == 200
    return answered.text


def wants(slot, patient, key):
    body = json.dumps({"slot": slot.pk, "patient": str(patient.pk)}).encode()
    token = make_token(patient.user, timezone.now())
    return functools.partial(
        ask, "/api/v1/appointments", method="POST", body=body, AUTHORIZATION=f"Bearer {token}", IDEMPOTENCY_KEY=key
    )


@pytest.fixture
def slot():
    return make_slot(quota=1, starts_at=timezone.now() + timedelta(days=3))


def test_a_booking_and_a_refusal_are_counted_by_what_they_were(slot):
    early, late = make_patient(), make_patient()
    before = scrape()

    assert [wants(slot, early, "early-key")().status, wants(slot, late, "late-key-")().status] == [201, 409]

    after = scrape()
    for name, labels in (
        ("vaccine_acts_total", {"act": "book", "outcome": "done"}),
        ("vaccine_acts_total", {"act": "book", "outcome": "slot_full"}),
        ("vaccine_requests_total", {"door": "booking", "status": "2xx"}),
        ("vaccine_requests_total", {"door": "booking", "status": "4xx"}),
        ("vaccine_ledger_seconds_count", {}),
        ("vaccine_slots_loaded_total", {}),
    ):
        assert value(after, name, **labels) - value(before, name, **labels) == 1, (name, labels)
    assert value(after, "vaccine_request_seconds_count", door="booking") >= 2
    assert value(after, "vaccine_gate_seconds_count") > value(before, "vaccine_gate_seconds_count")


def test_a_crowd_is_counted_by_the_group_and_adds_up(now):
    slot, crowd = make_slot(quota=20), make_family(1) + [make_patient() for _ in range(11)]
    before = scrape()

    all_at_once(
        [
            functools.partial(
                book, account_id=p.user_id, patient_id=p.pk, slot_id=slot.pk, request_key=f"crowd-{n:04}", now=now
            )
            for n, p in enumerate(crowd)
        ]
    )

    after = scrape()
    people = value(after, "vaccine_group_size_sum", work="book") - value(before, "vaccine_group_size_sum", work="book")
    groups = "vaccine_group_size_count"
    assert people == Appointment.objects.count() == 12
    assert 1 <= value(after, groups, work="book") - value(before, groups, work="book") <= 12


def test_refusals_of_operations_count_whichever_door_they_came_by(now):
    before = scrape()

    with pytest.raises(NotFound):
        cancel(account_id=1, reference="NOBODYS1", now=now)

    labels = {"act": "cancel", "outcome": "not_found"}
    assert value(scrape(), "vaccine_acts_total", **labels) - value(before, "vaccine_acts_total", **labels) == 1


def test_no_label_says_anything_about_a_person(slot):
    patient = make_patient(name="欧阳娜娜")
    wants(slot, patient, "a-key-of-mine")()
    wants(slot, make_patient(), "another-key")()
    for path in (f"/appointments/{patient.pk}/", "/sites/S000001/", "/13800000001/", "/admin/430102199001011234"):
        ask(path)
    Alert.objects.create(kind="messages_not_sent", began_at=timezone.now())

    text = scrape()

    for name, labels, _number in samples(text):
        for label, said in labels.items():
            assert _SHAPES.get(label, _WORD)(said), f"{name}: {label}={said!r}"
    assert "欧阳" not in text
    assert len(samples(text)) > 100


def test_what_the_whole_city_is_like_is_asked_of_ledger_and_gate(slot):
    patient, now = make_patient(), timezone.now()
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="one-key-1", now=now)
    reconcile(now=now)

    text = scrape()

    assert value(text, "vaccine_ledger_up") == value(text, "vaccine_gate_up") == 1
    assert value(text, "vaccine_slots_at_the_gate") == 1
    assert value(text, "vaccine_messages_due", state="waiting") == 1
    assert value(text, "vaccine_ledger_connections_most") > 50
    assert value(text, "vaccine_oversold_slots") == value(text, "vaccine_drift_places") == 0


def test_drift_is_told_in_places_and_repaired(now):
    slot = make_slot(quota=10)
    with pytest.raises(NotFound):
        book(account_id=1, patient_id=uuid.uuid4(), slot_id=slot.pk, request_key="load-key", now=now)
    # The gate forgets three numbers that are free.
    gate().client.spop(slot_keys(slot.pk)[2], 3)
    gate().client.decrby(slot_keys(slot.pk)[1], 3)

    assert reconcile(now=now).counts.drift == 3
    assert value(scrape(), "vaccine_drift_places") == 3
    assert reconcile(now=now).counts.drift == 0
    assert value(scrape(), "vaccine_reconcile_repairs_total") == 1


def test_holds_that_run_and_bookings_under_way_are_no_drift(now):
    slot, patient = make_slot(quota=1), make_patient()
    hold(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, now=now)

    done = reconcile(now=now)

    assert (done.counts.drift, done.counts.held, done.counts.left) == (0, 1, 0)
    late = make_patient()
    with pytest.raises(SlotFull):
        hold(account_id=late.user_id, patient_id=late.pk, slot_id=slot.pk, now=now)
