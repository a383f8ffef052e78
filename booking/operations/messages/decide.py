"""What becomes of claimed messages before they are sent: some are over, some wait for the morning or for tomorrow."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from booking.models import Message, MessageState
from booking.notifications import KINDS, Texts
from booking.operations.messages import limits
from booking.operations.messages.ways import SMS, Way, app_subjects, ways_of
from booking.rules.messages import HANDLING, is_quiet, next_morning, tomorrow

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Decided:
    """What is to be sent, and what is not: `held` until when and why, `dropped` and why."""

    ways: dict[int, list[Way]] = field(default_factory=dict)
    held: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    dropped: dict[int, str] = field(default_factory=dict)
    # Of each message to send, what it counts as for today's limits.
    counted: dict[int, list[str]] = field(default_factory=dict)
    # What could not even be written down in words.
    broken: set[int] = field(default_factory=set)


def decide(messages: Sequence[Message], texts: Texts, *, now: datetime) -> Decided:
    """Sort them out, the most important first; what is sent has been counted for its receiver's day."""
    decided, subjects = Decided(), app_subjects(messages)
    for message in sorted(messages, key=lambda one: (HANDLING[one.kind].importance, one.pk)):
        try:
            _decide(message, decided, texts, subjects, now)
        except Exception:
            # One that nobody can put into words must not hold up the others of its batch.
            log.exception("A message of the kind %s could not be written.", message.kind)
            decided.broken.add(message.pk)
    _hold_what_is_too_much(decided, {message.pk: message for message in messages}, timezone.localtime(now))
    return decided


def _decide(message: Message, decided: Decided, texts: Texts, subjects: dict[int, str], now: datetime) -> None:
    handling, local = HANDLING[message.kind], timezone.localtime(now)
    if message.created_at + handling.keeps <= now or KINDS[message.kind].is_over(message, now):
        decided.dropped[message.pk] = MessageState.OVER
    elif is_quiet(local) and not handling.by_night:
        decided.held[message.pk] = (next_morning(local, handling.importance), MessageState.HELD_NIGHT)
    elif ways := ways_of(message, texts, subjects):
        decided.ways[message.pk] = ways
        decided.counted[message.pk] = _counted(message, ways)
    else:
        decided.dropped[message.pk] = MessageState.UNREACHABLE


def _counted(message: Message, ways: Sequence[Way]) -> list[str]:
    counted = [SMS] if any(way.channel == SMS for way in ways) else []
    if HANDLING[message.kind].limited:
        told = message.told
        counted.append(f"account {told.pk}" if told is not None else f"invitation {message.invitation_id}")
    return counted


def _hold_what_is_too_much(decided: Decided, messages: dict[int, Message], local: datetime) -> None:
    day = local.date()
    so_far = Counter(limits.take((one for counted in decided.counted.values() for one in counted), day=day))
    too_much = []
    for pk, counted in list(decided.counted.items()):
        handling = HANDLING[messages[pk].kind]
        reason = _full(counted, so_far) if handling.limited else ""
        if reason:
            decided.held[pk] = (tomorrow(local, handling.importance), reason)
            too_much += decided.counted.pop(pk)
            del decided.ways[pk]
        else:
            so_far.update(counted)
    limits.give_back(too_much, day=day)


def _full(counted: Sequence[str], so_far: Counter[str]) -> str:
    if any(one != SMS and so_far[one] >= settings.MESSAGES_A_DAY for one in counted):
        return MessageState.HELD_PERSON
    if SMS in counted and settings.SMS_A_DAY and so_far[SMS] >= settings.SMS_A_DAY:
        return MessageState.HELD_CITY
    return ""
