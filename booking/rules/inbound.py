"""What somebody means who answers by text message, and which of several things."""

import hashlib
import re
import unicodedata
from collections.abc import Collection

ACCEPT, DECLINE, CANCEL = "accept", "decline", "cancel"

_WORDS = {
    ACCEPT: ("1", "要", "我要", "y", "yes", "好", "好的"),
    DECLINE: ("0", "不要", "我不要", "n", "no", "不用", "不用了"),
    CANCEL: ("t", "取消", "取消预约", "cancel", "来不了"),
}
_MEANINGS = {word: meaning for meaning, words in _WORDS.items() for word in words}
# A word, and perhaps the number of the one that is meant: "1 47", "T47", "取消 4712".
_ANSWER = re.compile(rf"({'|'.join(sorted(_MEANINGS, key=len, reverse=True))})(\d{{2}}|\d{{4}}|\d{{6}})?")


def meaning(text: str) -> tuple[str, str]:
    """What is meant, and the number that goes with it; both empty if it is none of the words.

    Full-width forms, blanks, punctuation and capitals make no difference.
    """
    plain = unicodedata.normalize("NFKC", text[:500]).casefold()
    kept = "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")
    found = _ANSWER.fullmatch(kept)
    return (_MEANINGS[found[1]], found[2] or "") if found else ("", "")


def number_of(name: str, length: int) -> str:
    """The number by which one of several things is named. It is made from the thing's own name, so it stays."""
    first = 10 ** (length - 1)
    return str(first + int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % (9 * first))


def numbers_of(names: Collection[str]) -> dict[str, str]:
    """Different numbers for different names, as short as possible."""
    for length in (2, 4):
        found = {name: number_of(name, length) for name in names}
        if len(set(found.values())) == len(found):
            return found
    return {name: number_of(name, 6) for name in names}


def chosen(names: Collection[str], number: str) -> list[str]:
    """Those that the number names; all of them without one."""
    return [name for name in names if not number or number_of(name, len(number)) == number]
