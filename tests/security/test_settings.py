"""How an installation for real people comes up: cookies, hosts and TLS as Django's own check wants them."""

import os
import re
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests.factories import CLOCK, make_citizen, make_slot
from tests.security.addresses import filled, patterns

HOUSE = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in an installation as it is for real people, unless told otherwise."""
    given = {"DJANGO_SETTINGS_MODULE": "deploy.settings", "DEMONSTRATION": "0", "DATABASE_POOL": "0", **environment}
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments], env={**os.environ, **given}, capture_output=True, text=True
    )


# What stands in front speaks TLS and sends plain HTTP away; and other names of the city's are not ours to promise for.
LEFT_TO_THE_CITY = {"security.W008", "security.W005", "security.W021"}


def test_djangos_own_check_of_an_installation_finds_nothing_that_is_ours():
    done = run("check", "--deploy", "--tag", "security", "--fail-level", "INFO", BEHIND_PROXY="1")

    assert set(re.findall(r"security\.\w\d+", done.stderr)) == LEFT_TO_THE_CITY


@pytest.mark.parametrize(("demonstration", "secure"), [("0", "True True 31536000"), ("1", "False False 0")])
def test_cookies_go_over_tls_only_except_in_a_demonstration(demonstration, secure):
    words = "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    done = run("shell", "-v0", "-c", f"from django.conf import settings as s; {words}", DEMONSTRATION=demonstration)

    assert done.stdout.strip() == secure


@pytest.mark.django_db(transaction=True)
def test_every_cookie_that_any_page_sets_is_out_of_reach(client, settings, time_machine):
    """Of scripts, of plain HTTP and of other websites."""
    time_machine.move_to(CLOCK)
    settings.SECURE = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_HTTPONLY = True
    citizen, slot = make_citizen(text_size="large"), make_slot()
    seen: dict[str, SimpleCookie] = {}
    client.force_login(citizen, backend="accounts.backends.ProofBackend")
    tries = [(filled(pattern, {"size": "large", "code": "en"}), {}) for pattern in patterns()]
    tries += [
        ("/sign-in/", {"phone": "13812346621"}),
        (f"/book/x/{slot.programme.code}/", {"lat": "28.2", "lon": "113"}),
    ]
    for path, form in tries:
        for answer in (client.get(path), client.post(path, form)):
            seen |= dict(answer.cookies)

    assert {"text_size", "django_language", "csrftoken"} <= seen.keys()
    for name, cookie in seen.items():
        if not cookie.value:
            continue
        assert cookie["secure"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        # The forms' own token is for nobody's eyes either, but scripts of the same page have it anyway.
        assert cookie["httponly"] or name == "csrftoken", name


def test_no_secret_has_a_value_of_its_own():
    """Nothing starts with a key that stands in the source."""
    for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "DATABASE_URL", "REDIS_URL"):
        done = run("check", **{name: ""})
        assert done.returncode == 1
        assert f"{name} is not set" in done.stderr


def test_code_that_sets_a_cookie_says_all_three_things():
    """Where no test gets a cookie: every call in the source."""
    for room in ("accounts", "booking", "deploy", "sites"):
        for file in (HOUSE / room).rglob("*.py"):
            for call in file.read_text().split(".set_cookie(")[1:]:
                assert all(word in call[:300] for word in ("httponly=True", "samesite=", "secure=")), file
