"""A site's week: what its cells, its days and its buttons say."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from booking.models import ClosedDay, Slot
from sites.models import AdminRole, Site
from tests.admin.calendar.conftest import CALENDAR, THURSDAY, WEDNESDAY, at, book_some, week
from tests.factories import make_administrator, make_programme, make_slot

pytestmark = pytest.mark.django_db


def cells(response) -> list:
    return [cell for row in response.context["rows"] for held in row.days for cell in held]


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_week_begins_on_monday_and_has_a_row_for_each_time(desk: Client, site: Site) -> None:
    programme = make_programme()
    for day, hour in ((WEDNESDAY, 9), (WEDNESDAY, 14), (THURSDAY, 9)):
        make_slot(site, programme, starts_at=at(day, hour))

    shown = desk.get(week(site, first=THURSDAY.isoformat()))

    assert shown.context["asked"].first == date(2026, 11, 23)
    assert [row.begins.hour for row in shown.context["rows"]] == [9, 14]
    assert [[len(held) for held in row.days] for row in shown.context["rows"]] == [
        [0, 0, 1, 1, 0, 0, 0],
        [0, 0, 1, 0, 0, 0, 0],
    ]


def test_a_cell_says_taken_quota_kept_places_and_state(desk: Client, slot: Slot, now: datetime) -> None:
    Slot.objects.update(kept_walk_in=3, kept_community=2, kept_later=4)
    book_some(slot, 2, now)

    shown = desk.get(week(slot.site))

    assert "已约 2 / 号源 10 可约" in text_of(shown)
    assert "现场 3 社区 2 待放 4" in text_of(shown)
    assert 'rect width="20"' in shown.content.decode()


def test_each_state_has_its_word(desk: Client, site: Site, now: datetime) -> None:
    programme = make_programme()
    times = [at(WEDNESDAY, hour) for hour in (8, 9, 10, 11)]
    bookable, full, not_open, closed = (make_slot(site, programme, quota=1, starts_at=moment) for moment in times)
    over = make_slot(site, programme, starts_at=now - timedelta(hours=1))
    book_some(full, 1, now)
    Slot.objects.filter(pk=not_open.pk).update(opens_at=now + timedelta(hours=1))
    Slot.objects.filter(pk=closed.pk).update(closed_at=now)

    shown = desk.get(week(site))

    assert {cell.slot_id: cell.state for cell in cells(shown)} == {
        bookable.pk: "bookable",
        full.pk: "full",
        not_open.pk: "not_open",
        closed.pk: "closed",
        over.pk: "over",
    }
    assert all(word in text_of(shown) for word in ("可约", "约满", "未放号", "停诊", "已过"))
    # What has begun cannot be chosen.
    assert f'value="{over.pk}-' not in shown.content.decode()


def test_withdrawn_slots_are_not_there(desk: Client, slot: Slot, now: datetime) -> None:
    Slot.objects.update(quota=0, closed_at=now, withdrawn_at=now)

    assert cells(desk.get(week(slot.site))) == []
    assert "这一周还没有号源" in text_of(desk.get(week(slot.site)))


def test_several_programmes_share_a_time_and_one_can_be_chosen(desk: Client, slot: Slot) -> None:
    other = make_slot(slot.site, starts_at=slot.starts_at)

    together, alone = desk.get(week(slot.site)), desk.get(week(slot.site, programme=other.programme.code))

    assert [len(held) for held in together.context["rows"][0].days] == [0, 0, 2, 0, 0, 0, 0]
    assert [cell.slot_id for cell in cells(alone)] == [other.pk]


def test_a_day_counts_what_is_open_and_who_still_comes_to_what_is_closed(
    desk: Client, slot: Slot, now: datetime
) -> None:
    closed = make_slot(slot.site, slot.programme, quota=5, starts_at=at(WEDNESDAY, 10))
    book_some(slot, 1, now)
    book_some(closed, 2, now)
    Slot.objects.filter(pk=closed.pk).update(closed_at=now)

    shown = text_of(desk.get(week(slot.site)))

    assert "已约 1/10" in shown
    assert "停诊时段还有 2 人" in shown


def test_holidays_are_proposals_and_make_up_workdays_too(desk: Client, site: Site) -> None:
    for day in (date(2026, 10, 5), date(2026, 10, 8)):
        make_slot(site, starts_at=at(day, 9))

    # Long past, so nothing is proposed; the names stand.
    past = desk.get(week(site, first="2026-10-05")).content.decode()

    assert "国庆节" in past
    assert "调休上班" in past
    assert "建议停诊" not in past


def test_a_holiday_ahead_links_to_a_form_that_is_filled_in(
    desk: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from booking.queries.quotas import calendar_days
    from booking.rules.holidays import SpecialDay

    named = {
        WEDNESDAY: SpecialDay(WEDNESDAY, "National Day", True),
        THURSDAY: SpecialDay(THURSDAY, "National Day", False),
    }
    monkeypatch.setattr(calendar_days, "special_day", named.get)
    make_slot(site, starts_at=at(WEDNESDAY, 9))

    shown = desk.get(week(site)).content.decode()

    form = "/admin/booking/quotachange/new/?kind={}&amp;sites={}&amp;first={}&amp;last={}"
    assert f'<a href="{form.format("close", site.pk, WEDNESDAY, WEDNESDAY)}">建议停诊</a>' in shown
    assert f'<a href="{form.format("plan", site.pk, THURSDAY, THURSDAY)}">建议套用模板</a>' in shown


def test_a_year_whose_holidays_are_not_announced_says_so_quietly(desk: Client, site: Site) -> None:
    shown = desk.get(week(site, first="2031-05-01"))

    assert shown.context["unannounced"] == [2031]
    assert "2031 年的放假安排还没有录入" in text_of(shown)


def test_days_weeks_and_plans_lead_to_the_bulk_forms(desk: Client, slot: Slot, now: datetime) -> None:
    ClosedDay.objects.create(site=slot.site, day=THURSDAY, reason="消杀", by=make_administrator(), at=now)

    shown = desk.get(week(slot.site))

    links = {column.day.date: ways for column, ways in shown.context["columns"]}
    assert links[date(2026, 11, 23)] == {}
    assert "close" in links[WEDNESDAY]
    assert "reopen" not in links[WEDNESDAY]
    assert links[THURSDAY]["reopen"].startswith("/admin/booking/quotachange/new/?kind=reopen")
    assert shown.context["copy"].endswith(f"kind=copy&sites={slot.site.pk}&first=2026-11-23&last=2026-11-29")
    assert "停诊日 · 消杀" in text_of(shown)


def test_the_publishing_form_knows_site_and_day(desk: Client, slot: Slot) -> None:
    shown = desk.get(desk.get(week(slot.site)).context["publish"])

    assert f'<option value="{slot.site.pk}" selected' in shown.content.decode()
    assert 'value="2026-11-24"' in shown.content.decode()


@pytest.mark.parametrize("first", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31", ""])
def test_a_date_that_is_none_means_today(desk: Client, site: Site, first: str) -> None:
    assert desk.get(week(site, first=first)).context["asked"].first == date(2026, 11, 23)


def test_what_nobody_may_do_is_not_offered(visitor, slot: Slot) -> None:
    auditor = visitor(make_administrator(AdminRole.AUDITOR))

    shown = auditor.get(week(slot.site)).content.decode()

    assert "可约" in shown
    for absent in ('type="checkbox"', 'name="act"', "整天停诊", "复制上周", "加一场"):
        assert absent not in shown


def test_a_week_costs_few_statements_however_many_slots(
    visitor, site: Site, now: datetime, django_assert_max_num_queries
) -> None:
    browser = visitor(make_administrator(AdminRole.SITE, site=site))
    programmes = [make_programme() for _ in range(3)]
    days = [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
    for programme in programmes:
        for day in days:
            for hour in range(8, 17):
                make_slot(site, programme, quota=5, starts_at=at(day, hour))
    book_some(Slot.objects.filter(starts_at__gt=now).earliest("pk"), 2, now)
    browser.get(CALENDAR)

    with django_assert_max_num_queries(12):
        shown = browser.get(week(site, undo="1-2"))

    assert len(cells(shown)) == 3 * 7 * 9
