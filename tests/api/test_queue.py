"""The queue of a release as the city app sees it, and what nobody gets by sending more than it asks for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Appointment
from booking.operations.queues.places import read_place
from tests.api.test_booking_call import App
from tests.factories import make_family, make_patient, make_queue, make_slot

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "key-00000001"


def _queue(opens_in=timedelta(minutes=-1), **fields):
    opens_at = timezone.now() + opens_in
    times = {
        "opens_at": opens_at,
        "lobby_from": opens_at - timedelta(hours=1),
        "ends_at": opens_at + timedelta(hours=2),
    }
    queue = make_queue(**times, **fields)
    slot = make_slot(programme=queue.programme, opens_at=opens_at, starts_at=timezone.now() + timedelta(days=3))
    return queue, slot


@pytest.fixture
def patient():
    return make_patient()


@pytest.fixture
def app(patient):
    return App(patient.user)


def _join(app, queue, *patients, **more):
    return app.post(f"queues/{queue.pk}/places", {"patients": [str(one.pk) for one in patients], **more})


def test_stand_in_the_queue_and_book(app, patient):
    queue, slot = _queue()
    asked = {"slot": slot.pk, "patient": str(patient.pk)}

    without = app.post("appointments", asked, key=KEY)
    joined = _join(app, queue, patient)
    place = joined.json()["results"][0]
    booked = app.post("appointments", {**asked, "queue_place": place["place"]}, key=KEY)

    assert (without.status_code, without.json()["code"]) == (409, "queue_place_missing")
    assert without.json()["queue"] == queue.pk
    assert (joined.status_code, place["behind"], place["fraction"]) == (201, 1, None)
    assert booked.status_code == 201, booked.content


def test_a_hold_and_a_move_ask_for_it_too(app, patient):
    queue, slot = _queue()
    outside = make_slot(programme=queue.programme, starts_at=timezone.now() + timedelta(days=4))
    booked = app.post("appointments", {"slot": outside.pk, "patient": str(patient.pk)}, key=KEY).json()
    move = f"appointments/{booked['reference']}/move"
    place = _join(app, queue, patient).json()["results"][0]["place"]

    held = app.post("holds", {"slot": slot.pk, "patient": str(patient.pk)})
    refused = app.post(move, {"slot": slot.pk})
    moved = app.post(move, {"slot": slot.pk, "queue_place": place})

    assert (held.json()["code"], refused.json()["code"]) == ("queue_place_missing", "queue_place_missing")
    assert moved.status_code == 200, moved.content


def test_a_family_brings_a_place_for_each():
    (queue, slot), family = _queue(), make_family(2)
    app = App(family[0].user)
    places = {one["patient"]: one["place"] for one in _join(app, queue, *family).json()["results"]}
    wishes = [{"slot": slot.pk, "patient": str(one.pk)} for one in family]
    one_only = dict(list(places.items())[:1])

    refused = app.post("holds/together", {"wishes": wishes, "queue_places": one_only})
    held = app.post("holds/together", {"wishes": wishes, "queue_places": places})

    assert (refused.json()["code"], refused.json()["patient"]) == ("queue_place_missing", str(family[1].pk))
    assert held.status_code == 201, held.content
    unreadable = app.post("holds/together", {"wishes": wishes, "queue_places": {"me": "x"}})
    assert (unreadable.status_code, unreadable.json()["code"]) == (400, "invalid")


def test_nothing_that_an_app_sends_is_a_time(app, patient):
    queue, slot = _queue(timedelta(seconds=-5), people_a_minute=1)
    other = make_patient()
    _join(App(other.user), queue, other)
    past = (timezone.now() - timedelta(days=1)).isoformat()
    lies = {"now": past, "joined_at": past, "opens_at": past, "fraction": 0, "behind": 0, "early": True}

    place = _join(app, queue, patient, **lies).json()["results"][0]
    tomorrow = (timezone.now() + timedelta(days=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    refused = app.post(
        "appointments",
        {
            "slot": slot.pk,
            "patient": str(patient.pk),
            "queue_place": place["place"],
            "now": tomorrow,
            "let_in_at": past,
        },
        key=KEY,
        Date=tomorrow,
    )

    assert read_place(place["place"]).standing.number == 2
    assert (refused.status_code, refused.json()["code"]) == (409, "queue_not_yet")
    assert refused.json()["let_in_at"] > timezone.now().isoformat()
    assert not Appointment.objects.exists()


def test_how_it_stands_is_the_same_for_everybody_and_says_nothing_of_anybody(app, patient, client):
    queue, _slot = _queue(timedelta(minutes=30))
    _join(app, queue, patient)

    found = client.get(f"/api/v1/queues/{queue.pk}")
    signed_in = app.get(f"queues/{queue.pk}")

    assert found.json() == signed_in.json()
    assert found["Cache-Control"].startswith("public, max-age=1")
    assert (found.json()["state"], found.json()["early"], found.json()["is_counted"]) == ("lobby", 1, False)
    assert "seed" not in found.content.decode()
    assert str(patient.pk) not in found.content.decode()


def test_too_early_too_late_and_not_there(app, patient):
    early, _slot = _queue(timedelta(hours=3))
    over, _slot = _queue(timedelta(hours=-5))

    assert _join(app, early, patient).json()["code"] == "queue_not_open"
    assert _join(app, over, patient).json()["code"] == "queue_not_open"
    assert app.post("queues/999999999/places", {"patients": [str(patient.pk)]}).status_code == 404
    assert app.get("queues/999999999").status_code == 404
    assert _join(app, early, make_patient()).status_code in (404, 409)
