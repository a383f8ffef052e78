"""A change of many slots as it was asked for: read from what is stored of it, and applied to one site at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Any

from booking.rules.kept_doses import KeptForLaterDoses
from booking.rules.quota_change import (
    Found,
    Numbers,
    Outcome,
    State,
    Wanted,
    decide_close,
    decide_reopen,
    decide_set,
    decide_wanted,
)
from booking.rules.quota_plan import Pattern, Session, planned_slots
from booking.rules.release import Release, standing

NO_NUMBERS = Numbers(None, None, None)
NO_PATTERN = Pattern(())


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for. `weekdays` are the days of a plan with the weekday whose pattern each follows."""

    kind: str
    programme_id: int | None
    days: tuple[date, ...]
    begins: time | None = None
    ends: time | None = None
    overwrite: bool = False
    numbers: Numbers = NO_NUMBERS
    pattern: Pattern = NO_PATTERN
    weekdays: Mapping[date, int] = field(default_factory=dict)
    source: date | None = None

    @property
    def whole_days(self) -> bool:
        """Whether it is about everything that happens on its days."""
        return self.begins is None and self.ends is None and self.programme_id is None

    def covers(self, starts_at: datetime) -> bool:
        """Whether a slot that starts then, in the city's time, lies in the time of day that was asked for."""
        at = starts_at.time()
        return (self.begins is None or at >= self.begins) and (self.ends is None or at < self.ends)


def read_asked(kind: str, params: Mapping[str, Any]) -> Asked:
    """What was stored with a change, read back."""
    programme = params.get("programme")
    if kind == "copy":
        source = date.fromisoformat(params["source"])
        mondays = [date.fromisoformat(monday) for monday in params["targets"]]
        days = tuple(monday + timedelta(days=n) for monday in mondays for n in range(7))
        return Asked(kind, programme, days, overwrite=params["overwrite"], source=source)
    days = days_between(date.fromisoformat(params["first"]), date.fromisoformat(params["last"]))
    if kind == "plan":
        as_weekday = {date.fromisoformat(day): weekday for day, weekday in params["as_weekday"].items()}
        skipped = {date.fromisoformat(day) for day in params["skip"]}
        weekdays = {day: as_weekday.get(day, day.isoweekday()) for day in days if day not in skipped}
        return Asked(
            kind, programme, days, overwrite=params["overwrite"], weekdays=weekdays, pattern=_pattern(params)
        )  # fmt: skip
    numbers = Numbers(params.get("quota"), params.get("walk_in"), params.get("community"), params.get("doses"))
    begins, ends = params.get("begins"), params.get("ends")
    return Asked(
        kind,
        programme,
        days,
        begins=time.fromisoformat(begins) if begins else None,
        ends=time.fromisoformat(ends) if ends else None,
        numbers=numbers,
    )


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _pattern(params: Mapping[str, Any]) -> Pattern:
    sessions = tuple(
        Session(weekday, time.fromisoformat(begins), time.fromisoformat(ends), minutes, places)
        for weekday, begins, ends, minutes, places in params["sessions"]
    )
    return Pattern(sessions, params["walk_in_percent"], params["community_percent"])


@dataclass(frozen=True, slots=True)
class SiteNow:
    """A site as it is when the change looks at it."""

    per_half_hour: int
    # By programme.
    releases: Mapping[int, Release]
    slots: Sequence[Found]
    closed_days: Collection[date]
    # Slots that somebody has changed since the preview.
    touched: Collection[int]
    # The slots of the week that is copied.
    source: Sequence[Found] = ()


class Decider:
    """Says for one site after the other what the change does to its slots."""

    def __init__(
        self,
        asked: Asked,
        *,
        zone: tzinfo,
        standard: Release,
        kept: Mapping[int, KeptForLaterDoses] = MappingProxyType({}),
        now: datetime,
    ) -> None:
        self.asked = asked
        self._zone = zone
        # The release where no rule is.
        self._standard = standard
        # By programme, what is kept for later doses of the slots that are made.
        self._kept = kept
        self._now = now
        self._days = frozenset(asked.days)
        # Sites with the same number and the same release want the same.
        self._planned: dict[tuple[int, Release], list[tuple[date, Wanted]]] = {}

    def outcomes(self, site: SiteNow) -> list[Outcome]:
        """What becomes of each slot of the site."""
        if self.asked.kind in ("plan", "copy"):
            return self._wanted_outcomes(site)
        asked, found = self.asked, []
        for slot in site.slots:
            starts_at = slot.starts_at.astimezone(self._zone)
            if slot.state.withdrawn_at is None and starts_at.date() in self._days and asked.covers(starts_at):
                found.append(self._one(slot, starts_at.date(), site))
        return found

    def beside(self, site: SiteNow) -> int:
        """How many standing slots of the days are not among what a plan wants."""
        wanted = {(one.programme_id, one.starts_at) for _day, one in self._wanted(site)}
        there = [slot for slot in site.slots if slot.state.withdrawn_at is None and slot.state.closed_at is None]
        return sum((slot.programme_id, slot.starts_at) not in wanted for slot in there)

    def _one(self, slot: Found, day: date, site: SiteNow) -> Outcome:
        touched = slot.slot_id in site.touched
        if self.asked.kind == "close":
            return decide_close(slot, touched=touched, now=self._now)
        if self.asked.kind == "reopen":
            stays = day in site.closed_days and not self.asked.whole_days
            return decide_reopen(slot, day_stays_closed=stays, touched=touched, now=self._now)
        release = site.releases.get(slot.programme_id, self._standard)
        return decide_set(slot, self.asked.numbers, release.portions, touched=touched, now=self._now)

    def _wanted_outcomes(self, site: SiteNow) -> list[Outcome]:
        there = {(slot.programme_id, slot.starts_at): slot for slot in site.slots}
        return [
            decide_wanted(
                wanted,
                found := there.get((wanted.programme_id, wanted.starts_at)),
                overwrite=self.asked.overwrite,
                day_is_closed=day in site.closed_days,
                touched=found is not None and found.slot_id in site.touched,
                now=self._now,
            )
            for day, wanted in self._wanted(site)
        ]

    def _wanted(self, site: SiteNow) -> list[tuple[date, Wanted]]:
        if self.asked.kind == "copy":
            return [pair for slot in site.source for pair in self._copies(slot, site)]
        programme = self.asked.programme_id
        assert programme is not None
        release = site.releases.get(programme, self._standard)
        key = (site.per_half_hour, release)
        if key not in self._planned:
            self._planned[key] = self._plan(programme, site.per_half_hour, release)
        return self._planned[key]

    def _plan(self, programme: int, per_half_hour: int, release: Release) -> list[tuple[date, Wanted]]:
        wanted = []
        for day, weekday in self.asked.weekdays.items():
            for planned in planned_slots(self.asked.pattern, weekday=weekday, per_half_hour=per_half_hour):
                begins = datetime.combine(day, planned.begins, self._zone)
                ends = datetime.combine(day, planned.ends, self._zone)
                numbers = (planned.places, planned.kept_walk_in, planned.kept_community)
                wanted.append((day, self._new(programme, begins, ends, numbers, release, day)))
        return wanted

    def _copies(self, slot: Found, site: SiteNow) -> list[tuple[date, Wanted]]:
        if slot.state.withdrawn_at is not None or slot.state.closed_at is not None:
            return []
        assert self.asked.source is not None
        release = site.releases.get(slot.programme_id, self._standard)
        # What was kept for later doses belongs to the whole, of which a share is kept anew.
        numbers = (slot.state.places + slot.state.doses, slot.state.walk_in, slot.state.community)
        copies = []
        for monday in self.asked.days[::7]:
            later = monday - self.asked.source
            begins, ends = self._shifted(slot.starts_at, later), self._shifted(slot.ends_at, later)
            day = begins.date()
            copies.append((day, self._new(slot.programme_id, begins, ends, numbers, release, day)))
        return copies

    def _shifted(self, moment: datetime, later: timedelta) -> datetime:
        # The same time on the clock, whatever lies between.
        local = moment.astimezone(self._zone)
        return datetime.combine(local.date() + later, local.time(), self._zone)

    def _new(
        self, programme: int, begins: datetime, ends: datetime, numbers: tuple[int, int, int], release: Release,
        day: date,
    ) -> Wanted:  # fmt: skip
        opens_at = release.opens_at(day, self._zone)
        places, walk_in, community = numbers
        doses = self._kept.get(programme, KeptForLaterDoses()).of(places, starts_at=begins, now=self._now)
        out = standing(places - doses, release.portions, opens_at=opens_at, now=self._now)
        state = State(opens_at, out.quota, walk_in, community, out.kept_later, out.next_portion_at, doses=doses)
        return Wanted(programme, begins, ends, state, release.portions)
