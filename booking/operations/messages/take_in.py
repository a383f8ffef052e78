"""Somebody has answered by text message: the word is carried out once, and what came of it is told by message."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.phones import BadPhone, normal
from accounts.tries import counted
from booking import enqueue
from booking.models import InboundText, Message, MessageKind, Offer
from booking.notifications.of_answers import GONE, LATE, NOTHING, OTHER
from booking.notifications.options import options
from booking.operations.cancel import cancel
from booking.operations.refusals import Busy, NotFound, Refusal, TooLate, WrongStatus
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.refusals import OfferGone
from booking.rules.inbound import ACCEPT, CANCEL, DECLINE, chosen, meaning

# So many texts of one sender in an hour are read.
_MOST_AN_HOUR = 20
# What was under way for longer is no answer to anything any more.
_OLDEST = timedelta(hours=12)

_WHY: dict[type[Refusal], str] = {OfferGone: GONE, NotFound: GONE, WrongStatus: NOTHING, TooLate: LATE}


def take_in(*, key: str, sender: str, text: str, received_at: datetime, now: datetime) -> str:
    """Do what the text says, and return what came of it in one word; the same key again changes nothing.

    `accepted`, `declined`, `cancelled`, `which` (asked back), `failed`, `help`; or nothing was done: `silent`,
    `unknown_sender`, `too_old`, `too_many`. The sender's number is neither kept nor logged. Raises Busy, and
    accounts.tries.CannotCount; then the gateway may send it again.
    """
    with transaction.atomic():
        row, _is_new = InboundText.objects.select_for_update().get_or_create(key=key, defaults={"came_at": now})
        if not row.outcome:
            row.meant, row.outcome = _take_in(key, sender, text, received_at, now)
            row.save(update_fields=["meant", "outcome"])
    return row.outcome


def _take_in(key: str, sender: str, text: str, received_at: datetime, now: datetime) -> tuple[str, str]:
    meant, number = meaning(text)
    account = _account_of(sender)
    if account is None:
        return meant, "unknown_sender"
    if received_at < now - _OLDEST:
        return meant, "too_old"
    if counted(f"inbound:{account.pk}", seconds=3600) > _MOST_AN_HOUR:
        return meant, "too_many"
    if not meant:
        return "", _help(account, now)
    found = options(account.pk, meant, now=now)
    wanted = chosen([one.name for one in found], number)
    if len(wanted) == 1:
        return meant, _act(account, meant, wanted[0], key, now)
    if len(found) > 1:
        _answer(account, MessageKind.TEXT_WHICH, meant, key, now)
        return meant, "which"
    _answer(account, MessageKind.TEXT_FAILED, NOTHING, key, now)
    return meant, "failed"


def _account_of(sender: str) -> User | None:
    try:
        return User.objects.for_phone(normal(sender))
    except BadPhone:
        return None


def _act(account: User, meant: str, name: str, key: str, now: datetime) -> str:
    try:
        if meant == CANCEL:
            cancel(account_id=account.pk, reference=name, now=now)
            return "cancelled"
        if meant == ACCEPT:
            accept(account_id=account.pk, offer_id=UUID(name), now=now)
            return "accepted"
        assert meant == DECLINE
        decline(account_id=account.pk, offer_id=UUID(name), now=now)
    except Busy:
        raise
    except Refusal as refused:
        _answer(account, MessageKind.TEXT_FAILED, _WHY.get(type(refused), OTHER), key, now)
        return "failed"
    patient = Offer.objects.values_list("entry__patient", flat=True).get(pk=name)
    _answer(account, MessageKind.TEXT_DECLINED, DECLINE, key, now, patient_id=patient)
    return "declined"


def _help(account: User, now: datetime) -> str:
    """Once a day: whoever writes to a machine that answers everything writes to it for ever."""
    day = timezone.localdate(now).isoformat()
    said = f"{MessageKind.TEXT_HELP}:{account.pk}:{day}"
    if Message.objects.filter(key=said).exists():
        return "silent"
    _write(said, MessageKind.TEXT_HELP, account, now)
    return "help"


def _answer(
    account: User, kind: MessageKind, about: str, key: str, now: datetime, *, patient_id: UUID | None = None
) -> None:
    row = InboundText.objects.values_list("pk", flat=True).get(key=key)
    _write(f"{kind}:{about}:{row}", kind, account, now, patient_id=patient_id)


def _write(key: str, kind: MessageKind, account: User, now: datetime, *, patient_id: UUID | None = None) -> None:
    row = Message(key=key, kind=kind, account=account, patient_id=patient_id, created_at=now, due_at=now)
    # Two texts at once may ask for the same answer.
    Message.objects.bulk_create([row], ignore_conflicts=True)
    enqueue.send_messages(now=now)
