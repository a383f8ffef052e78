"""How the admin's pages say things about draws."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.operations.refusals import Refusal
from booking.queries.draw_plan import DrawPlan
from booking.queries.draws import ANNOUNCED, CALLED_OFF, CLOSED, DRAWING, DRAWN, OPEN

STANDING = {
    ANNOUNCED: ("…", gettext_lazy("等登记开始")),
    OPEN: ("●", gettext_lazy("正在登记")),
    CLOSED: ("!", gettext_lazy("等公开数值")),
    DRAWING: ("…", gettext_lazy("正在摇号")),
    DRAWN: ("✓", gettext_lazy("已摇号")),
    CALLED_OFF: ("✕", gettext_lazy("已取消")),
}

# By the reasons of operations.draws.refusals.
_REFUSED = {
    "opens_in_the_past": gettext_lazy("登记开始要在现在以后：先公布，再登记。"),
    "closes_before_it_opens": gettext_lazy("登记截止要晚于登记开始。"),
    "days_in_wrong_order": gettext_lazy("结束日期不能早于开始日期。"),
    "days_before_it_closes": gettext_lazy("第一天要在登记截止那天以后，摇号和通知才来得及。"),
    "no_source": gettext_lazy("请写明公开数值的来源，两种文字都要。"),
    "not_by_draw": gettext_lazy("这个项目的放号方式不是摇号。请先改放号方式。"),
    "no_places": gettext_lazy("这些日子里没有号可摇。请先开号源，或改日期。"),
    "days_overlap": gettext_lazy("另一次还没摇的摇号已经用了其中的日子。请改日期。"),
    "previous_not_over": gettext_lazy("上一轮还没有摇完。"),
    "previous_has_next": gettext_lazy("上一轮已经有下一轮了。"),
    "not_closed": gettext_lazy("登记名单还没有封存。截止后一分钟内会自动封存，请稍候。"),
    "closed": gettext_lazy("登记名单已经封存，不能这样做了。"),
    "drawn": gettext_lazy("公开数值已经填过，不能再改。"),
    "called_off": gettext_lazy("这次摇号已经取消。"),
    "bad_value": gettext_lazy("公开数值要是一行文字，最多 200 个字。"),
}


def refused(refusal: Refusal) -> str:
    """Why a draw cannot be announced, drawn or called off."""
    reason = refusal.facts.get("reason")
    return str(_REFUSED[reason]) if reason in _REFUSED else _("现在不能这样做。请刷新后再看。")


def standing(name: str) -> str:
    """● 正在登记."""
    sign, text = STANDING[name]
    return f"{sign} {text}"


def warnings(plan: DrawPlan) -> Iterator[str]:
    """What looks wrong, as sentences."""
    if not plan.places:
        yield _("这些日子里没有号可摇。请先开号源，或改日期。")
    if plan.booked:
        words = ngettext(
            "这些日子里已经有 %(n)s 个预约，它们保持不变，不在摇号里。",
            "这些日子里已经有 %(n)s 个预约，它们保持不变，不在摇号里。",
            plan.booked,
        )
        yield words % {"n": f"{plan.booked:,}"}
    for name in plan.other_draws:
        yield _("“%(name)s”还没摇，用的日子有重叠。") % {"name": name}
    if plan.places and plan.people and plan.places >= plan.people:
        yield _("号比可以登记的人还多，可以考虑直接开放预约。")
