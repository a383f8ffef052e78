"""What pages and API say alike."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def code_wrong(tries_left: int) -> str:
    """That the code is wrong, and how often one may still try."""
    if not tries_left:
        return _("验证码不对或已过期，请重新获取。")
    words = ngettext("验证码不对，还可以再试 %(left)d 次。", "验证码不对，还可以再试 %(left)d 次。", tries_left)
    return words % {"left": tries_left}
