"""People to invite come in as a file: checked, found again by their document, and their numbers are forgotten."""

import io

import pytest
from openpyxl import load_workbook

from accounts.patients import person_key
from booking.models import ImportRun, ImportState, Invitation
from booking.operations.imports.forget import KEEP, forget_files
from booking.operations.imports.send_file import send_file, take_in
from booking.operations.imports.work import work_on_import
from booking.operations.invitations.send import send_list
from booking.operations.refusals import WrongStatus
from booking.queries.sheets.files import template
from sites.models import AdminRole
from tests.factories import make_administrator, make_district, make_programme, make_resident_id
from tests.invitation_factories import make_list
from tests.operations.imports.files import csv_file, xlsx_file

pytestmark = pytest.mark.django_db(transaction=True)
HEADINGS = ["证件类型", "证件号码", "手机号", "短信语言"]
WANG, LI = make_resident_id(born="19580314"), make_resident_id(born="19600101", serial="004")


@pytest.fixture
def city():
    return make_administrator()


@pytest.fixture
def made(city):
    return make_list(make_programme(), made_by=city)


@pytest.fixture
def check(made, now):
    def send(content: bytes, by) -> ImportRun:
        run = send_file(
            kind="invitations", file_name="名单.csv", content=content, by=by.pk, now=now, invitation_list=made.pk
        )
        work_on_import(run_id=run.pk, now=now, seconds=60)
        run.refresh_from_db()
        return run

    return send


@pytest.fixture
def take(check, now):
    def send(content: bytes, by) -> ImportRun:
        run = check(content, by)
        take_in(run_id=run.pk, by=by.pk, whole=False, now=now)
        work_on_import(run_id=run.pk, now=now, seconds=60)
        run.refresh_from_db()
        return run

    return send


def counts(run) -> tuple[int, ...]:
    return tuple(run.summary[what] for what in ("new", "changed", "same", "bad"))


ROWS = [["居民身份证", WANG, "138 1234 6621", "中文"], ["passport", "Ｅ1234 5678", "", "English"]]


@pytest.mark.parametrize(
    "content",
    [csv_file(HEADINGS, *ROWS), csv_file(HEADINGS, *ROWS, encoding="gb18030"), xlsx_file(HEADINGS, *ROWS)],
    ids=["utf-8", "gb18030", "xlsx"],
)
def test_people_come_in_by_their_documents(take, city, made, content):
    run = take(content, city)

    assert (run.state, counts(run)) == (ImportState.DONE, (2, 0, 0, 0))
    assert {(one.person, one.phone, one.language) for one in Invitation.objects.filter(list=made)} == {
        (person_key("resident_id", WANG), "+8613812346621", "zh-hans"),
        (person_key("passport", "E12345678"), None, "en"),
    }


def test_nothing_of_a_number_is_left_behind_once_the_file_was_taken_in(check, take, city, now):
    checked = check(csv_file(HEADINGS, *ROWS), city)
    assert "13812346621" not in str(checked.summary)
    assert WANG not in str(checked.summary)
    assert WANG.encode() not in bytes(checked.content)
    assert checked.summary["preview"][0]["cells"][1] == [None, "*" * 14 + WANG[-4:]]

    run = take(csv_file(HEADINGS, *ROWS), city)

    assert run.content is None
    forget_files(now=now + KEEP * 2)
    assert not ImportRun.objects.exclude(content=None).exists()


def test_the_same_file_again_changes_nothing_and_another_phone_is_taken(take, city):
    take(csv_file(HEADINGS, *ROWS), city)

    again = take(csv_file(HEADINGS, *ROWS), city)
    # The same last digits: what is shown of it is the same, too.
    moved = take(csv_file(HEADINGS, ["居民身份证", WANG, "13899996621", ""]), city)

    assert (counts(again), counts(moved)) == ((0, 0, 2, 0), (0, 1, 0, 0))
    assert "before" not in moved.summary
    first = Invitation.objects.get(person=person_key("resident_id", WANG))
    assert (first.phone, first.language) == ("+8613899996621", "zh-hans")


def test_bad_rows_are_told_by_row_and_column_and_never_in_clear(check, city):
    wrong = WANG[:-1] + ("0" if WANG[-1] != "0" else "1")
    run = check(
        csv_file(
            HEADINGS,
            ["居民身份证", wrong, "", ""],
            ["工作证", WANG, "", ""],
            ["居民身份证", LI, "12345", ""],
            ["居民身份证", WANG, "13812346621", "德文"],
            ["", LI, "", ""],
            ["居民身份证", "", "", ""],
            ["居民身份证", "E1", "", "13812346621"],
            ["居民身份证", LI, "", ""],
        ),
        city,
    )

    assert [(error["row"], error["field"], error["reason"]) for error in run.errors] == [
        (2, "document_number", "bad_document"),
        (3, "document_type", "not_a_choice"),
        (4, "phone", "bad_phone"),
        (5, "language", "not_a_choice"),
        (6, "document_type", "blank"),
        (7, "document_number", "blank"),
        (8, "language", "not_a_choice"),
        (9, "document_number", "twice"),
    ]
    shown = str(run.errors) + str(run.summary)
    assert not [number for number in (wrong, WANG, LI, "13812346621") if number in shown]


def test_a_list_that_was_sent_takes_nobody_any_more(check, city, made, now):
    run = check(csv_file(HEADINGS, *ROWS), city)
    Invitation.objects.create(list=made, person=person_key("passport", "E1"))
    send_list(list_id=made.pk, now=now)

    with pytest.raises(WrongStatus):
        take_in(run_id=run.pk, by=city.pk, whole=True, now=now)
    late = check(csv_file(HEADINGS, *ROWS), city)
    assert {error["reason"] for error in late.errors} == {"list_closed"}
    assert made.invitations.count() == 1


def test_whoever_looks_after_a_part_of_the_city_adds_nobody(take):
    run = take(csv_file(HEADINGS, *ROWS), make_administrator(AdminRole.DISTRICT, district=make_district()))

    assert counts(run) == (0, 0, 0, 2)
    assert not Invitation.objects.exists()


def test_the_template_has_its_columns_and_an_example_that_is_not_read(take, city):
    sheet = load_workbook(io.BytesIO(template("invitations", "xlsx"))).active

    assert [cell.value for cell in sheet[1]] == HEADINGS
    run = take(template("invitations", "csv") + csv_file(ROWS[0]), city)
    assert counts(run) == (1, 0, 0, 0)
