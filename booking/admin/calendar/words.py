"""Template filters: the calendar's words."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booking.admin.holidays import holiday_name
from booking.models import Programme
from booking.queries.quotas.district_calendar import SiteDay
from booking.queries.quotas.site_calendar import SlotCell
from booking.rules.cell_states import BOOKABLE, CLOSED, FULL, NONE, NOT_OPEN, OVER
from sites.models import Site

register = template.Library()

STATES = {
    BOOKABLE: _("可约"),
    FULL: _("约满"),
    NOT_OPEN: _("未放号"),
    CLOSED: _("停诊"),
    OVER: _("已过"),
    NONE: _("没有号源"),
}


@register.filter
def state_word(state: str) -> str:
    """可约, Bookable."""
    return str(STATES[state])


@register.filter
def holiday(name: str) -> str:
    """国庆节, National Day; a name that is new to us as the announcement has it."""
    return holiday_name(name)


@register.filter
def named(row: Programme | Site) -> str:
    """Its name in the reader's language."""
    return row.name_en if row.name_en and (get_language() or "").startswith("en") else row.name


@register.filter
def share(cell: SlotCell | SiteDay) -> int:
    """How many percent of the quota are taken, for the width of a bar."""
    return min(100, 100 * cell.taken // cell.quota) if cell.quota else 100 * bool(cell.taken)
