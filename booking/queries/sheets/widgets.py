"""What each kind of column says in a file, and how it is read back. Everything unreadable is a BadCell."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export.widgets import Widget

from accounts.masking import masked_number
from booking.rules import cells
from booking.rules.cells import BadCell

_YES = {"是", "有", "对", "yes", "y", "true", "1", "on", "√", "✓"}
_NO = {"否", "无", "没有", "不", "no", "n", "false", "0", "off", "×", "✗"}


class Known(Protocol):
    """What rows may name: other rows by their codes, of the part of the city that the reader is responsible for."""

    def find(self, what: str, code: str) -> Any:
        """The row, or BadCell."""


class Text(Widget):
    """Words, as they are."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return cells.plain(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(value)


class Code(Text):
    """A code or an account's name."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return cells.code(value)


class Slug(Code):
    """A code that is made by its first row: letters, digits, hyphens and underscores only."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        text = cells.code(value)
        if not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in text):
            raise BadCell("not_a_code")
        return text


class Whole(Widget):
    """A whole number; in a file it stays a number."""

    def __init__(self, least: int = 0, most: int = 32_767) -> None:
        super().__init__()
        self.least, self.most = least, most

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return cells.whole_number(value, least=self.least, most=self.most)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class Decimal(Whole):
    """A number with a fraction."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return cells.decimal(value, least=self.least, most=self.most)


class YesNo(Widget):
    """是 or 否; an empty cell leaves it as it is."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        text = cells.code(value).casefold()
        if text in _YES or text in _NO:
            return text in _YES
        if text:
            raise BadCell("not_yes_or_no")
        return None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else _("是") if value else _("否")


class Clock(Widget):
    """A time of day."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return cells.clock(value)

    def render(self, value: time | None, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else f"{value:%H:%M}"


class Day(Widget):
    """A date."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return cells.day(value)

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value.isoformat()


class Masked(Code):
    """A number of a document: read whole, and only ever shown with its end."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return masked_number(value) if value else ""


class Moment(Widget):
    """A moment by the city's clock; only ever written."""

    def render(self, value: datetime | None, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


class Choice(Widget):
    """One of a few: by its code, its name in any of the languages, or another usual word."""

    def __init__(self, choices: Any, also: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__()
        self.choices = choices
        self.also = dict(also)

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        text = cells.code(value).casefold()
        if not text:
            return None
        for choice in self.choices:
            names = {str(choice.value), *_in_every_language(choice.label)}
            if text in {name.casefold() for name in names}:
                return choice.value
        if text in self.also:
            return self.also[text]
        raise BadCell("not_a_choice", choices=[str(choice.value) for choice in self.choices])

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(self.choices(value).label)


class Named(Widget):
    """Another row, by its code."""

    def __init__(self, what: str, code: str = "code") -> None:
        super().__init__()
        self.what, self.code = what, code

    def clean(self, value: str, row: Any = None, *, known: Known | None = None, **kwargs: Any) -> Any:
        text = cells.code(value)
        return known.find(self.what, text) if known is not None and text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(getattr(value, self.code))


def _in_every_language(label: Any) -> set[str]:
    names = set()
    for language in ("zh-hans", "en"):
        with override(language):
            names.add(str(label))
    return names
