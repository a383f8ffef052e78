"""A file that is sent, checked, and taken in without waiting for the queue."""

from datetime import datetime

import pytest

from booking.models import ImportRun
from booking.operations.imports.send_file import send_file, take_in
from booking.operations.imports.work import work_on_import


@pytest.fixture
def check(now: datetime):
    def send_and_check(kind: str, content: bytes, by) -> ImportRun:
        run = send_file(kind=kind, file_name="file", content=content, by=by.pk, now=now)
        work_on_import(run_id=run.pk, now=now, seconds=60)
        run.refresh_from_db()
        return run

    return send_and_check


@pytest.fixture
def take(check, now: datetime):
    def take_all(kind: str, content: bytes, by) -> ImportRun:
        run = check(kind, content, by)
        take_in(run_id=run.pk, by=by.pk, whole=False, now=now)
        work_on_import(run_id=run.pk, now=now, seconds=60)
        run.refresh_from_db()
        return run

    return take_all
