"""What the API answers while the city has paused booking, and before a slot is released."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking.models import Appointment
from booking.operations.releases.pausing import begin_pause, end_pause
from tests.api.test_booking_call import App
from tests.factories import make_administrator, make_patient, make_slot

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "key-00000001"


class Calls:
    """Every call that would give a place, for one citizen with an appointment, a cancelled one and a hold."""

    def __init__(self, wanted):
        patient, other = make_patient(), None
        other = make_patient(patient.user)
        self.app, self.wanted = App(patient.user), wanted
        old = make_slot(programme=wanted.programme, starts_at=timezone.now() + timedelta(days=2))
        self.reference = self._booked(patient, old, "key-old-01")
        self.cancelled = self._booked(other, old, "key-old-02")
        self.app.post(f"appointments/{self.cancelled}/cancel")
        third = make_patient(patient.user)
        self.third = {"slot": wanted.pk, "patient": str(third.pk)}
        self.hold = self.app.post("holds", {"slot": old.pk, "patient": str(third.pk)}).json()["id"]

    def _booked(self, patient, slot, key):
        made = self.app.post("appointments", {"slot": slot.pk, "patient": str(patient.pk)}, key=key)
        return made.json()["reference"]

    def places(self):
        """By name, the answers of the calls that would take a place in the wanted slot."""
        return {
            "book": self.app.post("appointments", self.third, key=KEY),
            "hold": self.app.post("holds", self.third),
            "hold together": self.app.post("holds/together", {"wishes": [self.third]}),
            "together": self.app.post("appointments/together", {"wishes": [self.third]}, key="key-00000002"),
            "move": self.app.post(f"appointments/{self.reference}/move", {"slot": self.wanted.pk}),
        }

    def back(self):
        """By name, the answers of the calls that keep or bring back a place."""
        return {
            "extend": self.app.post(f"holds/{self.hold}/extend"),
            "restore": self.app.post(f"appointments/{self.cancelled}/restore"),
        }


@pytest.fixture
def open_slot():
    return make_slot(starts_at=timezone.now() + timedelta(days=3))


@pytest.fixture
def calls(open_slot):
    return Calls(open_slot)


@pytest.fixture
def pause(calls):
    by = make_administrator().pk
    return begin_pause(text="系统检查。", text_en="We check the system.", by=by, now=timezone.now())


def test_every_call_for_a_place_is_503_with_the_citys_words_and_when_to_try_again(calls, pause):
    before = list(Appointment.objects.order_by("pk").values())

    for name, answer in {**calls.places(), **calls.back()}.items():
        assert (answer.status_code, answer.json()["code"]) == (503, "paused"), name
        assert answer["Retry-After"] == "60"
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"] == "现在暂停预约。系统检查。", name
        assert "text_en" not in answer.json()

    assert list(Appointment.objects.order_by("pk").values()) == before


def test_the_words_are_english_for_whoever_asks_for_english(pause, open_slot):
    patient = make_patient()

    answer = App(patient.user, "en").post("appointments", {"slot": open_slot.pk, "patient": str(patient.pk)}, key=KEY)

    assert answer.json()["detail"] == "Booking is paused. We check the system."


def test_reading_cancelling_and_giving_back_go_on(calls, pause):
    assert calls.app.get(f"appointments/{calls.reference}").status_code == 200
    assert calls.app.post(f"appointments/{calls.reference}/cancel").json()["status"] == "cancelled"
    assert calls.app.delete(f"holds/{calls.hold}").status_code == 204


def test_the_same_call_with_the_same_key_books_once_the_pause_is_over(calls, pause):
    assert calls.app.post("appointments", calls.third, key=KEY).status_code == 503
    end_pause(by=pause.began_by_id, now=timezone.now())

    assert calls.app.post("appointments", calls.third, key=KEY).status_code == 201


def test_no_call_reaches_a_slot_that_is_not_released(open_slot):
    wanted = make_slot(
        programme=open_slot.programme,
        starts_at=timezone.now() + timedelta(days=3),
        opens_at=timezone.now() + timedelta(minutes=1),
    )
    calls = Calls(wanted)

    for name, answer in calls.places().items():
        assert (answer.status_code, answer.json()["code"]) == (409, "not_open"), name
    assert not Appointment.objects.filter(slot=wanted).exists()
