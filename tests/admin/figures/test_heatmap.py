"""How full: site by day and hour by weekday, as pages and files."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from booking.models import HourFigure
from booking.queries.figures.age import remember_counting
from sites.models import AdminRole, Site
from tests.admin.figures.conftest import TUESDAY, WEDNESDAY, City
from tests.factories import CLOCK, make_administrator, make_figure, make_site

PAGE = reverse("admin:booking_hourfigure_heatmap")
FILE = reverse("admin:booking_hourfigure_heatmap_csv")
COUNT = reverse("admin:booking_hourfigure_count")


def row(page: str, name: str) -> list[str]:
    """The text of a line's cells."""
    line = re.search(rf"<tr[^>]*><th[^>]*>(?:<a[^>]*>)?{name}(?:</a>)?</th>(.*?)</tr>", page, re.DOTALL)
    assert line, name
    cells = re.findall(r"<td[^>]*>(.*?)</td>", line[1], re.DOTALL)
    return [re.sub(r"<[^>]*>", " ", cell).strip() for cell in cells]


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_cell_says_what_percentage_is_taken_and_sums_are_of_places(desk: Client, city: City) -> None:
    page = desk.get(PAGE, {"last": "2026-11-25"}).content.decode()

    assert row(page, "文艺路") == ["40%", "40%", "40%"]
    assert row(page, "朝阳街") == ["90%", "没有号源", "90%"]
    assert row(page, "芙蓉区") == ["50%", "40%", "48%"]
    assert row(page, "坡子街") == ["77%", "没有号源", "77%"]
    assert row(page, "合计") == ["68%", "40%", "66%"]
    assert "号源 <b>160</b>，已占 <b>106</b>，<b>66%</b>" in page


def test_cells_of_one_programme_count_that_one_only(desk: Client, city: City) -> None:
    page = desk.get(PAGE, {"last": "2026-11-25", "programme": "influenza"}).content.decode()

    assert row(page, "文艺路") == ["75%", "40%", "63%"]


def test_hours_are_summed_over_the_weeks_with_the_gap_between_them(desk: Client, city: City) -> None:
    make_figure(city.first, city.influenza, TUESDAY + timedelta(days=7), 9, quota=10, taken=0)

    page = desk.get(PAGE, {"by": "hour", "district": "430102"}).content.decode()

    nine = row(page, "09:00")
    assert nine[1] == "40% 20/50"
    assert nine[2] == "40% 4/10"
    assert nine[0] == nine[6] == "没有号源"
    assert "12:00" not in page
    whole = desk.get(PAGE, {"by": "hour"}).content.decode()
    assert set(row(whole, "12:00")) == {"没有号源"}


@pytest.mark.parametrize(
    ("taken", "cell"),
    [
        (399, '<td class="h-low">39%'),
        (400, '<td class="h-middle">40%'),
        (700, '<td class="h-high">70%'),
        (900, '<td class="h-nearly">90%'),
        (999, '<td class="h-nearly">99%'),
        (1000, '<td class="h-full">100%'),
    ],
)
def test_the_look_of_a_cell_follows_its_percentage(desk: Client, city: City, taken: int, cell: str) -> None:
    HourFigure.objects.all().delete()
    make_figure(city.first, city.influenza, TUESDAY, quota=1000, taken=taken)

    page = desk.get(PAGE, {"site": "A1", "last": "2026-11-24"}).content.decode()

    assert cell in page


def test_a_file_has_the_cells_with_places(desk: Client, city: City) -> None:
    answer = desk.get(FILE, {"last": "2026-11-25", "district": "430102"})

    assert answer["Content-Disposition"] == 'attachment; filename="heatmap-site-2026-11-24-2026-11-25.csv"'
    assert lines(answer.content) == [
        ["日期", "区县", "编号", "接种点", "号源数", "已占", "百分比"],
        ["2026-11-24", "芙蓉区", "A1", "文艺路", "40", "16", "40"],
        ["2026-11-25", "芙蓉区", "A1", "文艺路", "10", "4", "40"],
        ["2026-11-24", "芙蓉区", "A2", "朝阳街", "10", "9", "90"],
    ]


def test_a_file_by_hour_has_weekdays_and_hours(desk: Client, city: City) -> None:
    answer = desk.get(FILE, {"by": "hour", "site": "A1"})

    assert lines(answer.content)[1:] == [
        ["2", "9", "30", "11", "36"],
        ["3", "9", "10", "4", "40"],
        ["2", "10", "10", "5", "50"],
    ]


def test_a_sites_name_is_never_a_formula(desk: Client, city: City) -> None:
    Site.objects.filter(pk=city.first.pk).update(name='=HYPERLINK("http://x")')

    assert lines(desk.get(FILE, {"site": "A1"}).content)[1][3] == '\'=HYPERLINK("http://x")'


def test_a_district_sees_its_own_sites_and_sums(enter, city: City) -> None:
    browser = enter(make_administrator(AdminRole.DISTRICT, district=city.ours))

    page = browser.get(PAGE, {"last": "2026-11-25"}).content.decode()

    assert row(page, "合计") == ["50%", "40%", "48%"]
    assert "坡子街" not in page
    assert "天心区" not in page
    assert "坡子街" not in browser.get(FILE).content.decode()


def test_a_sites_manager_sees_one_line(enter, city: City) -> None:
    browser = enter(make_administrator(AdminRole.SITE, site=city.second))

    page = browser.get(PAGE, {"last": "2026-11-24"}).content.decode()

    assert row(page, "合计") == ["90%", "90%"]
    assert "文艺路" not in page


@pytest.mark.parametrize("query", ["district=430103", "site=B1", "site=B1&by=hour", "district=430102&site=B1"])
def test_what_is_anothers_is_not_there(enter, city: City, query: str) -> None:
    browser = enter(make_administrator(AdminRole.DISTRICT, district=city.ours))

    assert browser.get(f"{PAGE}?{query}").status_code == 404
    assert browser.get(f"{FILE}?{query}").status_code == 404


@pytest.mark.parametrize("query", ["district=1", "site=none", "programme=none", "by=month"])
def test_what_is_not_there_is_not_found(desk: Client, city: City, query: str) -> None:
    assert desk.get(f"{PAGE}?{query}").status_code == 404


def test_who_may_not_look_is_refused_and_who_may_not_export_gets_no_file(enter, city: City, settings) -> None:
    roles = settings.ROLE_PERMISSIONS
    settings.ROLE_PERMISSIONS = {**roles, "auditor": roles["auditor"] - {"booking.export_figures"}}
    browser = enter(make_administrator(AdminRole.AUDITOR))
    assert browser.get(PAGE).status_code == 200
    assert ".csv" not in browser.get(PAGE).content.decode()
    assert browser.get(FILE).status_code == 403

    settings.ROLE_PERMISSIONS = {**roles, "auditor": roles["auditor"] - {"booking.view_hourfigure"}}
    browser = enter(make_administrator(AdminRole.AUDITOR))
    assert browser.get(PAGE).status_code == 403
    assert browser.post(COUNT).status_code == 403
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"first": "2026-11-24", "last": "2026-11-23"}, "结束日期不能早于开始日期。"),
        ({"first": "2026-11-01", "last": "2026-12-06"}, "一次最多看 35 天。"),
        ({"first": "yesterday"}, "输入一个有效的日期"),
    ],
)
def test_days_that_cannot_be_are_named_and_the_usual_ones_shown(
    desk: Client, city: City, days: dict[str, str], sentence: str
) -> None:
    page = desk.get(PAGE, days).content.decode()

    assert sentence in page
    assert row(page, "合计")[:2] == ["68%", "40%"]


def test_the_page_says_how_old_its_figures_are(desk: Client, city: City) -> None:
    assert "统计于 10:00，每 10 分钟更新。" in desk.get(PAGE).content.decode()

    remember_counting(now=CLOCK + timedelta(minutes=20))

    assert "统计于 10:20，每 10 分钟更新。" in desk.get(PAGE).content.decode()


def test_counting_now_is_a_job_and_the_page_says_when_to_look_again(desk: Client, city: City) -> None:
    here = f"{PAGE}?by=hour"

    answer = desk.post(COUNT, {"next": here}, follow=True)

    assert answer.redirect_chain == [(here, 302)]
    assert "正在统计。大约一分钟后刷新这个页面。" in answer.content.decode()
    assert [job.task["func"] for job in OrmQ.objects.all()] == ["booking.jobs.count_figures"]
    again = desk.post(COUNT, {"next": "https://elsewhere.example/"}, follow=True)
    assert again.redirect_chain == [(PAGE, 302)]
    assert "刚刚已经有人点过" in again.content.decode()
    assert OrmQ.objects.count() == 1
    assert desk.get(COUNT).status_code == 405


def test_without_figures_the_page_says_what_to_do(desk: Client, city: City) -> None:
    nothing = desk.get(PAGE, {"first": "2027-01-01", "last": "2027-01-02"}).content.decode()
    assert "还没有统计过。点“现在统计”" in nothing

    remember_counting(now=CLOCK)

    nothing = desk.get(PAGE, {"first": "2027-01-01", "last": "2027-01-02"}).content.decode()
    assert "这些天没有号源，所以没有数据。" in nothing


def test_the_table_in_the_index_leads_here(desk: Client, city: City) -> None:
    assert desk.get(reverse("admin:booking_hourfigure_changelist")).headers["Location"] == PAGE


@pytest.mark.parametrize("by", ["site", "hour"])
def test_a_map_costs_as_many_statements_for_thirty_sites_as_for_three(
    enter, city: City, by: str, django_assert_max_num_queries
) -> None:
    browser = enter(make_administrator(AdminRole.CITY))
    for _ in range(30):
        make_figure(make_site(), city.influenza, WEDNESDAY, quota=5, taken=1)
    browser.get(PAGE)

    with django_assert_max_num_queries(9):
        browser.get(PAGE, {"by": by})
