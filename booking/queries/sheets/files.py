"""Lines of cells as CSV and XLSX, and the templates to fill in."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from booking.queries.sheets.kinds import COMING_IN

# Spreadsheets take a file without it for the language of the machine.
BOM = "\ufeff"
MIME = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Rows whose first cell begins with it are read by people only.
NOTE = "#"
_AT_ONCE = 1000


def csv_parts(headings: Sequence[object], lines: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A CSV file in UTF-8 with its mark, some thousand lines at a time."""
    every: Iterator[Sequence[object]] = chain([headings], lines)
    start = BOM
    while some := list(islice(every, _AT_ONCE)):
        text = io.StringIO()
        csv.writer(text).writerows(some)
        yield (start + text.getvalue()).encode()
        start = ""


def xlsx(headings: list[str], lines: Iterable[Sequence[object]], *, notes: Iterable[list[str]] = ()) -> bytes:
    """An XLSX file of one sheet, and of a second one with notes if there are any."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("数据"))
    sheet.freeze_panes = "A2"
    for n, heading in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(n)].width = max(12, 2 * len(heading) + 4)
    sheet.append(list(_bold(sheet, headings)))
    for line in lines:
        sheet.append(line)
    if notes := list(notes):
        second = book.create_sheet(_("说明"))
        for letter, width in zip("ABC", (24, 28, 60), strict=True):
            second.column_dimensions[letter].width = width
        second.append(list(_bold(second, notes[0])))
        for note in notes[1:]:
            second.append(note)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _bold(sheet: object, words: Iterable[str]) -> Iterator[WriteOnlyCell]:
    for word in words:
        cell = WriteOnlyCell(sheet, value=word)
        cell.font = Font(bold=True)
        yield cell


def template(kind: str, form: str) -> bytes:
    """An empty file of this kind with an example and notes, neither of which is read when it comes back."""
    sheet = COMING_IN[kind]()
    columns = list(sheet.fields.values())
    example = [column.example for column in columns]
    example[0] = NOTE + example[0]
    if form == "xlsx":
        notes = [[_("列"), _("例子"), _("说明")]]
        notes += [[str(column.label), column.example, str(column.hint)] for column in columns]
        notes.append([_("以 # 开头的行不会导入。请在第一张表里填写。"), "", ""])
        return xlsx(sheet.labels(), [example], notes=notes)
    hints: list[object] = [str(column.hint) for column in columns]
    hints[0] = " ".join([NOTE, _("说明（以 # 开头的行不会导入）"), str(hints[0])])
    return b"".join(csv_parts(sheet.labels(), [hints, list(example)]))
