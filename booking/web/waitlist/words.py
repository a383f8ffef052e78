"""How the waitlist's pages say where somebody would come, and how long there is to answer."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.queries.waitlist import EntryFacts
from booking.web.journey.words import named


def where(entry: EntryFacts) -> str:
    """望月湖社区卫生服务中心、岳麓区; 全市."""
    places = [named(site) for site in entry.sites] + [named(district) for district in entry.districts]
    return _("、").join(places) or _("全市")


def time_left(until: datetime, *, now: datetime) -> str:
    """还有 12 分钟; in the last minute 不到 1 分钟."""
    minutes = int((until - now) / timedelta(minutes=1))
    if minutes < 1:
        return _("不到 1 分钟")
    return ngettext("还有 %(minutes)d 分钟", "还有 %(minutes)d 分钟", minutes) % {"minutes": minutes}
