"""What somebody is told who is invited to book."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts import signed_ids
from accounts.masking import masked_name
from booking.models import Invitation, Message, MessageKind
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.placeholders import PROGRAMME, both, programme_name

# What its links are signed as.
INVITATION_LINK = "invitation"

_WHO = Placeholder("who", gettext_lazy("谁：姓名（已遮盖）或“您”"), both("欧**娜", "A*** M*** S*** is"))
_LINK = Placeholder(
    "link", gettext_lazy("预约链接"), both("https://vaccines.example.cn/i/Zm9vYmFyYmF6cXV4Zm9vYmE0MjQy/")
)
_ANSWER_BY = Placeholder(
    "answer_by",
    gettext_lazy("截止时间"),
    both(datetime(2026, 12, 24, 18, 30, tzinfo=ZoneInfo(settings.TIME_ZONE))),
)


def invitation_link(invitation: Invitation) -> str:
    """The address by which an invited person comes."""
    return f"{settings.PUBLIC_ADDRESS}/i/{signed_ids.signed(INVITATION_LINK, invitation.pk)}/"


def _invited(message: Message, language: str) -> Facts:
    # To the phone of a list nobody is named: whoever reads it may be somebody else.
    name = masked_name(message.patient.name) if message.patient else ""
    return {
        "who": _who(name, language),
        "programme": programme_name(_of(message).list.programme, language),
        "answer_by": timezone.localtime(_of(message).list.expires_at),
        "link": invitation_link(_of(message)),
    }


def _who(name: str, language: str) -> str:
    """Whoever may book, with the verb where the language needs one."""
    if language == "en":
        return f"{name} is" if name else "you are"
    return name or "您"


def _is_over(message: Message, now: datetime) -> bool:
    own = _of(message).list
    return bool(_of(message).withdrawn_at or own.withdrawn_at) or own.expires_at <= now


def _of(message: Message) -> Invitation:
    assert message.invitation is not None
    return message.invitation


KINDS: dict[str, Kind] = {
    MessageKind.INVITED: Kind(_invited, (_WHO, PROGRAMME, _ANSWER_BY, _LINK), ("answer_by", "link"), _is_over),
}
