"""Nothing that tells who somebody is leaves by a log."""

import io
import json
import logging

import pytest
from pythonjsonlogger.json import JsonFormatter

from deploy.scrub import ScrubbedStream, scrub

GONE = [
    "13812345678",
    "+8613812345678",
    "008613812345678",
    "138 1234 5678",
    "138-1234-5678",
    "１３８１２３４５６７８",
    "手机号13812345678不对",
    "+491701234567",
    "+49 170 123-4567",
    "+852 9123 4567",
    "11010519491231002X",
    "11010519491231002x",
    "１１０１０５１９４９１２３１００２Ｘ",
    "110105 19491231 002X",
    "身份证11010519491231002X",
    "E12345678",
    "H1234567890",
    "CHN310123456789",
    "C01X00T47",
    "12345678",
    "anna.schmidt@example.org",
    "10000123456789012345678",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMyJ9.Qk1fX3Jhbm9fX1RoaXNJc0E",
    "Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZg==",
]
KEPT = [
    "2026-11-26 07:37:41,123 INFO booking released 120345 places in 0.123456 s",
    "POST /api/v1/appointments 503",
    "6f1c1f6e-1111-2222-3333-123456789012",
    "request 4bf92f3577b34da6a3ce929d0e0e4736",
    "slot 1234567 of site 17",
    "10.0.0.7 2001:db8::1",
    "gate answers in 2.000000 s; drift 0",
    "KeyError: 'places_left'",
    "deploy.settings.SESSION_COOKIE_SAMESITE",
    "exit code 1, status_code=200",
]


@pytest.mark.parametrize("told", GONE)
def test_what_tells_who_somebody_is_is_masked(told):
    for text in (told, f"before {told} after", f"('{told}',)", f"/path/{told}/?q={told}"):
        clean = scrub(text)

        assert told not in clean
        assert "***" in clean
        assert not any(part in clean for part in ("1234", "１２３４", "anna", "schmidt", "10519491231"))


@pytest.mark.parametrize("line", KEPT)
def test_what_operators_need_stays(line):
    assert scrub(line) == line


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("code 482913", "code ***"),
        ("您的验证码：482913", "您的验证码：***"),
        ("KeyError: '482913'", "KeyError: '***'"),
        ("redis://:hunter2@127.0.0.1:6379/0", "redis://***@127.0.0.1:6379/0"),
        ("postgresql://booking:hunter2@db/booking", "postgresql://***@db/booking"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ***"),
        ("sessionid=abcdefghijk; csrftoken=xyz", "sessionid=***; csrftoken=***"),
        ('{"password": "open sesame"}', '{"password": "*** sesame"}'),
    ],
)
def test_codes_and_secrets_go_where_they_are_called_so(said, written):
    assert scrub(said) == written


@pytest.fixture
def written():
    """A logger and what it has written so far, in lines or as JSON."""
    made = []

    def start(formatter):
        stream = io.StringIO()
        handler = ScrubbedStream(stream)
        handler.setFormatter(formatter)
        log = logging.Logger("of this test")
        log.addHandler(handler)
        made.append(handler)
        return log, stream

    yield start
    for handler in made:
        handler.close()


FORMATS = [logging.Formatter("%(levelname)s %(message)s"), JsonFormatter("%(levelname)s %(message)s")]


@pytest.mark.parametrize("formatter", FORMATS, ids=["lines", "json"])
def test_a_record_is_masked_in_message_arguments_exception_and_extra_values(written, formatter):
    log, stream = written(formatter)

    log.warning("from %s", "13812345678", extra={"tried": {"13912345678": ["+491701234567", 13712345678]}, "rows": 7})
    try:
        raise ValueError("no person with 11010519491231002X")
    except ValueError:
        log.exception("failed")
    log.error("too few arguments %s %s", "13612345678")

    said = stream.getvalue()
    for expected in ("failed", "ValueError: no person with ***", "test_scrub.py"):
        assert expected in said
    for secret in ("13812345678", "13912345678", "491701234567", "13712345678", "11010519491231002", "13612345678"):
        assert secret not in said


def test_json_stays_json_and_small_numbers_stay_numbers(written):
    log, stream = written(JsonFormatter("%(message)s"))

    log.info("phone=13812345678", extra={"rows": 7, "took": 0.25, "ok": True, "nothing": None, "who": 13812345678})

    assert json.loads(stream.getvalue()) == {
        "message": "phone=***", "rows": 7, "took": 0.25, "ok": True, "nothing": None, "who": "***",
    }  # fmt: skip


def test_other_handlers_still_get_the_exception_itself(written):
    log, _ = written(FORMATS[0])
    seen = []

    class Keeps(logging.Handler):
        def emit(self, record):
            seen.append(record)

    log.addHandler(Keeps())
    try:
        raise ValueError("13812345678")
    except ValueError:
        log.exception("failed for %s", "13812345678")

    assert seen[0].exc_info[0] is ValueError
    assert seen[0].args == ("13812345678",)
