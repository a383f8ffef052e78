"""What nginx refuses, repeats and never repeats; and the files that it serves by itself."""

import gettext
import gzip
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.embedded import free_port
from tests.front import Nginx
from tests.front.asking import Got, ask
from tests.front.certificate import certificate
from tests.front.stub import Answer, Stub

ROOT = Path(__file__).resolve().parents[2]
BOOK = "/api/v1/appointments"


@pytest.fixture
def machine() -> Iterator[Stub]:
    with Stub() as stub:
        yield stub


def _refused(got: Got, status: int, code: str, retry_after: str | None) -> None:
    assert (got.status, got.headers["Retry-After"]) == (status, retry_after)
    assert got.headers["Content-Type"].startswith("application/problem+json")
    assert got.headers["Cache-Control"] == "no-store"
    assert (got.json()["status"], got.json()["code"]) == (status, code)


def test_who_asks_without_end_is_told_to_wait_and_others_are_not(machine: Stub, tmp_path: Path) -> None:
    with Nginx(tmp_path, [machine.address], requests=1, burst=5) as nginx:
        got = [ask(nginx.port, BOOK) for _ in range(8)]

        assert [one.status for one in got[:6]] == [200] * 6
        _refused(got[-1], 429, "too_many_requests", "10")
        page = ask(nginx.port, "/me/", headers={"Accept-Language": "en"})
        assert (page.status, page.headers["Retry-After"]) == (429, "10")
        assert b"Too many taps" in page.body
        assert ask(nginx.port, "/health/live").status == 200


def test_trying_codes_has_a_limit_of_its_own_and_looking_at_the_form_has_not(machine: Stub, tmp_path: Path) -> None:
    with Nginx(tmp_path, [machine.address], tries=1, tries_burst=2) as nginx:
        tried = [ask(nginx.port, "/api/v1/auth/codes", "POST", b"{}").status for _ in range(5)]
        looked = [ask(nginx.port, "/sign-in/").status for _ in range(5)]

    assert tried == [200, 200, 200, 429, 429]
    assert looked == [200] * 5


def test_what_is_too_large_is_refused_before_anybody_reads_it(machine: Stub, tmp_path: Path) -> None:
    with Nginx(tmp_path, [machine.address]) as nginx:
        _refused(ask(nginx.port, BOOK, "POST", b"x" * 300_000), 413, "too_large", None)
        assert ask(nginx.port, "/admin/sites/import/", "POST", b"x" * 5_500_000).status == 200
        assert ask(nginx.port, BOOK, headers={"X-Long": "x" * 20_000}).status == 400

    assert [asked.path for asked in machine.asked] == ["/admin/sites/import/"]


def test_with_no_web_machine_people_are_asked_for_patience(tmp_path: Path) -> None:
    with Nginx(tmp_path, [f"127.0.0.1:{free_port()}"]) as nginx:
        _refused(ask(nginx.port, BOOK, "POST", b"{}"), 503, "busy", "5")
        page = ask(nginx.port, "/", headers={"Accept-Language": "en-US,en"})

    assert (page.status, page.headers["Retry-After"]) == (503, "5")
    assert b"Very busy just now" in page.body


def test_more_than_a_web_machine_can_have_in_work_is_refused_at_once(machine: Stub, tmp_path: Path) -> None:
    machine.answer = lambda asked: Answer(wait=1 if asked.path == BOOK else 0)

    with Nginx(tmp_path, [machine.address], in_work=4) as nginx, ThreadPoolExecutor(12) as people:
        started = time.monotonic()
        asking = [people.submit(ask, nginx.port, BOOK, "POST", b"{}") for _ in range(12)]
        time.sleep(0.5)
        assert ask(nginx.port, "/health/ready").status == 200
        assert time.monotonic() - started < 1
        got = [one.result() for one in asking]

    served = [one for one in got if one.status == 200]
    # nginx counts for each of its workers for a moment of its own.
    assert 4 <= len(served) <= 6
    for refused in (one for one in got if one.status != 200):
        _refused(refused, 503, "busy", "5")


def test_a_web_machine_that_is_gone_costs_nobody_an_answer(machine: Stub, tmp_path: Path) -> None:
    with Nginx(tmp_path, [f"127.0.0.1:{free_port()}", machine.address]) as nginx:
        got = [ask(nginx.port, BOOK, "POST", b"{}").status for _ in range(20)]

    assert got == [200] * 20
    assert len(machine.asked) == 20


def test_a_post_that_was_sent_is_never_sent_again(machine: Stub, tmp_path: Path) -> None:
    with Stub(lambda asked: Answer(broken=True)) as dying, Nginx(tmp_path, [dying.address, machine.address]) as nginx:
        posted = [ask(nginx.port, BOOK, "POST", b"%d" % n).status for n in range(10)]

    bodies = [asked.body for asked in (*dying.asked, *machine.asked)]
    assert sorted(bodies) == sorted(b"%d" % n for n in range(10))
    assert posted.count(503) == len(dying.asked) > 0


def test_a_read_goes_to_the_next_machine_where_one_breaks_off(machine: Stub, tmp_path: Path) -> None:
    with Stub(lambda asked: Answer(broken=True)) as dying, Nginx(tmp_path, [dying.address, machine.address]) as nginx:
        got = [ask(nginx.port, BOOK).status for _ in range(10)]

    assert got == [200] * 10
    assert dying.asked


def test_the_slow_keep_nobody_from_the_web_machines(machine: Stub, tmp_path: Path) -> None:
    with Nginx(tmp_path, [machine.address]) as nginx:
        slow = [socket.create_connection(("127.0.0.1", nginx.port)) for _ in range(50)]
        for number, connection in enumerate(slow):
            whole = number % 2
            connection.sendall(
                b"POST /api/v1/appointments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n" + b"\r\n{" * whole
            )
        assert ask(nginx.port, BOOK, "POST", b"{}").status == 200
        time.sleep(0.2)
        for connection in slow:
            connection.close()

    assert len(machine.asked) == 1


def test_static_files_come_packed_and_for_as_long_as_their_name_says(machine: Stub, tmp_path: Path) -> None:
    static = tmp_path / "static"
    (static / "booking").mkdir(parents=True)
    (static / "booking" / "app.0123456789ab.css").write_text("plain")
    (static / "booking" / "app.0123456789ab.css.gz").write_bytes(gzip.compress(b"packed"))
    (static / "booking" / "app.0123456789ab.css.br").write_bytes(b"brotli")
    (static / "booking" / "photo.png").write_bytes(b"picture")

    with Nginx(tmp_path / "nginx", [machine.address], static=static) as nginx:
        path = "/static/booking/app.0123456789ab.css"
        plain = ask(nginx.port, path)
        packed = ask(nginx.port, path, headers={"Accept-Encoding": "gzip, deflate"})
        best = ask(nginx.port, path, headers={"Accept-Encoding": "gzip, deflate, br"})
        photo = ask(nginx.port, "/static/booking/photo.png?v=1", headers={"Accept-Encoding": "gzip, br"})
        missing = [
            ask(nginx.port, f"/static/{name}").status
            for name in ("nothing.css", "booking/", "%2e%2e/%2e%2e/etc/passwd")
        ]

    assert (plain.body, gzip.decompress(packed.body), best.body) == (b"plain", b"packed", b"brotli")
    assert [one.headers["Content-Encoding"] for one in (plain, packed, best)] == [None, "gzip", "br"]
    for one in (plain, packed, best):
        assert one.headers.get_all("Content-Type") == ["text/css; charset=utf-8"]
        assert one.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert one.headers["Vary"] == "Accept-Encoding"
        assert one.headers["X-Content-Type-Options"] == "nosniff"
    assert (photo.body, photo.headers["Content-Type"]) == (b"picture", "image/png")
    assert photo.headers["Cache-Control"] == "public, max-age=60"
    assert set(missing) <= {403, 404, 400}
    assert machine.asked == []


def test_everything_goes_over_tls_and_only_for_the_citys_names(machine: Stub, tmp_path: Path) -> None:
    chain, key = certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(chain))
    settings = {"certificate": chain, "certificate_key": key}

    with Nginx(tmp_path / "nginx", [machine.address], **settings) as nginx:
        plain = ask(nginx.port, "/sites/?district=1")
        secure = ask(nginx.tls_port, BOOK, tls=trusting)
        missing = ask(nginx.tls_port, "/static/nothing", tls=trusting)
        stranger = ssl.create_default_context(cafile=str(chain))
        stranger.check_hostname = False
        with (
            socket.create_connection(("127.0.0.1", nginx.tls_port)) as connection,
            pytest.raises(ssl.SSLError),
            stranger.wrap_socket(connection, server_hostname="evil.example"),
        ):
            pass

    assert (plain.status, plain.headers["Location"]) == (308, "https://localhost/sites/?district=1")
    assert secure.status == 200
    assert machine.asked[0].headers["X-Forwarded-Proto"] == "https"
    assert missing.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("name", ["busy", "too-many"])
def test_nginx_says_it_in_the_words_of_the_city(name: str) -> None:
    words = gettext.GNUTranslations((ROOT / "templates/locale/en/LC_MESSAGES/django.mo").open("rb"))
    answers = ROOT / "deploy" / "nginx" / "answers"
    title = {"busy": "现在人很多", "too-many": "点得太快了"}[name]

    assert f"<h1>{title}</h1>" in (answers / f"{name}.zh.html").read_text()
    assert f"<h1>{words.gettext(title)}</h1>" in (answers / f"{name}.en.html").read_text()
