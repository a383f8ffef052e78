"""Whatever is uploaded is read as a table, or refused by name."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from booking.operations.imports.read_file import MOST_BYTES, read_file
from booking.operations.imports.table import MOST_ROWS
from booking.operations.refusals import FileUnreadable
from booking.queries.sheets.files import template
from booking.queries.sheets.kinds import COMING_IN, SiteSheet
from tests.operations.imports.files import SITE_HEADINGS, csv_file, site_line, xlsx_file

LINES = [SITE_HEADINGS, site_line("A1"), site_line("A2")]


def reason(content: bytes) -> str:
    with pytest.raises(FileUnreadable) as refused:
        read_file(content, SiteSheet())
    return refused.value.facts["reason"]


def packed(**parts: bytes) -> bytes:
    """A zip archive with the two parts that every workbook has, and others."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", **parts}.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_usual_form(encoding: str, delimiter: str) -> None:
    table, found = read_file(csv_file(*LINES, encoding=encoding, delimiter=delimiter), SiteSheet())

    assert found == encoding
    assert table.rows == [(2, [str(cell) for cell in LINES[1]]), (3, [str(cell) for cell in LINES[2]])]


def test_rows_keep_the_numbers_that_they_have_in_the_file() -> None:
    content = csv_file(SITE_HEADINGS, [], site_line("A1"), ["# 备注"], ["", ""], site_line("A2"))

    table, _ = read_file(content, SiteSheet())

    assert [(number, cells[0]) for number, cells in table.rows] == [(3, "A1"), (6, "A2")]


def test_a_workbook_says_the_same_as_text() -> None:
    table, found = read_file(xlsx_file(["编号", "经度", "启用"], ["A1", 112.5, True], [17, 113.0, None]), SiteSheet())

    assert found == "xlsx"
    assert table.rows == [(2, ["A1", "112.5", "1"]), (3, ["17", "113", ""])]


@pytest.mark.parametrize("kind", COMING_IN)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_of_a_template_is_taken_for_a_row(kind: str, form: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        read_file(template(kind, form), COMING_IN[kind]())

    # Its headings were understood: otherwise columns would be missing.
    assert refused.value.facts == {"reason": "empty"}


def test_a_formula_is_seen_as_one_and_not_as_what_it_gave() -> None:
    table, _ = read_file(xlsx_file(["编号", "名称"], ["A1", "=HYPERLINK(1)"]), SiteSheet())

    assert table.rows[0][1][1].startswith("=")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (csv_file(SITE_HEADINGS), "empty"),
        (b"a" * (MOST_BYTES + 1), "too_big"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old_office"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        (b"PK\x03\x04 nothing of the kind", "not_a_table"),
        (packed(), "not_a_table"),
        (packed(**{"xl/vbaProject.bin": b"x"}), "macros"),
        (packed(**{"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"}), "macros"),
        (packed(**{"xl/worksheets/sheet1.xml": b"0" * 3_000_000}), "bomb"),
        (packed(**{f"xl/{n}.xml": b"x" for n in range(400)}), "bomb"),
        (b"\xff\xff\xff\xff", "encoding"),
        (csv_file(["名称"], ["x"]), "column_missing"),
        (csv_file(["编号", "code"], ["x", "y"]), "column_twice"),
        (csv_file(["编号"], *([f"A{n}"] for n in range(MOST_ROWS + 1))), "too_many_rows"),
        (xlsx_file(["编号"], *([f"A{n}"] for n in range(MOST_ROWS + 1))), "too_many_rows"),
    ],
)  # fmt: skip
def test_what_is_no_usable_table_is_refused_by_name(content: bytes, why: str) -> None:
    assert reason(content) == why


def test_as_many_rows_as_allowed_are_read() -> None:
    table, _ = read_file(csv_file(["编号"], *([f"A{n}"] for n in range(MOST_ROWS))), SiteSheet())

    assert len(table.rows) == MOST_ROWS


def test_a_workbook_with_entities_is_refused() -> None:
    good = io.BytesIO(xlsx_file(["编号"], ["A1"]))
    laughing = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    file = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(file, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = laughing + content.replace(b"<worksheet", b"<worksheet").removeprefix(b"<?xml")
            target.writestr(part.filename, content)

    assert reason(file.getvalue()) == "not_a_table"


def test_a_sheet_that_claims_to_be_endless_is_read_to_where_it_is_filled() -> None:
    book = Workbook()
    book.active.append(["编号"])
    book.active.append(["A1"])
    book.active.cell(row=1_048_576, column=16_384).number_format = "0.00"
    file = io.BytesIO()
    book.save(file)

    table, _ = read_file(file.getvalue(), SiteSheet())

    assert table.rows == [(2, ["A1"])]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda rest: csv_file(SITE_HEADINGS) + rest))
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    # Anything else that was raised would be a fault of ours.
    with suppress(FileUnreadable):
        table, _ = read_file(content, SiteSheet())
        assert table.rows


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), min_size=1, max_size=20))
def test_every_cell_of_a_csv_file_is_there_again(lines: list[list[str]]) -> None:
    lines = [[f"A{n}", cell] for n, (_, cell) in enumerate(lines)]
    content = csv_file(["编号", "名称"], *lines).decode("utf-8", "surrogatepass")
    if "\x00" in content or any("\ud800" <= sign <= "\udfff" for sign in content):
        return

    table, _ = read_file(content.encode(), SiteSheet())

    assert [cells for _, cells in table.rows] == lines
