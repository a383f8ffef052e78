"""Checking in by code or number: every code gets an answer, and a second scan says when and where the first was."""

from datetime import timedelta

import pytest

from booking.models import DeskAct, Visit
from booking.queries.qr_codes import qr_payload
from booking.rules.references import check_digit, new_reference
from tests.desk_factories import make_desk, make_expected, make_slot_now
from tests.factories import CLOCK, make_appointment, make_slot


@pytest.fixture
def desk(registration):
    return registration


@pytest.fixture
def expected(site):
    """Somebody whose number has its check digit, as those of the ledger have."""
    appointment = make_expected(site, 1)[0]
    appointment.reference = new_reference()
    appointment.save()
    return appointment


def scan(desk, code, **fields):
    sent = {"site": "A1", "code": code, "desk": "登记台 1", "happened_at": CLOCK.isoformat(), "offline": False}
    return desk.post("check-ins", {**sent, **fields})


def _wide(digits):
    return "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in digits)


@pytest.mark.parametrize("written", [str, _wide, lambda code: f" {code[:4]} {code[4:8]}-{code[8:]}\r\n"])
@pytest.mark.parametrize("code", [qr_payload, str])
def test_a_code_or_a_number_checks_in_however_it_is_written(desk, expected, written, code):
    answer = scan(desk, written(code(expected.reference)))

    said = answer.json()
    assert answer.status_code == 200
    assert (said["result"], said["reason"], said["next_place"]) == ("ok", "on_time", "screening")
    assert said["appointment"]["visit"]["ticket"] == 1
    assert said["facts"]["desk"] == "登记台 1"
    assert "接种" not in said["detail"]


def test_a_second_scan_says_when_and_where_the_first_was(desk, expected, clock):
    scan(desk, expected.reference)
    clock.shift(120)

    said = scan(desk, expected.reference, happened_at=(CLOCK + timedelta(minutes=2)).isoformat()).json()

    assert (said["result"], said["reason"], said["next_place"]) == ("refused", "already", None)
    assert said["facts"] == {"at": CLOCK.isoformat(), "desk": "登记台 1", "ticket": 1}
    assert Visit.objects.count() == 1


def test_the_same_call_again_gets_the_first_answer(desk, expected):
    first, second = scan(desk, expected.reference).json(), scan(desk, expected.reference).json()
    keyed = [desk.post("check-ins", {"code": expected.reference}, Idempotency_Key="key-00000001") for _ in range(2)]

    assert first == second
    assert {answer.json()["reason"] for answer in keyed} == {"already"}
    assert DeskAct.objects.count() == 1


@pytest.mark.parametrize("code", ["hello", "12345", "1" * 23, "123456789012", "９" * 12, "http://x/?123", "0" * 60])
def test_what_is_no_code_of_ours_is_unknown(desk, code):
    said = scan(desk, code).json()

    assert (said["result"], said["reason"], said["appointment"]) == ("unknown", "not_ours", None)


def test_a_code_with_one_digit_changed_is_none_of_ours(desk, expected):
    payload = qr_payload(expected.reference)
    changed = payload[:-1] + str((int(payload[-1]) + 1) % 10)

    assert scan(desk, changed).json()["reason"] == "not_ours"
    assert not Visit.objects.exists()


def test_a_number_that_nobody_has_is_not_in_the_list(desk):
    digits = "12345678901"

    said = scan(desk, digits + check_digit(digits)).json()

    assert (said["result"], said["reason"]) == ("unknown", "not_in_list")


@pytest.mark.parametrize(("minutes", "reason"), [(-200, "too_late"), (200, "too_early"), (60 * 24, "other_day")])
def test_at_another_time_somebody_is_told_when(site, desk, minutes, reason):
    appointment = make_appointment(make_slot_now(site, minutes=minutes))
    code = qr_payload(appointment.reference)

    said = scan(desk, code).json()

    assert (said["result"], said["reason"]) == ("wrong_time", reason)
    assert said["facts"]["starts_at"] == appointment.slot.starts_at.isoformat()
    accepted = scan(desk, code, accept_time=True).json()["result"]
    assert accepted == ("wrong_time" if reason == "other_day" else "ok")


def test_of_another_site_only_where_and_when_is_said(desk, other):
    theirs = make_appointment(make_slot(other, starts_at=CLOCK))

    answer = scan(desk, qr_payload(theirs.reference))

    said = answer.json()
    assert (said["result"], said["reason"], said["appointment"]) == ("refused", "other_site", None)
    assert said["facts"] == {"site": "别处接种点", "site_en": other.name_en, "starts_at": CLOCK.isoformat()}
    assert theirs.patient.name not in answer.text


def test_what_was_scanned_offline_is_kept_for_a_person(desk, other):
    theirs = make_appointment(make_slot(other, starts_at=CLOCK))

    said = scan(desk, qr_payload(theirs.reference), offline=True).json()

    assert (said["result"], said["reason"], said["appointment"]) == ("refused", "other_site", None)
    assert DeskAct.objects.get().outcome == "CONFLICT"


def test_whoever_works_at_one_site_need_not_name_it(desk, expected):
    assert desk.post("check-ins", {"code": expected.reference}).json()["result"] == "ok"


def test_whoever_works_at_two_must(site, other, signed_in, expected):
    user = make_desk(site, "registration")
    other.staff.create(user=user, role="registration")

    assert signed_in(user).post("check-ins", {"code": expected.reference}).status_code == 404


def test_whoever_has_another_post_may_not(site, signed_in, expected):
    answer = scan(signed_in(make_desk(site, "vaccination")), expected.reference)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_post")


def test_nothing_in_a_batch_stops_the_rest(site, desk, expected):
    second = make_appointment(make_slot_now(site))
    sent = [
        {"code": expected.reference, "happened_at": CLOCK.isoformat()},
        {"code": ""},
        "nothing",
        {"code": "hello"},
        {"code": qr_payload(second.reference), "happened_at": CLOCK.isoformat()},
    ]

    answer = desk.post("check-ins/batch", {"site": "A1", "check_ins": sent})

    results = [one["result"] for one in answer.json()["results"]]
    assert results == ["ok", "invalid", "invalid", "unknown", "ok"]
    assert Visit.objects.count() == 2


def test_a_batch_says_of_each_that_it_is_not_the_senders_post(site, signed_in, expected):
    desk = signed_in(make_desk(site, "observation"))

    answer = desk.post("check-ins/batch", {"check_ins": [{"code": expected.reference}] * 2})

    assert [one["reason"] for one in answer.json()["results"]] == ["not_your_post"] * 2
