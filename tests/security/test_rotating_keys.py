"""A new key for what is encrypted, while people book and edit: nothing is lost, and the old key goes."""

import base64
import contextlib
import io
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from accounts.models import Patient, User
from booking.models import DeskAct, HealthAnswers, Invitation
from booking.operations.book import book
from booking.operations.keys.columns import encrypted_columns
from booking.operations.keys.rotate import Rotated, rotate_keys, rows_by_key
from booking.queries.desk.sealed import seal, unseal
from tests.desk_factories import make_desk, make_visit
from tests.factories import (
    CLOCK,
    make_appointment,
    make_citizen,
    make_patient,
    make_patients,
    make_programme,
    make_slot,
)
from tests.invitation_factories import make_list

pytestmark = pytest.mark.django_db(transaction=True)
NEW, OLD = "k2", "k1"


def quickly(tell=lambda _: None) -> Rotated:
    return rotate_keys(rows_a_second=1_000_000, tell=tell)


def said(*arguments) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        call_command("rotate_keys", *arguments)
    return out.getvalue()


def still_of(key_id: str) -> int:
    return sum(by_key.get(key_id, 0) for by_key in rows_by_key().values())


@pytest.fixture
def with_new_key(settings):
    """Every process has the new key in front from now on; what was written before has the old one."""

    def put():
        settings.FIELD_KEYS = {NEW: secrets.token_bytes(32), **settings.FIELD_KEYS}

    return put


@pytest.fixture
def act():
    """A desk's act that keeps an answer sealed, as nothing else could be written of it."""
    site = make_slot().site
    by = make_desk(site)
    return DeskAct.objects.create(
        key="act", site=site, device=uuid.uuid4(), sequence=1, kind="ANSWER", desk="1", by=by, sent_by=by,
        happened_at=CLOCK, received_at=CLOCK, outcome="CONFLICT", facts={"sealed": seal({"note": "发烧"}), "n": 1},
    )  # fmt: skip


def test_every_encrypted_column_of_every_table_is_known():
    known = {str(column) for column in encrypted_columns()}

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns "
            "WHERE data_type = 'bytea' AND (table_name LIKE 'accounts%' OR table_name LIKE 'booking%')"
        )
        bytes_in_the_ledger = {name for (name,) in cursor.fetchall()}
    # Files that are public, or deleted within a day.
    public = {"booking_drawfile.entry_list", "booking_drawfile.outcome", "booking_importrun.content"}
    assert known == bytes_in_the_ledger - public | {"booking_deskact.facts"}


def test_all_is_encrypted_with_the_new_key_and_reads_as_before_without_the_old_one(settings, with_new_key, act):
    patient = make_patient(document_number="E7654321", phone="+8613812346621")
    visit = make_visit(make_appointment(make_slot()))
    HealthAnswers.objects.create(visit=visit, said_yes="fever", note="", decision="DEFER", by=make_citizen(), at=CLOCK)
    Invitation.objects.create(list=make_list(make_programme()), person=uuid.uuid4(), phone="+8613912346621")
    with_new_key()

    assert still_of(NEW) == 0
    with pytest.raises(CommandError, match="still needed"):
        said("--check")
    answer = said("--rows-per-second", "1000000")

    settings.FIELD_KEYS = {NEW: settings.FIELD_KEYS[NEW]}
    assert "100%" in answer
    assert "k1: 0 values; may be taken out of FIELD_KEYS" in answer
    assert Patient.objects.get(pk=patient.pk).document_number == "E7654321"
    assert HealthAnswers.objects.get().said_yes == "fever"
    assert Invitation.objects.get().phone == "+8613912346621"
    assert User.objects.get(pk=patient.user_id).phone == patient.user.phone
    act.refresh_from_db()
    assert unseal(act.facts["sealed"]) == {"note": "发烧"}
    assert act.facts["n"] == 1


def test_of_an_act_nothing_else_can_be_changed(act):
    for change in ({"facts": {**act.facts, "n": 2}}, {"desk": "2"}, {"facts": {"sealed": "x"}}):
        with pytest.raises(DatabaseError, match="only added"):
            DeskAct.objects.filter(pk=act.pk).update(**change)
    with pytest.raises(DatabaseError, match="only added"):
        DeskAct.objects.filter(pk=act.pk).delete()


def test_what_somebody_changes_meanwhile_is_theirs(with_new_key, monkeypatch):
    patient = make_patient(phone="+8613812346621")
    with_new_key()
    from booking.operations.keys import rotate

    encrypt = rotate.encrypt

    def slowly(text, *, associated):
        if associated == "patient.phone":
            # Between reading and writing the citizen saves another number.
            Patient.objects.filter(pk=patient.pk).update(phone="+8613912346621")
        return encrypt(text, associated=associated)

    monkeypatch.setattr(rotate, "encrypt", slowly)
    done = quickly()

    assert done.changed_meanwhile == 1
    assert Patient.objects.get(pk=patient.pk).phone == "+8613912346621"


def test_a_value_of_a_lost_key_is_reported_and_does_not_stop_the_others(settings):
    lost = make_patient()
    settings.FIELD_KEYS = {NEW: secrets.token_bytes(32)}
    Patient.objects.bulk_create(
        [Patient(user_id=lost.user_id, person=uuid.uuid4(), name="李雷", document_type="passport",
                 document_number="E1", birth_date=lost.birth_date, sex="M", relation="other")]
    )  # fmt: skip

    with pytest.raises(CommandError, match="k1 is not in FIELD_KEYS"):
        said()


def test_bookings_and_edits_go_on_while_it_is_killed_and_started_again(settings, with_new_key):
    slot = make_slot(quota=5000)
    patients = make_patients(1500)
    numbers = {patient.pk: patient.document_number for patient in patients}
    with_new_key()
    booked, edited = [], {}

    def books(n, patient):
        who = {"account_id": patient.user_id, "patient_id": patient.pk}
        booked.append(book(**who, slot_id=slot.pk, request_key=f"key-{n}", now=CLOCK).reference)

    def edits(n, patient):
        mine = Patient.objects.get(pk=patient.pk)
        mine.phone = f"+86139{n:08}"
        mine.save(update_fields=["phone"])
        edited[patient.pk] = mine.phone

    with _going_on(books, patients), _going_on(edits, patients[::-1]):
        killed = _start_and_kill(settings)
        left_over = still_of(OLD)
        done = quickly()

    assert killed == -signal.SIGKILL
    assert 0 < left_over <= 1500 + len(edited)
    assert done.unreadable == {}
    assert still_of(OLD) == 0
    settings.FIELD_KEYS = {NEW: settings.FIELD_KEYS[NEW]}
    now = {row.pk: row for row in Patient.objects.all()}
    assert {pk: row.document_number for pk, row in now.items()} == numbers
    assert {pk: now[pk].phone for pk in edited} == edited
    assert len(set(booked)) == len(booked) > 0


@contextlib.contextmanager
def _going_on(act, patients):
    """Somebody does this for one patient after the other, until it is over. Their failure is the test's."""
    over, failures = threading.Event(), []

    def work():
        try:
            for n, patient in enumerate(patients):
                if not over.is_set():
                    act(n, patient)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    somebody = threading.Thread(target=work)
    somebody.start()
    yield
    over.set()
    somebody.join(timeout=120)
    assert failures == []


def _start_and_kill(settings) -> int:
    """The command in a process of its own, slowly, killed after it has begun to write."""
    there = connection.settings_dict
    database = f"postgresql://{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
    ring = ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in settings.FIELD_KEYS.items())
    environment = {**os.environ, "DATABASE_URL": database, "FIELD_KEYS": ring, "DATABASE_POOL": "0",
                   "DJANGO_SETTINGS_MODULE": "deploy.settings"}  # fmt: skip
    command = [sys.executable, "-m", "django", "rotate_keys", "--rows-per-second", "300"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    # Patients' numbers, which only it writes, not the phones that are edited.
    while _rotated_numbers() == 0 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    return process.wait(timeout=30)


def _rotated_numbers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_patient WHERE substring(document_number FROM 2 FOR 2) = 'k2'")
        return cursor.fetchone()[0]
