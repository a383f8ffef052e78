"""One day of one site with made-up people in every state there is, so that a desk has something to show."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from booking.admission import GateDown
from booking.demo.day_course import course
from booking.demo.day_people import Whose, add_people
from booking.demo.day_rows import Person, write_day
from booking.demo.day_slots import add_earlier_slots, add_slots
from booking.demo.programmes import COVID_BOOSTER, INFLUENZA
from booking.models import Programme
from booking.operations.reconcile import reconcile
from booking.queries.availability import forget_site
from sites.models import Site, StaffMember

PEOPLE = 240
HALF_HOUR = timedelta(minutes=30)
_HALF_HOURS = 13
_OPENS, _CLOSES = time(8, 30), time(17)
_BREAK = (time(12), time(14))
_BACK_AFTER_BREAK = time(14, 45)
# So much before and after, a day as sites have it shows everything: some have left already, some are still to come.
_MARGIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class MadeDay:
    """What was made, and the half hours in which the first and the last of them have their place."""

    people: int
    first: datetime
    last: datetime


def make_site_day(*, site: Site, day: date, now: datetime) -> MadeDay | None:
    """Fill the site's day up to `now`; None, and nothing done, if it was filled before.

    Everything follows from the site's code and the day. Today has people around `now`, even where a site would be
    closed then: a desk is to be tried out at any hour.
    """
    whose = Whose(site.code, day)
    if User.objects.filter(username=whose.username(0)).exists():
        return None
    starts = _starts(day, now)
    with transaction.atomic():
        slot_ids = _fill(whose, site, starts, now)
    forget_site(site.pk)
    # Where the gate is down, whoever loads the slots later finds them as they are.
    with suppress(GateDown):
        reconcile(now=now, slot_ids=slot_ids)
    return MadeDay(PEOPLE, starts[0], starts[-1])


def _starts(day: date, now: datetime) -> list[datetime]:
    zone = timezone.get_default_timezone()
    opens, closes = (datetime.combine(day, at, zone) for at in (_OPENS, _CLOSES))
    # From the break until people have come back, nobody would be there.
    rests = _BREAK[0] <= timezone.localtime(now).time() < _BACK_AFTER_BREAK
    if timezone.localdate(now) != day or (opens + _MARGIN <= now <= closes - HALF_HOUR and not rests):
        steps = [opens + n * HALF_HOUR for n in range(17)]
        return [at for at in steps if not _BREAK[0] <= at.time() < _BREAK[1]]
    # From three hours ago, within the day.
    midnight = datetime.combine(day, time(), zone)
    earliest = max(midnight, timezone.localtime(now) - timedelta(hours=3))
    first = min(earliest, midnight + timedelta(days=1) - _HALF_HOURS * HALF_HOUR)
    first -= timedelta(minutes=first.minute % 30, seconds=first.second, microseconds=first.microsecond)
    return [first + n * HALF_HOUR for n in range(_HALF_HOURS)]


def _fill(whose: Whose, site: Site, starts: list[datetime], now: datetime) -> list[int]:
    flu, booster = (Programme.objects.get(code=one.code) for one in (INFLUENZA, COVID_BOOSTER))
    programmes = [booster if n % 3 == 2 else flu for n in range(PEOPLE)]
    when = [starts[n * len(starts) // PEOPLE] for n in range(PEOPLE)]
    patients = add_people(whose, [programme is booster for programme in programmes])
    slots = add_slots(site, list(zip(programmes, when, strict=True)), now=now)
    earlier = add_earlier_slots(site, booster, whose.day)
    people = []
    for n, (patient, programme, start) in enumerate(zip(patients, programmes, when, strict=True)):
        has_had_one = programme is booster and n % 4 != 2
        people.append(
            Person(
                number=n,
                patient=patient,
                slot=slots[programme.pk, start],
                vaccine_id=programme.vaccine_id,
                dose=2 if has_had_one else 1,
                # One in a while comes before the interval is over.
                earlier=earlier[n % 10 == 8] if has_had_one else None,
                is_walk_in=_is_walk_in(n, start, now),
                course=course(whose.draw(n, "course"), start=start, now=now),
            )
        )
    write_day(whose, site, _by_arrival(people), staff=_staff(site), now=now)
    return sorted({person.slot.pk for person in people})


def _is_walk_in(number: int, start: datetime, now: datetime) -> bool:
    return number % 20 == 7 and start - timedelta(minutes=10) <= now


def _by_arrival(people: list[Person]) -> list[Person]:
    # Whoever comes first has the first number.
    far = max(person.slot.ends_at for person in people) + timedelta(days=1)
    return sorted(people, key=lambda person: person.course.arrived_at or far)


def _staff(site: Site) -> User:
    """Who has done it all: somebody of the site."""
    post = StaffMember.objects.filter(site=site, is_active=True).select_related("user").order_by("pk").first()
    if post is not None:
        return post.user
    user, is_new = User.objects.get_or_create(username=f"desk-{site.code.lower()}")
    if is_new:
        user.set_unusable_password()
        user.save()
    return user
