"""What a way of release would mean: how many known people are in each cohort, which places lie ahead, who has one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Patient
from booking.models import LIVE, Appointment, Draw, DrawState, Programme, Slot
from booking.queries.release_modes import good_invitations
from booking.rules.eligibility import age_on
from booking.rules.release_modes import CohortRule, last_digit

# Last digits stand in encrypted numbers. So many are opened: by the keyed hash, which is as good as drawn by lot.
SAMPLE = 4000


@dataclass(frozen=True, slots=True)
class People:
    """Known people whom the programme is for. By digits they are counted from `looked_at` of them: from all, if few."""

    count: int
    looked_at: int
    in_cohorts: tuple[int, ...]
    in_none: int

    @property
    def is_estimate(self) -> bool:
        return self.looked_at < self.count


@dataclass(frozen=True, slots=True)
class Ahead:
    """The programme's open slots that have not begun: places, how many are taken, the start of the last one."""

    places: int
    taken: int
    last: datetime | None

    @property
    def free(self) -> int:
        return max(self.places - self.taken, 0)


def people_in(cohorts: Sequence[CohortRule], programme: Programme, *, today: date) -> People:
    """How many known people are in each of the cohorts, and in none: all by birthday, perhaps a sample by digit."""
    whom = _whom(programme, today)
    by_birthday = _by_birthday(whom, programme, today)
    count = sum(by_birthday.values())
    if not any(one.digits for one in cohorts):
        # Any digit will do.
        in_cohorts = [sum(n for born, n in by_birthday.items() if one.has("", born)) for one in cohorts]
        in_none = sum(n for born, n in by_birthday.items() if not any(one.has("", born) for one in cohorts))
        return People(count, count, tuple(in_cohorts), in_none)
    sample = _sample(whom, programme, today)
    share = count / len(sample) if sample else 0.0
    return People(
        count,
        len(sample),
        tuple(_count(one, by_birthday, sample, share) for one in cohorts),
        round(share * sum(not any(one.has(digit, born) for one in cohorts) for digit, born in sample)),
    )


def _by_birthday(whom: QuerySet[Patient], programme: Programme, today: date) -> dict[date, int]:
    """How many were born on each day. Somebody who is in several accounts counts once."""
    people, values = whom.order_by().values("person").annotate(born=Min("birth_date")).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT born, count(*) FROM ({people}) AS people GROUP BY born", values)
        return {born: count for born, count in cursor.fetchall() if _is_of_age(born, programme, today)}


def _count(cohort: CohortRule, by_birthday: dict[date, int], sample: Sequence[tuple[str, date]], share: float) -> int:
    if not cohort.digits:
        return sum(n for born, n in by_birthday.items() if cohort.has("", born))
    return round(share * sum(cohort.has(digit, born) for digit, born in sample))


def _whom(programme: Programme, today: date) -> QuerySet[Patient]:
    # Whole years, a little too many: the exact age is for the rules.
    born = (date(max(today.year - programme.max_age - 1, 1), 1, 1), date(today.year - programme.min_age, 12, 31))
    found = Patient.objects.filter(removed_at=None, birth_date__range=born)
    districts = [district.code for district in programme.districts.all()]
    if programme.sex:
        found = found.filter(sex=programme.sex)
    return found.filter(district_code__in=districts) if districts else found


def _is_of_age(born: date, programme: Programme, today: date) -> bool:
    return programme.min_age <= age_on(born, today) <= programme.max_age


def _sample(whom: QuerySet[Patient], programme: Programme, today: date) -> list[tuple[str, date]]:
    rows = whom.order_by("person", "pk").distinct("person").values_list("document_number", "birth_date")[:SAMPLE]
    return [(last_digit(str(number)), born) for number, born in rows if _is_of_age(born, programme, today)]


def ahead(programme: Programme, *, now: datetime) -> Ahead:
    """The places that people could still be let in to."""
    open_slots = Slot.objects.standing().filter(programme=programme, closed_at=None, starts_at__gt=now)
    found = open_slots.aggregate(places=Sum("quota"), later=Sum("kept_later"), last=Max("starts_at"))
    taken = Appointment.objects.filter(
        programme=programme, status__in=LIVE, slot__starts_at__gt=now, slot__closed_at=None
    ).count()
    last = timezone.localtime(found["last"]) if found["last"] else None
    return Ahead((found["places"] or 0) + (found["later"] or 0), taken, last)


def good_invitations_to(programme: Programme, *, now: datetime) -> int:
    """How many people may book by an invitation now."""
    return good_invitations(now=now).filter(list__programme=programme).values("person").distinct().count()


def next_draw_closes_at(programme: Programme, *, now: datetime) -> datetime | None:
    """When the next of its announced draws closes; None if there is none to enter."""
    waiting = Draw.objects.filter(Q(state=DrawState.ANNOUNCED), programme=programme, closes_at__gt=now)
    found: datetime | None = waiting.aggregate(at=Min("closes_at"))["at"]
    return timezone.localtime(found) if found else None
