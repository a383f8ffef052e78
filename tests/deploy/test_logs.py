"""Lines of the log: for machines or for people, with their request's number and without anything that tells who."""

import json
import logging
import logging.config
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import gevent
import pytest
from gunicorn.config import Config

from accounts import request_ids
from deploy.gunicorn_logs import GunicornLogger
from deploy.logs import Sparing, logging_config, process_name
from deploy.scrub import ScrubbedStream

A_NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def outside_of_requests() -> Iterator[None]:
    """No number is left over for other tests."""
    yield
    request_ids._current.set("")


class Lines:
    """What a logger of this form has written."""

    def __init__(self, form: str) -> None:
        formatter = logging_config(form)["formatters"]["line"]["()"]()
        self.handler = ScrubbedStream(stream=self)
        self.handler.setFormatter(formatter)
        self.log = logging.Logger("booking.operations.book")
        self.log.addHandler(self.handler)
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass

    def objects(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.splitlines()]


def test_each_line_of_json_says_when_who_what_and_about_which_request() -> None:
    lines = Lines("json")
    request_ids.begin(A_NUMBER)

    lines.log.warning("The gate does not answer (%s); going on from the ledger.", "TimeoutError")

    [line] = lines.objects()
    at = datetime.fromisoformat(str(line.pop("time")))
    assert at.utcoffset() == timedelta(0)
    assert abs(at - datetime.now(at.tzinfo)) < timedelta(minutes=1)
    assert isinstance(line.pop("pid"), int)
    assert line.pop("process")
    assert line == {
        "level": "WARNING",
        "logger": "booking.operations.book",
        "message": "The gate does not answer (TimeoutError); going on from the ledger.",
        "request_id": A_NUMBER,
    }


def test_a_fault_is_one_line_with_its_traceback_and_without_whom_it_was_about() -> None:
    lines = Lines("json")

    try:
        raise ValueError("13812345678 已经约过，证件 11010519491231002X")
    except ValueError:
        lines.log.exception("Failed for %s", "13812345678")

    [line] = lines.objects()
    assert "Traceback" in str(line["exc_info"])
    assert "test_logs.py" in str(line["exc_info"])
    for person in ("13812345678", "11010519491231002X"):
        assert person not in lines.text


def test_outside_of_a_request_there_is_no_number() -> None:
    json_lines, plain_lines = Lines("json"), Lines("plain")

    json_lines.log.info("Sent.")
    plain_lines.log.info("Sent.")

    assert "request_id" not in json_lines.objects()[0]
    assert plain_lines.text.endswith(" INFO booking.operations.book Sent.\n")


def test_a_plain_line_ends_with_the_number() -> None:
    lines = Lines("plain")
    request_ids.begin(A_NUMBER)

    lines.log.warning("Late.")

    assert lines.text.endswith(f" WARNING booking.operations.book Late. [{A_NUMBER}]\n")


def test_greenlets_that_take_turns_keep_their_own_numbers() -> None:
    lines = Lines("json")

    def serve(number: str) -> None:
        request_ids.begin(number)
        for _ in range(3):
            gevent.sleep(0)
            lines.log.info(number)

    gevent.joinall([gevent.spawn(serve, f"{n:032x}") for n in range(0xA0, 0xA8)])

    assert len(lines.objects()) == 24
    assert all(line["message"] == line["request_id"] for line in lines.objects())


@pytest.mark.parametrize(
    "said",
    [None, "", "13812345678", "x" * 32, A_NUMBER.upper(), A_NUMBER + "\n", A_NUMBER[:-1], f"{A_NUMBER} DROP TABLE"],
)
def test_a_number_that_no_proxy_makes_is_replaced(said: str | None) -> None:
    number = request_ids.begin(said)

    assert re.fullmatch("[0-9a-f]{32}", number)
    assert number != said
    assert request_ids.current() == number


def test_a_number_is_read_out_in_two_groups() -> None:
    request_ids.begin(A_NUMBER)

    assert request_ids.to_be_read_out() == "0123-4567"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["/venv/bin/gunicorn", "-c", "deploy/gunicorn.conf.py"], "web"),
        (["/venv/lib/gunicorn/__main__.py", "-c"], "web"),
        (["manage.py", "qcluster"], "jobs"),
        (["manage.py", "reconcile", "--x"], "reconcile"),
        (["/venv/lib/django/__main__.py", "qcluster"], "jobs"),
        (["/venv/bin/pytest"], "python"),
        (["manage.py", "13812345678"], "python"),
        (["-c", "13812345678"], "python"),
        ([], "python"),
    ],
)
def test_a_process_is_called_by_what_it_does(arguments: list[str], name: str) -> None:
    assert process_name(arguments) == name


def test_gunicorns_own_lines_look_like_all_others(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    config = Config()
    config.set("errorlog", "-")
    logger = GunicornLogger(config)

    logger.error("Error handling request %s", "/look-up/?phone=13812345678")

    line = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert (line["logger"], line["level"]) == ("gunicorn.error", "ERROR")
    assert "13812345678" not in line["message"]


def test_of_many_answers_that_it_is_busy_one_a_second_is_written_without_the_way_there() -> None:
    def answered(status: int) -> logging.LogRecord:
        record = logging.LogRecord("django.request", logging.ERROR, "", 0, "no", (), (ValueError, ValueError(), None))
        record.status_code = status
        return record

    sparing, busy, fault = Sparing(), [answered(503) for _ in range(3)], answered(500)

    assert [sparing.filter(record) for record in busy] == [True, False, False]
    assert busy[0].exc_info is None
    assert sparing.filter(fault)
    assert fault.exc_info is not None
