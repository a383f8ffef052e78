"""The end of a site's day: everybody has left, everything was looked at, and the doses come out even."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from booking.models import DayClose, MovementKind, StockMovement
from booking.operations.refusals import NotFound
from booking.operations.stock.refusals import DayNotOver, StockRefused
from booking.queries.desk.open_ends import open_ends
from booking.queries.desk.stock import BatchRow, close_of, stock_of
from booking.rules.stock import SHORTEST_REASON, needs_explaining
from sites.models import Site


def close_day(
    *, site: Site, day: date, counted: Mapping[int, int], explanation: str, by: User, now: datetime
) -> DayClose:
    """Close the day with what was counted of each batch (key to doses); a second time returns the first closing.

    What was counted differently is explained and corrected, so that tomorrow begins with what is there. Raises
    DayNotOver while somebody is still at the site or a conflict was not looked at; StockRefused: not_counted
    (`numbers` of the batches), not_explained (`numbers`).
    """
    with transaction.atomic():
        # Two who close at once: the second waits, and then finds the first one's closing.
        Site.objects.select_for_update().get(pk=site.pk)
        closed = close_of(site, day=day)
        if closed is not None:
            return closed.close
        _refuse_open_ends(site, day)
        rows = stock_of(site, day=day)
        missing = [row.batch.number for row in rows if row.batch.pk not in counted and _matters(row)]
        if missing:
            raise StockRefused(reason="not_counted", numbers=missing)
        differences = {row.batch.pk: counted.get(row.batch.pk, row.day.left) - row.day.left for row in rows}
        explanation = explanation.strip()
        if needs_explaining(differences.values()) and len(explanation) < SHORTEST_REASON:
            numbers = [row.batch.number for row in rows if differences[row.batch.pk]]
            raise StockRefused(reason="not_explained", numbers=numbers)
        _correct(rows, differences, explanation, day=day, by=by, now=now)
        sums = {"batches": [_sums(row, differences[row.batch.pk]) for row in rows], "last": _last_movement(site)}
        close = DayClose.objects.create(site=site, day=day, sums=sums, explanation=explanation, by=by, at=now)
        _note(close, "close_day", by, now=now, reason=explanation)
        return close


def reopen_day(*, site: Site, day: date, reason: str, by: User, now: datetime) -> None:
    """Open a closed day again, to count anew; the corrections of its closing stay. Raises NotFound, StockRefused."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise StockRefused(reason="no_reason")
    with transaction.atomic():
        close = DayClose.objects.select_for_update().filter(site=site, day=day).first()
        if close is None:
            raise NotFound(what="day")
        _note(close, "reopen_day", by, now=now, reason=reason.strip())
        close.delete()


def _matters(row: BatchRow) -> bool:
    return row.day.left != 0 or row.batch.finished_at is None


def _refuse_open_ends(site: Site, day: date) -> None:
    ends = open_ends(site, day=day)
    if ends["present"] or ends["conflicts"]:
        raise DayNotOver(present=ends["present"], conflicts=ends["conflicts"])


def _correct(
    rows: list[BatchRow], differences: Mapping[int, int], explanation: str, *, day: date, by: User, now: datetime
) -> None:
    StockMovement.objects.bulk_create(
        StockMovement(
            batch=row.batch,
            kind=MovementKind.CORRECTED,
            doses=differences[row.batch.pk],
            reason=explanation[:120],
            by=by,
            at=now,
            key=f"close-{day.isoformat()}-{row.batch.pk}-{int(now.timestamp())}",
        )
        for row in rows
        if differences[row.batch.pk]
    )


def _sums(row: BatchRow, difference: int) -> dict[str, object]:
    day = row.day
    return {
        "batch": row.batch.number,
        "vaccine": row.batch.vaccine.code,
        **asdict(day),
        "expected": day.left,
        "counted": day.left + difference,
    }


def _last_movement(site: Site) -> int:
    last = StockMovement.objects.filter(batch__site=site).order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def _note(close: DayClose, action: str, by: User, *, now: datetime, reason: str) -> None:
    district = close.site.district_id
    record(by=by, action=action, what=close, label=str(close), reason=reason, district_code=district, now=now)
