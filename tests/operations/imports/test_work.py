"""The job: in slices, again after it was killed, twice at once, and over ten thousand rows."""

import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django_q.models import OrmQ

from booking.models import ImportRun, ImportState
from booking.operations.imports import work
from booking.operations.imports.send_file import drop_file, send_file, take_in
from booking.operations.imports.taking import Taking
from booking.operations.imports.work import AT_ONCE, work_on_import
from booking.operations.refusals import NotFound, WrongStatus
from booking.operations.tidy import tidy
from sites.models import Administrator, AdminRole, Site
from tests.factories import make_administrator, make_district, make_site
from tests.operations.imports.files import SITE_HEADINGS, csv_file, site_line

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 3 * AT_ONCE + 10


@pytest.fixture
def city(db):
    make_district()
    return make_administrator()


def many(count: int) -> bytes:
    return csv_file(SITE_HEADINGS, *(site_line(f"S{n}") for n in range(count)))


@pytest.fixture
def running(check, city, now: datetime) -> ImportRun:
    """A checked file of some slices that somebody wants taken in."""
    run = check("sites", many(MANY), city)
    OrmQ.objects.all().delete()
    return take_in(run_id=run.pk, by=city.pk, whole=True, now=now)


def test_ten_thousand_rows_are_checked_and_taken_in_within_ten_seconds(check, city, now: datetime) -> None:
    # Of the processor, so that whatever else the machine does meanwhile is not counted.
    begun = time.process_time()

    run = check("sites", many(10_000), city)
    take_in(run_id=run.pk, by=city.pk, whole=True, now=now)
    work_on_import(run_id=run.pk, now=now, seconds=60)

    assert time.process_time() - begun < 10
    run.refresh_from_db()
    assert (run.state, run.done, run.summary["new"]) == (ImportState.DONE, 10_000, 10_000)
    assert Site.objects.count() == 10_000


def test_a_job_puts_itself_into_the_queue_again_and_says_how_far_it_is(running: ImportRun, now: datetime) -> None:
    for slices in (1, 2, 3):
        work_on_import(run_id=running.pk, now=now, seconds=0)
        running.refresh_from_db()
        assert (running.state, running.done) == (ImportState.RUNNING, slices * AT_ONCE)
        assert Site.objects.count() == slices * AT_ONCE
        # The one of take_in, and one of each slice.
        assert OrmQ.objects.count() == 1 + slices
    work_on_import(run_id=running.pk, now=now, seconds=0)

    running.refresh_from_db()
    assert (running.state, running.done, running.content) == (ImportState.DONE, MANY, None)
    assert OrmQ.objects.count() == 4


class Killed(BaseException):
    """The worker's process ended here."""


def test_a_job_that_is_killed_within_a_slice_goes_on_with_that_slice(
    running: ImportRun, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = work._note

    def die(run: ImportRun, number: int, *rest) -> None:
        if number == AT_ONCE + 7:
            raise Killed
        taken(run, number, *rest)

    monkeypatch.setattr(work, "_note", die)
    with pytest.raises(Killed):
        work_on_import(run_id=running.pk, now=now, seconds=60)
    monkeypatch.undo()
    running.refresh_from_db()
    assert (running.done, Site.objects.count()) == (AT_ONCE, AT_ONCE)

    work_on_import(run_id=running.pk, now=now, seconds=60)

    running.refresh_from_db()
    assert (running.state, running.summary["new"], Site.objects.count()) == (ImportState.DONE, MANY, MANY)


def meetings_of_two_jobs(run: ImportRun, now: datetime, monkeypatch: pytest.MonkeyPatch, wait: float) -> int:
    """How many of two jobs at once came to the same rows: both wait there for each other, so long."""
    both, met, taking = threading.Barrier(2), [], Taking.take

    def together(self, rows, **how):
        with suppress(threading.BrokenBarrierError):
            both.wait(wait)
            met.append(rows)
        return taking(self, rows, **how)

    def one() -> None:
        try:
            work_on_import(run_id=run.pk, now=now, seconds=60)
        finally:
            connection.close()

    monkeypatch.setattr(Taking, "take", together)
    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.refresh_from_db()
    return len(met)


@pytest.fixture
def one_slice(check, city, now: datetime) -> ImportRun:
    run = check("sites", many(5), city)
    return take_in(run_id=run.pk, by=city.pk, whole=True, now=now)


def test_of_two_jobs_at_once_one_works_and_the_other_leaves(
    one_slice: ImportRun, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert meetings_of_two_jobs(one_slice, now, monkeypatch, wait=0.5) == 0
    assert (one_slice.state, one_slice.summary["new"], one_slice.summary["same"]) == (ImportState.DONE, 5, 0)


def test_without_the_lock_both_would_work_on_the_same_rows(
    one_slice: ImportRun, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **how: self.all())

    assert meetings_of_two_jobs(one_slice, now, monkeypatch, wait=10) == 2
    # The ledger's unique codes still let nobody in twice.
    assert Site.objects.count() == 5


def test_what_somebody_changed_after_the_check_is_seen(check, city, now: datetime) -> None:
    site = make_site(code="A1", name="旧名")
    run = check("sites", csv_file(SITE_HEADINGS, site_line("A1", name="新名"), site_line("A2")), city)
    assert (run.summary["new"], run.summary["changed"]) == (1, 1)
    Site.objects.filter(pk=site.pk).update(name="新名", street="文艺路街道", longitude=112.99, latitude=28.19)
    make_site(code="A2", name="别人刚加的")

    take_in(run_id=run.pk, by=city.pk, whole=True, now=now)
    work_on_import(run_id=run.pk, now=now)

    run.refresh_from_db()
    assert (run.summary["new"], run.summary["changed"], run.summary["same"]) == (0, 1, 1)
    assert run.summary["before"][0][1] == "别人刚加的"


def test_a_site_added_by_somebody_else_at_the_same_moment_is_found_the_second_time(
    check, city, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = check("sites", csv_file(SITE_HEADINGS, site_line("A1", name="文件里的")), city)
    take_in(run_id=run.pk, by=city.pk, whole=True, now=now)
    found = work.TAKERS["sites"].find

    def too_early(self, rows, *, locked: bool) -> None:
        found(self, rows, locked=locked)
        if not Site.objects.exists():
            thread = threading.Thread(target=lambda: (make_site(code="A1", name="别人的"), connection.close()))
            thread.start()
            thread.join()

    monkeypatch.setattr(work.TAKERS["sites"], "find", too_early)

    work_on_import(run_id=run.pk, now=now)

    run.refresh_from_db()
    assert (run.state, run.summary["new"], run.summary["changed"]) == (ImportState.DONE, 0, 1)
    assert Site.objects.get().name == "文件里的"


def test_who_has_lost_the_office_meanwhile_changes_nothing(check, now: datetime) -> None:
    district = make_administrator(AdminRole.DISTRICT, district=make_district())
    run = check("sites", csv_file(SITE_HEADINGS, site_line("A1")), district)
    Administrator.objects.filter(user=district).update(is_active=False)

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
