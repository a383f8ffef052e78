"""What nginx does with requests, by the project's own configuration, in front of web machines that only write down."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.nginx import Front
from tests.front import Nginx
from tests.front.asking import ask
from tests.front.stub import PUBLIC, Answer, Asked, Stub

SLOTS = "/api/v1/sites/S1/slots?programme=flu"


@pytest.fixture
def machine() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


@pytest.fixture
def nginx(machine: Stub, tmp_path: Path) -> Iterator[Nginx]:
    with Nginx(tmp_path / "nginx", [machine.address]) as started:
        yield started


def _told(asked: Asked) -> Answer:
    """An answer that holds everything that could differ between two readers."""
    told = {name: asked.headers.get(name) for name in ("Cookie", "Accept-Language", "Authorization")}
    return Answer(body=repr(told).encode())


def test_a_thousand_people_who_look_at_once_are_one_request_to_the_application(nginx: Nginx, machine: Stub) -> None:
    machine.answer = lambda asked: Answer(body=b'{"slots": []}', wait=0.3)

    with ThreadPoolExecutor(50) as people:
        got = list(people.map(lambda _: ask(nginx.port, SLOTS), range(200)))

    assert {(one.status, one.body) for one in got} == {(200, b'{"slots": []}')}
    assert len(machine.asked) == 1


def test_what_is_not_public_is_asked_each_time(nginx: Nginx, machine: Stub) -> None:
    for _ in range(3):
        ask(nginx.port, "/api/v1/appointments")

    assert len(machine.asked) == 3


def test_what_the_application_does_not_call_public_is_not_kept(nginx: Nginx, machine: Stub) -> None:
    machine.answer = lambda asked: Answer(headers={"Cache-Control": "no-store"})

    for _ in range(2):
        ask(nginx.port, SLOTS)

    assert len(machine.asked) == 2


def test_an_answer_that_sets_a_cookie_is_not_kept(nginx: Nginx, machine: Stub) -> None:
    machine.answer = lambda asked: Answer(headers={**PUBLIC, "Set-Cookie": "csrftoken=secret"})

    for _ in range(2):
        ask(nginx.port, "/sites/")

    assert len(machine.asked) == 2


def test_each_language_size_and_host_has_answers_of_its_own(nginx: Nginx, machine: Stub) -> None:
    machine.answer = _told
    readers: list[dict[str, str]] = [
        {},
        {"Accept-Language": "en-GB,en;q=0.9"},
        {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"},
        {"Accept-Language": "fr,en;q=0.5"},
        {"Accept-Language": "en;q=0.5,zh"},
        {"Cookie": "django_language=en"},
        {"Cookie": "text_size=largest; django_language=zh-hans"},
        {"Cookie": "text_size=large", "Accept-Language": "en"},
    ]

    got = [ask(nginx.port, "/sites/", headers=reader).body for reader in readers]

    # By cookie or by header, English is English; nothing else is alike.
    assert got[5] == got[1]
    assert len(set(got)) == len(readers) - 1 == len(machine.asked)
    assert b"zh-hans" in got[2]
    assert b"fr,en;q=0.5" in got[3]


def test_the_api_reads_its_own_header_and_no_cookie(nginx: Nginx, machine: Stub) -> None:
    machine.answer = _told

    chinese = ask(nginx.port, SLOTS, headers={"Cookie": "django_language=en", "Accept-Language": "zh"})
    english = ask(nginx.port, SLOTS, headers={"Cookie": "django_language=zh-hans", "Accept-Language": "en"})

    assert b"'zh-hans'" in chinese.body
    assert b"'en'" in english.body


def test_nothing_of_the_caller_reaches_the_application_where_an_answer_is_kept(nginx: Nginx, machine: Stub) -> None:
    mine = {"Cookie": "sessionid=mine; csrftoken=mine; text_size=large", "Authorization": "Bearer mine"}

    for path in ("/sites/", "/help/", "/queue/1/", "/queue/1/state.json", "/open-data/sites.csv", SLOTS):
        ask(nginx.port, path, headers=mine)

    assert len(machine.asked) == 6
    assert [asked.path for asked in machine.asked if "mine" in repr(asked.headers)] == []


@pytest.mark.parametrize("path", ["/", "/draws/", "/draws/7c9e6679-7425-40de-944b-e07fc1f90ae7/"])
def test_whoever_has_signed_in_gets_their_own_first_page_and_leaves_none_behind(
    nginx: Nginx, machine: Stub, path: str
) -> None:
    machine.answer = _told
    session = {"Cookie": "text_size=large; sessionid=mine"}

    before = ask(nginx.port, path)
    own = ask(nginx.port, path, headers=session)
    other = ask(nginx.port, path, headers={"Cookie": "__Host-sessionid=other"})
    after = ask(nginx.port, path)

    assert b"sessionid=mine" in own.body
    assert b"sessionid=other" in other.body
    assert before.body == after.body
    assert b"sessionid" not in after.body
    assert len(machine.asked) == 3


def test_a_kept_answer_is_repeated_by_its_tag_alone(nginx: Nginx, machine: Stub) -> None:
    machine.answer = lambda asked: Answer(body=b"long", headers={**PUBLIC, "ETag": '"abc"'})
    ask(nginx.port, SLOTS)

    again = ask(nginx.port, SLOTS, headers={"If-None-Match": '"abc"'})

    assert (again.status, again.body) == (304, b"")
    assert len(machine.asked) == 1


def test_a_private_answer_may_be_asked_for_by_its_tag(nginx: Nginx, machine: Stub) -> None:
    ask(nginx.port, "/api/v1/desk/day-list", headers={"If-None-Match": '"abc"'})

    assert machine.asked[0].headers["If-None-Match"] == '"abc"'


@pytest.mark.parametrize("status", [500, 503])
def test_the_last_answer_stands_in_for_one_that_fails(nginx: Nginx, machine: Stub, status: int) -> None:
    machine.answer = lambda asked: Answer(body=b"well")
    ask(nginx.port, SLOTS)
    machine.answer = lambda asked: Answer(status=status, body=b"broken")

    # Kept for a second by a clock of whole seconds.
    time.sleep(2.1)
    got = [ask(nginx.port, SLOTS) for _ in range(3)]

    assert {(one.status, one.body) for one in got} == {(200, b"well")}
    assert len(machine.asked) >= 2


def test_whose_request_it_is_says_nginx_and_nobody_else(nginx: Nginx, machine: Stub) -> None:
    forged = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "https",
        "X-Request-ID": "forged",
        "X_Forwarded_For": "6.6.6.6",
    }

    got = ask(nginx.port, "/api/v1/appointments", headers=forged)

    headers = machine.asked[0].headers
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "http"
    assert len(headers["X-Request-ID"]) == 32
    assert "6.6.6.6" not in repr(headers)
    assert got.headers.get_all("X-Request-ID") == [headers["X-Request-ID"]]


def test_a_load_balancer_may_say_for_whom_it_calls(machine: Stub, tmp_path: Path) -> None:
    with Nginx(tmp_path / "nginx", [machine.address], balancers=["127.0.0.0/8"]) as nginx:
        ask(
            nginx.port,
            "/api/v1/appointments",
            headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Proto": "https"},
        )

    headers = machine.asked[0].headers
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("203.0.113.9", "https")


def test_another_host_is_answered_by_nobody(nginx: Nginx, machine: Stub) -> None:
    for host in ("evil.example", "127.0.0.1"):
        assert ask(nginx.port, "/", headers={"Host": host}).status == 421
    assert machine.asked == []

    assert ask(nginx.port, "/health/live", headers={"Host": "10.0.0.1"}).status == 200
    assert machine.asked[0].headers["Host"] == "localhost"


def test_figures_for_the_city_are_not_for_everybody(nginx: Nginx, machine: Stub) -> None:
    assert ask(nginx.port, "/metrics").status == 404
    assert machine.asked == []


@pytest.mark.parametrize(("network", "status"), [("10.0.0.0/8", 403), ("127.0.0.1", 200)])
def test_the_admin_may_be_kept_to_some_addresses(machine: Stub, tmp_path: Path, network: str, status: int) -> None:
    with Nginx(tmp_path / "nginx", [machine.address], admin=[network]) as nginx:
        assert ask(nginx.port, "/admin/").status == status
        assert ask(nginx.port, "/api/v1/appointments").status == 200


def test_a_value_that_would_be_more_than_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        Nginx(tmp_path, ["127.0.0.1:1; evil"]).front.render()


def test_the_example_is_valid_and_complains_of_nothing(tmp_path: Path, machine: Stub) -> None:
    nginx = Nginx(tmp_path, [machine.address], balancers=["10.0.0.0/8"], admin=["10.1.0.0/16"])

    assert "warn" not in nginx.check()


def test_the_command_writes_what_a_city_asks_for() -> None:
    asked = [
        "--name",
        "booking.example",
        "--upstream",
        "10.0.0.5:8000",
        "--upstream",
        "10.0.0.6:8000",
        "--admin",
        "::1",
    ]

    done = subprocess.run([sys.executable, "-m", "deploy.nginx", *asked], capture_output=True, text=True, check=True)

    front = Front(names=["booking.example"], upstreams=["10.0.0.5:8000", "10.0.0.6:8000"], admin=["::1"])
    assert done.stdout == front.render()
