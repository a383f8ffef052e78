"""The ground of a rehearsal: a programme of its own, with slots at the city's sites that open at one moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from django.db import transaction
from django.utils import timezone

from accounts.tokens import issue
from booking.demo.citizens import MadeCitizen, Sort, make_citizens
from booking.demo.slots import HALF_HOUR, NewSlot, add_slots, half_hours
from booking.models import Programme, Slot, Vaccine
from booking.queries.availability import forget_site
from booking.queries.programmes import forget_programmes
from booking.rehearsal.marked import USERNAME
from sites.city import load_city
from sites.models import District, Site

CODE = "dress-rehearsal"
_FIRST_DAY = 2
# So many in a hundred citizens book for two, and for three people at once.
_COUPLES, _FAMILIES = 12, 4


class GroundTaken(Exception):
    """An earlier rehearsal has left its programme, or another one is going on."""


@dataclass(frozen=True, slots=True)
class SiteOnGround:
    """A site and the days on which it has places."""

    code: str
    district: str
    days: tuple[date, ...]


@dataclass(slots=True)
class Ground:
    """What there is to be had."""

    programme: str
    opens_at: datetime
    places: int
    slots: int
    # Rows that were not there before and are to go again; sites come back with the next rehearsal otherwise.
    made_sites: bool
    sites: list[SiteOnGround]
    _weights: dict[str, list[float]] = field(default_factory=dict)
    _by_district: dict[str, list[SiteOnGround]] = field(default_factory=dict)

    def add(self, site: SiteOnGround, weight: float) -> None:
        """Let people go to this site, in proportion to its weight."""
        self.sites.append(site)
        self._by_district.setdefault(site.district, []).append(site)
        self._weights.setdefault(site.district, []).append(weight)

    def release_at(self, moment: datetime) -> None:
        """Open the slots at this moment. Only before anybody has looked at them: nothing is told to the gate."""
        Slot.objects.filter(programme__code=self.programme).update(opens_at=moment)
        for site in Site.objects.filter(code__in=[site.code for site in self.sites]):
            forget_site(site.pk)
        self.opens_at = moment

    def district(self, dice: Random) -> str:
        """Where somebody lives: where there are many places, many do."""
        return dice.choices(list(self._weights), [sum(one) for one in self._weights.values()])[0]

    def site(self, district: str, dice: Random) -> SiteOnGround:
        """A site of the district, the large ones more often."""
        return dice.choices(self._by_district[district], cum_weights=list(accumulate(self._weights[district])))[0]


def prepare_ground(places: int, *, opens_at: datetime, now: datetime, dice: Random) -> Ground:
    """Make the programme and about so many places at the sites, the large ones more. Raises GroundTaken."""
    made_sites = not Site.objects.exists()
    if made_sites:
        load_city()
    with transaction.atomic():
        vaccine, _ = Vaccine.objects.get_or_create(
            code=CODE, defaults={"name": "演练疫苗", "name_en": "Rehearsal vaccine"}
        )
        programme, is_new = Programme.objects.get_or_create(
            code=CODE, defaults={"vaccine": vaccine, "name": "放号演练", "name_en": "Dress rehearsal"}
        )
        if not is_new:
            raise GroundTaken
        ground = Ground(CODE, opens_at, 0, 0, made_sites, [])
        sites = list(Site.objects.filter(is_active=True).select_related("district").order_by("code"))
        dice.shuffle(sites)
        rows = list(_rows(ground, sites, programme, places, now))
        ground.slots, ground.places = add_slots(rows, now=now)
    forget_programmes()
    for site in sites:
        forget_site(site.pk)
    return ground


def _rows(ground: Ground, sites: list[Site], programme: Programme, places: int, now: datetime) -> Iterator[NewSlot]:
    """Half hours at the sites, as full days as it takes, with quotas in proportion to what the sites usually do."""
    today = timezone.localdate(now)
    a_day = sum(site.quota_per_half_hour for site in sites) * len(list(half_hours(today)))
    days = [today + timedelta(days=_FIRST_DAY + n) for n in range(max(1, -(-places // a_day)))]
    share = places / (a_day * len(days))
    if share < 0.2:
        # A handful at each of the city's sites would be one place a slot; so fewer sites have some.
        sites = sites[: max(1, round(len(sites) * share / 0.2))]
        share = places / (sum(site.quota_per_half_hour for site in sites) * len(list(half_hours(today))) * len(days))
    owed = 1e-9
    for site in sites:
        has: set[date] = set()
        for day in days:
            for start in half_hours(day):
                owed += site.quota_per_half_hour * share
                quota, owed = int(owed), owed - int(owed)
                if quota:
                    has.add(day)
                    yield site.pk, programme.pk, start, start + HALF_HOUR, ground.opens_at, quota
        if has:
            ground.add(SiteOnGround(site.code, site.district.code, tuple(sorted(has))), site.quota_per_half_hour)


def people_the_city(count: int, *, now: datetime, done: Callable[[int], None] = lambda made: None) -> list[MadeCitizen]:
    """Make so many citizens, some with relatives. They have no phones, so no message can reach anybody."""
    sort = Sort(username=USERNAME, phones=False, relatives=_relatives)
    made = []
    with transaction.atomic():
        for citizen in make_citizens(count, now=now, issue=issue, sort=sort):
            made.append(citizen)
            if len(made) % 5000 == 0:
                done(len(made))
    return made


def _relatives(number: int) -> int:
    place = number * 37 % 100
    return 2 if place < _FAMILIES else 1 if place < _FAMILIES + _COUPLES else 0


def districts() -> int:
    """How many districts the city has."""
    return District.objects.count()
