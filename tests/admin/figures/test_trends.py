"""Bookings, no-shows and lead times beside the week before."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from booking.admin.figures.charts import bookings_chart, no_show_chart
from booking.models import HourFigure
from booking.queries.figures.selection import select
from booking.queries.figures.trends import Today, today, trends
from sites.models import AdminRole
from sites.scope import Scope
from tests.admin.figures.conftest import TUESDAY, WEDNESDAY, City
from tests.admin.figures.test_heatmap import lines
from tests.factories import make_administrator, make_figure

PAGE = reverse("admin:booking_hourfigure_trends")
FILE = reverse("admin:booking_hourfigure_trends_csv")
WEEK = timedelta(days=7)


@pytest.fixture
def week_before(city: City) -> City:
    make_figure(
        city.first, city.influenza, TUESDAY - WEEK, 9, quota=50, taken=40, fulfilled=27, no_show=3, checked_in=2
    )
    make_figure(
        city.first, city.influenza, TUESDAY - WEEK, 15, quota=50, taken=13, fulfilled=13, lead_days=26, lead_count=13
    )
    return city


def whole_city(**codes: str):
    selection = select(scope=Scope(True), first=TUESDAY, last=WEDNESDAY, **codes)
    assert selection
    return selection


def test_days_stand_beside_the_same_days_a_week_before(week_before: City) -> None:
    tuesday, wednesday = trends(whole_city()).days

    assert (tuesday.quota, tuesday.booked, tuesday.booked_before, tuesday.change) == (150, 102, 53, 92)
    assert (tuesday.fulfilled, tuesday.no_show, tuesday.no_show_rate, tuesday.no_show_rate_before) == (6, 2, 25.0, 7.0)
    assert (wednesday.booked, wednesday.booked_before, wednesday.change, wednesday.no_show_rate) == (
        4,
        None,
        None,
        None,
    )


def test_a_weeks_lead_time_is_the_mean_of_its_people(week_before: City) -> None:
    (week,) = trends(whole_city()).weeks

    assert (week.first, week.last, week.booked, week.lead, week.lead_before) == (TUESDAY, WEDNESDAY, 106, 2.5, 2.0)


def test_today_is_compared_with_the_same_hours_a_week_ago(week_before: City) -> None:
    found = today(whole_city(), day=TUESDAY, hour=10)

    assert found == Today(102, 7, 6, 2, before=Today(53, 29, 27, 3))


@pytest.mark.parametrize(
    ("codes", "booked"),
    [({"district": "430103"}, 77), ({"site": "A2"}, 9), ({"programme": "hpv"}, 1), ({}, 102)],
)
def test_a_selection_counts_what_was_chosen(city: City, codes: dict[str, str], booked: int) -> None:
    assert trends(whole_city(**codes)).days[0].booked == booked


def test_the_page_has_a_chart_a_table_and_a_file_for_each(desk: Client, week_before: City) -> None:
    page = desk.get(PAGE).content.decode()

    for name in ("bookings", "no_shows", "lead"):
        assert f'aria-labelledby="{name}-title {name}-desc"' in page
        assert f"?table={name}&amp;" in page
    assert page.count('<svg class="chart"') == page.count("</desc>") == 3
    assert not re.search(r"\sstyle=|<style|<script>", page.split('id="content"')[1])
    assert "上周此时 27" in page
    assert "<td>150</td><td>102</td><td>53</td><td>+92%</td>" in page


@pytest.mark.parametrize(
    ("table", "name", "line"),
    [
        ("bookings", "bookings", ["2026-11-24", "150", "102", "53", "92", "0"]),
        ("no_shows", "no-shows", ["2026-11-24", "6", "2", "25.0", "7.0"]),
        ("lead", "lead", ["2026-11-24", "2026-11-25", "106", "2.5", "2.0"]),
    ],
)
def test_each_file_has_the_numbers_of_its_table(
    desk: Client, week_before: City, table: str, name: str, line: list[str]
) -> None:
    answer = desk.get(FILE, {"table": table, "first": "2026-11-24", "last": "2026-11-25"})

    assert answer["Content-Disposition"] == f'attachment; filename="{name}-2026-11-24-2026-11-25.csv"'
    assert lines(answer.content)[1] == line


def test_a_table_that_does_not_exist_is_not_found(desk: Client, city: City) -> None:
    assert desk.get(FILE, {"table": "people"}).status_code == 404


def test_a_district_sees_its_own_trends_and_no_others(enter, week_before: City) -> None:
    browser = enter(make_administrator(AdminRole.DISTRICT, district=week_before.others))

    answer = browser.get(PAGE)

    assert answer.context["today"] == Today(77, 0, 0, 0)
    assert browser.get(PAGE, {"district": "430102"}).status_code == 404
    assert browser.get(FILE, {"site": "A1"}).status_code == 404


def test_without_an_office_nothing_is_shown(enter, city: City) -> None:
    outsider = make_administrator(AdminRole.AUDITOR)
    outsider.offices.update(is_active=False)

    assert enter(outsider).get(PAGE).status_code == 403


def test_a_page_without_figures_is_calm(desk: Client, db) -> None:
    page = desk.get(PAGE).content.decode()

    assert "还没有统计过" in page
    assert 'class="chart"' not in page


def test_bars_stand_on_the_ground_and_the_highest_fits(week_before: City) -> None:
    chart = bookings_chart(trends(whole_city()).days, TUESDAY)

    tuesday, wednesday = chart.bars
    assert chart.top <= tuesday.y < wednesday.y < chart.bottom
    assert tuesday.y + tuesday.height == chart.bottom
    assert (tuesday.is_ahead, wednesday.is_ahead) == (False, True)
    assert tuesday.x + tuesday.width < chart.now_x < wednesday.x
    assert [line.value for line in chart.lines] == ["0", "50", "100", "150", "200"]


def test_a_chart_of_nothing_has_a_scale_and_no_data(city: City) -> None:
    HourFigure.objects.update(no_show=0, fulfilled=0)

    chart = no_show_chart(trends(whole_city()).days)

    assert (chart.has_data, chart.lines[-1].value) == (False, "4%")


def test_trends_cost_few_statements(enter, week_before: City, django_assert_max_num_queries) -> None:
    browser = enter(make_administrator(AdminRole.CITY))
    browser.get(PAGE)

    with django_assert_max_num_queries(10):
        browser.get(PAGE)
