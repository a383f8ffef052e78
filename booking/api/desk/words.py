"""What came of an act, in words for people at a desk."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from booking.api.errors import problem_of
from booking.operations.desk import answer as answers
from booking.operations.desk.answer import Answer

INVALID = _("这一条有内容不对，没有办。")
_SENT_AGAIN: dict[str, Any] = {
    answers.NOT_HERE: _("同一个人的前一步还没有传到，稍后会自动再传。"),
    answers.NOT_YOURS_TO_SEND: _("这一条是别人办的。请他本人或值班长登录后再传。"),
    answers.ERROR: _("服务器没有办成，稍后会自动再传。"),
}
_DONE: dict[str, Any] = {
    "on_time": _("已签到。请到候种区等叫号。"),
    "early": _("已签到，来早了一点。请到候种区等叫号。"),
    "late": _("已签到，来晚了一点。请到候种区等叫号。"),
    "revived": _("已签到。他原来记为未到。请到候种区等叫号。"),
    "already": _("已经签过到了。"),
    "already_left": _("已经记过离开了。"),
    "nothing_to_undo": _("没有可以撤销的签到。"),
}
# What was done without the network and does not fit into what we know: what it was, and who has to look at it.
_CONFLICT: dict[str, Any] = {
    "unknown": _("系统里没有这个预约号。请值班长核对。"),
    "not_your_post": _("已记下，但办的人当时没有这个岗位。请值班长核对。"),
    "other_site": _("他约的是别的接种点。请值班长处理。"),
    "other_day": _("他约的不是这一天。请值班长核对。"),
    "moved_meanwhile": _("断网期间他改了时间或地点。请值班长核对。"),
    "cancelled_meanwhile": _("断网期间这次预约取消了。请值班长核对。"),
    "already_booked": _("他又约了同一剂。请值班长处理。"),
    "checked_in_elsewhere": _("别的台已经给他签过到。请值班长核对。"),
    "fulfilled": _("这一剂已经打过了。请值班长处理。"),
    "no_visit": _("系统里没有他的签到，内容已经留下。请值班长核对。"),
    "no_dose": _("系统里还没有他的接种记录。请值班长核对。"),
    "not_checked_in": _("已记下，但系统里没有他的签到。请值班长核对。"),
    "not_done": _("已记下。别的台记了不接种，却打了。请值班长核对。"),
    "too_late": _("问诊来得太晚，接种已经记下。请值班长核对。"),
    "already_given": _("这一剂已经记过了，没有再记一次。请值班长核对。"),
    "unknown_batch": _("这个批号接种点没有登记过。请值班长核对批号。"),
    "wrong_vaccine": _("接种已记下，但打的不是约的疫苗。请医生处理。"),
    "batch_expired": _("接种已记下，但这批已过有效期。请医生处理。"),
    "batch_finished": _("接种已记下，但这批已标为用完。请核对批号。"),
    "batch_empty": _("接种已记下，但账上这批没有剩余。请核对批号。"),
    "dose_before_missing": _("接种已记下，但没有前一剂的记录。请医生核对。"),
    "too_early": _("接种已记下，但与上一剂间隔不够。请医生处理。"),
    "not_asked": _("接种已记下，但系统里没有问诊。请值班长核对。"),
    "deferred": _("接种已记下，但问诊结论不是可以接种。请医生处理。"),
    "reason_missing": _("已记下，但没有写原因。请值班长补上。"),
    "incomplete": _("已记下，但有一项没有填。请值班长核对。"),
    "cannot_undo": _("签到之后已经往下办，没有撤销。请值班长更正。"),
}
_OTHER_CONFLICT = _("和系统里的记录不一致，已经记下。请值班长处理。")


def words_of(answer: Answer, language: str) -> str:
    """The answer as a sentence: what came of the act, and what to do next. The caller has activated `language`."""
    if answer.refusal is not None:
        return problem_of(answer.refusal, language)[2]
    if answer.outcome == answers.CONFLICT:
        return conflict_words(answer.code)
    if answer.outcome == answers.DONE:
        return str(_DONE.get(answer.code, ""))
    return str(_SENT_AGAIN.get(answer.code, _SENT_AGAIN[answers.ERROR]))


def conflict_words(code: str) -> str:
    """What the conflict is, and that a person has to look at it."""
    return str(_CONFLICT.get(code, _OTHER_CONFLICT))
