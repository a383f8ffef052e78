"""The words of the desk's scripts: gathered from their `t("…")` calls, so that there is one catalogue for all."""

import re
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "booking" / "desk"
_CALL = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')


def strings_of(script: Path) -> list[str]:
    """Every text that a script gives to `t`, in order."""
    found = _CALL.findall(script.read_text(encoding="utf-8"))
    return [text.replace('\\"', '"').replace("\\n", "\n") for text in found]


def scripts() -> list[Path]:
    """The desk's own scripts, without what others wrote."""
    return sorted(path for path in SCRIPTS.rglob("*.js") if "vendor" not in path.parts)


@lru_cache(maxsize=1)
def _all() -> list[str]:
    return sorted({text for script in scripts() for text in strings_of(script)})


def words() -> dict[str, str]:
    """What stands in the scripts, and what it is in the reader's language."""
    return {text: gettext(text) for text in _all()}
