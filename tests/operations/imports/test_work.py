"""The job: in slices, again after it was killed, twice at once, and over ten thousand rows."""

import threading
import time
from contextlib import suppress
from datetime import datetime

import pytest
from django.db import connection
from django_q.models import OrmQ

from booking.models import ImportRun, ImportState
from booking.operations.imports import work
from booking.operations.imports.send_file import take_in
from booking.operations.imports.taking import Taking
from booking.operations.imports.work import AT_ONCE, work_on_import
from sites.models import Site
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
