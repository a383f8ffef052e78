"""Numbers, counts and lines of the log as gunicorn's workers have them, with a gate and a ledger that go away."""

import http.client
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.bench.installation import Installation
from tests.deploy.asking import value

A_NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def city() -> Iterator[Installation]:
    with Installation() as city:
        city.manage("install_schedules")
        city.start_web("gevent", LOG_FORMAT="json", LOG_LEVEL="warning")
        yield city


def get(city: Installation, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, body and the request's number, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", city.port, timeout=20)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): said for name, said in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers["X-Request-ID"]
    finally:
        connection.close()


def scrape(city: Installation) -> str:
    status, text, _number = get(city, "/metrics")
    assert status == 200
    return text


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("path", ["/", "/api/v1/districts", "/api/v1/nowhere", "/health/live", "/static/nothing.css"])
def test_every_answer_carries_the_number_of_its_request(city: Installation, path: str) -> None:
    own, taken_over = get(city, path)[2], get(city, path, X_Request_ID=A_NUMBER)[2]
    refused = get(city, path, X_Request_ID="13812345678")[2]

    assert taken_over == A_NUMBER
    assert own != refused
    for number in (own, refused):
        assert re.fullmatch("[0-9a-f]{32}", number)


def test_two_workers_count_together_and_go_on_when_one_is_killed(city: Installation) -> None:
    labels = {"door": "api", "status": "2xx"}
    before = value(scrape(city), "vaccine_requests_total", **labels)
    for _ in range(40):
        assert get(city, "/api/v1/districts")[0] == 200
    assert value(scrape(city), "vaccine_requests_total", **labels) == before + 40
    assert value(scrape(city), "vaccine_processes", kind="web") == 2

    killed = city.workers()[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: killed not in city.workers() and len(city.workers()) == 2)

    assert value(scrape(city), "vaccine_requests_total", **labels) == before + 40


def test_a_gate_that_goes_away_is_counted_told_and_logged_with_the_request(city: Installation) -> None:
    assert value(scrape(city), "vaccine_gate_up") == 1
    city.gate.stop()
    until(lambda: value(scrape(city), "vaccine_gate_up") == 0)

    text = scrape(city)
    assert value(text, "vaccine_gate_breaker_open") >= 1
    assert value(text, "vaccine_gate_breaker_openings_total") >= 1
    assert value(text, "vaccine_ledger_up") == 1
    status, said, _number = get(city, "/health/ready")
    assert (status, json.loads(said)["status"]) == (200, "degraded")
    assert "gate_down" in {reason["code"] for reason in json.loads(said)["reasons"]}
    lines = [json.loads(line) for line in city.web_log().splitlines() if line.startswith("{")]
    [first, *_others] = [line for line in lines if "The gate does not answer" in line["message"]]
    assert (first["level"], first["logger"], first["process"]) == ("WARNING", "booking.admission.guarded", "web")
    assert re.fullmatch("[0-9a-f]{32}", first["request_id"])

    city.gate.start()
    until(lambda: value(scrape(city), "vaccine_gate_up") == 1)


def test_without_the_ledger_the_numbers_still_come(city: Installation) -> None:
    city.ledger.stop()
    try:
        # What was looked up just before is told for some seconds.
        until(lambda: value(scrape(city), "vaccine_ledger_up") == 0 and "vaccine_jobs_due" not in scrape(city))

        began = time.monotonic()
        text = scrape(city)
        assert value(text, "vaccine_processes", kind="web") == 2
        assert time.monotonic() - began < 15
        # Of two processes the other may have asked just before it stopped, and know it for a second more.
        until(lambda: get(city, "/health/ready")[0] == 503)
        _status, said, _number = get(city, "/health/ready")
        assert json.loads(said)["failing"] == ["ledger"]
    finally:
        city.ledger.start()
    until(lambda: get(city, "/health/ready")[0] == 200)
