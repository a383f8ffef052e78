"""A bulk change in words: what it is about, what it would do, what is odd about it, what was left."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import ChangeKind, ChangeState, Programme, QuotaChange, SlotEventKind

# Beside the word, so that a state is known without its colour.
SIGNS = {
    ChangeState.PREVIEWED: "○",
    ChangeState.RUNNING: "▶",
    ChangeState.STOPPED: "❚❚",
    ChangeState.DONE: "✓",
    ChangeState.UNDOING: "◀",
    ChangeState.UNDONE: "↩",
}

# The preview's numbers in the order in which they are shown; those in bold are what happens.
COUNTS = [
    ("create", gettext_lazy("新增时段"), True),
    ("places", gettext_lazy("新增号源"), True),
    ("kept_doses", gettext_lazy("另留给后续剂次"), True),
    ("change", gettext_lazy("改号源数"), True),
    ("close", gettext_lazy("停诊"), True),
    ("reopen", gettext_lazy("恢复开诊"), True),
    ("made_closed", gettext_lazy("新增但停诊（当天停诊）"), False),
    ("same", gettext_lazy("不用变"), False),
    ("edited", gettext_lazy("单独改过，保持不动"), False),
    ("closed", gettext_lazy("停诊中，保持不动"), False),
    ("past", gettext_lazy("已经开始，不动"), False),
    ("below", gettext_lazy("不能低于已约人数"), False),
]

DID = {
    SlotEventKind.PUBLISHED: gettext_lazy("新增时段"),
    SlotEventKind.QUOTA_SET: gettext_lazy("改号源数"),
    SlotEventKind.KEPT_SET: gettext_lazy("改留号数"),
    SlotEventKind.CLOSED: gettext_lazy("停诊"),
    SlotEventKind.REOPENED: gettext_lazy("恢复开诊"),
}

WHY = {
    "touched": gettext_lazy("别人改过"),
    "below": gettext_lazy("号源数只能降到已约人数"),
    "booked": gettext_lazy("已有人约"),
    "moved": gettext_lazy("已给里面的人换号或取消"),
    "begun": gettext_lazy("已经开始"),
}


def act(kind: str) -> str:
    """What somebody wants to do, as a verb where the language has one."""
    if kind == ChangeKind.CLOSE:
        return _("安排停诊")
    return _("重新开诊") if kind == ChangeKind.REOPEN else str(ChangeKind(kind).label)


def counts_of(change: QuotaChange) -> list[tuple[str, str, bool]]:
    """Name and number of everything that the preview counted and that is not nothing."""
    counts = change.summary.get("counts", {})
    return [(str(name), f"{counts[key]:,}", bold) for key, name, bold in COUNTS if counts.get(key)]


def button(change: QuotaChange) -> str:
    """What pressing it does; empty if nothing would happen."""
    counts = change.summary.get("counts", {})
    parts = [
        _("新增 %(n)s 个时段") % {"n": f"{counts['create']:,}"} if counts.get("create") else "",
        _("改 %(n)s 个时段") % {"n": f"{counts['change']:,}"} if counts.get("change") else "",
        _("停诊 %(n)s 个时段") % {"n": f"{counts['close']:,}"} if counts.get("close") else "",
        _("恢复 %(n)s 个时段") % {"n": f"{counts['reopen']:,}"} if counts.get("reopen") else "",
    ]
    said = _("，").join(part for part in parts if part)
    if not said and change.kind == "close":
        said = _("把这些日子记为停诊")
    return _("套用：%(what)s") % {"what": said} if said else ""


def warnings_of(change: QuotaChange) -> list[str]:
    """What looks wrong, as sentences."""
    words = {
        "many": _("有 %(sites)d 个接种点每天的号源比前四周多得多，最多的是原来的 %(times)d 倍，请核对。"),
        "past": _("有 %(slots)d 个时段已经开始或过去，不会动。"),
        "inactive": _("有 %(sites)d 个接种点没有启用，市民约不到。"),
        "beside": _("这些日子里另有 %(slots)d 个时段不在其中，保持不动。"),
    }
    return [words[row["what"]] % row for row in change.summary.get("warnings", [])]


def facts_of(change: QuotaChange) -> list[tuple[str, str]]:
    """What was asked for, as rows of a table."""
    params = change.params
    rows = [(_("接种点数"), str(len(change.site_ids))), (_("接种项目"), _programme(params))]
    if change.kind == "copy":
        rows += [(_("复制哪一周"), _day(params["source"])), (_("复制到"), "、".join(map(_day, params["targets"])))]
    else:
        first, last = _day(params["first"]), _day(params["last"])
        rows.append((_("日期"), first if first == last else f"{first} – {last}"))
    if params.get("begins") or params.get("ends"):
        rows.append((_("时间"), f"{(params['begins'] or '')[:5]} – {(params['ends'] or '')[:5]}"))
    rows += _plan_facts(params) if change.kind == "plan" else []
    rows += _number_facts(params) if change.kind == "set" else []
    if "overwrite" in params:
        rows.append((_("单独改过的"), _("也覆盖") if params["overwrite"] else _("保持不动")))
    if change.reason:
        rows.append((_("原因"), change.reason))
    return rows


def who_did(row: Mapping[str, Any]) -> str:
    """Why a slot was left, and by whose doing."""
    said = str(WHY[row["why"]])
    if row["why"] == "below":
        return _("%(said)s：要 %(wanted)d，已约 %(taken)d") % {"said": said, **row}
    if row.get("by"):
        return _("%(by)s %(at)s 改过") % {"by": row["by"], "at": row["at"]}
    return said


def _programme(params: Mapping[str, Any]) -> str:
    key = params.get("programme")
    programme = Programme.objects.filter(pk=key).first() if key else None
    return str(programme) if programme else _("全部项目")


def _plan_facts(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(_("号源模板"), params["plan_name"])]
    if params["skip"]:
        rows.append((_("不开"), "、".join(map(_day, params["skip"]))))
    for day, weekday in params["as_weekday"].items():
        # Any date of that weekday has its name: 2024 began on a Monday.
        name = date_format(date(2024, 1, weekday), "l")
        rows.append((_day(day), _("按%(weekday)s开") % {"weekday": name}))
    return rows


def _number_facts(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = [
        ("quota", _("每段号源数")),
        ("walk_in", _("留给现场")),
        ("community", _("留给社区")),
        ("doses", _("留给后续剂次")),
    ]
    return [(name, str(params[key])) for key, name in names if params.get(key) is not None]


def _day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "Y-m-d D")


def days_of(change: QuotaChange) -> str:
    """Its days, short."""
    params = change.params
    if change.kind == "copy":
        return f"{params['source']} → {'、'.join(params['targets'])}"
    first, last = str(params["first"]), str(params["last"])
    return first if first == last else f"{first} – {last}"
