"""A way of release in words for administrators: who may book when, what to mind, what becomes of who has a place."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from booking.models import Programme, ReleaseMode
from booking.queries.release_preview import Ahead, good_invitations_to, next_draw_closes_at
from booking.rules.cohort_gaps import LeftOut, left_out, shared, stretches
from booking.rules.release_modes import CohortRule
from booking.rules.release_setting import NamedCohort, ReleaseSetting

MODES: dict[str, Any] = {
    ReleaseMode.OPEN: gettext_lazy("到了放号时间，符合条件的人都可以约，先到先得。"),
    ReleaseMode.COHORT: gettext_lazy("按证件尾号或生日分批，每批有自己的时间。"),
    ReleaseMode.INVITATION: gettext_lazy("只有收到邀请、还没过期的人可以约。"),
    ReleaseMode.DRAW: gettext_lazy("先登记，再摇号，中签的直接约好。没人能自己抢。"),
}
_MOST_LINES = 6


def named(cohort: NamedCohort) -> str:
    """The cohort's name in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return (cohort.name_en or cohort.name) if is_english else cohort.name


def at(moment: datetime) -> str:
    """12-01 08:00."""
    return f"{moment:%m-%d %H:%M}"


def until(starts_at: datetime, ends_at: datetime | None) -> str:
    """12-01 08:00 – 12-02 08:00."""
    if ends_at is None:
        return _("%(from)s 起") % {"from": at(starts_at)}
    return f"{at(starts_at)} – {at(ends_at)}"


def whom(rule: CohortRule) -> str:
    """尾号 1、2，1960-01-01 及以后出生."""
    parts = [_("尾号 %(digits)s") % {"digits": _("、").join(sorted(rule.digits))}] if rule.digits else []
    born = _born(rule.born_from, rule.born_until)
    if born:
        parts.append(born)
    return _("，").join(parts) if parts else _("所有人")


def timeline(setting: ReleaseSetting, *, now: datetime, last: datetime) -> list[dict[str, Any]]:
    """Who may book from now to the last slot, one row for each stretch."""
    names = [named(one) for one in setting.cohorts]
    return [
        {
            "when": until(one.starts_at, one.ends_at),
            "who": _("、").join(names[n] for n in one.cohorts),
            "nobody": not one.cohorts,
        }
        for one in stretches(setting.rules, first=now, last=last)
    ]


def fates(before: ReleaseSetting, after: ReleaseSetting, found: Ahead) -> list[str]:
    """What becomes of those who have, or are taking, a place."""
    booked = ngettext("已约好的 %(n)d 个预约都不变。", "已约好的 %(n)d 个预约都不变。", found.taken)
    lines = [booked % {"n": found.taken} if found.taken else _("现在没有人约好。")]
    if after.mode == ReleaseMode.OPEN:
        return lines
    text = _("正在确认的人，号保留着的 %(minutes)d 分钟内照样能约成。")
    lines.append(text % {"minutes": settings.HOLD_SECONDS // 60})
    lines.append(_("约好的人改时间、现场取号、接受候补通知，不受放号方式限制。"))
    if before.mode == ReleaseMode.OPEN:
        lines.append(_("现在随时能约的人，改了以后没轮到就约不了；页面会告诉他们什么时候轮到。"))
    return lines


def warnings(setting: ReleaseSetting, programme: Programme, found: Ahead, *, now: datetime) -> list[str]:
    """What is likely not meant."""
    lines = [] if found.last else [_("前面没有已发布的号。没有号，轮到的人也约不了。")]
    if setting.mode == ReleaseMode.INVITATION and not good_invitations_to(programme, now=now):
        lines.append(_("还没有已发出、没过期的邀请：改了以后谁都约不了。请先发邀请名单。"))
    if setting.mode == ReleaseMode.DRAW and next_draw_closes_at(programme, now=now) is None:
        lines.append(_("还没有公布摇号：改了以后谁都约不了，也没处登记。请先公布一轮摇号。"))
    if setting.mode == ReleaseMode.COHORT:
        lines += _of_cohorts(setting, programme, found, now=now)
    return lines


def _of_cohorts(setting: ReleaseSetting, programme: Programme, found: Ahead, *, now: datetime) -> list[str]:
    today = now.date()
    over = [named(one) for one in setting.cohorts if one.rule.closes_at and one.rule.closes_at <= now]
    lines = [_("“%(name)s”的时间已经过了。") % {"name": name} for name in over]
    born_from = date(max(today.year - programme.max_age - 1, 1), 1, 1)
    born_until = date(max(today.year - programme.min_age, born_from.year), 12, 31)
    nowhere = left_out(setting.rules, born_from=born_from, born_until=born_until)
    lines += [_nobodys(one) for one in nowhere[:_MOST_LINES]]
    if found.last and found.last > now:
        empty = [one for one in stretches(setting.rules, first=now, last=found.last) if not one.cohorts]
        text = _("%(when)s 谁都不能约。")
        lines += [text % {"when": until(one.starts_at, one.ends_at)} for one in empty[:_MOST_LINES]]
    return [*lines, *_overlaps(setting.cohorts)]


def _nobodys(one: LeftOut) -> str:
    born = _born(one.born_from, one.born_until)
    digits = _("尾号 %(digits)s") % {"digits": _("、").join(one.digits)} if len(one.digits) < 10 else ""
    who = _("，").join(part for part in (digits, born) if part) or _("所有人")
    return _("%(who)s：不在任何一批，一直约不了。") % {"who": who}


def _overlaps(cohorts: Sequence[NamedCohort]) -> list[str]:
    rules = [one.rule for one in cohorts]
    others: dict[int, list[str]] = {}
    for first, second in shared(rules):
        others.setdefault(second, []).append(named(cohorts[first]))
    text = _("“%(name)s”与“%(others)s”有同样的人：他们在每一批的时间里都可以约。")
    return [
        text % {"name": named(cohorts[n]), "others": _("”“").join(names)}
        for n, names in list(others.items())[:_MOST_LINES]
    ]


def _born(born_from: date | None, born_until: date | None) -> str:
    if born_from and born_until:
        return _("%(from)s 到 %(to)s 出生") % {"from": born_from, "to": born_until}
    if born_from:
        return _("%(from)s 及以后出生") % {"from": born_from}
    return _("%(to)s 及以前出生") % {"to": born_until} if born_until else ""
