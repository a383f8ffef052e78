"""Who of an account's people may enter a draw, and why others may not."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from booking.queries.draw_entries import MyEntry
from booking.queries.draws import DrawFacts
from booking.queries.patients import Due, PatientFacts, due, patients_with_doses
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.web.dates import month_day
from booking.web.journey import words
from booking.web.wording import not_eligible


def people_rows(account_id: int, draw: DrawFacts, entries: Sequence[MyEntry]) -> list[dict[str, Any]]:
    """A row for each of the account's people: entered already, may enter, or why not."""
    programme = programme_of_draw(draw)
    entered = {one.patient_id: one for one in entries}
    return [
        _row(patient, programme, draw, entered.get(patient.patient_id)) for patient in patients_with_doses(account_id)
    ]


def programme_of_draw(draw: DrawFacts) -> ProgrammeRow | None:
    """The draw's programme, unless it is switched off."""
    return next((one for one in active_programmes() if one.code == draw.programme_code), None)


def may_enter(patient: PatientFacts, programme: ProgrammeRow, draw: DrawFacts) -> Due:
    """Which dose the patient may have on one of the draw's days, or why none."""
    return due(patient, programme, today=draw.first_day, last=draw.last_day)


def _row(
    patient: PatientFacts, programme: ProgrammeRow | None, draw: DrawFacts, entry: MyEntry | None
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "patient_id": patient.patient_id,
        "name": patient.name,
        "more": f"{words.relation(patient.relation)} · {words.age(patient.birth_date, timezone.localdate())}",
        "entry": entry.entry_id if entry else None,
        "can": False,
    }
    if entry is not None:
        return {**row, "text": _("已登记")}
    if programme is None:
        return {**row, "text": _("这种疫苗现在停用。")}
    may = may_enter(patient, programme, draw)
    if may.dose is None and may.booked is not None:
        return {**row, "text": _("已约 %(when)s") % {"when": words.soon(may.booked.starts_at, timezone.now())}}
    if may.dose is None:
        return {**row, "text": not_eligible(may.reason, may.from_date)}
    text = _("可以登记")
    if may.from_date is not None:
        text = _("可以登记，%(date)s 起的号") % {"date": month_day(may.from_date)}
    return {**row, "can": True, "text": text, "dose": words.dose(may.dose, programme)}
