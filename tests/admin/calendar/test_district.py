"""A district's fortnight, the way to it, and on to the forms of bulk changes."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from booking.models import ClosedDay, Slot
from sites.models import AdminRole
from tests.admin.calendar.conftest import CALENDAR, THURSDAY, WEDNESDAY, at, book_some
from tests.factories import make_administrator, make_district, make_programme, make_site, make_slot

pytestmark = pytest.mark.django_db
DISTRICT = f"{CALENDAR}?district=430102"


def days_of(response, row: int = 0) -> dict:
    _site, _ticked, cells = response.context["rows"][row]
    return {day.day: day for day, _address in cells}


def test_a_day_sums_up_its_slots_and_leads_to_the_sites_week(desk: Client, now: datetime) -> None:
    site, programme = make_site(), make_programme()
    morning, noon, closed = (make_slot(site, programme, quota=4, starts_at=at(WEDNESDAY, hour)) for hour in (9, 12, 15))
    book_some(morning, 3, now)
    book_some(closed, 1, now)
    Slot.objects.filter(pk=closed.pk).update(closed_at=now)

    shown = desk.get(DISTRICT)

    day = days_of(shown)[WEDNESDAY]
    assert (day.state, day.taken, day.quota, day.closed_slots, day.taken_in_closed) == ("bookable", 3, 8, 1, 1)
    assert f"/admin/booking/slot/calendar/?site={site.code}&amp;first=2026-11-25" in shown.content.decode()
    assert noon.quota == 4


def test_each_state_of_a_day_has_its_word(desk: Client, now: datetime) -> None:
    site, programme = make_site(), make_programme()
    monday = date(2026, 11, 23)
    over, full, not_open, closed = (
        make_slot(site, programme, quota=1, starts_at=at(monday + timedelta(days=n), 9)) for n in (0, 2, 3, 4)
    )
    book_some(full, 1, now)
    Slot.objects.filter(pk=not_open.pk).update(opens_at=now + timedelta(hours=1))
    Slot.objects.filter(pk=closed.pk).update(closed_at=now)
    ClosedDay.objects.create(site=site, day=date(2026, 11, 28), by=make_administrator(), at=now)
    Slot.objects.filter(pk=over.pk).update(withdrawn_at=None)

    days = days_of(desk.get(DISTRICT))

    assert [days[monday + timedelta(days=n)].state for n in range(6)] == [
        "over",
        "none",
        "full",
        "not_open",
        "closed",
        "none",
    ]
    assert days[date(2026, 11, 28)].is_closed_day


def test_one_programme_and_withdrawn_slots(desk: Client, now: datetime) -> None:
    site, programme = make_site(), make_programme()
    make_slot(site, programme, quota=4, starts_at=at(WEDNESDAY, 9))
    make_slot(site, quota=5, starts_at=at(WEDNESDAY, 9))
    withdrawn = make_slot(site, programme, quota=0, starts_at=at(THURSDAY, 9))
    Slot.objects.filter(pk=withdrawn.pk).update(closed_at=now, withdrawn_at=now)

    days = days_of(desk.get(f"{DISTRICT}&programme={programme.code}"))

    assert (days[WEDNESDAY].quota, days[THURSDAY].state) == (4, "none")


def test_ticked_sites_and_days_go_on_to_the_bulk_form(desk: Client) -> None:
    first, second, _third = (make_site() for _ in range(3))

    moved = desk.get(
        f"{DISTRICT}&site_id={first.pk}&site_id={second.pk}&first_day=2026-11-25&last_day=2026-11-27&kind=close"
    )

    assert moved.status_code == 302
    assert moved["Location"] == (
        f"/admin/booking/quotachange/new/?kind=close&sites={first.pk}%2C{second.pk}&first=2026-11-25&last=2026-11-27"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first_day=2026-11-25&last_day=2026-11-27", "请先勾选接种点"),
        ("site_id={}&first_day=2026-11-27&last_day=2026-11-25", "结束日期不能早于开始日期"),
        ("site_id={}&first_day=tomorrow&last_day=2026-11-25", "请填从哪天到哪天"),
    ],
)
def test_what_is_missing_is_said_and_the_ticks_stay(desk: Client, asked: str, said: str) -> None:
    site = make_site()

    shown = desk.get(f"{DISTRICT}&kind=close&{asked.format(site.pk)}")

    assert said in shown.content.decode()
    assert shown.context["rows"][0][1] == ("site_id" in asked)


def test_sites_that_are_not_there_and_kinds_that_are_none_are_404(desk: Client) -> None:
    site = make_site()
    elsewhere = make_site(district=make_district("430103"))
    days = "first_day=2026-11-25&last_day=2026-11-27"

    for asked in (f"kind=close&site_id={elsewhere.pk}", "kind=close&site_id=x", f"kind=empty&site_id={site.pk}"):
        assert desk.get(f"{DISTRICT}&{days}&{asked}").status_code == 404


def test_a_fortnight_costs_few_statements_however_many_sites(
    visitor, now: datetime, django_assert_max_num_queries
) -> None:
    district, programme = make_district(), make_programme()
    browser = visitor(make_administrator(AdminRole.DISTRICT, district=district))
    for _ in range(40):
        site = make_site()
        for day in (WEDNESDAY, THURSDAY):
            make_slot(site, programme, starts_at=at(day, 9))
    book_some(Slot.objects.earliest("pk"), 2, now)
    browser.get(CALENDAR)

    with django_assert_max_num_queries(12):
        shown = browser.get(DISTRICT)

    assert len(shown.context["rows"]) == 40
    assert days_of(shown)[WEDNESDAY].taken == 2


def test_the_city_chooses_a_district_or_finds_a_site(desk: Client) -> None:
    site = make_site(name="湘雅接种门诊")
    make_site(district=make_district("430103"))

    shown = desk.get(CALENDAR)

    assert [(district.code, district.count) for district, _ in shown.context["districts"]] == [
        ("430102", 1),
        ("430103", 1),
    ]
    for asked in (site.code, "湘雅"):
        assert [found for found, _ in desk.get(f"{CALENDAR}?q={asked}").context["found"]] == [site]
    assert "没有找到" in desk.get(f"{CALENDAR}?q=nowhere").content.decode()


def test_the_list_of_slots_leads_to_the_calendar(desk: Client) -> None:
    assert f'href="{CALENDAR}"' in desk.get("/admin/booking/slot/").content.decode()
