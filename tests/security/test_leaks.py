"""The search for leaks finds what it is for; and a real ledger and a real process write none, even when they fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Patient
from tests.factories import make_patient
from tests.leaks import leaks_in, leaks_of, secrets_of_the_ledger

SECRETS = {"+8613812346621", "+491701234567", "11010519491231002X", "E1234567890", "anna@example.org"}


@pytest.mark.parametrize(
    "line",
    [
        "no such phone +8613812346621",
        "phone=13812346621,",
        "id13812346621x",
        "Key (number)=(11010519491231002x) exists",
        "{'E1234567890'}",
        "to ANNA@example.org",
        "+491701234567",
    ],
)
def test_it_finds_each_in_whatever_surrounds_it(line):
    assert len(leaks_in(line, SECRETS)) == 1


def test_it_finds_nothing_in_what_is_masked_or_other():
    assert leaks_in("138****6621 **************002X E123 +8613812346620 a***@example.org", SECRETS) == set()


def test_logs_are_looked_through_and_what_is_printed_on_purpose_is_no_leak(tmp_path: Path):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "postgres.log").write_text("ERROR: 11010519491231002X\n")
    (tmp_path / "city.log").write_text("The citizen: 13812346621\nall is well\n")

    assert leaks_of(tmp_path, SECRETS, said_on_purpose="The citizen: 13812346621") == {
        "postgres.log": ["**************002X"]
    }
    assert set(leaks_of(tmp_path, SECRETS)) == {"city.log", "postgres.log"}


@pytest.mark.django_db
def test_the_ledgers_own_numbers_are_what_is_looked_for():
    patient = make_patient(document_number="E7654321", phone="+8613812346621")

    assert secrets_of_the_ledger() == {"E7654321", "+8613812346621", patient.user.phone}


@pytest.mark.django_db(transaction=True)
def test_the_ledgers_log_holds_neither_statements_nor_rows_that_failed():
    """Each of these would write the row or the statement with its values by PostgreSQL's own defaults."""
    patient = make_patient(name="欧阳娜娜")
    with connection.cursor() as cursor:
        cursor.execute("SHOW log_min_error_statement")
        assert cursor.fetchone() == ("panic",)
        cursor.execute("SHOW log_error_verbosity")
        assert cursor.fetchone() == ("terse",)
        cursor.execute("SHOW data_directory")
        log = Path(cursor.fetchone()[0]).parent / "postgres.log"
    before = log.stat().st_size

    for broken in ({"name": None}, {"sex": "欧阳娜娜"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Patient.objects.filter(pk=patient.pk).update(**broken)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere WHERE phone = %s", ["13812346621"])

    written = log.read_bytes()[before:].decode()
    assert written.count("ERROR") >= 3
    for secret in ("欧阳娜娜", "13812346621", str(patient.pk)):
        assert secret not in written


def test_a_failing_view_writes_no_number_of_the_request():
    """As Django logs an exception of a view: with the path, the traceback and the exception's own words."""
    program = (
        "import django, logging, sys; django.setup()\n"
        "from django.test import RequestFactory\n"
        "from django.utils.log import log_response\n"
        "from django.http import HttpResponseServerError\n"
        "request = RequestFactory().get('/x/11010519491231002X/?phone=13812346621')\n"
        "said = {'response': HttpResponseServerError(), 'request': request}\n"
        "try: raise ValueError('cannot read 11010519491231002X')\n"
        "except ValueError: log_response('failed: %s', request.path, exception=sys.exc_info()[1], **said)\n"
        "logging.getLogger('booking').error('for %s', '13812346621')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "deploy.settings", "DATABASE_POOL": "0"},
    )  # fmt: skip

    assert "ValueError: cannot read ***" in done.stderr
    assert leaks_in(done.stdout + done.stderr, SECRETS) == set()
