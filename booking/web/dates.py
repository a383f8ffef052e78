"""Dates and times as each language writes them: 11 月 25 日 周三, Wed 25 Nov. Times are the city's, in 24 hours."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()

_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


@register.filter
def weekday(value: date | datetime) -> str:
    """周三, Wed."""
    return str(_WEEKDAYS[_day(value).weekday()])


@register.filter
def iso_weekday(number: int) -> str:
    """周三, Wed, of 3."""
    return str(_WEEKDAYS[number - 1])


@register.filter
def month_day(value: date | datetime) -> str:
    """11 月 25 日, 25 Nov."""
    day = _day(value)
    return f"{day.day} {_MONTHS_EN[day.month - 1]}" if _english() else f"{day.month} 月 {day.day} 日"


@register.filter
def month(value: date | datetime) -> str:
    """11 月, Nov."""
    day = _day(value)
    return _MONTHS_EN[day.month - 1] if _english() else f"{day.month} 月"


@register.filter
def day(value: date | datetime) -> str:
    """11 月 25 日 周三, Wed 25 Nov."""
    return f"{weekday(value)} {month_day(value)}" if _english() else f"{month_day(value)} {weekday(value)}"


@register.filter
def clock(value: datetime) -> str:
    """09:00."""
    return timezone.localtime(value).strftime("%H:%M")


@register.filter
def until(starts_at: datetime, ends_at: datetime) -> str:
    """09:00–09:30."""
    return f"{clock(starts_at)}–{clock(ends_at)}"
