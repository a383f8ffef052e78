"""What every kind of message is made of: the facts that its text may name, and when it need not be sent any more."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import translation
from django.utils.dateformat import format as formatted
from django.utils.functional import Promise

from booking.models import Message

# What a placeholder stands for. Moments are local; each language writes them in its own way.
Fact = str | datetime | date | time
Facts = dict[str, Fact]

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_WAYS = {
    "zh-hans": {datetime: "n月j日 H:i", date: "n月j日", time: "H:i"},
    "en": {datetime: "j M H:i", date: "j M", time: "H:i"},
}
_PLAIN = {datetime: "%Y-%m-%d %H:%M", date: "%Y-%m-%d", time: "%H:%M"}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that a text may hold as {name}, what it stands for, and the longest plausible example by language."""

    name: str
    label: str | Promise
    sample: Mapping[str, Fact]


def _never(message: Message, now: datetime) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of message is told.

    `facts(message, language)` gives a value for every placeholder. Their order is that in which a provider's approved
    template takes them. What is in `needed` no text of the city's may leave out.
    """

    facts: Callable[[Message, str], Facts]
    placeholders: tuple[Placeholder, ...]
    needed: tuple[str, ...] = ()
    # Looked at in the moment of sending: whether nobody needs to be told any more.
    is_over: Callable[[Message, datetime], bool] = _never


def spoken(fact: Fact, language: str) -> str:
    """The fact as a text in this language says it."""
    way = _WAYS.get(language, _WAYS["zh-hans"]).get(type(fact))
    if not way or isinstance(fact, str):
        return str(fact)
    with translation.override(language):
        return formatted(fact, way)


def plain(fact: Fact) -> str:
    """The fact for a machine: 2026-11-27 09:00."""
    way = _PLAIN.get(type(fact))
    return fact.strftime(way) if way and not isinstance(fact, str) else str(fact)


def named_in(text: str) -> set[str]:
    """The names of the placeholders in a text."""
    return set(_PLACEHOLDER.findall(text))


def filled(text: str, facts: Mapping[str, Fact], language: str) -> str:
    """The text with its placeholders filled in; nothing in it is carried out."""
    return _PLACEHOLDER.sub(lambda found: spoken(facts.get(found[1], ""), language), text).strip()
