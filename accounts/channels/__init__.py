"""The ways a message leaves: one small adapter each. The settings SMS_CHANNEL and EMAIL_HOST choose."""

from collections.abc import Callable

from django.conf import settings

from accounts.channels import aliyun, console, email, http, tencent
from accounts.channels.outgoing import NotSent, Outgoing, template_of, written

__all__ = ["NotSent", "Outgoing", "send", "template_of", "written"]

_SMS: dict[str, Callable[[Outgoing], None]] = {
    "aliyun": aliyun.send,
    "console": console.send,
    "http": http.send,
    "tencent": tencent.send,
}


def send(outgoing: Outgoing) -> None:
    """Send by e-mail or text message, whichever the receiver is. Raises NotSent; then nothing may have arrived."""
    if "@" not in outgoing.to:
        _SMS[settings.SMS_CHANNEL](outgoing)
    elif settings.EMAIL_HOST:
        email.send(outgoing)
    else:
        console.send(outgoing)
