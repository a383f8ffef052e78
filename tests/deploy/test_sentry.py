"""Error reports: only where they are wanted, and never with anything that tells who somebody is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
DSN = "https://0123456789abcdef0123456789abcdef@reports.example/1"
PERSON = {
    "document": "11010519491231002X",
    "phone": "13812345678",
    "token": "Zm9vYmFyQUJDMTIz-eyJhbGciOi-JIUzI1NiJ9",
    "key": "a-key-of-my-own-99",
}

# A booking in whose middle something breaks that quotes the person, served by the application that gunicorn serves.
_BREAKING = """
import io, json, sys
import django
from deploy import sentry
import sentry_sdk
from sentry_sdk.transport import Transport

class Kept(Transport):
    sent = []
    def capture_envelope(self, envelope):
        Kept.sent.append(envelope.serialize().decode(errors="replace"))

person = json.loads(sys.argv[1])
sentry.start(sys.argv[2], release="9", transport=Kept)
from deploy.wsgi import application
from booking.api import book

def breaks(*args, **kwargs):
    number = person["document"]
    raise RuntimeError(f"no patient with {number}, phone {person['phone']}")

book._signed_in = breaks
body = json.dumps(person).encode()
environ = {
    "REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/appointments", "QUERY_STRING": "phone=" + person["phone"],
    "SERVER_NAME": "localhost", "SERVER_PORT": "80", "REMOTE_ADDR": "192.0.2.7", "wsgi.url_scheme": "http",
    "wsgi.input": io.BytesIO(body), "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
    "HTTP_AUTHORIZATION": "Bearer " + person["token"], "HTTP_COOKIE": "sessionid=" + person["token"],
    "HTTP_IDEMPOTENCY_KEY": person["key"], "HTTP_X_REQUEST_ID": "0123456789abcdef0123456789abcdef",
}
said = []
answer = b"".join(application(environ, lambda status, headers, *rest: said.append(status)))
sentry_sdk.flush()
print(json.dumps({"status": said[0], "answer": answer.decode(), "sent": Kept.sent}))
"""


def run(code: str, *arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(HOUSE), **environment},
        cwd=HOUSE, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for person in PERSON.values():
        assert person not in done.stderr, "in the log"
    return done.stdout


def test_what_is_reported_of_a_fault_holds_nothing_of_the_person() -> None:
    found = json.loads(run(_BREAKING, json.dumps(PERSON), DSN))

    assert found["status"] == "500 Internal Server Error"
    report = "\n".join(found["sent"])
    assert "RuntimeError" in report
    assert "no patient with ***" in report
    assert "breaks" in report
    for what, said in PERSON.items():
        assert said not in report, what
    assert "192.0.2.7" not in report


def test_a_report_and_the_answer_carry_the_same_number() -> None:
    found = json.loads(run(_BREAKING, json.dumps(PERSON), DSN))

    number = "0123456789abcdef0123456789abcdef"
    assert json.loads(found["answer"])["request_id"] == number
    assert f'"request_id":"{number}"' in "".join(found["sent"]).replace(" ", "")


@pytest.mark.parametrize(("dsn", "loaded"), [("", "False"), (DSN, "True")])
def test_the_library_is_loaded_only_where_reports_are_wanted(dsn: str, loaded: str) -> None:
    code = "import sys, django; django.setup(); import deploy.wsgi; print('sentry_sdk' in sys.modules)"

    assert run(code, SENTRY_DSN=dsn).strip().splitlines()[-1] == loaded
