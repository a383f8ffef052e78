"""The list of sites, and the page of each."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.admission.connection import connection as connection_to_gate
from booking.operations.book import book
from booking.queries.board import forget_boards
from sites.kept import Kept
from tests.factories import make_district, make_patient, make_programme, make_site, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(now: datetime):
    with time_machine.travel(now, tick=False):
        yield


def test_the_site_with_the_earliest_place_comes_first_and_the_full_one_last(client: Client, now: datetime) -> None:
    programme = make_programme()
    late, early, full = make_site(code="A"), make_site(code="B"), make_site(code="C")
    make_slot(late, programme, starts_at=now + timedelta(days=2))
    make_slot(early, programme, starts_at=now + timedelta(days=1))
    last_place = make_slot(full, programme, quota=1, starts_at=now + timedelta(hours=2))
    patient = make_patient()
    book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=last_place.pk, request_key="the-only-place", now=now
    )

    page = client.get("/sites/", {"programme": programme.code})

    assert [row.site.code for row in page.context["page"]] == ["B", "A", "C"]
    assert [row.state for row in page.context["page"]] == ["plenty", "plenty", "full"]
    assert "3 个接种点，其中 2 个两周内有号" in page.text
    assert "最早 11 月 25 日 周三 10:00" in page.text


def test_a_district_shows_its_own_sites_and_how_many(client: Client) -> None:
    make_site(district=make_district("430102"))
    make_site(district=make_district("430103"), name="天心接种点")

    page = client.get("/sites/", {"district": "430103"})

    assert "共 1 个接种点" in page.text
    assert "天心接种点" in page.text
    assert "第1接种点" not in page.text


def test_sites_come_24_a_page_and_what_was_asked_for_stays(client: Client) -> None:
    for _ in range(25):
        make_site()

    first = client.get("/sites/", {"district": "430102"})
    second = client.get("/sites/", {"district": "430102", "page": "2"})

    assert len(first.context["page"]) == 24
    assert "district=430102&amp;page=2" in first.text
    assert len(second.context["page"]) == 1


@pytest.mark.parametrize("query", ["programme=nothing", "district=999999"])
def test_what_does_not_exist_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/sites/?{query}").status_code == 404


def test_an_empty_district_says_what_to_do(client: Client) -> None:
    make_district("430103")

    assert "请换一个区县，或打电话问。" in client.get("/sites/", {"district": "430103"}).text


def test_a_sites_page_says_when_it_is_open_and_what_is_left_of_the_week(client: Client, now: datetime) -> None:
    site, programme = make_site(step_free=True, address="文艺路 1 号", phone="0731-0000 0001"), make_programme()
    make_slot(site, programme, starts_at=now + timedelta(days=1))
    make_slot(site, programme, starts_at=now + timedelta(days=1, minutes=30))
    unopened = now + timedelta(days=2)
    make_slot(site, programme, starts_at=unopened, opens_at=now + timedelta(hours=1))

    page = client.get(f"/sites/{site.code}/")

    assert "周三" in page.text
    assert "10:00–11:00" in page.text
    assert "无台阶" in page.text
    assert 'href="tel:0731-00000001"' in page.text
    week = page.context["found"].programmes[0]
    assert [day.state for day in week.days] == ["closed", "plenty", "not_open", "closed", "closed", "closed", "closed"]


def test_a_site_without_slots_names_the_way_on(client: Client) -> None:
    page = client.get(f"/sites/{make_site().code}/")

    assert "两周内没有安排接种" in page.text
    assert "在这里预约" not in page.text


def test_a_site_that_is_out_of_use_is_not_found(client: Client) -> None:
    assert client.get(f"/sites/{make_site(is_active=False).code}/").status_code == 404


def test_a_sites_page_costs_at_most_four_statements_in_a_city_that_is_known(
    client: Client, now: datetime, django_assert_max_num_queries
) -> None:
    programme = make_programme()
    sites = [make_site() for _ in range(30)]
    for site in sites:
        make_slot(site, programme, starts_at=now + timedelta(days=1))
    client.get(f"/sites/{sites[0].code}/")

    with django_assert_max_num_queries(4):
        client.get(f"/sites/{sites[1].code}/")


def test_a_list_costs_as_many_statements_for_thirty_sites_as_for_three(client: Client, now: datetime) -> None:
    def statements(sites: int) -> int:
        programme = make_programme()
        for _ in range(sites):
            make_slot(make_site(), programme, starts_at=now + timedelta(days=1))
        connection_to_gate().client.flushall()
        forget_boards()
        Kept.forget_all()
        with CaptureQueriesContext(connection) as asked:
            client.get("/sites/", {"programme": programme.code})
        return len(asked)

    assert statements(3) == statements(30)
