"""The translation catalogue: `python -m deploy.messages` gathers the strings and compiles it; `make messages`.

Chinese is the source language; English is the catalogue in templates/locale/en. Needs Babel and nothing else.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "templates" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
_DATE = datetime(2026, 11, 1, tzinfo=UTC)
_CODE = ("accounts", "booking", "deploy", "sites")
_KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip


def gathered() -> Catalog:
    """Every string of the source and the templates that people see."""
    catalog = _empty()
    for path, message, context in _strings():
        catalog.add(message, locations=[(path, None)], context=context)  # type: ignore[list-item]
    return catalog


def _empty() -> Catalog:
    # A fixed date: the files change only when a string does.
    return Catalog(
        locale="en", domain="django", project="vaccine-booking", version="1", fuzzy=False, creation_date=_DATE,
        revision_date=_DATE, header_comment="# English, from the Chinese of the source.",
    )  # fmt: skip


def _strings() -> Iterator[tuple[str, Any, str | None]]:
    for app in _CODE:
        for path in sorted((ROOT / app).rglob("*.py")):
            found = extract_from_file("python", path, keywords=_KEYWORDS)
            yield from ((str(path.relative_to(ROOT)), message, context) for _line, message, _c, context in found)
    for path in sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt")):
        yield from _template(path)
    # After Django is set up: the desk's scripts name their texts in a way of their own.
    from booking.web.desk.words import scripts, strings_of

    for path in scripts():
        yield from ((str(path.relative_to(ROOT)), text, None) for text in strings_of(path))


def _template(path: Path) -> Iterator[tuple[str, Any, str | None]]:
    # Django turns a template into something that looks like Python; what is left around the strings is X.
    from django.utils.translation.template import templatize

    source = io.BytesIO(templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode())
    for _line, message, _comments, context in extract("python", source, keywords=_KEYWORDS):
        yield str(path.relative_to(ROOT)), message, context


def known() -> Catalog:
    """The catalogue as it stands."""
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def problems() -> list[str]:
    """What is not right with the catalogue, a sentence each; empty when English is complete."""
    wanted, have = gathered(), known()
    found = [f"not in the catalogue: {message.id}" for message in wanted if message.id and message.id not in have]
    found += [f"no longer used: {message.id}" for message in have if message.id and message.id not in wanted]
    for message in have:
        if message.id and (message.fuzzy or not all(_texts(message.string))):
            found.append(f"not translated: {message.id}")
        found += [f"{message.id}: {error}" for error in message.check(have)]
    with MO.open("rb") as file:
        # Babel reads a plural's texts back as lists.
        compiled = {_tuple(message.id): _tuple(message.string) for message in read_mo(file)}
    found += [
        f"not compiled: {message.id}" for message in have if message.id and compiled.get(message.id) != message.string
    ]
    return found


def _tuple(text: Any) -> Any:
    return tuple(text) if isinstance(text, list) else text


def _texts(string: Any) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (string,)


def main() -> int:
    """Gather and compile; 1 if something is not translated."""
    django.setup()
    PO.parent.mkdir(parents=True, exist_ok=True)
    catalog = gathered()
    if PO.exists():
        for message in known():
            if message.id and message.id in catalog:
                catalog[message.id].string = message.string  # type: ignore[union-attr,index]
    with PO.open("wb") as file:
        write_po(file, catalog, sort_output=True, width=120, omit_header=False, include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalog)
    missing = problems()
    print("\n".join(missing) or "English is complete.", file=sys.stderr if missing else sys.stdout)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
