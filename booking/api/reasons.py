"""Why something is refused, and what to do next, by the reason that the refusal names."""

from django.utils.translation import gettext_lazy as _

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
# What of a dose that was given elsewhere cannot be right; by rules.outside_dose.
OUTSIDE_DOSE = {
    "blank": _("请填写。"),
    "no_such_dose": _("这个接种项目没有这一剂。"),
    "in_the_future": _("接种日期不能在今天之后。"),
    "before_birth": _("接种日期早于出生日期，请核对。"),
    "out_of_order": _("和已有的剂次先后不对，请核对剂次和日期。"),
}
QUEUE_NOT_OPEN = {
    "early": _("还不能排队。请在 lobby_from 以后再来。"),
    "over": _("这次排队结束了，可以直接预约。"),
    "cancelled": _("这次放号不用排队了，请直接预约。"),
}

# Of a draw; by operations.draws.refusals.
NOT_ENTERING = {
    "not_yet": _("登记还没有开始。请在 from_time 以后再来。"),
    "over": _("登记已经截止，不能再登记、更改或退出。"),
    "called_off": _("这次摇号已经取消。"),
}
WISH_REFUSED = {
    "no_site": _("请至少选一个接种点，或选服从调剂。"),
    "too_many_sites": _("最多选 5 个接种点，每个只选一次。"),
    "unknown_site": _("有一个接种点不在这次摇号里。请重新选。"),
    "unknown_day": _("有一天不在这次摇号的日期里。请重新选。"),
}
CANNOT_ANNOUNCE = {
    "not_by_draw": _("这个项目的放号方式不是摇号。请先改放号方式。"),
    "opens_in_the_past": _("登记开始的时间要在现在以后。"),
    "closes_before_it_opens": _("登记截止要晚于登记开始。"),
    "days_in_wrong_order": _("最后一天不能早于第一天。"),
    "days_before_it_closes": _("接种日期要在登记截止那天以后。"),
    "no_source": _("请写明公开数值的来源，中文和英文都要。"),
    "no_places": _("这些日期里没有这个项目的号。请先放出时段。"),
    "days_overlap": _("这些日期里还有一次没有摇完的摇号。请换日期。"),
    "previous_not_over": _("上一轮还没有摇完。"),
    "previous_has_next": _("上一轮已经有了下一轮。"),
}
CANNOT_DRAW = {
    "not_closed": _("登记还没有封存，不能摇号。"),
    "drawn": _("已经用另一个公开数值摇过号了，结果不能改。"),
    "called_off": _("这次摇号已经取消。"),
    "bad_value": _("公开数值要填一行文字，最多 200 个字。"),
}
