"""The first page: the same bytes for everybody, and one's own after signing in."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from booking.answers import store
from booking.models import Cohort
from tests.factories import make_citizen, make_programme, make_queue, make_slot

pytestmark = pytest.mark.django_db


def test_everybody_who_is_not_signed_in_gets_the_same_bytes(client: Client) -> None:
    one, other = client.get("/"), Client(headers={"user-agent": "another"}).get("/")

    assert one.content == other.content
    assert one["ETag"] == other["ETag"]
    assert "csrf" not in one.text
    assert not one.cookies
    assert one["Cache-Control"].startswith("public, max-age=")
    assert set(one["Vary"].split(", ")) == {"Cookie", "Accept-Language", "Accept-Encoding"}


def test_a_second_look_costs_neither_the_ledger_nor_a_page(client: Client, django_assert_num_queries) -> None:
    first = client.get("/")

    with django_assert_num_queries(0):
        again = client.get("/", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_each_language_and_text_size_has_its_own_page(client: Client) -> None:
    chinese = client.get("/").text
    client.cookies["text_size"] = "largest"
    large = client.get("/").text
    client.cookies["django_language"] = "en"
    english = client.get("/").text

    assert 'data-size="standard"' in chinese
    assert "预约接种" in chinese
    assert 'data-size="largest"' in large
    assert 'lang="en" data-size="largest"' in english
    assert "Book a vaccination" in english


def test_large_text_is_offered_until_somebody_has_answered(client: Client) -> None:
    offered = client.get("/").text
    client.get("/text-size/standard/")
    answered = client.get("/").text

    assert "字太小？换大字版" in offered
    assert "字太小？换大字版" not in answered


def test_a_cookie_that_we_never_set_does_not_make_another_page(client: Client) -> None:
    client.get("/")
    pages = len(store._kept)
    client.cookies["text_size"] = "gigantic"
    client.get("/")

    assert len(store._kept) == pages


def test_a_signed_in_citizen_gets_a_page_of_her_own_that_nobody_keeps(client: Client) -> None:
    client.get("/")
    client.force_login(make_citizen())
    own = client.get("/")

    assert "no-store" in own["Cache-Control"]
    assert "我的预约" in own.text
    assert "查我的预约" not in own.text


def test_the_next_release_is_announced_within_a_day(client: Client, now: datetime) -> None:
    hpv = make_programme(name="九价 HPV 疫苗接种")
    make_slot(programme=hpv, opens_at=now + timedelta(hours=22), starts_at=now + timedelta(days=7))

    with time_machine.travel(now, tick=False):
        soon = client.get("/").text
    store.clear()
    with time_machine.travel(now - timedelta(hours=3), tick=False):
        early = client.get("/").text

    assert "11 月 25 日 周三 08:00 放号：" in soon
    assert "九价 HPV 疫苗接种" in soon
    assert "放号：" not in early


def test_the_ways_to_documents_and_the_admin_are_shown_in_a_demonstration_only(client: Client, settings) -> None:
    shown = client.get("/").text
    store.clear()
    settings.DEMONSTRATION = False
    hidden = client.get("/").text

    assert "/api/docs" in shown
    assert "/api/docs" not in hidden
    assert "/admin/" not in hidden


def test_programmes_that_are_not_first_come_first_served_say_whose_turn_it_is(client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        make_programme(name="甲肝疫苗", release_mode="invitation")
        by_cohort = make_programme(name="乙肝疫苗", release_mode="cohort")
        for number, name in enumerate(("第一批", "第二批")):
            opens_at = now + timedelta(days=number)
            Cohort.objects.create(
                programme=by_cohort,
                name=name,
                name_en="x",
                opens_at=opens_at,
                closes_at=opens_at + timedelta(days=1),
            )

        shown = client.get("/").text

    assert "凭邀请预约。轮到时给您发短信，不用一直来看。" in shown
    assert "分批预约，现在轮到：第一批。 接着 11 月 25 日 周三 10:00：第二批。" in shown


def test_nothing_is_said_of_ways_while_everything_is_simply_open(client: Client) -> None:
    make_programme()

    assert "不是先到先得" not in client.get("/").text


def test_slots_that_open_for_whoever_is_invited_are_not_announced_to_everybody(client: Client, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        make_slot(programme=make_programme(release_mode="invitation"), opens_at=now + timedelta(hours=3))

        assert "放号：" not in client.get("/").text


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "双价 HPV：10:20 放的号正在排队"), ("en", "HPV-2: places of 10:20 have a queue now.")],
)
def test_while_people_may_stand_in_a_queue_the_page_leads_there(
    client: Client, now: datetime, language: str, said: str
) -> None:
    queue = make_queue(make_programme(name="双价 HPV", name_en="HPV-2"), opens_in=timedelta(minutes=20))
    make_slot(programme=queue.programme, opens_at=queue.opens_at, starts_at=now + timedelta(days=7))

    with time_machine.travel(now, tick=False):
        page = client.get("/", headers={"Accept-Language": language}).text

    assert said in page
    assert f"/queue/{queue.pk}/" in page
    # It says when it opens: no second line does.
    assert "放号：" not in page
    assert "New places open" not in page
