"""Whose file it is, what becomes of it, and how long it is kept."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from booking.models import ImportRun, ImportState
from booking.operations.imports.send_file import drop_file, send_file, take_in
from booking.operations.imports.work import work_on_import
from booking.operations.refusals import NotFound, WrongStatus
from booking.operations.tidy import tidy
from sites.models import Administrator, AdminRole, Site
from tests.factories import make_administrator, make_district
from tests.operations.imports.files import SITE_HEADINGS, csv_file, site_line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(db):
    make_district()
    return make_administrator()


def many(count: int) -> bytes:
    return csv_file(SITE_HEADINGS, *(site_line(f"S{n}") for n in range(count)))


@pytest.mark.parametrize("left", [{"is_active": False}, {"role": AdminRole.AUDITOR, "district": None}])
def test_who_has_lost_the_office_meanwhile_changes_nothing(check, now: datetime, left: dict) -> None:
    district = make_administrator(AdminRole.DISTRICT, district=make_district())
    run = check("sites", csv_file(SITE_HEADINGS, site_line("A1")), district)
    Administrator.objects.filter(user=district).update(**left)

    take_in(run_id=run.pk, by=district.pk, whole=True, now=now)
    work_on_import(run_id=run.pk, now=now)

    run.refresh_from_db()
    assert (run.state, run.summary["bad"]) == (ImportState.DONE, 1)
    assert not Site.objects.exists()


def test_a_file_with_bad_rows_is_not_taken_in_as_a_whole(check, city, now: datetime) -> None:
    run = check("sites", csv_file(SITE_HEADINGS, site_line("A1"), site_line("")), city)

    with pytest.raises(WrongStatus):
        take_in(run_id=run.pk, by=city.pk, whole=True, now=now)

    run.refresh_from_db()
    assert run.state == ImportState.CHECKED


def test_a_dropped_file_is_forgotten_and_never_taken_in(check, city, now: datetime) -> None:
    run = check("sites", many(3), city)

    drop_file(run_id=run.pk, by=city.pk, now=now)

    with pytest.raises(WrongStatus):
        take_in(run_id=run.pk, by=city.pk, whole=True, now=now)
    work_on_import(run_id=run.pk, now=now)
    run.refresh_from_db()
    assert (run.state, run.content) == (ImportState.DROPPED, None)
    assert not Site.objects.exists()


def test_nobody_decides_about_somebody_elses_file(check, city, now: datetime) -> None:
    run = check("sites", many(3), city)
    other = make_administrator()

    with pytest.raises(NotFound):
        take_in(run_id=run.pk, by=other.pk, whole=True, now=now)
    with pytest.raises(NotFound):
        drop_file(run_id=run.pk, by=other.pk, now=now)


def test_files_are_forgotten_after_a_day(check, city, now: datetime) -> None:
    old, new = check("sites", many(3), city), check("sites", many(3), city)
    ImportRun.objects.filter(pk=old.pk).update(created_at=now - timedelta(hours=25))

    tidy(now=now)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, old.content) == (ImportState.DROPPED, None)
    assert (new.state, new.content is None) == (ImportState.CHECKED, False)


def test_a_file_that_cannot_be_read_says_so(check, city) -> None:
    run = check("sites", "名称\n文艺路".encode(), city)

    assert (run.state, run.content) == (ImportState.REFUSED, None)
    assert run.summary["refused"] == {"reason": "column_missing", "columns": ["code"]}


def test_nothing_is_written_while_rows_are_only_checked(city, now: datetime) -> None:
    run = send_file(kind="sites", file_name="file", content=many(3), by=city.pk, now=now)

    with transaction.atomic():
        work_on_import(run_id=run.pk, now=now)

    assert not Site.objects.exists()
