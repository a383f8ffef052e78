"""What people are told: the words of a message in the receiver's language, and the way it goes.

`register.KINDS` says what each kind is made of; each area has its own module of kinds beside it.
"""

from django.utils import translation

from accounts import channels
from booking.models import Message
from booking.notifications.kinds import filled, plain
from booking.notifications.register import KINDS
from booking.notifications.texts import Texts, city_texts, text_of

__all__ = ["KINDS", "Texts", "city_texts", "language_of", "outgoing_of", "receiver_of", "words"]


def receiver_of(message: Message) -> str:
    """The phone of the invitation, or the account's phone or else e-mail address; empty if nobody can be told."""
    if message.invitation is not None:
        return str(message.invitation.phone or "")
    user = message.told
    return str(user.phone or user.email or "") if user else ""


def language_of(message: Message) -> str:
    """In which language the receiver is told."""
    if message.invitation is not None:
        return message.invitation.language
    return message.told.language if message.told else "zh-hans"


def words(message: Message) -> str:
    """The text of the message, in the receiver's language; the patient's name is masked."""
    return outgoing_of(message, city_texts()).text


def outgoing_of(message: Message, texts: Texts) -> channels.Outgoing:
    """The message as its channel takes it."""
    language, kind = language_of(message), KINDS[message.kind]
    with translation.override(language):
        facts = kind.facts(message, language)
        return channels.Outgoing(
            to=receiver_of(message),
            kind=message.kind.lower(),
            text=filled(text_of(message.kind, language, texts), facts, language),
            key=message.key,
            language=language,
            facts={one.name: plain(facts[one.name]) for one in kind.placeholders},
            subject=str(message.get_kind_display()),
        )
