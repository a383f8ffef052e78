"""Where and when the fair release takes place, and who is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Patient, User
from booking.models import Programme, Slot
from booking.operations.quotas.publish_slots import publish_slots
from sites.models import Site

_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every part needs: the first start, some sites, the programmes by code, and those who can sign in."""

    now: datetime
    sites: Sequence[Site]
    programmes: Mapping[str, Programme]
    administrator: User
    citizen: Patient
    mother: Patient

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def at(self, days: int, clock: time) -> datetime:
        """That time of the city, so many days from today."""
        day = self.today + timedelta(days=days)
        return datetime.combine(day, clock, timezone.get_default_timezone())

    def publish(
        self, code: str, *, first: int, last: int, starts: Sequence[time], quota: int, opens_at: datetime | None = None
    ) -> list[Slot]:
        """Half hours of the programme at every site, on the working days from `first` to `last` days from today."""
        made = []
        for ahead in range(first, last + 1):
            day = self.today + timedelta(days=ahead)
            if day.weekday() >= 5:
                continue
            times = [(start, (datetime.combine(day, start) + _HALF_HOUR).time()) for start in starts]
            for site in self.sites:
                made += publish_slots(
                    site=site,
                    programme=self.programmes[code],
                    day=day,
                    times=times,
                    quota=quota,
                    opens_at=opens_at or self.now - timedelta(days=1),
                    by=self.administrator.pk,
                    now=self.now,
                )
        return made
