"""What a text of the city's may hold, and how long it is as a text message."""

import re
from collections.abc import Collection
from dataclasses import dataclass

LONGEST = 500

# What a single text of 7-bit letters may hold (GSM 03.38); those of the second line count as two.
_LETTERS = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO = set("^{}\\[~]|€\f")

_NAMED = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text: `empty`, `too_long`, `unknown` and `missing` placeholders by name, or a `brace`."""

    code: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Length:
    """How many letters, and how many text messages they make. One Chinese letter makes all of them cost double."""

    letters: int
    parts: int
    is_plain: bool


def problems_with(text: str, *, allowed: Collection[str], needed: Collection[str]) -> list[Problem]:
    """What has to be changed; nothing if the text may be sent."""
    if not text.strip():
        return [Problem("empty")]
    named = _NAMED.findall(text)
    found = [Problem("too_long")] if len(text) > LONGEST else []
    if unknown := tuple(dict.fromkeys(name for name in named if name not in allowed)):
        found.append(Problem("unknown", unknown))
    if missing := tuple(name for name in needed if name not in named):
        found.append(Problem("missing", missing))
    # Nothing in a text is ever carried out, so what looks as if it should be is a mistake.
    if re.search(r"[{}]", _NAMED.sub("", text)):
        found.append(Problem("brace"))
    return found


def length_of(text: str) -> Length:
    """The length as gateways count it."""
    if all(letter in _LETTERS or letter in _TWO for letter in text):
        letters = sum(2 if letter in _TWO else 1 for letter in text)
        return Length(letters, _parts(letters, 160, 153), is_plain=True)
    letters = len(text.encode("utf-16-le")) // 2
    return Length(letters, _parts(letters, 70, 67), is_plain=False)


def _parts(letters: int, alone: int, together: int) -> int:
    return 1 if letters <= alone else -(-letters // together)
