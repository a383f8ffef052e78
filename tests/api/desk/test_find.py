"""The wider search: by document, with a reason, a trace and a limit; of other sites only where and when."""

from datetime import timedelta

import pytest

from accounts.models import LookUp
from accounts.patients import person_key
from booking.api.desk import find
from tests.desk_factories import make_desk, make_expected
from tests.factories import CLOCK, make_appointment, make_slot

NUMBER = "E98765432"


@pytest.fixture
def appointment(site):
    """Somebody of the site whose document is known."""
    row = make_expected(site, 1)[0]
    row.person = row.patient.person = person_key("passport", NUMBER)
    row.patient.document_number = NUMBER
    row.patient.save()
    row.save()
    return row


def search(desk, number=NUMBER, **fields):
    sent = {"site": "A1", "document_type": "passport", "document_number": number, "reason": "本人在场，忘带手机"}
    return desk.post("find", {**sent, **fields})


def _of_the_same_person(appointment, slot):
    row = make_appointment(slot)
    row.person, row.patient, row.dose = appointment.person, appointment.patient, 2
    row.save()
    return row


@pytest.mark.parametrize("written", [NUMBER, "e98765432", " E 9876 5432 ", "Ｅ９８７６５４３２"])
def test_the_sites_own_appointment_is_found_with_its_row(registration, appointment, written):
    said = search(registration, written).json()

    (found,) = said["appointments"]
    assert said["known"] is True
    assert found["row"]["reference"] == appointment.reference
    assert found["starts_at"] == appointment.slot.starts_at.isoformat()


def test_of_another_site_only_where_when_and_how_it_stands_is_said(registration, appointment, other):
    elsewhere = _of_the_same_person(appointment, make_slot(other, starts_at=CLOCK + timedelta(days=2)))

    answer = search(registration)

    assert answer.json()["appointments"][1] == {
        "site_name": "别处接种点", "site_name_en": other.name_en, "starts_at": elsewhere.slot.starts_at.isoformat(),
        "status": "booked", "row": None,
    }  # fmt: skip
    assert elsewhere.reference not in answer.text


@pytest.mark.parametrize(("days", "found"), [(-15, 1), (-14, 2), (14, 2), (15, 1)])
def test_it_reaches_two_weeks_back_and_ahead(registration, appointment, site, days, found):
    _of_the_same_person(appointment, make_slot(site, starts_at=CLOCK + timedelta(days=days)))

    assert len(search(registration).json()["appointments"]) == found


def test_who_looked_for_whom_and_why_is_written_down_found_or_not(registration, appointment):
    search(registration)
    nobody = search(registration, "E00000000").json()

    trace, other = LookUp.objects.order_by("pk")
    assert nobody == {"known": False, "appointments": []}
    assert (trace.person, trace.found, trace.reason) == (appointment.person, 1, "本人在场，忘带手机")
    assert (other.found, other.by_id) == (0, trace.by_id)


@pytest.mark.parametrize(
    "wrong", [{"reason": "看看"}, {"reason": "   看看   "}, {"reason": None}, {"document_type": "card"}]
)
def test_without_a_reason_nothing_is_looked_up_and_the_number_comes_back_in_no_error(registration, wrong, caplog):
    answer = search(registration, **wrong)

    assert answer.status_code == 400
    assert NUMBER not in answer.text + caplog.text
    assert not LookUp.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("registration", 200), ("screening", 200), ("observation", 403)])
def test_it_belongs_to_some_posts(site, signed_in, role, status):
    assert search(signed_in(make_desk(site, role))).status_code == status


def test_so_often_an_hour_and_no_more(registration, monkeypatch):
    monkeypatch.setattr(find, "TRIES_AN_HOUR", 2)

    answers = [search(registration) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "3600"
    assert LookUp.objects.count() == 2
