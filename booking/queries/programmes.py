"""The programmes that can be booked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from booking.models import Cohort, Draw, DrawState, Programme, ReleaseMode
from booking.queries.cohorts import named_cohort
from booking.rules.release_setting import NamedCohort
from sites.kept import Kept

# Seconds: how long an administrator's change may take to be seen. What may be booked is decided by the ledger's row.
_KEEP = 15
_in_process = Kept(5)
# Another one whenever the rows have other fields: what an older version keeps is not for this one.
_KEY = "programmes:active:2"


@dataclass(frozen=True, slots=True)
class DrawWindow:
    """When people may enter a draw."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """An active programme. Ages in completed years, inclusive; intervals in days; no districts: the whole city.

    `cohorts` (the earliest first) stand there only where it is released by cohort, `draw` only where by draw: the one
    that can be entered, or will be next, or has closed and was not drawn yet.
    """

    code: str
    name: str
    name_en: str
    vaccine: str
    vaccine_en: str
    doses: int
    intervals: tuple[int, ...]
    min_age: int
    max_age: int
    sex: str
    districts: tuple[str, ...]
    release_mode: str
    cohorts: tuple[NamedCohort, ...] = ()
    draw: DrawWindow | None = None
    kept_for_later_doses: int = 0


def active_programmes() -> list[ProgrammeRow]:
    """Every active programme, by code."""
    return _in_process.get("active", _active_programmes)  # type: ignore[no-any-return]


def _active_programmes() -> list[ProgrammeRow]:
    rows: list[ProgrammeRow] | None = cache.get(_KEY)
    if rows is None:
        active = Programme.objects.filter(is_active=True).select_related("vaccine").prefetch_related("districts")
        found = list(active.order_by("code"))
        cohorts, draws = _cohorts(found), _draws(found)
        rows = [
            ProgrammeRow(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                vaccine=row.vaccine.name,
                vaccine_en=row.vaccine.name_en,
                doses=row.doses,
                intervals=tuple(row.intervals),
                min_age=row.min_age,
                max_age=row.max_age,
                sex=row.sex,
                districts=tuple(district.code for district in row.districts.all()),
                release_mode=row.release_mode,
                cohorts=tuple(cohorts.get(row.pk, ())),
                draw=draws.get(row.pk),
                kept_for_later_doses=row.kept_for_later_doses,
            )
            for row in found
        ]
        cache.set(_KEY, rows, _KEEP)
    return rows


def _cohorts(programmes: Iterable[Programme]) -> dict[int, list[NamedCohort]]:
    wanted = [row.pk for row in programmes if row.release_mode == ReleaseMode.COHORT]
    found: dict[int, list[NamedCohort]] = {}
    for row in Cohort.objects.filter(programme__in=wanted).order_by("opens_at", "pk") if wanted else ():
        found.setdefault(row.programme_id, []).append(named_cohort(row))
    return found


def _draws(programmes: Iterable[Programme]) -> dict[int, DrawWindow]:
    wanted = [row.pk for row in programmes if row.release_mode == ReleaseMode.DRAW]
    now, found = timezone.now(), dict[int, DrawWindow]()
    waiting = Draw.objects.filter(programme__in=wanted, state=DrawState.ANNOUNCED) if wanted else Draw.objects.none()
    for pk, opens_at, closes_at in waiting.order_by("closes_at").values_list("programme_id", "opens_at", "closes_at"):
        if pk not in found or found[pk].closes_at <= now:
            found[pk] = DrawWindow(timezone.localtime(opens_at), timezone.localtime(closes_at))
    return found


def forget_programmes() -> None:
    """Programmes have changed: the next question reads them again."""
    _in_process.forget()
    cache.delete(_KEY)
