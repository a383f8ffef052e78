"""What a draw would be about, before it is announced: its places by site and day, and how many may enter."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q

from accounts.models import Patient
from booking.models import Appointment, Draw, DrawState, Programme, Status
from booking.queries.draw_slots import places_of, slots_of
from sites.models import Site


@dataclass(slots=True)
class SitePlaces:
    """What a site has on the days of a draw. `by_day` has every day on which it has places."""

    site: Site
    places: int = 0
    by_day: dict[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """The places that nobody has yet, as they would be drawn; `booked` are those of the same slots that somebody has.

    `people` counts those in the ledger who may have a dose of the programme on the first day, each once.
    """

    sites: tuple[SitePlaces, ...]
    days: tuple[date, ...]
    slots: int
    places: int
    booked: int
    people: int
    other_draws: tuple[str, ...]

    def of_day(self, day: date) -> int:
        """The places of all sites on that day."""
        return sum(one.by_day.get(day, 0) for one in self.sites)


def draw_plan(programme: Programme, *, first: date, last: date) -> DrawPlan:
    """The plan for these days, both inclusive."""
    thought_up = Draw(programme=programme, first_day=first, last_day=last)
    places = places_of(thought_up)
    known = {site.code: site for site in Site.objects.filter(code__in={one.site for one in places})}
    by_site: dict[str, SitePlaces] = {}
    for one in places:
        row, day = by_site.setdefault(one.site, SitePlaces(known[one.site])), date.fromisoformat(one.day)
        row.places += one.places
        row.by_day[day] = row.by_day.get(day, 0) + one.places
    return DrawPlan(
        sites=tuple(by_site[code] for code in sorted(by_site)),
        days=tuple(sorted({day for one in by_site.values() for day in one.by_day})),
        slots=len(places),
        places=sum(one.places for one in places),
        booked=Appointment.objects.filter(slot__in=slots_of(thought_up)).holding_a_place().count(),
        people=people_who_may_enter(programme, on=first),
        other_draws=_other_draws(programme, first, last),
    )


def _other_draws(programme: Programme, first: date, last: date) -> tuple[str, ...]:
    waiting = (DrawState.ANNOUNCED, DrawState.CLOSED, DrawState.DRAWING)
    rows = Draw.objects.filter(programme=programme, first_day__lte=last, last_day__gte=first, state__in=waiting)
    return tuple(rows.values_list("name", flat=True))


def people_who_may_enter(programme: Programme, *, on: date) -> int:
    """How many people of the ledger may have a dose on that day, as far as the ledger knows: each person once.

    Intervals are left out: whoever is too early on the first day may be right on a later one.
    """
    own = Appointment.objects.filter(person=OuterRef("person"), programme=programme)
    ahead = Q(status__in=(Status.BOOKED, Status.CHECKED_IN))
    through = Q(status=Status.FULFILLED, dose__gte=programme.doses)
    rows = Patient.objects.filter(
        ~Exists(own.filter(ahead | through)), removed_at=None, birth_date__lte=_years_before(on, programme.min_age)
    )
    if programme.max_age < 120:
        rows = rows.filter(birth_date__gt=_years_before(on, programme.max_age + 1))
    if programme.sex:
        rows = rows.filter(sex=programme.sex)
    districts = list(programme.districts.values_list("pk", flat=True))
    if districts:
        rows = rows.filter(district_code__in=districts)
    return rows.values("person").distinct().count()


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
