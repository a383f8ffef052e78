"""What every answer says to browsers, whichever address it comes from; and no host but ours on any page."""

import importlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.factories import CLOCK, make_administrator, make_citizen, make_patient, make_slot, sign_in
from tests.security.addresses import ask, filled, patterns

pytestmark = pytest.mark.django_db
HOUSE = Path(__file__).resolve().parents[2]
ADMIN = ("/admin/", "/admin/login/", "/admin/booking/slot/", "/admin/nothing/", "/admin/two-factor/")
# The desk compiles the reader of codes; see its own test. Nothing of it comes from anywhere else.
_COMPILES = "'self' 'wasm-unsafe-eval'"
_HOST = re.compile(r"""(?:src|href|action|poster|srcset|data)\s*=\s*["']?\s*((?:https?:)?//[^"'\s>]+)""", re.I)
_CSS_HOST = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])\s*((?:https?:)?//[^"')\s]+)""", re.I)
_JS_HOST = re.compile(
    r"""(?:fetch|import|importScripts|open|Worker|EventSource|WebSocket)\(\s*["'`]((?:\w+:)?//[^"'`]+)"""
)


@pytest.fixture
def application(settings):
    """The whole application as it starts on a machine that speaks TLS."""
    settings.SECURE = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    from deploy import wsgi

    return importlib.reload(wsgi).application


def everywhere():
    return [filled(pattern) for pattern in patterns()] + [*ADMIN, "/nothing/", "/api/v1/nothing"]


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_every_address_says_it_all_whatever_it_answers(application, method):
    lacking = {}
    for path in everywhere():
        said = ask(application, method, path, HTTP_X_FORWARDED_PROTO="https").headers
        policy = said.get("content-security-policy", "")
        wrong = [
            name
            for name, right in {
                "csp": "default-src 'none'" in policy and "frame-ancestors 'none'" in policy,
                "inline": "unsafe" not in policy.replace(_COMPILES, ""),
                "host": not re.search(r"https?:|\*", policy),
                "frames": said.get("x-frame-options") == "DENY",
                "kinds": said.get("x-content-type-options") == "nosniff",
                "hsts": said.get("strict-transport-security") == "max-age=31536000",
                "referrer": said.get("referrer-policy") in ("same-origin", "no-referrer"),
                "no server": "server" not in said and "x-powered-by" not in said,
            }.items()
            if not right
        ]
        if wrong:
            lacking[path] = wrong
    assert lacking == {}


def test_pages_say_which_powers_of_the_browser_they_use(application):
    for path in ("/", "/desk/", "/admin/login/", "/nothing/"):
        assert "microphone=()" in ask(application, "GET", path).headers["permissions-policy"]


def test_no_page_loads_anything_from_another_host(client, time_machine):
    time_machine.move_to(CLOCK)
    citizen, slot = make_citizen(), make_slot()
    values = {"patient_id": make_patient(citizen).pk, "code": slot.site.code, "programme": slot.programme.code}
    client.force_login(citizen, backend="accounts.backends.ProofBackend")
    found, pages = {}, 0
    for pattern in patterns():
        answer = client.get(filled(pattern, values))
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            pages += 1
            found[pattern] = _HOST.findall(answer.content.decode())
    sign_in(client, make_administrator())
    for path in ADMIN:
        found[path] = _HOST.findall(client.get(path).content.decode())

    assert pages > 25
    assert {path: hosts for path, hosts in found.items() if hosts} == {}


def test_no_script_or_style_of_ours_names_another_host():
    found = {}
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            if name.endswith((".js", ".css", ".mjs")) and "/test" not in name:
                text = Path(storage.path(name)).read_text(errors="replace")
                if hosts := [*_CSS_HOST.findall(text), *_JS_HOST.findall(text)]:
                    found[name] = hosts
    assert found == {}


def test_no_template_has_anything_inline():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:json|ld\+json)\")[^>]*>|\son\w+=|\sstyle=|<style"
    )
    found = {}
    # The report of a rehearsal is a file that nobody is served: it holds everything in itself.
    for template in {*(HOUSE / "templates").rglob("*.html")} - {HOUSE / "templates" / "rehearsal" / "report.html"}:
        if hits := inline.findall(re.sub(r"{[{%].*?[%}]}", "", template.read_text())):
            found[template.name] = hits
    assert found == {}
