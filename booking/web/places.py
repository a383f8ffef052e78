"""Sites, districts and programmes as each language names them."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booking.queries.programmes import ProgrammeRow
from booking.web import release_words

register = template.Library()

_FACILITIES = {"step_free": _("无台阶"), "parking": _("可停车"), "english": _("有英语服务")}


@register.filter
def named(row: Any) -> str:
    """The `name_en` of a site, district, programme or vaccine in English where it has one, else its `name`."""
    english = (get_language() or "").startswith("en")
    return str(row.name_en if english and row.name_en else row.name)


@register.filter
def way_of_release(programme: ProgrammeRow) -> str:
    """Whose turn it is to book the programme; empty where it is simply open."""
    return release_words.way_of_release(programme, timezone.now())


@register.filter
def facilities(site: Any) -> list[str]:
    """What the site offers, in words."""
    return [str(_FACILITIES[code]) for code in site.facilities]
