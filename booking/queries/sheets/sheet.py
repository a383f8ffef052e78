"""A table as a file: its columns with their names in both languages, and its rows."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.utils.translation import override
from import_export.fields import Field
from import_export.resources import ModelResource

from booking.queries.sheets.widgets import Text
from booking.rules.cells import guarded


class Column(Field):
    """One column. `keeps`: an empty cell leaves what is there. `hint` and `example` are for the template."""

    def __init__(
        self, attribute: str, label: Any, widget: Any = None, *, example: str = "", hint: Any = "", keeps: bool = False
    ) -> None:
        super().__init__(attribute=attribute, widget=widget or Text(), saves_null_values=not keeps)
        self.label, self.example, self.hint = label, example, hint


class Sheet(ModelResource):
    """The columns of one kind of file. Subclasses list them; the first is never empty."""

    # Cells tell about people: what they say is shown masked.
    is_personal: ClassVar[bool] = False
    fields: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        # As they are listed; the resource would put the model's own fields first.
        self.fields = {name: self.fields[name] for name in self._meta.fields}

    def labels(self) -> list[str]:
        """The headings, in the reader's language."""
        return [str(column.label) for column in self.fields.values()]

    def values(self, row: Any) -> dict[str, Any]:
        """What the row's cells say: text, or numbers where numbers belong."""
        return {name: column.export(row) for name, column in self.fields.items()}

    def lines(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        """Each row's cells, safe to open in a spreadsheet."""
        for row in rows:
            yield [guarded(cell) if isinstance(cell, str) else cell for cell in self.values(row).values()]

    def column_of(self, heading: str) -> str | None:
        """Which column a heading means: its code, or its name in Chinese or English."""
        return self._by_heading().get(heading_key(heading))

    def _by_heading(self) -> dict[str, str]:
        if not hasattr(self, "_headings"):
            self._headings: dict[str, str] = {}
            for name, column in self.fields.items():
                self._headings[heading_key(name)] = name
                for language in ("zh-hans", "en"):
                    with override(language):
                        self._headings[heading_key(str(column.label))] = name
        return self._headings


def heading_key(heading: str) -> str:
    """What two spellings of the same heading have in common."""
    text = unicodedata.normalize("NFKC", heading).strip("\ufeff\u200b *'").casefold()
    return "".join(text.replace("_", " ").split())
