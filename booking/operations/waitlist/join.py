"""Somebody would like a place: of these sites, of these districts, or anywhere in the city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Patient
from booking.models import Programme, WaitlistEntry
from booking.operations.counted import counted
from booking.operations.once_more import again_if_undone
from booking.operations.refusals import AlreadyBooked, NotEligible, NotFound
from booking.operations.touts.locked import refuse_if_locked
from booking.operations.waitlist.refusals import AlreadyWaiting
from booking.queries.patients import due, patients_with_doses
from booking.queries.programmes import active_programmes
from booking.queries.waitlist import EntryFacts, entry_of
from booking.rules.freed_places import MOST_COMPANIONS
from booking.rules.hours import PARTS_OF_DAY
from booking.rules.leftovers import last_day
from sites.models import District, Site

WEEKDAYS = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What stands in tables of its own."""

    sites: list[Site]
    districts: list[District]
    companions: list[UUID]


@counted("join_waitlist")
def join(
    *,
    account_id: int,
    patient_id: UUID,
    programme: str,
    sites: Sequence[str] = (),
    districts: Sequence[str] = (),
    days: Sequence[int] = (),
    parts_of_day: Sequence[str] = (),
    companions: Sequence[UUID] = (),
    takes_leftovers: bool = True,
    until: date,
    now: datetime,
) -> EntryFacts:
    """Put the patient on the programme's waitlist until that day, by the codes of sites and districts; none: the city.

    `days` are weekdays, 1 to 7, and `parts_of_day` names of rules.hours; none: any. With `companions`, at most three of
    the account's other people, places are wanted together. Whoever waits already keeps their turn, and their wish
    becomes this one. `until` is at most four weeks ahead. Raises BookingLocked; NotFound; NotEligible and
    AlreadyBooked, with `patient`; AlreadyWaiting where another account has put the same person there.
    """
    refuse_if_locked(account_id)
    today = timezone.localdate(now)
    if not today <= until <= last_day(today):
        raise ValueError("not a day until which anybody can wait")
    along = [one for one in dict.fromkeys(companions) if one != patient_id]
    if not set(days) <= WEEKDAYS or not set(parts_of_day) <= set(PARTS_OF_DAY) or len(along) > MOST_COMPANIONS:
        raise ValueError("not a wish that there is")
    for one in (patient_id, *along):
        _refuse(account_id, one, programme, today=today, until=until)
    wish = {
        "until": until,
        "takes_leftovers": takes_leftovers,
        "patient_id": patient_id,
        "days": sorted(set(days)),
        "parts_of_day": [part for part in PARTS_OF_DAY if part in parts_of_day],
        "people": 1 + len(along),
    }
    wanted = _Wanted(_sites(sites), _districts(districts), along)
    try:
        return _write(account_id, patient_id, programme, wish, wanted, now=now)
    except IntegrityError:
        # one_entry_per_person_and_programme: another try was quicker. Now it is seen.
        return _write(account_id, patient_id, programme, wish, wanted, now=now)


def _refuse(account_id: int, patient_id: UUID, programme: str, *, today: date, until: date) -> None:
    patient = next((one for one in patients_with_doses(account_id) if one.patient_id == patient_id), None)
    row = next((one for one in active_programmes() if one.code == programme), None)
    if patient is None or row is None:
        raise NotFound(what="patient" if patient is None else "programme")
    decided = due(patient, row, today=today, last=until)
    if decided.dose is None and decided.booked is not None:
        raise AlreadyBooked(reference=decided.booked.reference).about(patient=patient_id)
    if decided.dose is None:
        raise NotEligible(reason=decided.reason, from_date=decided.from_date).about(patient=patient_id)


@again_if_undone
def _write(
    account_id: int,
    patient_id: UUID,
    programme: str,
    wish: dict[str, object],
    wanted: _Wanted,
    *,
    now: datetime,
) -> EntryFacts:
    with transaction.atomic():
        person = Patient.objects.values_list("person", flat=True).get(pk=patient_id)
        # An entry ends at its last day, or when its person is taken off the account's list, though nobody has noted it.
        WaitlistEntry.objects.filter(person=person, programme__code=programme, ended_at=None).exclude(
            until__gte=timezone.localdate(now), patient__removed_at=None
        ).exclude(account_id=account_id).update(ended_at=now)
        entry = (
            WaitlistEntry.objects.select_for_update(of=("self",))
            .filter(person=person, programme__code=programme, ended_at=None)
            .first()
        )
        if entry is None:
            kind = Programme.objects.get(code=programme)
            entry = WaitlistEntry(account_id=account_id, person=person, programme=kind, joined_at=now)
        elif entry.account_id != account_id:
            raise AlreadyWaiting()
        elif entry.until < timezone.localdate(now):
            entry.joined_at = now
        for name, value in wish.items():
            setattr(entry, name, value)
        entry.save()
        entry.sites.set(wanted.sites)
        entry.districts.set(wanted.districts)
        entry.companions.set(Patient.objects.filter(pk__in=wanted.companions))
        facts = entry_of(account_id, entry.pk, now=now)
    assert facts is not None
    return facts


def _sites(codes: Sequence[str]) -> list[Site]:
    found = list(Site.objects.filter(code__in=codes, is_active=True))
    if len(found) < len(set(codes)):
        raise NotFound(what="site")
    return found


def _districts(codes: Sequence[str]) -> list[District]:
    found = list(District.objects.filter(code__in=codes))
    if len(found) < len(set(codes)):
        raise NotFound(what="district")
    return found
