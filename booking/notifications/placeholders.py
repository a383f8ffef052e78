"""Placeholders that several kinds share, and the names that they stand for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from booking.models import Programme
from booking.notifications.kinds import Fact, Placeholder
from sites.models import Site

# December has the longest days and months in both languages.
_WHEN = datetime(2026, 12, 24, 10, 30, tzinfo=ZoneInfo(settings.TIME_ZONE))


def both(zh: Fact, en: Fact | None = None) -> dict[str, Fact]:
    """A sample in Chinese and in English."""
    return {"zh-hans": zh, "en": zh if en is None else en}


def programme_name(programme: Programme, language: str) -> str:
    """What is given, as people read it in this language."""
    return programme.name_en if language == "en" and programme.name_en else programme.name


def site_name(site: Site, language: str) -> str:
    """The site, as people read it in this language; many have no English name."""
    return site.name_en if language == "en" and site.name_en else site.name


NAME = Placeholder("name", _("接种人姓名，已遮盖"), both("欧**娜", "A*** M*** S***"))
PROGRAMME = Placeholder("programme", _("疫苗"), both("九价人乳头瘤病毒疫苗", "Human papillomavirus (9-valent)"))
SITE = Placeholder(
    "site", _("接种点"), both("芙蓉区东湖街道社区卫生服务中心", "Donghu Community Health Centre, Furong District")
)
STARTS_AT = Placeholder("starts_at", _("日期和时间"), both(_WHEN))
REFERENCE = Placeholder("reference", _("预约号"), both("482913057264"))
