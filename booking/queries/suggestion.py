"""The one place a returning citizen most likely wants: who is due, where they were last, the earliest time there."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from booking.queries.my_turns import MyTurns
from booking.queries.patients import Due, PatientFacts, due, last_site_of, patients_with_doses
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.queries.times import Time, days_at, window
from sites.queries import SiteRow, active_site

# How many pairs of patient and programme are looked at before there is no suggestion.
_MOST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A bookable slot for a patient, at a site they know. Nothing is held yet."""

    patient: PatientFacts
    programme: ProgrammeRow
    due: Due
    site: SiteRow
    time: Time


def suggestion_for(user_id: int, now: datetime) -> Suggestion | None:
    """What to offer the account first; None for those who have never been anywhere, or have nothing due.

    One statement and one round trip to the gate, where the slots of the site are known to the process; another one
    where a programme is not simply open.
    """
    return suggestion_of(patients_with_doses(user_id), now)


def suggestion_of(patients: list[PatientFacts], now: datetime) -> Suggestion | None:
    """The same for people who have been read already."""
    code = last_site_of(patients)
    site = active_site(code) if code else None
    if site is None:
        return None
    first, last = window(timezone.localdate(now))
    wishes = _wishes(patients, now)[:_MOST]
    turns = MyTurns(patients, {programme.code: programme for _, programme, _ in wishes}.values(), now=now)
    for patient, programme, what in wishes:
        if turns.of(patient, programme).no is not None:
            continue
        from_date = max(first, what.from_date or first)
        days = days_at(
            site_id=site.pk, programme=programme.code, first=first, last=last, from_date=from_date, people=1, now=now,
            later_dose=(what.dose or 1) > 1,
        )  # fmt: skip
        for day in days:
            for time in day.times:
                if time.is_bookable:
                    return Suggestion(patient, programme, what, site, time)
    return None


def _wishes(patients: list[PatientFacts], now: datetime) -> list[tuple[PatientFacts, ProgrammeRow, Due]]:
    """Who may book what now: a next dose first, then whoever was vaccinated last, then in the account's order."""
    first, last = window(timezone.localdate(now))
    found = []
    for patient in patients:
        latest = max((dose.starts_at.timestamp() for dose in patient.doses), default=0.0)
        for programme in active_programmes():
            what = due(patient, programme, today=first, last=last)
            if what.dose is not None:
                found.append(((what.dose == 1, -latest), (patient, programme, what)))
    return [wish for _, wish in sorted(found, key=lambda pair: pair[0])]
