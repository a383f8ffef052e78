"""Sites that come in as a file."""

import pytest

from booking.models import ImportState
from sites.models import AdminRole, Site
from tests.factories import make_administrator, make_district, make_site
from tests.operations.imports.files import SITE_HEADINGS, csv_file, site_line, xlsx_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(db):
    make_district()
    return make_administrator()


def counts(run) -> tuple[int, int, int, int]:
    return tuple(run.summary[what] for what in ("new", "changed", "same", "bad"))


def test_five_bad_rows_of_a_gb18030_file_are_told_by_number_field_and_reason(check, city) -> None:
    content = csv_file(
        SITE_HEADINGS,
        site_line("A1"),
        site_line("A2", quota="二十"),
        site_line("A3", name=""),
        site_line("A4", district="999999"),
        site_line("A1"),
        site_line("A6", quota="-3"),
        site_line("A7"),
        encoding="gb18030",
    )

    run = check("sites", content, city)

    assert (run.state, run.encoding, run.total, run.done) == (ImportState.CHECKED, "gb18030", 7, 7)
    assert counts(run) == (2, 0, 0, 5)
    assert [(e["row"], e["field"], e["value"], e["reason"]) for e in run.errors] == [
        (3, "quota_per_half_hour", "二十", "not_a_number"),
        (4, "name", "", "blank"),
        (5, "district", "999999", "unknown_district"),
        (6, "code", "A1", "twice"),
        (7, "quota_per_half_hour", "-3", "too_small"),
    ]
    assert not Site.objects.exists()


def test_good_rows_are_taken_in_and_bad_ones_are_not(take, city) -> None:
    run = take("sites", csv_file(SITE_HEADINGS, site_line("A1"), site_line("A2", quota="二十")), city)

    assert run.state == ImportState.DONE
    assert counts(run) == (1, 0, 0, 1)
    site = Site.objects.get()
    assert (site.code, site.name, site.district_id, site.quota_per_half_hour) == ("A1", "文艺路卫生中心", "430102", 20)


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_the_same_file_again_changes_nothing(take, city, make) -> None:
    content = make(SITE_HEADINGS, site_line("A1"), site_line("A2"))

    first, again = take("sites", content, city), take("sites", content, city)

    assert counts(first) == (2, 0, 0, 0)
    assert counts(again) == (0, 0, 2, 0)


def test_what_changes_is_shown_before_and_after(check, city) -> None:
    make_site(code="A1", name="旧名", street="文艺路街道", longitude=112.99, latitude=28.19)

    run = check("sites", csv_file(SITE_HEADINGS, site_line("A1", name="新名")), city)

    assert counts(run) == (0, 1, 0, 0)
    assert run.summary["preview"][0]["cells"][1] == ["旧名", "新名"]
    assert Site.objects.get().name == "旧名"


def test_a_district_is_told_the_same_about_what_is_elsewhere_and_what_is_nowhere(check) -> None:
    own, other = make_district(), make_district("430103")
    make_site(code="OTHER", district=other)
    district = make_administrator(AdminRole.DISTRICT, district=own)
    content = csv_file(
        SITE_HEADINGS,
        site_line("MINE"),
        site_line("OTHER"),
        site_line("NEW", district="430103"),
        site_line("NOWHERE", district="999999"),
    )

    run = check("sites", content, district)

    assert counts(run) == (1, 0, 0, 3)
    assert {(e["row"], e["reason"]) for e in run.errors} == {(3, "outside"), (4, "outside"), (5, "outside")}
