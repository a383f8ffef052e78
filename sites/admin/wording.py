"""What the pages about offices say to a refusal."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.inviting import AlreadyThere
from sites.offices import HasItAlready, MayNotGive, OfficeRefused, OneRoleOnly, OwnLastOffice

_SENTENCES = {
    MayNotGive: gettext_lazy("您不能授予或收回这个权限，因为它不在您负责的范围内。"),
    HasItAlready: gettext_lazy("这个账号已经有了，不用再授权。"),
    OneRoleOnly: gettext_lazy("一个账号只能有一种管理角色。请先停用原来的，或给这个人另开一个账号。"),
    OwnLastOffice: gettext_lazy("不能停用自己最后一个职务，否则您就进不来了。请让另一位管理员来做。"),
}


def sentence(refusal: OfficeRefused) -> str:
    """What happened, and what to do."""
    if isinstance(refusal, AlreadyThere):
        words = _("这个手机号在这里已有账号 %(username)s，没有再开。没收到短信的话，请在列表里打开它，再发一次邀请。")
        return words % {"username": refusal.username}
    return str(_SENTENCES[type(refusal)])
