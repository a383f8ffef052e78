"""The programmes that can be booked."""

from dataclasses import dataclass

from django.core.cache import cache

from booking.models import Programme
from sites.kept import Kept

# Seconds: how long an administrator's change may take to be seen. What may be booked is decided by the ledger's row.
_KEEP = 15
_in_process = Kept(5)


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """An active programme. Ages in completed years, inclusive; intervals in days; no districts: the whole city."""

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
    kept_for_later_doses: int = 0


def active_programmes() -> list[ProgrammeRow]:
    """Every active programme, by code."""
    return _in_process.get("active", _active_programmes)  # type: ignore[no-any-return]


def _active_programmes() -> list[ProgrammeRow]:
    rows: list[ProgrammeRow] | None = cache.get("programmes:active")
    if rows is None:
        found = Programme.objects.filter(is_active=True).select_related("vaccine").prefetch_related("districts")
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
                kept_for_later_doses=row.kept_for_later_doses,
            )
            for row in found.order_by("code")
        ]
        cache.set("programmes:active", rows, _KEEP)
    return rows


def forget_programmes() -> None:
    """Programmes have changed: the next question reads them again."""
    _in_process.forget()
    cache.delete("programmes:active")
