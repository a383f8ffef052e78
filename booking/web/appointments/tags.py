"""How a new place compares with the old one, for the pages that show an appointment that the city has moved."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.queries.appointments import AppointmentFacts
from booking.queries.relocations import RelocationFacts
from booking.web.journey.words import distance

register = template.Library()


@register.filter
def compared(facts: AppointmentFacts) -> str:
    """离原来的接种点 1.2 公里 · 同一天 · 晚 30 分钟."""
    old = facts.relocation
    return " · ".join((_place(old), *_time(facts, old))) if old else ""


def _place(old: RelocationFacts) -> str:
    if not old.metres:
        return _("还是原来的接种点")
    return _("离原来的接种点 %(far)s") % {"far": distance(old.metres)}


def _time(facts: AppointmentFacts, old: RelocationFacts) -> list[str]:
    days = (timezone.localdate(facts.starts_at) - timezone.localdate(old.from_starts_at)).days
    if days:
        return [ngettext("晚 %(days)d 天", "晚 %(days)d 天", days) % {"days": days}]
    minutes = round((facts.starts_at - old.from_starts_at).total_seconds()) // 60
    if minutes == 0:
        return [_("同一天"), _("时间不变")]
    how_long = _long(abs(minutes))
    return [_("同一天"), (_("晚 %(long)s") if minutes > 0 else _("早 %(long)s")) % {"long": how_long}]


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d 分钟") % {"minutes": rest}
    if not rest:
        return ngettext("%(hours)d 小时", "%(hours)d 小时", hours) % {"hours": hours}
    return _("%(hours)d 小时 %(minutes)d 分钟") % {"hours": hours, "minutes": rest}
