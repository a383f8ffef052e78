"""Which later doses become due: the page, its file, and for whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sites.models import AdminRole
from tests.admin.figures.conftest import City
from tests.factories import CLOCK, make_administrator, make_patient, make_two_dose_programme
from tests.series_factories import make_first_dose

PAGE, FILE = reverse("admin:booking_hourfigure_due"), reverse("admin:booking_hourfigure_due_csv")


@pytest.fixture
def series(city: City):
    programme = make_two_dose_programme(28, code="hpv-2", name="二价")
    for district, days_ago in ((city.ours, 28), (city.ours, 20), (city.others, 28)):
        make_first_dose(programme, patient=make_patient(district_code=district.code), days_ago=days_ago, site=city.far)
    return programme


def test_by_week_vaccine_and_district(enter, series) -> None:
    shown = enter(make_administrator()).get(PAGE).context

    assert [(one.of, one.due) for one in shown["weeks"] if one.due] == [
        (CLOCK.date() - timedelta(days=1), 2), (CLOCK.date() + timedelta(days=6), 1),
    ]  # fmt: skip
    assert [(str(one.of[0]), one.of[1], one.open) for one in shown["programmes"]] == [("二价", 2, 3)]
    assert [(str(one.of), one.due) for one in shown["districts"]] == [("芙蓉区", 2), ("天心区", 1)]
    assert len(shown["chart"].bars) == 16


def test_a_district_sees_its_own_people(enter, series, city: City) -> None:
    shown = enter(make_administrator(AdminRole.DISTRICT, district=city.others)).get(PAGE)

    assert shown.context["total"].due == 1
    assert "芙蓉区" not in shown.content.decode()


def test_a_site_has_no_people_of_its_own(enter, city: City) -> None:
    client: Client = enter(make_administrator(AdminRole.SITE, site=city.first))

    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get(reverse("admin:booking_hourfigure_trends")).content.decode()


def test_one_programme_and_one_district(enter, series, city: City) -> None:
    client = enter(make_administrator())

    assert client.get(PAGE, {"programme": "hpv-2", "district": city.others.code}).context["total"].due == 1
    assert client.get(PAGE, {"programme": "nothing"}).status_code == 404


def test_the_file_has_a_line_for_each_week_and_district(enter, series) -> None:
    lines = enter(make_administrator()).get(FILE).content.decode("utf-8-sig").splitlines()

    assert lines[1] == "2026-11-23,hpv-2,二价,流感疫苗,430102,芙蓉区,2,1,0,1"
    assert len(lines) == 4


def test_with_nobody_due_it_says_so(enter, city: City) -> None:
    assert "这段时间没有人到期" in enter(make_administrator()).get(PAGE).content.decode()
