"""A file of doses that another register knows of."""

from datetime import date

import pytest

from accounts.patients import person_key
from booking.models import OutsideDose
from booking.queries.imports import kinds_for
from sites.models import AdminRole
from tests.factories import make_administrator, make_district, make_patient, make_two_dose_programme
from tests.operations.imports.files import csv_file, xlsx_file
from tests.series_factories import make_first_dose

pytestmark = pytest.mark.django_db(transaction=True)
HEADINGS = ["证件号", "证件类型", "接种项目代码", "第几剂", "接种日期", "在哪里打的", "批号", "凭据"]
NUMBER = "E98765432"


@pytest.fixture
def programme():
    return make_two_dose_programme(28, code="hpv-2")


@pytest.fixture
def city(programme):
    return make_administrator()


def line(
    number=NUMBER, kind="护照", programme="hpv-2", dose=1, given_on="2026-03-01", where="武汉", batch="", paper="省平台"
):
    return [number, kind, programme, dose, given_on, where, batch, paper]


def test_rows_become_doses_and_the_same_file_again_changes_nothing(take, city, programme):
    content = csv_file(HEADINGS, line(), line(dose=2, given_on="2026/4/5"), line(number="e1234567"))

    first, again = take("outside", content, city), take("outside", content, city)

    assert (first.summary["new"], again.summary["same"], again.summary["new"]) == (3, 3, 0)
    row = OutsideDose.objects.get(person=person_key("passport", NUMBER), dose=2)
    assert (row.given_on, row.where, row.entered_by, row.vaccine) == (date(2026, 4, 5), "武汉", city, programme.vaccine)


def test_a_workbook_with_real_dates_is_read_too(take, city):
    take("outside", xlsx_file(HEADINGS, line(given_on=date(2026, 3, 1))), city)

    assert OutsideDose.objects.get().given_on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"number": "110101199003070731", "kind": "居民身份证"}, "document_number", "not_a_document"),
        ({"programme": "nothing"}, "programme", "unknown_programme"),
        ({"dose": 3}, "dose", "no_such_dose"),
        ({"given_on": "2026-13-01"}, "given_on", "not_a_day"),
        ({"given_on": "2027-01-01"}, "given_on", "in_the_future"),
        ({"where": ""}, "where", "blank"),
        ({"paper": ""}, "evidence", "blank"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_numbers_are_masked(check, city, changed, field, reason):
    run = check("outside", csv_file(HEADINGS, line(**changed)), city)

    (error,) = run.errors
    assert (error["field"], error["reason"]) == (field, reason)
    assert NUMBER not in str(run.errors) + str(run.summary)
    assert "110101199003070731" not in str(run.errors) + str(run.summary)


def test_a_dose_that_was_given_here_or_stands_otherwise_is_refused(check, take, city, programme):
    here = make_patient(person=person_key("passport", "E7654321"))
    make_first_dose(programme, patient=here)
    take("outside", csv_file(HEADINGS, line()), city)

    run = check("outside", csv_file(HEADINGS, line(given_on="2026-03-02"), line(number="E7654321")), city)

    assert [error["reason"] for error in run.errors] == ["differs", "dose_known"]


def test_the_same_dose_twice_in_a_file_is_one_too_many(check, city):
    run = check("outside", csv_file(HEADINGS, line(), line(number=" e98765432")), city)

    assert [(error["row"], error["reason"]) for error in run.errors] == [(3, "twice")]


def test_only_who_looks_after_the_whole_city_may(city):
    district = make_administrator(AdminRole.DISTRICT, district=make_district())

    assert "outside" in kinds_for(city)
    assert "outside" not in kinds_for(district)
