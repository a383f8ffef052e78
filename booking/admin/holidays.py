"""The names of public holidays, in the reader's language."""

from django.utils.translation import gettext_lazy as _

# As chinese_calendar names them.
_HOLIDAYS = {
    "New Year's Day": _("元旦"),
    "Spring Festival": _("春节"),
    "Tomb-sweeping Day": _("清明节"),
    "Labour Day": _("劳动节"),
    "Dragon Boat Festival": _("端午节"),
    "National Day": _("国庆节"),
    "Mid-autumn Festival": _("中秋节"),
}


def holiday_name(name: str) -> str:
    """国庆节, National Day; a name that is new to us as the announcement has it."""
    return str(_HOLIDAYS.get(name, name))
