"""Acts over the wire: each judged by itself, each once, and answered with the row as it is then."""

import logging
import uuid
from datetime import timedelta

import pytest

from booking.models import DeskAct, DeskDevice, Visit
from tests.api.desk.conftest import PASSWORD
from tests.desk_factories import make_desk, make_expected
from tests.factories import CLOCK, make_appointment, make_citizen, make_slot

DEVICE = str(uuid.uuid4())


def wire(appointment, who, **fields):
    """A check-in as a device sends it."""
    defaults = {
        "key": str(uuid.uuid4()),
        "device": DEVICE,
        "sequence": 1,
        "after": None,
        "kind": "check_in",
        "reference": appointment.reference if appointment else "",
        "happened_at": CLOCK.isoformat(),
        "offline": False,
        "desk": "登记台 2",
        "by": who.pk,
        "data": {"how": "list"},
    }
    return {**defaults, **fields}


@pytest.fixture
def clerk(site):
    return make_desk(site, "registration")


@pytest.fixture
def desk(clerk, signed_in):
    return signed_in(clerk)


def send(desk, *acts, site="A1", **fields):
    return desk.post("acts", {"site": site, "device": DEVICE, "pending": 0, "acts": list(acts), **fields})


def test_an_act_is_carried_out_and_answered_with_the_row_as_it_is_then(site, clerk, desk):
    appointment = make_expected(site, 1)[0]
    act = wire(appointment, clerk)

    answer = send(desk, act).json()

    (told,) = answer["results"]
    assert (told["key"], told["outcome"], told["code"], told["repeated"]) == (act["key"], "done", "on_time", False)
    assert told["detail"].startswith("已签到")
    assert (told["row"]["status"], told["row"]["visit"]["ticket"]) == ("checked_in", 1)
    assert answer["now"] == CLOCK.isoformat()
    listed = desk.get("day-list?site=A1").json()
    assert listed["rows"] == [told["row"]]


def test_the_same_act_again_has_no_second_effect_and_the_same_answer(site, clerk, desk):
    act = wire(make_expected(site, 1)[0], clerk)

    first, second = (send(desk, act).json()["results"][0] for _ in range(2))

    assert second == {**first, "repeated": True}
    assert Visit.objects.count() == 1


def test_a_bad_row_is_answered_by_itself_and_the_rest_goes_on(site, clerk, desk):
    first, second = make_expected(site, 2)
    bad = [
        wire(first, clerk, kind="fly"),
        wire(first, clerk, reference="12"),
        wire(first, clerk, happened_at="yesterday"),
        wire(first, clerk, happened_at=(CLOCK - timedelta(days=91)).isoformat()),
        wire(first, clerk, data={"note": "a\x00b"}),
        wire(first, clerk, data={"deep": [{"note": "\ud800"}]}),
        wire(first, clerk, by=10**9),
        wire(first, clerk, key="not a key"),
        {"key": 5},
        "nothing at all",
        None,
    ]

    answer = send(desk, wire(first, clerk), *bad, wire(second, clerk))

    results = answer.json()["results"]
    assert [told["outcome"] for told in results] == ["done", *["refused"] * len(bad), "done"]
    assert {told["code"] for told in results[1:-1]} == {"invalid"}
    assert all(told["detail"] for told in results)
    assert [told["key"] for told in results[1:4]] == [act["key"] for act in bad[:3]]
    assert DeskAct.objects.count() == 2


def test_what_was_refused_changed_nothing_and_says_what_to_do(site, clerk, desk):
    late = make_appointment(make_slot(site, starts_at=CLOCK - timedelta(hours=3)))

    (told,) = send(desk, wire(late, clerk)).json()["results"]

    assert (told["outcome"], told["code"], told["facts"]["result"]) == ("refused", "too_late", "wrong_time")
    assert told["detail"] == "来晚了。可以收下他，或请值班长决定。"
    assert told["row"]["status"] == "booked"
    assert not DeskAct.objects.exists()


def test_what_was_done_offline_is_never_refused(site, clerk, desk):
    gone = make_appointment(make_slot(site, starts_at=CLOCK), status="CANCELLED", place=None)
    unknown = wire(None, clerk, reference="123456789012", offline=True)

    known, nobody = send(desk, wire(gone, clerk, offline=True), unknown).json()["results"]

    assert known["outcome"] == nobody["outcome"] == "conflict"
    assert known["detail"]
    assert (nobody["code"], nobody["row"]) == ("unknown", None)


def test_an_act_that_follows_one_that_has_not_come_is_to_be_sent_again(site, clerk, desk):
    act = wire(make_expected(site, 1)[0], clerk, after=str(uuid.uuid4()))

    (told,) = send(desk, act).json()["results"]

    assert told["outcome"] == "not_yet"
    assert "稍后" in told["detail"]
    assert not DeskAct.objects.exists()


def test_words_are_in_the_language_that_is_asked_for(site, clerk, desk):
    act = wire(make_expected(site, 1)[0], clerk)

    answer = desk.post("acts", {"site": "A1", "device": DEVICE, "acts": [act]}, Accept_Language="en").json()

    assert answer["results"][0]["detail"] == "Checked in. Please wait to be called."


def test_a_device_says_how_it_stands_and_learns_what_was_known_of_it(site, clerk, desk, clock):
    first, second = make_expected(site, 2)
    ahead = (CLOCK + timedelta(seconds=90)).isoformat()

    new = send(desk, wire(first, clerk, sequence=7), pending=3, clock=ahead).json()
    clock.shift(60)
    known = send(desk, wire(second, clerk, sequence=8)).json()
    greeting = send(desk, pending=1).json()

    assert (new["known"], new["last_sequence"]) == (None, 0)
    assert (known["known"], known["last_sequence"]) == ({"seen_at": CLOCK.isoformat(), "pending": 3}, 7)
    assert greeting["last_sequence"] == 8
    device = DeskDevice.objects.get()
    assert (str(device.pk), device.desk, device.pending, device.site) == (DEVICE, "登记台 2", 1, site)


def test_at_most_two_hundred_at_once_of_at_most_a_quarter_of_a_megabyte(clerk, desk):
    many = send(desk, *[{}] * 201)
    large = send(desk, {"key": "x" * 256 * 1024})
    fits = send(desk, {"key": "x" * 250 * 1024})

    assert (many.status_code, large.status_code, fits.status_code) == (400, 413, 200)


def test_of_another_sites_people_no_row_is_told(site, other, clerk, desk):
    theirs = make_expected(other, 1)[0]

    results = send(
        desk, wire(theirs, clerk), wire(theirs, clerk, offline=True), wire(theirs, clerk, kind="call", data={})
    ).json()["results"]

    assert [told["row"] for told in results] == [None] * 3
    assert [told["code"] for told in results] == ["other_site", "other_site", "not_found"]
    assert theirs.patient.name not in str(results)


def test_what_somebody_elses_post_is_for_is_refused(site, desk):
    appointment = make_expected(site, 1)[0]
    nurse = make_desk(site, "vaccination")

    (told,) = send(desk, wire(appointment, nurse)).json()["results"]

    assert (told["outcome"], told["code"]) == ("refused", "not_your_post")


def test_nothing_of_a_person_stands_in_an_error_or_in_the_log(site, clerk, desk, caplog):
    caplog.set_level(logging.DEBUG)
    number = make_citizen().phone
    note = f"电话 {number}，证件 430102199001010029"

    answer = send(desk, wire(None, clerk, reference=note), wire(None, clerk, data={"note": note + "\x00"}))

    for secret in (number, "430102199001010029", PASSWORD):
        assert secret not in answer.text
        assert secret not in caplog.text
