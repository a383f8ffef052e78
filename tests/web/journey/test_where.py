"""Step 3: where. The city's sites, sorted and sifted."""

import gzip
from datetime import timedelta
from time import perf_counter

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.queries.availability import forget_site
from tests.factories import make_district, make_patient, make_programme, make_site, make_slot
from tests.web.journey.conftest import Visitor, at, books, released, text_of, when, where

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_district():
    district = make_district("430104")
    district.name, district.name_en = "岳麓区", "Yuelu"
    district.save()
    return district


@pytest.fixture
def far_site(programme, other_district):
    """Ten kilometres north, in another district, with a place the day after tomorrow."""
    site = make_site(name="远处接种点", district=other_district, latitude=28.29, english=True)
    make_slot(site, programme, starts_at=at(2, 9), opens_at=released())
    return site


@pytest.fixture
def full_site(programme):
    site = make_site(name="约满接种点")
    make_slot(site, programme, quota=0, starts_at=at(1, 9), opens_at=released())
    return site


def next_weekend(hour: int):
    return next(at(n, hour) for n in range(1, 8) if (timezone.localdate() + timedelta(days=n)).weekday() == 5)


def located(visitor, programme, patient, latitude="28.2004", longitude="113.0001"):
    return visitor.post(where(programme, patient), latitude=latitude, longitude=longitude)


def test_the_page_counts_the_sites_with_places_and_names_the_earliest_first(
    visitor, patient, programme, site, slots, far_site, full_site
) -> None:
    text = text_of(visitor.get(where(programme, patient)))

    assert "全市有 2 个接种点有号" in text
    assert text.index("望月湖卫生服务中心") < text.index("远处接种点")
    assert "最早 明天" in text
    assert "09:00" in text
    assert "约满接种点" not in text


def test_a_row_says_district_facilities_and_state_in_words_and_leads_to_the_times(
    visitor, patient, programme, site, slots
) -> None:
    response = visitor.get(where(programme, patient))

    assert "芙蓉区 · 无台阶" in text_of(response)
    assert "充足" in text_of(response)
    assert f'href="{when(site, programme, patient)}"' in response.content.decode()


def test_full_sites_are_shown_when_asked_for(visitor, patient, programme, slots, full_site) -> None:
    text = text_of(visitor.get(where(programme, patient), all="1"))

    assert "约满接种点" in text
    assert "约满" in text.replace("约满接种点", "")


def test_filters_for_facilities_and_weekend_sift(visitor, patient, programme, site, slots, far_site) -> None:
    make_slot(far_site, programme, starts_at=next_weekend(15), opens_at=released())
    forget_site(far_site.pk)

    english = text_of(visitor.get(where(programme, patient), english="1"))
    step_free = text_of(visitor.get(where(programme, patient), step_free="1"))

    assert ("远处接种点" in english, "望月湖" in english) == (True, False)
    assert ("远处接种点" in step_free, "望月湖" in step_free) == (False, True)
    assert "远处接种点" in text_of(visitor.get(where(programme, patient), weekend="1"))


def test_where_nothing_fits_there_are_ways_on(visitor, patient, programme, site, slots) -> None:
    response = visitor.get(where(programme, patient), english="1")

    text = text_of(response)
    assert "这样找不到有号的接种点。" in text
    assert "去掉筛选再看" in text
    assert "打电话约 12320" in text


def test_by_district_first_asks_which_with_the_patients_own_on_top(
    visitor, citizen, programme, slots, far_site, other_district
) -> None:
    resident = make_patient(citizen, district_code=other_district.code)

    text = text_of(visitor.get(where(programme, resident), sort="district"))

    assert text.index("岳麓区") < text.index("芙蓉区")
    assert "居住区县 · 1 个接种点有号" in text


def test_a_chosen_district_shows_its_sites_only(visitor, patient, programme, slots, far_site) -> None:
    text = text_of(visitor.get(where(programme, patient), sort="district", district="430104"))

    assert "岳麓区有 1 个接种点有号" in text
    assert "望月湖" not in text


def test_nearest_without_a_location_offers_to_use_it_and_the_districts(visitor, patient, programme, slots) -> None:
    response = visitor.get(where(programme, patient), sort="nearest")

    assert "用我的位置" in text_of(response)
    assert "芙蓉区1 个接种点有号" in text_of(response)


def test_a_location_sorts_by_distance_and_never_stands_in_an_address(
    visitor, patient, programme, site, slots, far_site
) -> None:
    answer = located(visitor, programme, patient)

    text = text_of(visitor.get(answer["Location"]))
    assert answer["Location"] == f"{where(programme, patient)}?sort=nearest"
    assert "28.2" not in answer["Location"]
    assert "附近 5 公里有 1 个接种点有号" in text
    assert "40 米 · 芙蓉区" in text or "0 米 · 芙蓉区" in text
    assert "10.0 公里 · 岳麓区" in text


def test_a_location_is_kept_by_the_browser_only_rounded_and_for_half_an_hour(visitor, patient, programme) -> None:
    answer = located(visitor, programme, patient, "28.200444", "113.00014")

    cookie = answer.cookies["near"]
    assert cookie.value.startswith("28.2,113.0:")
    assert (cookie["max-age"], cookie["httponly"]) == (1800, True)
    assert "near" not in visitor.client.session


@pytest.mark.parametrize(("latitude", "longitude"), [("", ""), ("nan", "113"), ("91", "0"), ("x", "1"), ("1e400", "0")])
def test_a_location_that_is_none_is_not_kept(visitor, patient, programme, latitude, longitude) -> None:
    answer = located(visitor, programme, patient, latitude, longitude)

    assert "near" not in answer.cookies


def test_a_forged_location_is_no_location(visitor, patient, programme, slots) -> None:
    visitor.client.cookies["near"] = "28.2,113.0:forged"

    assert "用我的位置" in text_of(visitor.get(where(programme, patient), sort="nearest"))


def test_nothing_within_five_kilometres_says_how_far_the_nearest_is(visitor, patient, programme, far_site) -> None:
    located(visitor, programme, patient)

    text = text_of(visitor.get(where(programme, patient), sort="nearest"))

    assert "5 公里内没有号，最近的在 10.0 公里 外。" in text


def test_the_site_used_last_stands_on_top(visitor, patient, programme, slots, far_site) -> None:
    other = make_programme(name="另一种")
    books(patient, make_slot(far_site, other, starts_at=at(3, 9), opens_at=released()))

    text = text_of(visitor.get(where(programme, patient)))

    assert text.index("远处接种点上次去过") < text.index("望月湖")


def test_thirty_sites_are_two_pages(visitor, patient, programme) -> None:
    for n in range(30):
        make_slot(make_site(name=f"站点{n:02}"), programme, starts_at=at(1, 9), opens_at=released())

    first = visitor.get(where(programme, patient))
    second = visitor.get(where(programme, patient), page="2")

    assert text_of(first).count("站点") == 24
    assert text_of(second).count("站点") == 6
    assert "第 2 页，共 2 页" in text_of(second)
    assert text_of(visitor.get(where(programme, patient), page="9" * 30)).count("站点") == 24


def test_for_several_only_days_with_room_for_all_count(visitor, citizen, patient, programme, site) -> None:
    child = make_patient(citizen, name="小明")
    make_slot(site, programme, quota=1, starts_at=at(1, 9), opens_at=released())
    make_slot(site, programme, quota=5, starts_at=at(2, 9), opens_at=released())

    alone = text_of(visitor.get(where(programme, patient)))
    together = text_of(visitor.get(where(programme, patient, child)))

    assert "最早 明天" in alone
    assert "最早 明天" not in together
    assert "王秀兰、小明" in together


def test_unknown_programmes_are_not_found(visitor, patient) -> None:
    assert visitor.get(f"/book/{patient.pk}/nothing/").status_code == 404


def city(programme, count: int) -> None:
    for n in range(count):
        site = make_site(name=f"站点{n:03}")
        make_slot(site, programme, starts_at=at(1, 9), opens_at=released())


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_costs_two_statements_however_many_sites(visitor, patient, programme, count) -> None:
    city(programme, count)

    assert len(visitor.statements(where(programme, patient))) == 2


def test_the_page_is_small(visitor, patient, programme) -> None:
    city(programme, 60)

    assert len(gzip.compress(visitor.get(where(programme, patient)).content)) < 8 * 1024


def test_the_list_is_not_much_slower_than_a_page_that_lists_nothing(visitor, patient, programme) -> None:
    city(programme, 200)
    address = f"{where(programme, patient)}?sort=district&district=430102"
    plain = reverse("book_who")

    def best(page: str) -> float:
        visitor.get(page)
        times = []
        for _ in range(7):
            start = perf_counter()
            visitor.client.get(page)
            times.append(perf_counter() - start)
        return min(times)

    assert best(address) < 5 * best(plain)


def test_who_is_not_signed_in_comes_back_to_this_very_step(patient, programme) -> None:
    response = Client().get(where(programme, patient))

    assert response["Location"] == f"/sign-in/?next={where(programme, patient)}".replace(",", "%2C")


def test_the_page_is_complete_in_english(citizen, patient, programme, slots) -> None:
    text = text_of(Visitor(citizen, "en").get(where(programme, patient)))

    text = text.replace("王秀兰", "").replace("中文", "")
    assert not any("\u4e00" <= character <= "\u9fff" for character in text), text
    assert "1 site in the city has places" in text
