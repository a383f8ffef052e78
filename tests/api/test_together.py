"""The calls for several people and both doses, as the city app sees them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Appointment
from tests.api.test_booking_call import App
from tests.factories import make_family, make_patient, make_slot, make_two_dose_programme

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "key-00000001"


@pytest.fixture
def family():
    return make_family(3)


@pytest.fixture
def app(family):
    return App(family[0].user)


def in_days(days, **fields):
    return make_slot(starts_at=timezone.now() + timedelta(days=days), **fields)


def wishes(pairs):
    return {"wishes": [{"slot": slot.pk, "patient": str(patient.pk)} for patient, slot in pairs]}


def test_hold_together_extend_and_book(app, family):
    slot = in_days(3, quota=3)
    asked = wishes((patient, slot) for patient in family)

    held = app.post("holds/together", asked)
    assert held.status_code == 201, held.content
    tokens = [hold["id"] for hold in held.json()["results"]]
    longer = app.post(f"holds/{tokens[0]}/extend")
    assert longer.status_code == 200, longer.content
    assert longer.json()["expires_at"] > held.json()["results"][0]["expires_at"]
    again = app.post(f"holds/{longer.json()['id']}/extend")
    assert (again.status_code, again.json()["code"]) == (409, "already_extended")
    booked = app.post("appointments/together", {**asked, "holds": [longer.json()["id"], *tokens[1:]]}, key=KEY)

    assert booked.status_code == 201, booked.content
    assert [one["patient"]["id"] for one in booked.json()["results"]] == [str(patient.pk) for patient in family]
    for one in booked.json()["results"]:
        assert app.get(f"appointments/{one['reference']}").json() == one


def test_the_same_key_is_answered_alike_and_other_wishes_are_refused(app, family):
    slot = in_days(3)
    first = app.post("appointments/together", wishes((patient, slot) for patient in family[:2]), key=KEY)
    second = app.post("appointments/together", wishes((patient, slot) for patient in family[:2]), key=KEY)
    third = app.post("appointments/together", wishes((patient, slot) for patient in family), key=KEY)

    assert first.json() == second.json()
    assert (third.status_code, third.json()["code"]) == (422, "request_key_reused")
    assert Appointment.objects.count() == 2


def test_a_refusal_names_the_slot_and_what_is_near(app, family):
    slot = in_days(3, quota=2)
    near = make_slot(slot.site, slot.programme, starts_at=slot.starts_at + timedelta(minutes=30))

    refused = app.post("appointments/together", wishes((patient, slot) for patient in family), key=KEY)

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "slot_full")
    assert (problem["patient"], problem["slot"]) == (str(family[0].pk), slot.pk)
    assert [one["id"] for one in problem["nearest"]] == [near.pk]


def test_both_doses_too_close_are_refused_with_the_day(app, family):
    programme = make_two_dose_programme()
    slots = [in_days(3, programme=programme), in_days(20, programme=programme)]

    refused = app.post("appointments/together", wishes((family[0], slot) for slot in slots), key=KEY)

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["reason"]) == (422, "not_eligible", "too_early")
    assert (problem["slot"], problem["dose"]) == (slots[1].pk, 2)
    assert problem["from_date"] == (timezone.localdate() + timedelta(days=31)).isoformat()


def test_a_first_dose_that_cannot_take_the_second_along_says_where_there_is_room(app, family):
    programme = make_two_dose_programme()
    first, second = in_days(3, programme=programme), in_days(31, programme=programme)
    later, elsewhere = in_days(10, programme=programme), in_days(40, programme=programme)
    booked = app.post("appointments/together", wishes([(family[0], first), (family[0], second)]), key=KEY).json()

    refused = app.post(f"appointments/{booked['results'][0]['reference']}/move", {"slot": later.pk})

    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["dose"]) == (409, "no_second_place", 2)
    assert [slot["id"] for slot in problem["nearest"]] == [elsewhere.pk]


NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"wishes": []}, 400, "invalid"),
        ({"wishes": [{"slot": 1}]}, 400, "invalid"),
        ({"wishes": "x"}, 400, "invalid"),
        ({"wishes": [{"slot": 1, "patient": f"{NOBODY[:-1]}{n}"} for n in range(5)]}, 400, "invalid"),
        ({"wishes": [{"slot": n + 1, "patient": NOBODY} for n in range(3)]}, 400, "invalid"),
        ({"wishes": [{"slot": 1, "patient": NOBODY}], "holds": "x"}, 400, "invalid"),
        ({"wishes": [{"slot": 1, "patient": NOBODY}], "holds": ["forged"]}, 404, "not_found"),
        ({"wishes": [{"slot": 2**50, "patient": NOBODY}]}, 404, "not_found"),
    ],
)
def test_bad_bodies_get_a_clear_problem(app, body, status, code):
    refused = app.post("appointments/together", body, key=KEY)

    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_key_is_required(app, family):
    asked = wishes([(family[0], in_days(3))])

    assert app.post("appointments/together", asked).json()["code"] == "request_key_missing"
    assert app.post("appointments/together", asked, key="short").json()["code"] == "request_key_malformed"


def test_without_a_token_and_for_somebody_elses_patient_nothing_is_booked(app, family):
    slot, stranger = in_days(3), make_patient()

    theirs = app.post("appointments/together", wishes([(family[0], slot), (stranger, slot)]), key=KEY)
    app.headers.pop("Authorization")
    nobody = app.post("appointments/together", wishes([(family[0], slot)]), key=KEY)

    assert (theirs.status_code, nobody.status_code) == (404, 401)
    assert Appointment.objects.count() == 0
