"""What is answered to a text message that somebody has sent."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.masking import masked_name
from booking.models import Message, MessageKind
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.of_family import HELP_PHONE
from booking.notifications.options import Option, options
from booking.notifications.placeholders import NAME, both
from booking.rules.inbound import ACCEPT, CANCEL, DECLINE, numbers_of

# Why something could not be done.
GONE, NOTHING, LATE, OTHER = "gone", "nothing", "late", "other"
_WHY = {
    GONE: gettext_lazy("这次通知已经不能答复了，您的候补还在"),
    NOTHING: gettext_lazy("没有等您答复的号，也没有刚提醒过的预约"),
    LATE: gettext_lazy("已经过了可以取消的时间"),
    OTHER: gettext_lazy("现在办不了"),
}
# How the word is sent again with a number behind it.
_SENT_AS = {ACCEPT: "1", DECLINE: "0", CANCEL: "T"}
_MOST = 4

_OPTIONS = Placeholder(
    "options",
    gettext_lazy("可以选的，带编号"),
    both(
        "47：欧**娜 12月24日 10:30；83：欧**明 12月24日 10:30；12：欧**芳 12月25日 09:00",
        "47: A*** S*** 24 Dec 10:30; 83: B*** S*** 24 Dec 10:30; 12: C*** S*** 25 Dec 09:00",
    ),
)
_EXAMPLE = Placeholder("example", gettext_lazy("怎样回复，举例"), both("T 47"))
_REASON = Placeholder(
    "why",
    gettext_lazy("为什么办不了"),
    both(
        "没有等您答复的号，也没有刚提醒过的预约", "there is no place waiting for your answer and no booking to cancel"
    ),
)


def _meant(message: Message) -> str:
    """What the sender meant, or why it could not be done; the key carries it."""
    return message.key.split(":")[1]


def _choices(message: Message, now: datetime) -> list[Option]:
    assert message.account_id is not None
    return list(options(message.account_id, _meant(message), now=now))


def _which(message: Message, language: str) -> Facts:
    found = _choices(message, timezone.now())
    numbers = numbers_of([one.name for one in found])
    colon, stop = (": ", "; ") if language == "en" else ("：", "；")
    said = stop.join(f"{numbers[one.name]}{colon}{one.words(language)}" for one in found[:_MOST])
    return {"options": said, "example": f"{_SENT_AS[_meant(message)]} {numbers[found[0].name]}"}


def _is_clear(message: Message, now: datetime) -> bool:
    return len(_choices(message, now)) < 2


def _why(message: Message, language: str) -> Facts:
    return {"why": str(_WHY[_meant(message)]), "help_phone": settings.HELP_PHONE}


def _declined(message: Message, language: str) -> Facts:
    return {"name": masked_name(message.patient.name) if message.patient else _("您")}


def _help(message: Message, language: str) -> Facts:
    return {"help_phone": settings.HELP_PHONE}


KINDS: dict[str, Kind] = {
    MessageKind.TEXT_WHICH: Kind(_which, (_OPTIONS, _EXAMPLE), ("options", "example"), _is_clear),
    MessageKind.TEXT_DECLINED: Kind(_declined, (NAME,)),
    MessageKind.TEXT_FAILED: Kind(_why, (_REASON, HELP_PHONE), ("why",)),
    MessageKind.TEXT_HELP: Kind(_help, (HELP_PHONE,), ("help_phone",)),
}
