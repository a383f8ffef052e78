"""Open data: what everybody may take, and what it does not tell."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from booking.operations.book import book
from sites.models import Site
from tests.factories import (
    make_district,
    make_figure,
    make_patient,
    make_programme,
    make_site,
    make_slot,
)

pytestmark = pytest.mark.django_db
FILES = ("availability.csv", "availability.json", "sites.csv", "weekly.csv")


@pytest.fixture(autouse=True)
def clock(now: datetime):
    with time_machine.travel(now, tick=False):
        yield


def file(client: Client, name: str) -> list[dict[str, str]]:
    content = client.get(f"/open-data/{name}").content
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_availability_is_told_in_bands_for_each_day_site_and_programme(client: Client, now: datetime) -> None:
    site = make_site(code="A1", name="文艺路")
    for quota, code in ((10, "plenty"), (1, "taken"), (10, "later")):
        programme = make_programme(code=code)
        opens_at = now + timedelta(days=1) if code == "later" else None
        slot = make_slot(site, programme, quota=quota, starts_at=now + timedelta(days=1), opens_at=opens_at)
        if code == "taken":
            patient = make_patient()
            book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="only-one", now=now)

    rows = file(client, "availability.csv")

    assert [(row["date"], row["site_code"], row["programme_code"], row["availability"]) for row in rows] == [
        ("2026-11-25", "A1", "later", "none"),
        ("2026-11-25", "A1", "plenty", "plenty"),
        ("2026-11-25", "A1", "taken", "none"),
    ]
    assert (rows[0]["district_code"], rows[0]["district"], rows[0]["site"]) == ("430102", "芙蓉区", "文艺路")


@pytest.mark.parametrize(
    ("quota", "taken", "band"), [(10, 9, "few"), (10, 8, "some"), (10, 5, "some"), (10, 4, "plenty")]
)
def test_nobody_learns_how_many_places_are_left(
    client: Client, now: datetime, quota: int, taken: int, band: str
) -> None:
    slot = make_slot(quota=quota, starts_at=now + timedelta(days=1))
    for n in range(taken):
        patient = make_patient()
        book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"place-{n:04}", now=now)

    (row,) = file(client, "availability.csv")

    assert row["availability"] == band
    assert set(row) == {
        "date", "district_code", "district", "site_code", "site", "site_en", "programme_code", "programme",
        "programme_en", "availability",
    }  # fmt: skip


def test_json_says_the_same_with_its_licence(client: Client, now: datetime, settings) -> None:
    settings.OPEN_DATA_LICENCE = "CC0"
    make_slot(starts_at=now + timedelta(days=1))

    content = json.loads(client.get("/open-data/availability.json").content)

    assert (content["licence"], content["bands"]) == ("CC0", ["none", "few", "some", "plenty"])
    assert content["availability"] == file(client, "availability.csv")


def test_sites_that_are_out_of_use_are_not_published(client: Client) -> None:
    make_site(code="A1", phone="0731-0000 0001", step_free=True)
    make_site(code="A2", is_active=False)

    (row,) = file(client, "sites.csv")

    assert (row["code"], row["phone"], row["step_free"], row["english"]) == ("A1", "0731-0000 0001", "yes", "no")


def test_a_sites_name_is_never_a_formula(client: Client) -> None:
    make_site(code="A1", name="=1+1")
    Site.objects.update(address="@x")

    (row,) = file(client, "sites.csv")

    assert (row["name"], row["address"]) == ("'=1+1", "'@x")


def test_weeks_that_are_over_are_summed_by_district(client: Client, now: datetime) -> None:
    programme, monday = make_programme(code="influenza"), now.date() - timedelta(days=8)
    for n, district in enumerate(("430102", "430102", "430103")):
        site = make_site(district=make_district(district))
        make_figure(site, programme, monday, 9, fulfilled=3, no_show=2)
        make_figure(site, programme, monday + timedelta(days=6), 9, fulfilled=n, no_show=1)
        make_figure(site, programme, now.date() - timedelta(days=1), 9, fulfilled=500)

    rows = file(client, "weekly.csv")

    assert [
        (row["week_from"], row["week_to"], row["district_code"], row["programme_code"], row["doses"], row["no_shows"])
        for row in rows
    ] == [
        ("2026-11-16", "2026-11-22", "430102", "influenza", "7", "6"),
        # Five doses may be told; three people who did not come may not.
        ("2026-11-16", "2026-11-22", "430103", "influenza", "5", ""),
    ]


def test_a_week_of_few_people_says_nothing_about_them(client: Client, now: datetime) -> None:
    make_figure(make_site(), make_programme(), now.date() - timedelta(days=8), fulfilled=4, no_show=0)

    (row,) = file(client, "weekly.csv")

    assert (row["doses"], row["no_shows"]) == ("", "")


@pytest.mark.parametrize("name", FILES)
def test_files_are_for_every_website_and_for_a_minute(client: Client, name: str) -> None:
    make_slot()

    answer = client.get(f"/open-data/{name}", headers={"Origin": "https://elsewhere.example"})

    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Cookie" not in answer.headers["Vary"]
    assert not answer.cookies
    unchanged = client.get(f"/open-data/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", FILES)
def test_files_are_the_same_in_every_language_and_for_whoever_is_signed_in(client: Client, name: str) -> None:
    make_slot()
    make_patient()
    plain = Client().get(f"/open-data/{name}")
    client.force_login(make_patient().user)

    answer = client.get(f"/open-data/{name}", headers={"Accept-Language": "en"})

    assert answer.content == plain.content


def test_nothing_of_anybody_is_in_any_file(client: Client, now: datetime) -> None:
    slot = make_slot(starts_at=now + timedelta(days=1))
    patient = make_patient(name="欧阳秋水")
    booked = book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key="a-booking", now=now)

    for name in (*FILES, ""):
        content = client.get(f"/open-data/{name}").content.decode()
        for private in ("欧阳秋水", patient.document_number, booked.reference, str(patient.person), patient.user.phone):
            assert private not in content


def test_other_names_are_not_found(client: Client) -> None:
    assert client.get("/open-data/patients.csv").status_code == 404


def test_the_page_names_the_licence_and_shows_ten_rows(client: Client, now: datetime) -> None:
    site = make_site()
    for n in range(12):
        make_slot(site, make_programme(), starts_at=now + timedelta(days=n % 5 + 1))

    page = client.get("/open-data/")

    assert "CC BY 4.0" in page.text
    assert page.text.count("<td>") == 2 * 10
    for name in FILES:
        assert f'href="/open-data/{name}"' in page.text
    assert page.headers["Cache-Control"].startswith("public, max-age=60")


def test_the_page_of_a_city_without_slots_says_so(client: Client) -> None:
    assert "今后 14 天还没有放出号源" in client.get("/open-data/").text


def test_help_and_every_foot_lead_here(client: Client) -> None:
    assert client.get("/help/").text.count('href="/open-data/"') == 2


def test_a_minute_of_readers_costs_the_ledger_one_reading(
    client: Client, now: datetime, django_assert_num_queries
) -> None:
    make_slot(starts_at=now + timedelta(days=1))
    make_figure(make_site(), make_programme(), now.date() - timedelta(days=8), fulfilled=9)
    for name in FILES:
        client.get(f"/open-data/{name}")

    with django_assert_num_queries(0):
        for name in FILES:
            client.get(f"/open-data/{name}")
