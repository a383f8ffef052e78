"""Each refusal as a status, and in words that say what to do next."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from booking.api.representation import near_slot
from booking.operations import refusals
from booking.operations.desk import refusals as of_desk
from booking.operations.queues import refusals as of_queues
from booking.operations.refusals import Refusal
from booking.operations.stock import refusals as of_stock
from booking.operations.visits import refusals as of_visits
from booking.operations.waitlist import refusals as of_waitlist
from booking.operations.walk_ins import refusals as of_walk_ins
from booking.queries.moments import moment
from booking.queries.nearest import NearSlot

STATUS: dict[type[Refusal], int] = {
    refusals.SlotFull: 409,
    refusals.NotOpen: 409,
    refusals.SlotClosed: 409,
    refusals.AlreadyBooked: 409,
    refusals.HoldExpired: 409,
    refusals.AlreadyExtended: 409,
    refusals.NoSecondPlace: 409,
    refusals.TooLate: 409,
    refusals.NoChangesLeft: 409,
    refusals.WrongStatus: 409,
    refusals.StillBooked: 409,
    of_waitlist.AlreadyWaiting: 409,
    of_waitlist.OfferGone: 409,
    of_waitlist.CannotBegin: 409,
    refusals.QuotaBelowTaken: 409,
    of_visits.DoseBarred: 409,
    of_visits.ReasonMissing: 422,
    of_visits.Incomplete: 422,
    of_walk_ins.NoPlaceToday: 409,
    of_walk_ins.HasAppointment: 409,
    refusals.NotEligible: 422,
    refusals.NotYourTurn: 409,
    of_queues.QueuePlaceMissing: 409,
    of_queues.QueuePlaceWrong: 409,
    of_queues.QueueNotYet: 409,
    of_queues.QueueNotOpen: 409,
    of_queues.CannotSetQueue: 422,
    of_walk_ins.PersonUnclear: 422,
    refusals.FileUnreadable: 422,
    of_stock.StockRefused: 422,
    of_stock.DayNotOver: 409,
    refusals.RequestKeyReused: 422,
    of_desk.NotCheckedIn: 409,
    of_desk.CannotUndo: 409,
    refusals.NotSignedIn: 401,
    of_desk.NotYourPost: 403,
    refusals.NotFound: 404,
    refusals.Paused: 503,
    refusals.Busy: 503,
}

WORDS: dict[type[Refusal], Any] = {
    refusals.SlotFull: _("这个时间已经约满了。请选别的时间或别的接种点。"),
    refusals.NotOpen: _("这个时间的号还没有放出。请在放号时间再来。"),
    refusals.SlotClosed: _("这个时间不能再约了。请选别的时间。"),
    refusals.AlreadyBooked: _("这位接种人已经约了同一种疫苗。可以改那次的时间，或先取消它。"),
    refusals.HoldExpired: _("保留时间到了，号已放回。请重新选一个时间。"),
    refusals.AlreadyExtended: _("保留时间已经延长过一次。请在到时间前确认。"),
    refusals.NoSecondPlace: _("下一剂要跟着顺延，但它的接种点没有够晚的空号。请先改下一剂，再改这一剂。"),
    refusals.TooLate: _("已经过了可以这样做的时间。需要帮助请打电话。"),
    refusals.NoChangesLeft: _("这次预约不能再改了。可以取消后重新预约。"),
    refusals.WrongStatus: _("这次预约现在的状态不能这样做。请刷新后再看。"),
    refusals.StillBooked: _("还有没打的预约。请先取消它们。"),
    of_waitlist.AlreadyWaiting: _("这位接种人已经由另一个账号候补了同一种疫苗。"),
    of_waitlist.OfferGone: _("这次通知已经不能答复了。候补还在，有余苗会再通知。"),
    of_waitlist.CannotBegin: _("现在不能开始叫余苗。"),
    refusals.QuotaBelowTaken: _("号源数不能低于已有的预约数。"),
    of_visits.DoseBarred: _("这一剂现在不能打。医生可以写明原因后放行。"),
    of_visits.ReasonMissing: _("请写明原因，至少 4 个字。"),
    of_visits.Incomplete: _("有一项没有填。请补上再保存。"),
    refusals.NotEligible: _("现在还不能约。"),
    refusals.NotYourTurn: _("现在还没有轮到。"),
    of_queues.QueuePlaceMissing: _("这次放号要排队。请先 POST queues/{queue}/places，再带着得到的 place 来。"),
    of_queues.QueuePlaceWrong: _("带来的排队位置不是这个人在这次放号里的。请重新排队。"),
    of_queues.QueueNotYet: _("还没有轮到。请在 let_in_at 以后再来；没有这个时间，就是还没有放号。"),
    of_queues.QueueNotOpen: _("现在不能排队。"),
    of_queues.CannotSetQueue: _("排队不能这样设。请核对后再试。"),
    refusals.RequestKeyReused: _("这个请求编号已经用于另一个请求。请换一个新的编号。"),
    refusals.NotSignedIn: _("请先登录。"),
    refusals.FileUnreadable: _("这个文件读不了。请用模板另存后再上传。"),
    of_stock.StockRefused: _("剂数对不上。请核对后再试。"),
    of_stock.DayNotOver: _("还有人没离开，或有出入没处理，先办完再日结。"),
    refusals.NotFound: _("没有找到。请检查后再试。"),
    of_walk_ins.NoPlaceToday: _("今天没有现场号了。请登记候补，或看附近接种点的号。"),
    of_walk_ins.HasAppointment: _("这个人已经约了这一剂，不用再取号。"),
    of_walk_ins.PersonUnclear: _("有内容要改，请看 errors。"),
    refusals.Paused: _("现在暂停预约。"),
    of_desk.NotYourPost: _("您在这里的岗位不能办这件事。请值班长来办。"),
    of_desk.NotCheckedIn: _("没有签到。"),
    of_desk.CannotUndo: _("不能撤销签到了。请值班长更正。"),
    refusals.Busy: _("现在人很多，您的请求没有丢。请过几秒用同一个请求编号再试。"),
}

# A pause lasts minutes at least.
_PAUSED_SECONDS = 60

NEXT_STEP = {
    "too_young": _("到年龄后就可以约。"),
    "too_old": _("请向接种点的医生咨询。"),
    "wrong_sex": _("请选别的接种项目。"),
    "wrong_district": _("请选对您居住区县开放的接种项目。"),
    "series_complete": _("已经打完全部剂次，不用再约。"),
    "too_early": _("请选与上一剂间隔够了的日期。"),
    "next_dose_booked": _("离已经约好的下一剂太近。请选早一些的日期，或先改下一剂。"),
    "dose_before_missing": _("还没有约上一剂。请先约上一剂。"),
}

TURNS = {
    "cohort_later": _("这一批还没有开始。请在 from_time 以后再约。"),
    "cohort_over": _("这一批的预约时间过了。可以登记候补。"),
    "no_cohort": _("现在开放的批次里没有这位接种人。"),
    "not_invited": _("这种疫苗凭邀请预约，邀请只对收到的人有效。"),
    "by_draw": _("这种疫苗摇号。请在登记时间内登记。"),
}

# Why somebody at the desk is not checked in, and what to do; by rules.check_in.
NOT_CHECKED_IN = {
    "too_early": _("来早了。可以请他到时间再来，或收下他。"),
    "too_late": _("来晚了。可以收下他，或请值班长决定。"),
    "other_day": _("不是今天的预约。今天有空号可以改到现在。"),
    "other_site": _("约的是别的接种点。请告诉他地点和时间。"),
    "cancelled": _("这次预约已经取消。可以现场取号。"),
    "already": _("已经签过到了。"),
    "fulfilled": _("这一剂已经打过了。"),
    "not_ours": _("这不是预约码。请他打开预约页的二维码，或手工查找。"),
    "not_in_list": _("没有这个预约号。请核对，或手工查找。"),
}
CANNOT_UNDO = {
    "time": _("签到已经超过可以撤销的时间。请值班长更正。"),
    "desk": _("这次签到是别的台办的。请到那个台撤销，或请值班长更正。"),
    "progress": _("已经往下办了，不能撤销签到。请值班长更正。"),
}


STOCK_REASONS = {
    "unknown_vaccine": _("没有这种疫苗。请从列表里选。"),
    "expired": _("这一批过期了，不能入库。请另放，按报废处理。"),
    "other_expiry": _("这个批号已经登记过，有效期不一样。请再看一眼包装。"),
    "number_of_doses": _("剂数应在 1 到 100000 之间。"),
    "no_reason": _("请写明原因，至少 4 个字。"),
    "more_than_left": _("比剩下的还多。请先核对剩余剂数。"),
    "key_reused": _("这一笔已经记过，内容不一样。请刷新后再看。"),
    "not_counted": _("还有批次没有清点。请填上实际剩余的剂数。"),
    "not_explained": _("清点的和账上的不一样。请写明原因，至少 4 个字。"),
}
CANNOT_BEGIN = {
    "running": _("这个项目正在叫余苗。请先等它结束，或停止它。"),
    "no_slot": _("这个接种点今天没有这个项目的时段，不能叫余苗。"),
    "too_soon": _("最晚到达时间要在 20 分钟以后，好让人答复和赶来。"),
    "not_today": _("最晚到达时间要在今天。"),
    "quiet": _("21:00 到 8:00 不打扰人，不能叫余苗。"),
}
QUEUE_NOT_OPEN = {
    "early": _("还不能排队。请在 lobby_from 以后再来。"),
    "over": _("这次排队结束了，可以直接预约。"),
    "cancelled": _("这次放号不用排队了，请直接预约。"),
}
_BY_REASON: dict[type[Refusal], dict[str, Any]] = {
    of_desk.NotCheckedIn: NOT_CHECKED_IN,
    of_desk.CannotUndo: CANNOT_UNDO,
    of_waitlist.CannotBegin: CANNOT_BEGIN,
    refusals.NotYourTurn: TURNS,
    of_queues.QueueNotOpen: QUEUE_NOT_OPEN,
    of_stock.StockRefused: STOCK_REASONS,
}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, NearSlot):
        return near_slot(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def problem_of(refusal: Refusal, language: str) -> tuple[int, str, str, dict[str, Any], dict[str, str]]:
    """Status, code, detail, facts and headers. The caller has activated `language`."""
    # A problem's `status` is the HTTP one; how an appointment stands is asked for with GET.
    facts = {name: _plain(value) for name, value in refusal.facts.items() if name not in ("what", "status")}
    headers: dict[str, str] = {}
    detail = str(WORDS[type(refusal)])
    if isinstance(refusal, refusals.NotEligible):
        facts["next_step"] = str(NEXT_STEP[refusal.facts["reason"]])
        facts = {name: value for name, value in facts.items() if value is not None}
        detail = f"{detail}{facts['next_step']}" if language != "en" else f"{detail} {facts['next_step']}"
    by_reason = _BY_REASON.get(type(refusal))
    if by_reason is not None:
        detail = str(by_reason[refusal.facts["reason"]])
    if isinstance(
        refusal, refusals.AlreadyBooked | refusals.NotYourTurn | of_queues.QueueNotYet | of_walk_ins.HasAppointment
    ):
        facts = {name: value for name, value in facts.items() if value is not None}
    if isinstance(refusal, refusals.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, refusals.Paused):
        text, text_en = facts.pop("text"), facts.pop("text_en")
        detail = f"{detail}{text}" if language != "en" else f"{detail} {text_en}"
        headers["Retry-After"] = str(_PAUSED_SECONDS)
    if isinstance(refusal, refusals.Busy):
        headers["Retry-After"] = str(facts.pop("retry_after"))
    return STATUS[type(refusal)], refusal.code, detail, facts, headers
