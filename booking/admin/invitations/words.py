"""How a list stands, what speaks against sending it, and why something cannot be done with it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.queries.invitations.lists import DRAFT, OVER, SENDING, SENT, WITHDRAWN, Figures, Preview

# A sign beside the word, so that a state is known without its colour.
STAGES: dict[str, tuple[str, Any]] = {
    DRAFT: ("○", gettext_lazy("没有发出")),
    SENDING: ("▶", gettext_lazy("正在发")),
    SENT: ("✓", gettext_lazy("已发出")),
    OVER: ("■", gettext_lazy("已截止")),
    WITHDRAWN: ("✕", gettext_lazy("已收回")),
}

_WARNINGS = {
    "not_by_invitation": gettext_lazy("这个项目现在不是凭邀请放号：没有收到邀请的人也能约，或者收到也不能约。"),
    "inactive": gettext_lazy("这个接种项目没有启用，谁也约不了。"),
    "soon_over": gettext_lazy("不到 24 小时就截止了。"),
    "no_places": gettext_lazy("截止前没有一个空号。请先安排号源。"),
    "few_places": gettext_lazy("空号比人少：不是每个人都能约上。"),
    "unreachable": gettext_lazy("有人既没有手机号，也没有账号：系统通知不到，请另外告诉他们。"),
    "booked": gettext_lazy("有人已经约了或打完了：不会通知他们。"),
    "invited_already": gettext_lazy("有人在别的名单里已经收到邀请，还没有约：会再收到一次。"),
}

REFUSED = {
    "sent": gettext_lazy("这份名单已经发出过。"),
    "not_sent": gettext_lazy("这份名单还没有发出。"),
    "nobody": gettext_lazy("名单里没有人。请先导入，或换一个条件再建。"),
    "over": gettext_lazy("截止时间已过。请另建一份名单。"),
    "importing": gettext_lazy("还有文件正在导入。请等它完成。"),
    "sending": gettext_lazy("还没有发完。请等发完再提醒。"),
    "withdrawn": gettext_lazy("已经收回了。"),
    "reminded": gettext_lazy("已经提醒过一次。"),
    "too_late": gettext_lazy("收回已超过一小时，不能撤销。请另建一份名单。"),
}


def warnings(seen: Preview) -> list[str]:
    """What to think about before it is sent."""
    return [str(_WARNINGS[code]) for code in seen.warnings]


def counts(seen: Preview) -> list[tuple[str, int, bool]]:
    """The numbers of the preview: name, number, and whether it is one of the two that are compared.

    Of the others only those that are not zero.
    """
    found = [
        (_("名单里的人"), seen.people, True),
        (_("截止前能约到的空号"), seen.places, True),
        (_("没有手机号"), seen.without_phone, False),
        (_("手机号和账号都没有"), seen.unreachable, False),
        (_("已经约了"), seen.booked, False),
        (_("已经打完"), seen.complete, False),
        (_("别的名单邀请过"), seen.invited_already, False),
        (_("别的名单里还没约的人"), seen.others, False),
    ]
    return [row for row in found if row[1] or row[2]]


def results(told: Figures) -> list[tuple[str, int, bool]]:
    """The numbers since it was sent, as above."""
    return [
        (_("名单里的人"), told.people, False),
        (_("已发出消息"), told.sent, False),
        (_("打开过"), told.opened, False),
        (_("约上了"), told.booked, True),
        (_("还没约"), told.left, True),
        (_("收回"), told.withdrawn, False),
    ]


def people(number: int) -> str:
    """120 人."""
    return ngettext("%(n)d 人", "%(n)d 人", number) % {"n": number}
