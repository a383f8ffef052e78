"""How the draws' pages say things: how a draw stands, about how many have entered, what was wished for."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.queries.draw_entries import MyEntry
from booking.queries.draw_fates import fate
from booking.queries.draws import ANNOUNCED, CALLED_OFF, CLOSED, DRAWING, DRAWN, OPEN
from booking.web.journey.words import district, named

# Icon, colour of a state, words.
_STANDING = {
    ANNOUNCED: ("clock", "some", gettext_lazy("还没开始登记")),
    OPEN: ("tick", "plenty", gettext_lazy("正在登记")),
    CLOSED: ("clock", "few", gettext_lazy("登记截止，等待摇号")),
    DRAWING: ("clock", "few", gettext_lazy("正在摇号，稍后看结果")),
    DRAWN: ("book", "some", gettext_lazy("已摇号")),
    CALLED_OFF: ("cross", "closed", gettext_lazy("已取消")),
}


def standing(name: str) -> dict[str, str]:
    """Icon, class and words of a standing of queries.draws."""
    icon, kind, text = _STANDING[name]
    return {"name": name, "icon": icon, "kind": kind, "text": str(text)}


def in_fours(code: str) -> str:
    """3KQ7 0ZTM …, as it is read out and typed."""
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))


def about_how_many(entered: tuple[int, int | None]) -> str:
    """不到 100 人, 1000–5000 人, 超过 100 万人."""
    at_least, below = entered
    if at_least == 0:
        return _("不到 %(n)s 人") % {"n": f"{below:,}"}
    if below is None:
        return _("超过 %(n)s 人") % {"n": f"{at_least:,}"}
    return _("%(from)s–%(to)s 人") % {"from": f"{at_least:,}", "to": f"{below:,}"}


# By models.DrawOutcome: why a place that was drawn could not be given.
_NOT_GIVEN = {
    "ALREADY_BOOKED": gettext_lazy("摇中了，但这一剂已经有预约，号让给了别人。"),
    "NOT_ELIGIBLE": gettext_lazy("摇中了，但那时已经不符合这种疫苗的条件。"),
    "PATIENT_GONE": gettext_lazy("摇中了，但接种人已经从家人里移除。"),
    "SLOT_GONE": gettext_lazy("摇中了，但那个时段停诊了。下一轮自动带上，排在前面。"),
}


def not_given(entry: MyEntry) -> str:
    """Why there is no appointment although a place was drawn; empty where none was."""
    return str(_NOT_GIVEN.get(entry.outcome, ""))


def own_row(entry: MyEntry) -> dict[str, Any]:
    """An entry as lists show it."""
    return {"facts": entry, "fate": fate(entry)}


def wished(entry: MyEntry) -> list[dict[str, str]]:
    """The sites of a wish, the most wanted first."""
    return [{"name": named(site), "district": district(site.district)} for site in entry.sites]
