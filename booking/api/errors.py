"""Each refusal as a status, and in words that say what to do next."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from booking.api import reasons
from booking.api.representation import near_slot
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
    of_draws.AlreadyEntered: 409,
    of_draws.NotEntering: 409,
    of_draws.WishRefused: 422,
    of_draws.CannotAnnounce: 422,
    of_draws.CannotDraw: 409,
    of_invitations.ListRefused: 409,
    refusals.QuotaBelowTaken: 409,
    of_visits.DoseBarred: 409,
    of_visits.ReasonMissing: 422,
    of_visits.Incomplete: 422,
    of_walk_ins.NoPlaceToday: 409,
    of_walk_ins.HasAppointment: 409,
    of_outside_doses.DoseUnclear: 422,
    of_outside_doses.DoseKnown: 409,
    of_outside_doses.DoseBooked: 409,
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
    of_touts.BookingLocked: 403,
    of_alerts.AlertClaimed: 409,
    of_alerts.AlertOver: 409,
    of_touts.AlreadyDecided: 409,
    of_touts.AppealMissing: 422,
    refusals.ProofNeeded: 428,
    refusals.NotSignedIn: 401,
    of_desk.NotYourPost: 403,
    refusals.NotFound: 404,
    refusals.Paused: 503,
    of_releases.ModeNotSet: 409,
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
    of_waitlist.OfferGone: _("这次通知已经不能答复了。候补还在，轮到时会再通知。"),
    of_waitlist.CannotBegin: _("现在不能开始叫余苗。"),
    of_draws.AlreadyEntered: _("这位接种人已经登记了这次摇号。一个人只能登记一次。"),
    of_draws.NotEntering: _("现在不能登记。"),
    of_draws.WishRefused: _("请检查选的接种点和日期。"),
    of_draws.CannotAnnounce: _("不能这样公布摇号。"),
    of_draws.CannotDraw: _("现在不能摇号。"),
    of_invitations.ListRefused: _("这份名单现在不能这样做。"),
    refusals.QuotaBelowTaken: _("号源数不能低于已有的预约数。"),
    of_visits.DoseBarred: _("这一剂现在不能打。医生可以写明原因后放行。"),
    of_visits.ReasonMissing: _("请写明原因，至少 4 个字。"),
    of_visits.Incomplete: _("有一项没有填。请补上再保存。"),
    of_outside_doses.DoseUnclear: _("有内容要改，请看 errors。"),
    of_outside_doses.DoseKnown: _("这一剂已经有记录，不用再录。"),
    of_outside_doses.DoseBooked: _("这一剂约在本市打。先取消那次预约，再录入。"),
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
    of_touts.BookingLocked: _("这个账号的预约被停用了。已约好的照常；觉得不对可以申诉。"),
    of_alerts.AlertClaimed: _("别人先认领了这条警报。"),
    of_alerts.AlertOver: _("这条警报已经结束，或者已经处理过了。"),
    of_touts.AlreadyDecided: _("已经有人处理过了。请刷新后再看。"),
    of_touts.AppealMissing: _("请写明情况，至少 4 个字。"),
    refusals.ProofNeeded: _("现在人很多。请解出 challenge 后带着 proof 再发，或等 wait_seconds 秒后用 wait 作 proof。"),
    refusals.Paused: _("现在暂停预约。"),
    of_desk.NotYourPost: _("您在这里的岗位不能办这件事。请值班长来办。"),
    of_desk.NotCheckedIn: _("没有签到。"),
    of_desk.CannotUndo: _("不能撤销签到了。请值班长更正。"),
    of_releases.ModeNotSet: _("放号方式没有改。请重新打开这一页再试。"),
    refusals.Busy: _("现在人很多，您的请求没有丢。请过几秒用同一个请求编号再试。"),
}

# Facts of these that are not known, or not told, are left out.
_MAY_KNOW_LESS = (
    refusals.AlreadyBooked,
    refusals.NotYourTurn,
    of_queues.QueueNotYet,
    of_draws.AlreadyEntered,
    of_draws.NotEntering,
    of_walk_ins.HasAppointment,
)

# A pause lasts minutes at least.
_PAUSED_SECONDS = 60

_BY_REASON: dict[type[Refusal], dict[str, Any]] = {
    of_desk.NotCheckedIn: reasons.NOT_CHECKED_IN,
    of_desk.CannotUndo: reasons.CANNOT_UNDO,
    of_waitlist.CannotBegin: reasons.CANNOT_BEGIN,
    of_draws.NotEntering: reasons.NOT_ENTERING,
    of_draws.WishRefused: reasons.WISH_REFUSED,
    of_draws.CannotAnnounce: reasons.CANNOT_ANNOUNCE,
    of_draws.CannotDraw: reasons.CANNOT_DRAW,
    refusals.NotYourTurn: reasons.TURNS,
    of_queues.QueueNotOpen: reasons.QUEUE_NOT_OPEN,
    of_stock.StockRefused: reasons.STOCK_REASONS,
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
        facts["next_step"] = str(reasons.NEXT_STEP[refusal.facts["reason"]])
        facts = {name: value for name, value in facts.items() if value is not None}
        detail = f"{detail}{facts['next_step']}" if language != "en" else f"{detail} {facts['next_step']}"
    by_reason = _BY_REASON.get(type(refusal))
    if by_reason is not None:
        detail = str(by_reason[refusal.facts["reason"]])
    if isinstance(refusal, _MAY_KNOW_LESS):
        facts = {name: value for name, value in facts.items() if value is not None}
    if isinstance(refusal, of_outside_doses.DoseUnclear):
        facts["errors"] = [
            {"field": field, "message": str(reasons.OUTSIDE_DOSE[reason])} for field, reason in refusal.facts["errors"]
        ]
    if isinstance(refusal, refusals.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, refusals.Paused):
        text, text_en = facts.pop("text"), facts.pop("text_en")
        detail = f"{detail}{text}" if language != "en" else f"{detail} {text_en}"
        headers["Retry-After"] = str(_PAUSED_SECONDS)
    if isinstance(refusal, refusals.Busy):
        headers["Retry-After"] = str(facts.pop("retry_after"))
    return STATUS[type(refusal)], refusal.code, detail, facts, headers
