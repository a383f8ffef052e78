"""The next dose of everybody who has begun a series: from when, and the one time that suits them best."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from booking.queries.patients import DoseFacts, Due, PatientFacts, due
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.queries.times import Time, days_at, window
from booking.rules.next_dose import best_time
from sites.queries import SiteRow, active_site


@dataclass(frozen=True, slots=True)
class NextDose:
    """Which dose of which programme comes next for a patient, and from when; `is_bookable`: that day can be booked."""

    patient: PatientFacts
    programme: ProgrammeRow
    dose: int
    from_date: date
    before: DoseFacts
    is_bookable: bool


@dataclass(frozen=True, slots=True)
class NextTime:
    """A bookable time for it, at the site of the dose before. Nothing is held."""

    site: SiteRow
    time: Time


def next_doses(patients: Sequence[PatientFacts], *, now: datetime) -> list[NextDose]:
    """Of everybody who had a dose and has not booked the next one, in order of the day. No statement."""
    found = [
        one for patient in patients for programme in active_programmes() if (one := next_dose(patient, programme, now))
    ]
    return sorted(found, key=lambda one: one.from_date)


def next_dose(patient: PatientFacts, programme: ProgrammeRow, now: datetime) -> NextDose | None:
    """The patient's next dose of the programme; None without a dose before, and where it is booked or may not be."""
    given = patient.given(programme.code)
    if not given or programme.doses < 2 or patient.booked(programme.code):
        return None
    first, last = window(timezone.localdate(now))
    what: Due = due(patient, programme, today=first, last=last)
    before = max(given, key=lambda dose: dose.dose)
    if what.dose is None and (what.reason != "too_early" or what.from_date is None):
        return None
    return NextDose(
        patient, programme, before.dose + 1, max(what.from_date or first, first), before, what.dose is not None
    )


def time_for(wanted: NextDose, patients: Sequence[PatientFacts], *, now: datetime) -> NextTime | None:
    """The time most like that of the dose before, at its site; of a dose given elsewhere at the site used last.

    One statement where the process does not know the site's slots, and a round trip to the gate.
    """
    site = _site_for(wanted, patients)
    if site is None or not wanted.is_bookable:
        return None
    first, last = window(timezone.localdate(now))
    days = days_at(
        site_id=site.pk,
        programme=wanted.programme.code,
        first=first,
        last=last,
        from_date=wanted.from_date,
        people=1,
        now=now,
        later_dose=True,
    )
    free = {timezone.localtime(time.starts_at): time for day in days for time in day.times if time.is_bookable}
    chosen = best_time(sorted(free), before=timezone.localtime(wanted.before.starts_at))
    return NextTime(site, free[chosen]) if chosen is not None else None


def _site_for(wanted: NextDose, patients: Sequence[PatientFacts]) -> SiteRow | None:
    own = [dose for dose in wanted.patient.doses if dose.site_code]
    others = [dose for patient in patients for dose in patient.doses if dose.site_code]
    for doses in (own, others):
        if doses:
            return active_site(max(doses, key=lambda dose: dose.starts_at).site_code)
    return None
