"""Each refusal as a sentence for people: what happened, and what to do next."""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from booking.operations import refusals
from booking.operations.alerts import refusals as of_alerts
from booking.operations.desk import refusals as of_desk
from booking.operations.draws import refusals as of_draws
from booking.operations.invitations import refusals as of_invitations
from booking.operations.outside_doses import refusals as of_outside_doses
from booking.operations.queues import refusals as of_queues
from booking.operations.refusals import Refusal
from booking.operations.releases import refusals as of_releases
from booking.operations.stock import refusals as of_stock
from booking.operations.touts import refusals as of_touts
from booking.operations.visits import refusals as of_visits
from booking.operations.waitlist import refusals as of_waitlist
from booking.operations.walk_ins import refusals as of_walk_ins
from booking.web.dates import clock, day, month_day

SENTENCES: dict[type[Refusal], Any] = {
    refusals.SlotFull: gettext_lazy("这个时间刚刚被约走了。请选别的时间。"),
    refusals.NotOpen: gettext_lazy("这个时间的号还没有放出。"),
    refusals.SlotClosed: gettext_lazy("这个时间不能再约了。请选别的时间。"),
    refusals.AlreadyBooked: gettext_lazy("这位接种人已经约了同一种疫苗。可以改那次的时间。"),
    refusals.HoldExpired: gettext_lazy("保留时间到了。请重新选一个时间。"),
    refusals.TooLate: gettext_lazy("已经过了可以这样做的时间。需要帮助请打电话。"),
    refusals.NoChangesLeft: gettext_lazy("这次预约不能再改了。可以取消后重新预约。"),
    refusals.WrongStatus: gettext_lazy("这次预约的状态变了，现在不能这样做。"),
    refusals.StillBooked: gettext_lazy("还有没打的预约。请先取消它们，或勾选一起取消。"),
    refusals.QuotaBelowTaken: gettext_lazy("号源数不能低于已有的预约数。"),
    of_visits.DoseBarred: gettext_lazy("这一剂现在不能打。医生可以写明原因后放行。"),
    of_visits.ReasonMissing: gettext_lazy("请写明原因，至少 4 个字。"),
    of_visits.Incomplete: gettext_lazy("有一项没有填。请补上再保存。"),
    of_waitlist.AlreadyWaiting: gettext_lazy("这位接种人已经由另一个账号候补了同一种疫苗。"),
    of_waitlist.OfferGone: gettext_lazy("这次通知已经不能答复了。"),
    of_waitlist.CannotBegin: gettext_lazy("现在不能开始叫余苗。"),
    of_draws.AlreadyEntered: gettext_lazy("这位接种人已经登记了这次摇号。一个人只能登记一次，不论用哪个账号。"),
    of_draws.NotEntering: gettext_lazy("现在不能登记。"),
    of_draws.WishRefused: gettext_lazy("请检查选的接种点和日期。"),
    of_draws.CannotAnnounce: gettext_lazy("不能这样公布摇号。"),
    of_draws.CannotDraw: gettext_lazy("现在不能摇号。"),
    of_invitations.ListRefused: gettext_lazy("这份名单现在不能这样做。"),
    of_outside_doses.DoseUnclear: gettext_lazy("有内容要改，请核对。"),
    of_outside_doses.DoseKnown: gettext_lazy("这一剂已经有记录，不用再录。"),
    of_outside_doses.DoseBooked: gettext_lazy("这一剂约在本市打。先取消那次预约，再录入。"),
    refusals.NotEligible: gettext_lazy("现在还不能约。"),
    refusals.NotYourTurn: gettext_lazy("现在还没有轮到。"),
    of_queues.QueuePlaceMissing: gettext_lazy("这次放号要先排队。排到了就能约，不会丢掉您选的。"),
    of_queues.QueuePlaceWrong: gettext_lazy("这位接种人在这次放号里还没有排队。请先排队。"),
    of_queues.QueueNotYet: gettext_lazy("还没有轮到。排队的位置给您留着。"),
    of_queues.QueueNotOpen: gettext_lazy("现在不能排队。"),
    of_queues.CannotSetQueue: gettext_lazy("排队不能这样设。请核对后再试。"),
    refusals.AlreadyExtended: gettext_lazy("保留时间已经延长过一次。请在到时间前确认。"),
    refusals.NoSecondPlace: gettext_lazy("下一剂要跟着顺延，但它的接种点没有够晚的空号。请先改下一剂，再改这一剂。"),
    refusals.RequestKeyReused: gettext_lazy("这一页已经用过了。请从头再来一次。"),
    refusals.NotSignedIn: gettext_lazy("请先登录。"),
    refusals.FileUnreadable: gettext_lazy("这个文件读不了。请用模板另存后再上传。"),
    of_stock.StockRefused: gettext_lazy("剂数对不上。请核对后再试。"),
    of_stock.DayNotOver: gettext_lazy("还有人没离开，或有出入没处理，先办完再日结。"),
    of_desk.NotYourPost: gettext_lazy("您在这里的岗位不能办这件事。请值班长来办。"),
    of_desk.NotCheckedIn: gettext_lazy("没有签到。"),
    of_desk.CannotUndo: gettext_lazy("不能撤销签到了。请值班长更正。"),
    refusals.NotFound: gettext_lazy("没有找到。请检查后再试。"),
    of_walk_ins.NoPlaceToday: gettext_lazy("今天没有现场号了。请选别的时间或别的接种点。"),
    of_walk_ins.HasAppointment: gettext_lazy("这一剂已经约了，不用再取号。"),
    of_walk_ins.PersonUnclear: gettext_lazy("有内容要改，请核对。"),
    of_touts.BookingLocked: gettext_lazy("这个账号的预约被停用了。已约好的照常；觉得不对可以申诉。"),
    of_alerts.AlertClaimed: gettext_lazy("别人先认领了这条警报。"),
    of_alerts.AlertOver: gettext_lazy("这条警报已经结束，或者已经处理过了。"),
    of_touts.AlreadyDecided: gettext_lazy("已经有人处理过了。请刷新后再看。"),
    of_touts.AppealMissing: gettext_lazy("请写明情况，至少 4 个字。"),
    refusals.ProofNeeded: gettext_lazy("现在人很多，请等一下，马上继续。"),
    refusals.Paused: gettext_lazy("现在暂停预约。"),
    of_releases.ModeNotSet: gettext_lazy("放号方式没有改。请重新打开这一页再试。"),
    refusals.Busy: gettext_lazy("现在人很多，您填的都还在。请过几秒再点一次。"),
}


def sentence(refusal: Refusal) -> str:
    """The refusal in words, with the facts that help: from when, until when, which day."""
    facts = refusal.facts
    if isinstance(refusal, refusals.NotOpen):
        opens_at = facts["opens_at"]
        when = {"day": day(opens_at), "time": clock(opens_at)}
        return _("这个时间的号 %(day)s %(time)s 放出。到时候再来。") % when
    if isinstance(refusal, refusals.NotEligible):
        return not_eligible(facts["reason"], facts.get("from_date"))
    if isinstance(refusal, refusals.NotYourTurn):
        return not_your_turn(facts["reason"], facts.get("from_time"))
    if isinstance(refusal, of_draws.NotEntering):
        return not_entering(facts["reason"], facts.get("from_time"))
    if isinstance(refusal, of_draws.WishRefused):
        return str(_WISH_REFUSED[facts["reason"]])
    if isinstance(refusal, of_queues.QueueNotOpen):
        return queue_not_open(facts["reason"], facts["lobby_from"])
    if isinstance(refusal, of_waitlist.OfferGone):
        return str(_OFFER_GONE[facts["reason"]])
    if isinstance(refusal, refusals.Paused):
        is_english = (get_language() or "").startswith("en")
        return f"{SENTENCES[refusals.Paused]}{' ' + facts['text_en'] if is_english else facts['text']}"
    return str(SENTENCES[type(refusal)])


_CANCEL_REFUSED = {
    refusals.TooLate: gettext_lazy("已经到了接种时间，不能再取消。来不了没关系，请打电话告诉我们。"),
    refusals.WrongStatus: gettext_lazy("已经签到或接种，不能再取消。需要帮助请打电话。"),
}
_RESTORE_REFUSED = {
    refusals.TooLate: gettext_lazy("可以恢复的时间过了，这个号已经放出去了。请重新预约。"),
    refusals.AlreadyBooked: gettext_lazy("取消以后又约了同一种疫苗，不用恢复。可以改那次的时间。"),
}


def cancel_refused(refusal: Refusal) -> str:
    """Why an appointment could not be cancelled."""
    return str(_CANCEL_REFUSED.get(type(refusal)) or sentence(refusal))


def restore_refused(refusal: Refusal) -> str:
    """Why a cancellation could not be undone."""
    return str(_RESTORE_REFUSED.get(type(refusal)) or sentence(refusal))


def not_eligible(reason: str, from_date: Any = None) -> str:
    """Why somebody may not have a dose, and the way round; `reason` as rules.eligibility names it."""
    if from_date is not None and reason == "too_early":
        return _("%(date)s 起可以约，与上一剂要隔够天数。") % {"date": month_day(from_date)}
    if from_date is not None and reason == "too_young":
        return _("年龄还没到，%(year)d 年 %(date)s 起可以约。") % {"year": from_date.year, "date": month_day(from_date)}
    return str(_REASONS[reason])


def not_your_turn(reason: str, from_time: datetime | None = None) -> str:
    """Why it is not somebody's turn, and what they can do; `reason` as rules.release_modes names it."""
    if from_time is not None:
        return _("您这一批 %(day)s %(time)s 起可以约。") % {"day": day(from_time), "time": clock(from_time)}
    return str(_TURNS[reason])


def not_entering(reason: str, from_time: datetime | None = None) -> str:
    """Why nobody can enter a draw, change or withdraw now; `reason` as operations.draws.refusals names it."""
    if from_time is not None:
        return _("登记 %(day)s %(time)s 开始。到时候再来。") % {"day": day(from_time), "time": clock(from_time)}
    return str(_NOT_ENTERING[reason])


_NOT_ENTERING = {
    "not_yet": gettext_lazy("登记还没有开始。"),
    "over": gettext_lazy("登记已经截止，不能再登记、更改或退出。"),
    "called_off": gettext_lazy("这次摇号取消了。有下一轮时，您的登记会自动带过去。"),
}
_WISH_REFUSED = {
    "no_site": gettext_lazy("请至少选一个接种点，或勾选服从调剂。"),
    "too_many_sites": gettext_lazy("最多选 5 个接种点，每个只选一次。"),
    "unknown_site": gettext_lazy("有一个接种点不在这次摇号里。请重新选。"),
    "unknown_day": gettext_lazy("有一天不在这次摇号的日期里。请重新选。"),
}


def queue_not_open(reason: str, lobby_from: datetime) -> str:
    """Why nobody can join the queue now; `reason` as operations.queues.join names it."""
    if reason == "early":
        return _("%(day)s %(time)s 起可以排队。") % {"day": day(lobby_from), "time": clock(lobby_from)}
    return str(_QUEUE_GONE[reason])


_QUEUE_GONE = {
    "over": gettext_lazy("这次排队结束了。不用排队，可以直接预约。"),
    "cancelled": gettext_lazy("这次放号不用排队了。请直接预约。"),
}

_TURNS = {
    "cohort_later": gettext_lazy("您这一批还没有开始。"),
    "cohort_over": gettext_lazy("您这一批的预约时间过了。可以登记候补，或打电话。"),
    "no_cohort": gettext_lazy("现在开放的批次里没有这位接种人。以后的批次会在这里公布。"),
    "not_invited": gettext_lazy("这种疫苗凭邀请预约。轮到时会给您发短信；邀请只对收到的人有效。"),
    "by_draw": gettext_lazy("这种疫苗摇号。请在登记时间内登记，中签后会为您约好。"),
}

_REASONS = {
    "too_young": gettext_lazy("年龄还没到。到年龄后就可以约。"),
    "too_old": gettext_lazy("超过了这种疫苗的年龄。请向接种点的医生咨询。"),
    "wrong_sex": gettext_lazy("这种疫苗现在只给女性接种。可以选别的疫苗。"),
    "wrong_district": gettext_lazy("只对部分区县的居民开放。请在“家人”里核对居住区县，或选别的疫苗。"),
    "series_complete": gettext_lazy("已经打完全部剂次，不用再约。"),
    "too_early": gettext_lazy("与上一剂要隔够天数。请选晚一些的日期。"),
    "next_dose_booked": gettext_lazy("离已经约好的下一剂太近。请选早一些的日期，或先改下一剂。"),
    "dose_before_missing": gettext_lazy("还没有约上一剂。请先约上一剂。"),
}

_OFFER_GONE = {
    "expired": gettext_lazy("答复的时间过了，已经让给下一位。您的候补还在。"),
    "declined": gettext_lazy("您已经答复不要，让给了下一位。您的候补还在。"),
    "withdrawn": gettext_lazy("接种点已经收回了。您的候补还在。"),
    "taken": gettext_lazy("已经有人要了。您的候补还在。"),
}
