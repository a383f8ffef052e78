"""Step 4: which day and time, and what happens when a time is gone."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.admission.connection import connection as connection_to_the_gate
from booking.models import Appointment
from booking.operations.hold import hold
from booking.queries.availability import forget_site
from booking.queries.slot_facts import forget_slot_facts
from booking.web.dates import day as day_words
from sites.kept import Kept
from tests.factories import make_patient, make_programme, make_site, make_slot
from tests.web.journey.conftest import Visitor, at, books, released, text_of, when

pytestmark = pytest.mark.django_db(transaction=True)


def on(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def taken_by_others(slot, places: int) -> None:
    for _ in range(places):
        books(make_patient(), slot)


@pytest.fixture
def page(site, programme, slots, patient):
    return when(site, programme, patient)


def test_the_page_repeats_what_was_chosen_each_with_a_way_to_change_it(visitor, page) -> None:
    response = visitor.get(page)

    for chosen in ("王秀兰 父母", "流感疫苗接种 共 1 剂", "望月湖卫生服务中心 芙蓉区"):
        assert chosen in text_of(response)
    assert response.content.decode().count("更换") == 3


def test_the_first_free_day_is_open_and_no_time_is_chosen_for_the_citizen(visitor, page) -> None:
    response = visitor.get(page)

    assert f"{day_words(at(1, 9))} 还剩 30 个号" in text_of(response)
    assert 'type="radio"' in response.content.decode()
    assert " checked" not in response.content.decode()


def test_times_stand_under_morning_and_afternoon_with_what_is_left(visitor, page) -> None:
    text = text_of(visitor.get(page))

    assert re.search(r"上午 ?09:00–09:30 ?余 10 ?09:30–10:00 ?余 10 ?下午 ?14:00–14:30 ?余 10", text)


def test_the_earliest_is_one_tap(visitor, page, slots) -> None:
    response = visitor.get(page)
    answer = visitor.post(page, slot=slots[0].pk)

    assert f'class="earliest" name="slot" value="{slots[0].pk}"' in response.content.decode()
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{page}check/?hold=")


def test_a_week_shows_its_states_and_only_days_that_can_be_opened_are_links(
    visitor, site, programme, slots, patient, page
) -> None:
    make_slot(site, programme, quota=0, starts_at=at(2, 9), opens_at=released())
    make_slot(site, programme, starts_at=at(3, 9), opens_at=at(2, 8))
    few = make_slot(site, programme, quota=6, starts_at=at(4, 9), opens_at=released())
    taken_by_others(few, 5)

    response = visitor.get(page)

    week = response.content.decode().partition('<ol class="week">')[2].partition("</ol>")[0]
    states = re.findall(r'class="state (\w+)"', week)
    assert states == ["closed", "plenty", "full", "not_open", "few", "closed", "closed"]
    assert re.findall(r"day=([\d-]+)", week) == [on(1), on(2), on(4)]


def test_a_full_time_is_no_choice(visitor, site, programme, page) -> None:
    full = make_slot(site, programme, quota=0, starts_at=at(1, 11), opens_at=released())

    response = visitor.get(page)

    assert f'value="{full.pk}"' not in response.content.decode()
    assert re.search(r"11:00–11:30 ?约满", text_of(response))


def test_where_the_next_days_are_full_the_first_week_with_room_is_opened_and_says_so(
    visitor, site, programme, patient
) -> None:
    make_slot(site, programme, quota=0, starts_at=at(1, 9), opens_at=released())
    make_slot(site, programme, starts_at=at(9, 9), opens_at=released())

    text = text_of(visitor.get(when(site, programme, patient)))

    assert f"最近 7 天都约满了，最早的是 {day_words(at(9, 9))}。" in text
    assert "还剩 10 个号" in text
    assert "上一周" in text


def test_weeks_follow_one_another_up_to_the_release_window(visitor, site, programme, page) -> None:
    make_slot(site, programme, starts_at=at(8, 9), opens_at=released())

    first = visitor.get(page)
    second = visitor.get(page, day=on(8))

    assert f"{page}?day={on(8)}" in first.content.decode()
    assert "上一周" not in text_of(first)
    assert f"{page}?day={on(1)}" in second.content.decode()
    assert "下一周" not in text_of(second)


def test_a_full_day_can_be_opened_and_points_to_the_first_free_one(visitor, site, programme, page) -> None:
    make_slot(site, programme, quota=0, starts_at=at(2, 9), opens_at=released())

    response = visitor.get(page, day=on(2))

    assert f"这一天没有号，最早的是 {day_words(at(1, 9))}。" in text_of(response)
    assert "下一步" not in text_of(response)


@pytest.mark.parametrize("day", ["yesterday", "2020-01-01", "", "9" * 400])
def test_a_day_that_is_none_opens_the_first_free_one(visitor, page, day) -> None:
    assert "还剩 30 个号" in text_of(visitor.get(page, day=day))


def test_a_site_without_any_room_offers_the_nearest_that_have(visitor, site, programme, patient) -> None:
    make_slot(site, programme, quota=0, starts_at=at(1, 9), opens_at=released())
    for n in range(1, 5):
        make_slot(
            make_site(name=f"第{n}近", latitude=28.2 + n / 100), programme, starts_at=at(2, 9), opens_at=released()
        )

    text = text_of(visitor.get(when(site, programme, patient)))

    assert "这个接种点 14 天内都约满了。" in text
    assert [f"第{n}近" in text for n in range(1, 5)] == [True, True, True, False]
    assert "1.1 公里" in text


def test_a_site_that_does_not_give_the_vaccine_says_so(visitor, site, programme, patient) -> None:
    assert "14 天内没有安排这种疫苗。" in text_of(visitor.get(when(site, programme, patient)))


def test_before_the_release_the_page_says_when_and_loads_itself_again(visitor, site, programme, patient) -> None:
    make_slot(site, programme, starts_at=at(2, 9), opens_at=timezone.now() + timedelta(minutes=12))

    response = visitor.get(when(site, programme, patient))

    assert "还有 12 分钟。到点会自动刷新。" in text_of(response)
    seconds = re.search(r'http-equiv="refresh" content="(\d+)"', response.content.decode())
    assert seconds is not None
    assert 700 < int(seconds[1]) <= 722


def test_a_release_that_is_far_off_is_told_and_not_waited_for(visitor, site, programme, patient) -> None:
    make_slot(site, programme, starts_at=at(5, 9), opens_at=at(3, 8))

    response = visitor.get(when(site, programme, patient))

    assert "放号" in text_of(response)
    assert "http-equiv" not in response.content.decode()


def test_in_large_sizes_only_bookable_days_are_listed_until_all_are_asked_for(visitor, page) -> None:
    visitor.client.cookies["text_size"] = "large"

    few = visitor.get(page)
    every = visitor.get(page, days="1")

    assert few.content.decode().count('class="unbookable"') == 6
    assert "只列出有号的日子。" in text_of(few)
    assert every.content.decode().count('class="unbookable"') == 0


def test_next_without_a_time_says_what_is_missing(visitor, page) -> None:
    response = visitor.post(page)

    assert "请先选一个时间，再点下一步。" in text_of(response)
    assert "<title>有误：" in response.content.decode()


@pytest.mark.parametrize("slot", ["x", "-1", "1,2,3,4,5,6,7,8,9", "9" * 30])
def test_a_time_that_is_none_is_as_good_as_missing(visitor, page, slot) -> None:
    assert "请先选一个时间" in text_of(visitor.post(page, slot=slot))


def test_slots_of_another_site_or_programme_are_not_found(visitor, page) -> None:
    elsewhere = make_slot(make_site(), make_programme(), starts_at=at(1, 9), opens_at=released())

    assert visitor.post(page, slot=elsewhere.pk).status_code == 404
    assert visitor.post(page, slot=10**9).status_code == 404


def test_a_time_that_has_just_gone_keeps_everything_and_offers_the_nearest(visitor, page, slots) -> None:
    taken_by_others(slots[1], 10)
    visitor.get(page)

    response = visitor.post(page, slot=slots[1].pk)

    assert response.status_code == 409
    assert "这个时间刚刚被约走了。离它最近的空号：" in text_of(response)
    assert "王秀兰 父母" in text_of(response)
    notice = response.content.decode().partition('id="errors"')[2].partition('<ul class="summary">')[0]
    assert re.findall(r'name="slot" value="(\d+)"', notice) == [str(slots[0].pk), str(slots[2].pk)]
    assert notice.count(f'action="{page}"') == 2


def test_the_nearest_may_be_at_another_site_and_one_tap_goes_there(visitor, site, programme, patient) -> None:
    gone = make_slot(site, programme, quota=0, starts_at=at(1, 9), opens_at=released())
    other = make_site(name="隔壁接种点")
    near = make_slot(other, programme, starts_at=at(1, 9), opens_at=released())

    response = visitor.post(when(site, programme, patient), slot=gone.pk)

    assert "隔壁接种点" in text_of(response)
    there = when(other, programme, patient)
    assert f'action="{there}"' in response.content.decode()
    assert visitor.post(there, slot=near.pk).status_code == 302


def test_a_time_that_is_not_released_is_refused_with_its_release(visitor, site, programme, patient) -> None:
    early = make_slot(site, programme, starts_at=at(2, 9), opens_at=timezone.now() + timedelta(hours=3))

    response = visitor.post(when(site, programme, patient), slot=early.pk)

    assert response.status_code == 409
    assert "放出" in text_of(response)


def test_without_the_gate_the_citizen_goes_on_without_a_hold(visitor, page, slots) -> None:
    breaker = connection_to_the_gate().breaker
    breaker.failed()
    breaker._open_until += 60
    try:
        shown = visitor.get(page)
        answer = visitor.post(page, slot=slots[0].pk)
    finally:
        breaker.worked()

    assert "还剩 30 个号" in text_of(shown)
    assert answer["Location"] == f"{page}check/?slot={slots[0].pk}"


def test_the_same_next_twice_holds_once_even_on_the_last_place(visitor, site, programme, patient) -> None:
    last = make_slot(site, programme, quota=1, starts_at=at(1, 9), opens_at=released())
    page = when(site, programme, patient)

    answers = [visitor.post(page, slot=last.pk) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_the_last_place_held_by_somebody_else_is_gone_for_this_one(visitor, site, programme, patient) -> None:
    last = make_slot(site, programme, quota=1, starts_at=at(1, 9), opens_at=released())
    other = make_patient()
    hold(account_id=other.user_id, patient_id=other.pk, slot_id=last.pk, now=timezone.now())

    assert visitor.post(when(site, programme, patient), slot=last.pk).status_code == 409


def test_a_group_sees_times_with_room_for_all_and_neighbours_where_one_is_too_small(
    visitor, citizen, patient, site, programme
) -> None:
    child = make_patient(citizen, name="小明")
    first = make_slot(site, programme, quota=1, starts_at=at(1, 9), opens_at=released())
    second = make_slot(site, programme, quota=5, starts_at=at(1, 9, 30), opens_at=released())
    lonely = make_slot(site, programme, quota=1, starts_at=at(1, 14), opens_at=released())

    response = visitor.get(when(site, programme, patient, child))

    page = response.content.decode()
    assert f'value="{first.pk},{second.pk}" data-words' in page
    assert f'value="{second.pk}" data-words' in page
    assert f'id="slot-{lonely.pk}"' not in page
    assert re.search(r"09:00–10:00 ?余 1 ?分 2 个时间", text_of(response))


def test_a_second_dose_starts_at_its_interval(visitor, site, patient) -> None:
    programme = make_programme(doses=2, intervals=[5])
    first = make_slot(site, programme, starts_at=at(1, 9), opens_at=released())
    make_slot(site, programme, starts_at=at(4, 9), opens_at=released())
    make_slot(site, programme, starts_at=at(6, 9), opens_at=released())

    response = visitor.get(when(site, programme, patient), first=first.pk)

    text = text_of(response)
    assert "选下一剂的时间" in text
    assert f"前一剂：{day_words(at(1, 9))} 09:00–09:30" in text
    assert f"{day_words(at(6, 9))} 还剩 10 个号" in text
    assert "太早" in text


def test_a_first_dose_of_a_single_dose_programme_is_not_found(visitor, page, slots) -> None:
    assert visitor.get(page, first=slots[0].pk).status_code == 404


@pytest.mark.parametrize("more", [0, 150])
def test_the_page_costs_two_statements_however_many_times(visitor, page, site, programme, more) -> None:
    for n in range(more):
        make_slot(site, programme, starts_at=at(2 + n // 12, 8) + timedelta(minutes=30 * (n % 12)), opens_at=released())
    forget_site(site.pk)
    Kept.forget_all()

    assert len(visitor.statements(page)) == 2


def test_choosing_costs_four_statements(visitor, page, slots) -> None:
    visitor.get(page)
    forget_slot_facts()
    visitor.post(page, slot=slots[0].pk)
    forget_slot_facts()

    with CaptureQueriesContext(connection) as seen:
        visitor.post(page, slot=slots[1].pk)

    assert len(seen) == 4
    assert Appointment.objects.count() == 0


def test_the_page_is_complete_in_english(citizen, page) -> None:
    text = text_of(Visitor(citizen, "en").get(page)).replace("王秀兰", "").replace("中文", "")

    assert not any("\u4e00" <= character <= "\u9fff" for character in text), text
