"""Files that leave: templates, lists, rows to mend and values from before."""

import csv
import io
from datetime import time

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from booking.models import PlanSession, QuotaPlan, Slot
from sites.models import AdminRole, DeskRole, Site, StaffMember
from tests.factories import (
    CLOCK,
    make_administrator,
    make_citizen,
    make_district,
    make_programme,
    make_site,
    make_slot,
)
from tests.operations.imports.files import SITE_HEADINGS, csv_file, site_line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(db):
    make_district()
    return make_administrator()


def body(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def export(desk: Client, kind: str, form: str = "csv", **query) -> bytes:
    return body(desk.get(reverse("admin:booking_importrun_export", args=[kind, form]), query))


def lines_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def fill_the_city() -> None:
    site = make_site(code="A1", phone="+86 731 12320", name="-1号点", longitude=-0.5, latitude=28.18724, english=True)
    make_site(code="A2", is_active=False, address='@家, "东"')
    StaffMember.objects.create(user=make_citizen(username="=cmd"), site=site, role=DeskRole.SCREENING)
    StaffMember.objects.create(
        user=make_citizen(username="zhang.li"), site=site, role=DeskRole.VACCINATION, is_active=False
    )
    plan = QuotaPlan.objects.create(
        code="standard", name="+工作日", programme=make_programme(code="flu"), walk_in_percent=20, community_percent=5
    )
    PlanSession.objects.create(plan=plan, weekday=1, begins=time(8), ends=time(11, 30), minutes=30, places=None)
    PlanSession.objects.create(plan=plan, weekday=7, begins=time(14), ends=time(16), minutes=20, places=0)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["sites", "staff", "plans"])
def test_what_was_exported_and_comes_back_changes_nothing(browser_of, city, upload, kind, language, form) -> None:
    fill_the_city()
    desk = browser_of(city)
    desk.cookies["django_language"] = language

    run = upload(desk, kind, export(desk, kind, form))

    assert run.errors == []
    assert {what: run.summary[what] for what in ("new", "changed", "same", "bad")} == {
        "new": 0, "changed": 0, "same": 2, "bad": 0,
    }  # fmt: skip


def test_no_cell_is_a_formula_and_negative_numbers_stay_numbers(browser_of, city) -> None:
    fill_the_city()
    desk = browser_of(city)

    site = dict(zip(*lines_of(export(desk, "sites"))[:2], strict=True))
    cells = load_workbook(io.BytesIO(export(desk, "sites", "xlsx"))).worksheets[0][2]

    assert (site["名称"], site["电话"], site["经度"]) == ("'-1号点", "'+86 731 12320", "-0.5")
    assert "f" not in {cell.data_type for cell in cells}
    assert -0.5 in [cell.value for cell in cells]
    assert "'=cmd" in {cell for line in lines_of(export(desk, "staff")) for cell in line}


def test_an_export_holds_nobody_elses_rows(browser_of) -> None:
    own, other = make_site(code="OWN"), make_site(code="OTHER", district=make_district("430103"))
    for site in (own, other):
        StaffMember.objects.create(user=make_citizen(), site=site, role=DeskRole.SCREENING)
        make_slot(site=site)
        plan = QuotaPlan.objects.create(
            code=site.code, name=site.code, programme=make_programme(), district=site.district
        )
        PlanSession.objects.create(plan=plan, weekday=1, begins=time(8), ends=time(9))
    desk = browser_of(make_administrator(AdminRole.DISTRICT, district=own.district))

    for kind in ("sites", "staff", "slots", "plans", "closed_days"):
        text = export(desk, kind).decode()
        assert "OTHER" not in text
        assert ("OWN" in text) == (kind != "closed_days")


def test_slots_leave_as_the_list_is_filtered_with_what_is_taken(browser_of, city) -> None:
    wanted, other = make_slot(quota=7), make_slot()
    Slot.objects.filter(pk=make_slot(site=wanted.site).pk).update(withdrawn_at=CLOCK, quota=0, closed_at=CLOCK)

    lines = lines_of(export(browser_of(city), "slots", q=wanted.site.code))

    assert other.site.code not in str(lines)
    assert [dict(zip(lines[0], line, strict=True))["号源数"] for line in lines[1:]] == ["7"]
    assert dict(zip(*lines, strict=True))["已占"] == "0"


def test_people_are_in_no_export(browser_of, city) -> None:
    StaffMember.objects.create(
        user=make_citizen(phone="+8613812345678", email="a@example.org"), site=make_site(), role=DeskRole.SCREENING
    )

    text = export(browser_of(city), "staff").decode()

    assert "13812345678" not in text
    assert "example.org" not in text


def test_too_long_a_list_is_not_cut_but_refused(browser_of, city, monkeypatch: pytest.MonkeyPatch) -> None:
    make_site(), make_site()
    monkeypatch.setattr("booking.admin.imports.downloads.MOST_ROWS", {"csv": 1, "xlsx": 1})
    desk = browser_of(city)

    answer = desk.get(reverse("admin:booking_importrun_export", args=["sites", "csv"]), {"is_active__exact": "1"})

    assert answer["Location"] == reverse("admin:sites_site_changelist") + "?is_active__exact=1"
    assert "请先筛选" in desk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("name", ["sites_site", "sites_staffmember", "booking_slot"])
def test_lists_lead_to_their_files(browser_of, city, name: str) -> None:
    page = browser_of(city).get(reverse(f"admin:{name}_changelist"), {"q": "A1"}).content.decode()

    assert "导出 CSV" in page
    assert ".xlsx?q=A1" in page


def test_who_may_not_see_a_list_may_not_export_it(browser_of) -> None:
    nobody = make_citizen(is_staff=True)

    for kind in ("sites", "staff", "plans", "slots", "closed_days"):
        assert browser_of(nobody).get(reverse("admin:booking_importrun_export", args=[kind, "csv"])).status_code == 403


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["sites", "staff", "plans"])
def test_templates_are_for_those_who_may_send_them(browser_of, kind: str, form: str) -> None:
    address = reverse("admin:booking_importrun_template", args=[kind, form])
    site = make_site()

    assert browser_of(make_administrator()).get(address).status_code == 200
    manager = browser_of(make_administrator(AdminRole.SITE, site=site)).get(address)
    assert manager.status_code == (200 if kind == "staff" else 403)
    assert browser_of(make_administrator(AdminRole.AUDITOR)).get(address).status_code == 403


def test_bad_rows_leave_with_their_columns_and_come_back_mended(browser_of, city, take) -> None:
    desk = browser_of(city)
    content = csv_file([*SITE_HEADINGS, "备注"], [*site_line("A1"), "x"], [*site_line("A2", quota="二十"), "=x"])
    run = take(desk, "sites", content)

    lines = lines_of(body(desk.get(reverse("admin:booking_importrun_errors", args=[run.pk]))))
    assert lines[0] == [*SITE_HEADINGS, "原来的行", "错误"]
    assert lines[1][-2:] == ["第 3 行", "每半小时能打几人 · “二十” 不是数字"]
    lines[1][6] = "20"
    again = take(desk, "sites", csv_file(*lines))

    assert again.summary["new"] == 1
    assert set(Site.objects.values_list("code", flat=True)) == {"A1", "A2"}


def test_the_values_from_before_take_a_change_back(browser_of, city, take) -> None:
    site = make_site(code="A1", name="旧名", street="某街道", quota_per_half_hour=7)
    before = Site.objects.filter(pk=site.pk).values().get()
    desk = browser_of(city)
    run = take(desk, "sites", csv_file(SITE_HEADINGS, site_line("A1", name="新名")))
    site.refresh_from_db()
    assert site.name == "新名"

    take(desk, "sites", body(desk.get(reverse("admin:booking_importrun_before", args=[run.pk]))))

    assert Site.objects.filter(pk=site.pk).values().get() == before
