"""Why something about a draw is refused, and what to do; by operations.draws.refusals."""

from django.utils.translation import gettext_lazy as _

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
