"""How a programme is released and whose turn it is, in words for citizens, with the page that leads on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from booking.models import ReleaseMode
from booking.queries.my_turns import Turn
from booking.queries.programmes import ProgrammeRow
from booking.rules.release_modes import OVER
from booking.rules.release_setting import NamedCohort
from booking.web.dates import clock, day
from booking.web.wording import not_your_turn

# How many cohorts a line names before it only says that there are more.
_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class TurnWords:
    """What is said of somebody's turn; `href` leads on with `link` on it, both empty where nothing does."""

    text: str
    href: str = ""
    link: str = ""


def whose_turn(turn: Turn, programme: ProgrammeRow, patient_id: UUID, now: datetime) -> TurnWords | None:
    """What to tell a patient of their turn; None where there is nothing to say: they may book, with no end to it."""
    if turn.no is None:
        return TurnWords(_may_until(programme, turn.until)) if turn.until else None
    if programme.release_mode == ReleaseMode.DRAW:
        return _by_draw(turn, programme, now)
    text = not_your_turn(turn.no.reason, turn.no.from_time)
    if turn.no.reason == OVER:
        return TurnWords(text, reverse("join_waitlist", args=[patient_id, programme.code]), _("登记候补"))
    return TurnWords(text)


def way_of_release(programme: ProgrammeRow, now: datetime) -> str:
    """How the programme is released, for everybody to read; empty where it is simply open."""
    if programme.release_mode == ReleaseMode.COHORT:
        return _cohorts_now(programme.cohorts, now)
    if programme.release_mode == ReleaseMode.INVITATION:
        return _("凭邀请预约。轮到时给您发短信，不用一直来看。")
    if programme.release_mode == ReleaseMode.DRAW:
        return _draw_now(programme, now)
    return ""


def cohort_lines(programme: ProgrammeRow, now: datetime) -> list[dict[str, object]]:
    """Every cohort that is not over, with when its people may book."""
    return [
        {"name": _named(one), "when": window(one), "is_open": one.rule.is_open(now)}
        for one in programme.cohorts
        if one.rule.closes_at is None or one.rule.closes_at > now
    ]


def window(cohort: NamedCohort) -> str:
    """12 月 1 日 周二 08:00 到 12 月 2 日 周三 08:00."""
    rule = cohort.rule
    if rule.closes_at is None:
        return _("%(from)s 起") % {"from": when(rule.opens_at)}
    return _("%(from)s 到 %(to)s") % {"from": when(rule.opens_at), "to": when(rule.closes_at)}


def when(at: datetime) -> str:
    """12 月 1 日 周二 08:00."""
    return f"{day(at)} {clock(at)}"


def draws_page() -> str:
    """The page of draws; empty in an installation without one."""
    try:
        return reverse("draws")
    except NoReverseMatch:
        return ""


def _may_until(programme: ProgrammeRow, until: datetime) -> str:
    if programme.release_mode == ReleaseMode.INVITATION:
        return _("收到邀请，可以约到 %(when)s") % {"when": when(until)}
    return _("轮到了，可以约到 %(when)s") % {"when": when(until)}


def _by_draw(turn: Turn, programme: ProgrammeRow, now: datetime) -> TurnWords:
    page = draws_page()
    if turn.is_entered:
        return TurnWords(_("已登记，等摇号。结果会发短信给您。"), page, _("看我的登记") if page else "")
    return TurnWords(_draw_now(programme, now), page, _("摇号登记") if page else "")


def _draw_now(programme: ProgrammeRow, now: datetime) -> str:
    draw = programme.draw
    if draw is None:
        return _("摇号预约。下一轮登记的时间定了，会在这里公布。")
    if now < draw.opens_at:
        text = _("摇号预约，%(from)s 开始登记，到 %(to)s 为止。早登记晚登记机会一样。")
        return text % {"from": when(draw.opens_at), "to": when(draw.closes_at)}
    if now < draw.closes_at:
        return _("摇号预约，登记到 %(to)s 为止。早登记晚登记机会一样。") % {"to": when(draw.closes_at)}
    return _("摇号预约，这一轮登记截止了，正在摇号。")


def _cohorts_now(cohorts: tuple[NamedCohort, ...], now: datetime) -> str:
    open_now = [one for one in cohorts if one.rule.is_open(now)]
    later = [one for one in cohorts if one.rule.opens_at > now]
    parts = []
    if open_now:
        parts.append(_("分批预约，现在轮到：%(names)s。") % {"names": _some(open_now)})
    if later:
        then = [one for one in later if one.rule.opens_at == later[0].rule.opens_at]
        text = _("接着 %(when)s：%(names)s。") if open_now else _("分批预约，%(when)s 开始：%(names)s。")
        parts.append(text % {"when": when(later[0].rule.opens_at), "names": _some(then)})
    return " ".join(parts) if parts else _("分批预约，各批的时间都过了。下一批定了会在这里公布。")


def _some(cohorts: list[NamedCohort]) -> str:
    names = [_named(one) for one in cohorts]
    if len(names) <= _MOST_NAMED:
        return _("、").join(names)
    return _("%(names)s 等 %(n)d 批") % {"names": _("、").join(names[:_MOST_NAMED]), "n": len(names)}


def _named(cohort: NamedCohort) -> str:
    is_english = (get_language() or "").startswith("en")
    return (cohort.name_en or cohort.name) if is_english else cohort.name
