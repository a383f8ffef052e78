"""The application's own public pages behind nginx: kept for everybody, in each language, with nothing of anybody."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connections
from django.test import Client
from django.urls import get_resolver

from booking import answers
from deploy.wsgi import application
from tests.factories import make_patient, make_site
from tests.front import Nginx
from tests.front.asking import ask

PAGES = ("/", "/sites/", "/help/", "/privacy/", "/accessibility/", "/open-data/", "/offline/", "/draws/", "/sw.js")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def application_asked() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    def serve(environ: dict[str, Any], start_response: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        try:
            yield from application(environ, start_response)
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, serve, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def nginx(application_asked: tuple[int, list[str]], tmp_path: Path) -> Iterator[Nginx]:
    answers.store.clear()
    with Nginx(tmp_path, [f"127.0.0.1:{application_asked[0]}"]) as started:
        yield started


@pytest.mark.django_db(transaction=True)
def test_public_pages_are_asked_for_once_in_each_language_and_sent_to_all(
    nginx: Nginx, application_asked: tuple[int, list[str]]
) -> None:
    make_site()
    english = {"Accept-Language": "en", "Accept-Encoding": "gzip"}

    for path in PAGES:
        first, again = ask(nginx.port, path), ask(nginx.port, path, headers={"Cookie": "csrftoken=somebody"})
        other = ask(nginx.port, path, headers=english)
        assert (first.status, first.body) == (200, again.body), path
        assert other.headers["Content-Encoding"] == "gzip" or path == "/sw.js"
        assert first.headers["Set-Cookie"] is None
        assert first.headers["Vary"], "browsers have to know by what it varies"

    assert sorted(application_asked[1]) == sorted(PAGES * 2)


@pytest.mark.django_db(transaction=True)
def test_a_signed_in_citizen_has_a_page_of_their_own_and_nobody_else_gets_it(nginx: Nginx) -> None:
    patient = make_patient(name="王秀兰")
    client = Client()
    client.force_login(patient.user)
    session = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}

    own, everybody = ask(nginx.port, "/", headers=session), ask(nginx.port, "/")

    assert "no-store" in own.headers["Cache-Control"]
    assert own.body != everybody.body
    assert ask(nginx.port, "/").body == everybody.body
    assert ask(nginx.port, "/appointments/", headers=session).status == 200


@pytest.mark.django_db(transaction=True)
def test_public_reads_of_the_api_are_asked_for_once(nginx: Nginx, application_asked: tuple[int, list[str]]) -> None:
    site = make_site()
    reads = ["/api/v1/districts", "/api/v1/programmes", "/api/v1/sites", "/api/v1/draws"]

    for path in reads:
        assert ask(nginx.port, path).status == ask(nginx.port, path).status == 200

    assert sorted(application_asked[1]) == sorted(reads)
    assert site.name in ask(nginx.port, "/api/v1/sites").body.decode()


def test_nginx_keeps_of_the_api_what_is_public_and_nothing_else(tmp_path: Path) -> None:
    configured = Nginx(tmp_path, ["127.0.0.1:1"]).front.render()
    found = re.search(r'location ~ "([^"]+)" \{\s+set \$public api;', configured)
    assert found
    kept = re.compile(found[1])

    for pattern in get_resolver("booking.api.urls").url_patterns:
        is_public = getattr(getattr(pattern, "callback", None), "__module__", "") == "booking.api.public"
        example = re.sub(r"<(\w+):\w+>", lambda kind: "7" if kind[1] == "int" else "a-1", str(pattern.pattern))
        assert bool(kept.search(f"/api/v1/{example}")) == is_public, example
