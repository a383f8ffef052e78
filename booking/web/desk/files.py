"""The desk's own files by name: what its page needs at once, and what comes later."""

from booking.web.desk.words import SCRIPTS

_ROOT = SCRIPTS.parents[1]
# The reader of codes is ten times as large as all the rest, and some browsers have one of their own.
READER, WASM = "booking/desk/vendor/barcode-detector.js", "booking/desk/vendor/zxing_reader.wasm"
ENTRY = "booking/desk/app.js"
ICONS = ("booking/favicon.svg", "booking/icon-180.png", "booking/icon-512.png", "booking/icons.svg")
_TOKENS, _BASE = "booking/tokens.css", "booking/desk/base.css"


def styles() -> list[str]:
    """The style sheets in order: the city's tokens, what all screens share, then each area's own."""
    own = _named("*.css")
    return [_TOKENS, *(name for name in own if name == _BASE), *(name for name in own if name != _BASE)]


def modules() -> list[str]:
    """Every module of the page, without the reader."""
    return [name for name in _named("*.js") if name != READER]


def _named(pattern: str) -> list[str]:
    return sorted(str(path.relative_to(_ROOT)) for path in SCRIPTS.rglob(pattern))
