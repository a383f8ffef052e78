"""What the times say when there are few or none: which day is free, which sites, and when new slots come out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from booking.queries.site_choices import Wanted, nearby_with_room, site_choices
from booking.queries.times import Day
from booking.rules.availability import NOT_OPEN
from booking.web import dates
from booking.web.journey import words
from booking.web.journey.choices import Journey

# Somebody who waits for a release closer than this is shown it without doing anything.
_WAIT = timedelta(minutes=30)


def full_week(journey: Journey, week: Sequence[Day], first_free: Day | None, day: Day) -> dict[str, str] | None:
    """That the next days are full, and where the first free one is; None if there is nothing to say."""
    if first_free is None:
        return None
    if first_free.day > journey.from_date + timedelta(days=6) and first_free.day == day.day:
        return {"text": _("最近 7 天都约满了，最早的是 %(day)s。") % {"day": dates.day(first_free.day)}}
    if not any(one.is_bookable for one in week):
        text = _("这几天没有号，最早的是 %(day)s。") % {"day": dates.day(first_free.day)}
        return {"text": text, "href": journey.when_url(day=first_free.day)}
    if not day.is_bookable:
        text = _("这一天没有号，最早的是 %(day)s。") % {"day": dates.day(first_free.day)}
        return {"text": text, "href": journey.when_url(day=first_free.day)}
    return None


def early(journey: Journey) -> str:
    """From when everybody may come, if that is not today; else nothing."""
    if journey.from_date <= journey.today:
        return ""
    return _("%(day)s 起可以约，之前的日子与上一剂隔得太近，或年龄还没到。") % {"day": dates.day(journey.from_date)}


def sold_out(journey: Journey, days: Sequence[Day]) -> dict[str, Any] | None:
    """The nearest sites that have room, and how many days were looked at."""
    if journey.site is None:
        return None
    wanted = Wanted(people=journey.people, from_date=journey.from_date)
    choices = site_choices(
        programme=journey.programme.code, first=journey.today, last=journey.last, wanted=wanted, now=journey.now
    )
    near = [
        {
            "name": words.named(one.site),
            "far": words.distance(one.metres),
            "earliest": words.soon(one.earliest, journey.now) if one.earliest else "",
            "state": one.state,
            "href": journey.when_url(one.site.code),
        }
        for one in nearby_with_room(journey.site, choices)
    ]
    return {"near": near, "days": len(days), "none": not any(day.times for day in days)}


def refresh(journey: Journey, day: Day, first_free: Day | None, release: datetime | None) -> int:
    """Seconds after which the page is to be loaded again, because new slots come out; 0 for never."""
    waiting = first_free is None or day.state == NOT_OPEN
    if release is None or not waiting or release - journey.now > _WAIT:
        return 0
    return max(int((release - journey.now).total_seconds()), 0) + 2
