"""How the waitlist's pages say what somebody waits for, how long there is to answer, and where in line they are."""

from datetime import datetime, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.queries.waitlist import EntryFacts
from booking.queries.waitlist_line import MOST
from booking.rules.hours import AFTERNOON, MORNING
from booking.web.journey.words import named


def where(entry: EntryFacts) -> str:
    """望月湖社区卫生服务中心、岳麓区; 全市."""
    places = [named(site) for site in entry.sites] + [named(district) for district in entry.districts]
    return _("、").join(places) or _("全市")


def in_words(entry: EntryFacts, line: int | None) -> dict[str, str]:
    """The wish as its card says it: where, when, with whom, and how many come before."""
    return {
        "where": where(entry),
        "when": when(entry),
        "along": _("、").join(name for _id, name in entry.companions),
        "line": in_line(line) if line is not None else "",
    }


def when(entry: EntryFacts) -> str:
    """星期一、星期六，上午; 哪天都行."""
    days = _("、").join(str(WEEKDAYS[day - 1]) for day in entry.days) or _("哪天都行")
    parts = _("、").join(str(_PARTS[part]) for part in entry.parts_of_day if part in _PARTS)
    return _("%(days)s，%(parts)s") % {"days": days, "parts": parts} if parts else days


def in_line(before: int) -> str:
    """前面有 12 位; 您排在最前面."""
    if before >= MOST:
        return _("前面有 %(most)d 位以上") % {"most": MOST}
    if not before:
        return _("您排在最前面")
    return ngettext("前面有 %(before)d 位", "前面有 %(before)d 位", before) % {"before": before}


# Minutes: from then on hours are said.
_HOURS_FROM = 90
_PARTS = {MORNING: gettext_lazy("上午"), AFTERNOON: gettext_lazy("下午")}


def time_left(until: datetime, *, now: datetime) -> str:
    """还有 12 分钟; 还有 2 小时 5 分钟; in the last minute 不到 1 分钟."""
    minutes = int((until - now) / timedelta(minutes=1))
    if minutes < 1:
        return _("不到 1 分钟")
    if minutes >= _HOURS_FROM:
        return _("还有 %(hours)d 小时 %(minutes)d 分钟") % {"hours": minutes // 60, "minutes": minutes % 60}
    return ngettext("还有 %(minutes)d 分钟", "还有 %(minutes)d 分钟", minutes) % {"minutes": minutes}
