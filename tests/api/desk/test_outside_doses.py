"""Doses that were given elsewhere, at the desk: looked up, entered, taken back, voided."""

from datetime import timedelta

import pytest

from accounts.models import LookUp
from accounts.patients import person_key
from booking.models import OutsideDose
from tests.desk_factories import make_desk, make_expected
from tests.factories import CLOCK, make_programme, make_two_dose_programme

NUMBER = "E98765432"


@pytest.fixture
def programme(db):
    return make_two_dose_programme(28, code="hpv-2")


@pytest.fixture
def screening(site, signed_in):
    return signed_in(make_desk(site, "screening"))


def by_document(**fields):
    return {"site": "A1", "document_type": "passport", "document_number": NUMBER, "reason": "带了外地接种证", **fields}


def dose(**fields):
    return by_document(
        **{
            "programme": "hpv-2",
            "dose": 1,
            "given_on": "2026-10-01",
            "where": "武汉",
            "evidence": "预防接种证",
            **fields,
        }
    )


def enter(desk, **fields):
    return desk.post("outside-doses", dose(**fields))


def test_a_dose_of_somebody_nobody_knows_yet_is_entered_by_their_document(screening, programme):
    answer = enter(screening)

    row = OutsideDose.objects.get()
    assert answer.status_code == 201
    assert answer.json()["dose"]["id"] == str(row.pk)
    assert (row.person, row.vaccine, row.dose) == (person_key("passport", NUMBER), programme.vaccine, 1)
    assert NUMBER not in answer.text
    assert LookUp.objects.get().reason == "带了外地接种证"


def test_a_look_shows_what_is_entered_and_what_can_be(screening, programme):
    enter(screening, vaccine=make_programme().vaccine.code, batch="B1")

    said = screening.post("outside-doses/look-up", by_document(document_number=" e9876 5432")).json()

    assert said["tail"] == "5432"
    assert [(one["dose"], one["given_on"], one["batch"]) for one in said["doses"]] == [(1, "2026-10-01", "B1")]
    assert said["programmes"]["series"][0]["code"] == "hpv-2"


def test_a_person_of_the_days_list_needs_no_document_and_no_search(screening, site, programme):
    row = make_expected(site, 1)[0]
    wanted = {"site": "A1", "reference": row.reference}

    assert screening.post("outside-doses/look-up", wanted).json()["doses"] == []
    series = {name: value for name, value in dose().items() if not name.startswith("document") and name != "reason"}
    answer = screening.post("outside-doses", {**series, **wanted})

    assert answer.status_code == 201
    assert OutsideDose.objects.get().person == row.person
    assert not LookUp.objects.exists()


def test_somebody_of_another_site_is_not_there(screening, other):
    row = make_expected(other, 1)[0]

    answer = screening.post("outside-doses/look-up", {"site": "A1", "reference": row.reference})

    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["registration", "vaccination", "observation"])
def test_other_posts_may_not(site, signed_in, programme, role):
    desk = signed_in(make_desk(site, role))

    assert enter(desk).status_code == 403
    assert desk.post("outside-doses/look-up", by_document()).status_code == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"given_on": "2026-11-25"}, "given_on"), ({"dose": 3}, "dose"), ({"document_number": "E-1"}, "document_number")],
)
def test_what_cannot_be_right_is_said_at_its_field(screening, programme, changed, field):
    answer = enter(screening, **changed)

    assert answer.status_code in (400, 422)
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not OutsideDose.objects.exists()


def test_a_dose_is_entered_once(screening, programme):
    enter(screening)

    answer = enter(screening, given_on="2026-10-02")

    assert (answer.status_code, answer.json()["code"]) == (409, "dose_known")


def test_the_same_key_again_is_answered_alike(screening, programme):
    first, again = (screening.post("outside-doses", dose(), Idempotency_Key="a-key-of-mine") for _ in range(2))

    assert (again.status_code, again.json()) == (201, first.json())


def test_for_a_minute_it_is_taken_back_and_later_a_supervisor_voids_it(screening, supervisor, programme, clock):
    number = enter(screening).json()["dose"]["id"]
    second = enter(screening, dose=2, given_on="2026-11-02").json()["dose"]["id"]

    assert screening.post(f"outside-doses/{second}/take-back", {"site": "A1"}).status_code == 204
    clock.move_to(CLOCK + timedelta(minutes=2))
    late = screening.post(f"outside-doses/{number}/take-back", {"site": "A1"})
    forbidden = screening.post(f"outside-doses/{number}/void", {"site": "A1", "reason": "看错了名字"})
    short = supervisor.post(f"outside-doses/{number}/void", {"site": "A1", "reason": "错"})
    done = supervisor.post(f"outside-doses/{number}/void", {"site": "A1", "reason": "看错了名字"})

    assert [late.status_code, forbidden.status_code, short.status_code, done.status_code] == [409, 403, 422, 200]
    assert done.json() == {"later_booked": []}
    assert OutsideDose.objects.filter(voided_at=None).count() == 0


def test_the_days_list_knows_the_dose_from_elsewhere(screening, site, programme):
    row = make_expected(site, 1)[0]
    row.programme, row.slot.programme, row.dose = programme, programme, 2
    row.slot.save()
    row.save()
    OutsideDose.objects.create(
        person=row.person, programme=programme, vaccine=programme.vaccine, dose=1, given_on="2026-11-10", where="武汉",
        evidence="预防接种证", entered_by=row.booked_by, entered_at=CLOCK,
    )  # fmt: skip

    (shown,) = screening.get("day-list?site=A1").json()["rows"]

    assert shown["last_dose"] == {"on": "2026-11-10", "dose": 1}
    assert (shown["doses_received"], shown["not_before"]) == (1, "2026-12-08")
