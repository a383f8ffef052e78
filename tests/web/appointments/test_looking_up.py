"""Looking an appointment up by its number and the last four of the document, without an account."""

import functools
import logging
import re
import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import encryption
from booking.models import Appointment
from booking.queries import look_up as module
from booking.queries.look_up import TooManyTries, look_up
from booking.rules.references import new_reference
from tests.races.crowd import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def ask(reference, tail="5678", address="10.0.0.1", client=None):
    return (client or Client()).post("/look-up/", {"reference": reference, "tail": tail}, REMOTE_ADDR=address)


def plain(response) -> bytes:
    """The answer without the token against forged forms, which is new in every page."""
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]+', rb"\1", response.content)


@pytest.fixture
def address():
    """A new network address each time."""
    numbers = iter(range(2, 250))
    return lambda: f"10.0.1.{next(numbers)}"


def test_number_and_last_four_show_when_where_and_how_it_stands(booked):
    row = booked(name="望月湖中心")

    text = ask(row.reference).content.decode()

    for said in ("查到的预约", "望月湖中心", "桃子湖路 88 号", "10:00–10:30", "11 月 26 日", "要去", "登录"):
        assert said in text


def test_nothing_about_the_person_the_vaccine_or_the_code_is_told(booked, patient):
    row = booked()

    text = ask(row.reference).content.decode()

    for secret in (
        "王秀兰",
        "王",
        "流感",
        "E12345678",
        "5678",
        row.reference,
        'role="img"',
        "取消预约",
        patient.user.phone,
    ):
        assert secret not in text


@pytest.mark.parametrize(
    ("status", "days", "said"),
    [
        ("CANCELLED", 2, "已取消"),
        ("BOOKED", -3, "时间过了"),
        ("FULFILLED", -3, "已接种"),
        ("NO_SHOW", -3, "未到"),
        ("CHECKED_IN", -3, "没有接种"),
    ],
)
def test_cancelled_and_past_ones_are_shown_as_such(booked, now, status, days, said):
    row = booked(starts_at=now + timedelta(days=days), status=status)

    assert said in ask(row.reference).content.decode()


def test_what_people_type_by_hand_is_understood(booked, patient):
    row = booked()
    patient.document_number = "43010219600101002X"
    patient.save()
    wide = row.reference.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    text = ask(f" {wide[:4]} {wide[4:8]}-{wide[8:]} ", tail="０02x").content.decode()

    assert "查到的预约" in text


def test_wrong_end_unknown_number_and_wrong_check_digit_get_the_same_bytes(booked, address):
    row = booked()
    Appointment.objects.filter(pk=row.pk).update(reference="100000000007")

    wrong_end = ask("100000000007", tail="0000", address=address())
    Appointment.objects.filter(pk=row.pk).update(reference=new_reference())
    unknown = ask("100000000007", tail="0000", address=address())
    Appointment.objects.filter(pk=row.pk).update(reference="100000000007", status="CANCELLED")
    cancelled = ask("100000000007", tail="0000", address=address())

    assert "没有对上" in wrong_end.content.decode()
    assert wrong_end.status_code == unknown.status_code == cancelled.status_code == 200
    assert plain(wrong_end) == plain(unknown) == plain(cancelled)
    assert wrong_end.headers == unknown.headers == cancelled.headers
    bad_digit = plain(ask("100000000008", tail="0000", address=address()))
    assert bad_digit.replace(b"100000000008", b"100000000007") == plain(unknown)


def test_known_and_unknown_numbers_take_the_same_work(booked, address, now, monkeypatch):
    row = booked()
    look_up("100000000007", "0000", address=address(), now=now)  # what is made once is made
    opened = []
    real = encryption.decrypt

    def counted(stored, *, associated):
        opened.append(associated)
        return real(stored, associated=associated)

    monkeypatch.setattr(encryption, "decrypt", counted)
    monkeypatch.setattr(module, "decrypt", counted)

    with CaptureQueriesContext(connection) as known:
        assert look_up(row.reference, "0000", address=address(), now=now) is None
    with CaptureQueriesContext(connection) as unknown:
        assert look_up("100000000007", "0000", address=address(), now=now) is None

    statements = [query["sql"].replace(row.reference, "100000000007") for query in known]
    assert statements == [query["sql"] for query in unknown]
    assert len(statements) == 1
    assert opened == ["patient.document_number"] * 2


def test_the_sixth_try_for_a_number_is_refused_from_any_address_even_if_right(booked, address):
    row = booked()
    for _ in range(5):
        assert ask(row.reference, tail="0000", address=address()).status_code == 200

    refused = ask(row.reference, address=address())

    assert refused.status_code == 429
    assert refused["Retry-After"] == "3600"
    assert "试的次数太多了" in refused.content.decode()
    assert "查到的预约" not in refused.content.decode()


def test_the_sixth_try_from_an_address_is_refused_for_any_number(booked):
    row = booked()
    for _ in range(5):
        assert ask(new_reference(), tail="0000").status_code == 200

    refused, elsewhere = ask(row.reference), ask(row.reference, address="10.0.0.2")

    assert refused.status_code == 429
    assert "查到的预约" in elsewhere.content.decode()


def test_known_and_unknown_numbers_run_out_of_tries_alike(booked, address):
    row = booked()
    for _ in range(5):
        ask(row.reference, tail="0000", address=address())
        ask("100000000007", tail="0000", address=address())

    known, unknown = ask(row.reference, address=address()), ask("100000000007", address=address())

    assert known.status_code == unknown.status_code == 429
    assert plain(known).replace(row.reference.encode(), b"100000000007") == plain(unknown)


@pytest.mark.parametrize(
    ("reference", "tail", "said"),
    [("", "", "请填写预约号。"), ("12345", "5678", "预约号是 12 位数字"), ("100000000007", "45678", "只填最后 4 位")],
)
def test_what_cannot_be_a_number_or_an_end_is_told_beside_its_field_and_costs_no_try(booked, reference, tail, said):
    row = booked()
    for _ in range(6):
        text = ask(reference, tail=tail).content.decode()
        assert said in text
        assert "<title>有错：查预约" in text

    assert "查到的预约" in ask(row.reference).content.decode()


def test_nothing_in_an_address_fills_the_form_in(client):
    text = client.get("/look-up/?reference=100000000007&tail=5678").content.decode()

    assert "100000000007" not in re.sub(r"\?next=[^\"]+", "", text)


def test_without_the_cache_nothing_is_looked_up_and_the_page_says_so(booked, monkeypatch):
    row = booked()
    # What the cache answers while Redis does not.
    monkeypatch.setattr(cache, "incr", lambda *a, **k: 0)
    monkeypatch.setattr(cache, "add", lambda *a, **k: True)

    answer = ask(row.reference)

    assert answer.status_code == 503
    assert "现在不能按预约号查" in answer.content.decode()


def test_the_log_holds_a_count_and_neither_numbers_nor_addresses(booked, caplog):
    row = booked()

    with caplog.at_level(logging.DEBUG):
        for _ in range(8):
            ask(row.reference, tail="0000", address="10.9.8.7")

    said = [record.getMessage() for record in caplog.records if record.name == module.__name__]
    assert said == ["Looking up without an account was tried 6 times in an hour."]
    assert row.reference not in caplog.text
    assert "10.9.8.7" not in caplog.text


def guesses(row, now, count=30):
    return [functools.partial(look_up, row.reference, f"{n:04}", address=f"10.0.2.{n}", now=now) for n in range(count)]


def test_of_thirty_guesses_at_once_five_are_compared(booked, now, monkeypatch):
    row = booked()
    compared = []
    real = module._matches
    monkeypatch.setattr(module, "_matches", lambda *a: compared.append(a) or real(*a))

    results = all_at_once(guesses(row, now), threads=30)

    assert len(compared) == 5
    assert [type(result) for result in results].count(TooManyTries) == 25
    assert results.count(None) == 5


def test_twin_that_reads_the_count_and_writes_it_back_lets_more_through(booked, now, monkeypatch):
    """Were the tries not counted in one step of the cache, guesses at the same moment would count as one."""
    row = booked()
    all_have_read = threading.Barrier(30)

    def read_then_write(what, value):
        seen = cache.get(f"twin:{what}:{value}", 0)
        if what == "number":
            all_have_read.wait(timeout=20)
        cache.set(f"twin:{what}:{value}", seen + 1, 60)
        return seen + 1

    monkeypatch.setattr(module, "_count", read_then_write)

    results = all_at_once(guesses(row, now), threads=30)

    assert results.count(None) == 30
