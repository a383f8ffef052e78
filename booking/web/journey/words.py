"""How the steps of booking say things: for whom, which dose, how far, how soon."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import Relation
from booking.queries.programmes import ProgrammeRow
from booking.rules.eligibility import age_on
from booking.web.dates import clock, day, month_day, weekday
from sites.queries import districts

_FACILITIES = {
    "step_free": gettext_lazy("无台阶"),
    "parking": gettext_lazy("可停车"),
    "english": gettext_lazy("有英语服务"),
}
_STATES = {
    "plenty": gettext_lazy("充足"),
    "some": gettext_lazy("较多"),
    "few": gettext_lazy("少量"),
    "full": gettext_lazy("约满"),
    "not_open": gettext_lazy("未放号"),
    "closed": gettext_lazy("休诊"),
}


class Named(Protocol):
    """Something with a name in both languages."""

    @property
    def name(self) -> str: ...

    @property
    def name_en(self) -> str: ...


def named(row: Named) -> str:
    """The name in the reader's language."""
    return (row.name_en or row.name) if (get_language() or "").startswith("en") else row.name


def vaccine(programme: ProgrammeRow) -> str:
    """What is given, in the reader's language."""
    english = (get_language() or "").startswith("en")
    return (programme.vaccine_en or programme.vaccine) if english else programme.vaccine


def district(code: str) -> str:
    """The name of the district, or nothing."""
    return next((named(row) for row in districts() if row.code == code), "")


def audience(programme: ProgrammeRow) -> str:
    """For whom the programme is: 9–45 岁女性, 18 岁及以上."""
    ages = {"min": programme.min_age, "max": programme.max_age}
    if programme.max_age >= 120:
        who = _("%(min)d 岁及以上") % ages if programme.min_age else _("各年龄")
    else:
        who = _("%(min)d–%(max)d 岁") % ages
    if programme.sex == "F":
        who = _("%(ages)s，女性") % {"ages": who}
    elif programme.sex == "M":
        who = _("%(ages)s，男性") % {"ages": who}
    if programme.districts:
        names = _("、").join(district(code) for code in programme.districts)
        who = _("%(who)s，限%(districts)s") % {"who": who, "districts": names}
    return who


def dose(number: int, programme: ProgrammeRow) -> str:
    """第 2 剂，共 2 剂."""
    if programme.doses == 1:
        return _("共 1 剂")
    return _("第 %(dose)d 剂，共 %(doses)d 剂") % {"dose": number, "doses": programme.doses}


def relation(code: str) -> str:
    """本人, 父母."""
    return str(Relation(code).label)


def age(birth_date: date, today: date) -> str:
    """36 岁, or 不满 1 岁."""
    years = age_on(birth_date, today)
    return ngettext("%(years)d 岁", "%(years)d 岁", years) % {"years": years} if years else _("不满 1 岁")


def soon(at: datetime, now: datetime) -> str:
    """今天 15:30, 明天 周二 15:30, 11 月 27 日 周五 09:00."""
    days = (timezone.localdate(at) - timezone.localdate(now)).days
    facts = {"weekday": weekday(at), "time": clock(at), "day": day(at)}
    if days == 0:
        return _("今天 %(time)s") % facts
    if days == 1:
        return _("明天 %(weekday)s %(time)s") % facts
    return _("%(day)s %(time)s") % facts


def days_of(first: date, last: date) -> str:
    """11 月 23–29 日, 23–29 Nov, across months in full."""
    if first.month != last.month:
        return f"{month_day(first)}–{month_day(last)}"
    if (get_language() or "").startswith("en"):
        return f"{first.day}–{month_day(last)}"
    return f"{first.month} 月 {first.day}–{last.day} 日"


def distance(metres: int | None) -> str:
    """350 米, 1.2 公里; nothing where it is not known."""
    if metres is None:
        return ""
    if metres < 1000:
        return _("%(metres)d 米") % {"metres": round(metres, -1)}
    return _("%(km).1f 公里") % {"km": metres / 1000}


def facilities(codes: Sequence[str]) -> str:
    """无台阶 · 可停车."""
    return " · ".join(str(_FACILITIES[code]) for code in codes if code in _FACILITIES)


def state(code: str) -> str:
    """A state of availability in one word: 充足."""
    return str(_STATES[code])


def release(at: datetime, now: datetime) -> str:
    """When the slots come out, and how long that is: 今天 08:00 放号，还有 12 分钟."""
    minutes = max(int((at - now) / timedelta(minutes=1)), 0) + 1
    if minutes <= 120:
        facts = {"when": soon(at, now), "minutes": minutes}
        text = ngettext(
            "%(when)s 放号，还有 %(minutes)d 分钟。到点会自动刷新。",
            "%(when)s 放号，还有 %(minutes)d 分钟。到点会自动刷新。",
            minutes,
        )
        return text % facts
    return _("%(when)s 放号。") % {"when": soon(at, now)}


def names(people: Sequence[str]) -> str:
    """王秀兰、李雷."""
    return _("、").join(people)
