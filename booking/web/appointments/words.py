"""The words of the appointment pages that depend on how an appointment stands."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import DocumentType
from booking.queries.appointment_details import AppointmentDetails
from booking.rules.changes import CANCEL_REASONS
from booking.web.dates import clock

# Title, sentence, kind of panel (a CSS class) and icon for what is not to come any more.
_PANELS: dict[str, tuple[Any, Any, str, str]] = {
    "missed": (gettext_lazy("时间过了"), gettext_lazy("没有签到的记录。"), "off", "clock"),
    "checked_in": (gettext_lazy("已签到"), gettext_lazy("请在候诊区等叫号。"), "", "tick"),
    "unfinished": (gettext_lazy("已签到，没有接种"), gettext_lazy("没有这一剂的接种记录。"), "off", "clock"),
    "fulfilled": (gettext_lazy("已接种"), gettext_lazy("接种记录里可以看到这一剂。"), "", "tick"),
    "cancelled": (gettext_lazy("已取消"), "", "off", "cross"),
    "no_show": (gettext_lazy("未到"), gettext_lazy("接种点记录这次没有到。"), "off", "clock"),
}
_DONE = {
    "booked": gettext_lazy("预约成功"),
    "moved": gettext_lazy("时间改好了"),
    "restored": gettext_lazy("已恢复预约"),
    "accepted": gettext_lazy("好，就这个时间"),
}

_BRING: dict[str, tuple[str, Any, Any]] = {
    "resident_id": ("id-card", gettext_lazy("身份证原件"), ""),
    "passport": ("id-card", gettext_lazy("护照原件"), ""),
    "hk_macao_permit": ("id-card", gettext_lazy("港澳居民来往内地通行证原件"), ""),
    "taiwan_permit": ("id-card", gettext_lazy("台湾居民来往大陆通行证原件"), ""),
    "foreign_residence": ("id-card", gettext_lazy("外国人永久居留身份证原件"), ""),
    "birth_certificate": ("id-card", gettext_lazy("出生医学证明原件"), gettext_lazy("或户口簿")),
    "booklet": ("book", gettext_lazy("预防接种证"), gettext_lazy("一定要带")),
    "booklet_if_any": ("book", gettext_lazy("预防接种证"), gettext_lazy("没有也可以")),
    "guardian": ("people", gettext_lazy("监护人陪同"), gettext_lazy("监护人也带身份证件")),
    "sleeve": ("shirt", gettext_lazy("穿方便露出上臂的衣服"), ""),
    "time": ("clock", gettext_lazy("打完留观 30 分钟，请预留 1 小时"), ""),
}

_REASONS = {
    "time": gettext_lazy("时间不合适"),
    "unwell": gettext_lazy("身体不舒服"),
    "far": gettext_lazy("路太远"),
    "elsewhere": gettext_lazy("在别处打了"),
    "other": gettext_lazy("别的原因"),
}
REASONS = [(code, _REASONS[code]) for code in CANCEL_REASONS]


def panel(details: AppointmentDetails, done: str) -> dict[str, Any] | None:
    """The coloured head of the page; None for an appointment that is simply to come."""
    if done:
        sentence = ""
        if details.told_at and done not in ("restored", "accepted"):
            sentence = _("短信已发到 %(phone)s。") % {"phone": details.told_at}
        return {"title": _DONE[done], "sentence": sentence, "kind": "", "icon": "tick"}
    if details.standing not in _PANELS:
        return None
    title, sentence, kind, icon = _PANELS[details.standing]
    if details.observed_until is not None:
        sentence = _("留观到 %(time)s。请在留观区坐好，不舒服马上说。") % {"time": clock(details.observed_until)}
    if details.facts.ended_by_city:
        title, sentence = _("接种点停诊，已取消"), _why(details)
    return {"title": title, "sentence": sentence, "kind": kind, "icon": icon}


def _why(details: AppointmentDetails) -> str:
    relocation = details.facts.relocation
    if relocation is None or not relocation.reason:
        return _("对不起，请另选一个时间。")
    return _("原因：%(reason)s。对不起，请另选一个时间。") % {"reason": relocation.reason.rstrip("。.!！ ")}


def document_name(document_type: str) -> str:
    """身份证, 护照 …, as said in daily life."""
    return str(_("身份证") if document_type == "resident_id" else DocumentType(document_type).label)


def bring_list(codes: Iterable[str]) -> list[dict[str, Any]]:
    """Each thing to bring with its icon, its name, and what more there is to say."""
    return [dict(zip(("icon", "what", "more"), _BRING[code], strict=True)) for code in codes]
