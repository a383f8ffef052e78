"""The desk's own files by name: what its page needs at once, and what comes later."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from booking.web.desk.words import SCRIPTS

_ROOT = SCRIPTS.parents[1]
# The reader of codes is ten times as large as all the rest, and some browsers have one of their own.
READER, WASM = "booking/desk/vendor/barcode-detector.js", "booking/desk/vendor/zxing_reader.wasm"
ENTRY = "booking/desk/app.js"
ICONS = ("booking/favicon.svg", "booking/icon-180.png", "booking/icon-512.png", "booking/icons.svg")
_TOKENS, _BASE = "booking/tokens.css", "booking/desk/base.css"
_IMPORT = re.compile(r"""(?:^|[;}\s])(?:import|export)\b[^"';(]*?["'](\.[^"']+)["']""")
_LATER = re.compile(r"""\bimport\(\s*["'](\.[^"']+)["']\s*\)""")


def styles() -> list[str]:
    """The style sheets in order: the city's tokens, what all screens share, then each area's own."""
    own = _named("*.css")
    return [_TOKENS, *(name for name in own if name == _BASE), *(name for name in own if name != _BASE)]


def later_modules() -> list[str]:
    """The other modules: those of screens that come when they are opened. Without the reader."""
    return [name for name in _named("*.js") if name != READER and name not in first_modules()]


# The files of an installation change with a restart only.
@lru_cache(maxsize=1)
def first_modules() -> tuple[str, ...]:
    """Those without which the page does not begin, in the order in which they name each other."""
    found: list[str] = []
    waiting = [ENTRY]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += imported_by(name)
    return tuple(found)


def imported_by(name: str) -> Iterator[str]:
    """The modules that a module imports when it is loaded; not those that it asks for later, by import()."""
    return _addresses(name, _IMPORT)


def asked_for_by(name: str) -> Iterator[str]:
    """The modules that a module asks for by import() while it runs."""
    return _addresses(name, _LATER)


def _addresses(name: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for address in pattern.findall((_ROOT / name).read_text(encoding="utf-8")):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _named(pattern: str) -> list[str]:
    return sorted(str(path.relative_to(_ROOT)) for path in SCRIPTS.rglob(pattern))
