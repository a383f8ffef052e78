"""The table of people who were moved, closed days with their numbers, and looking again for those without a place."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Appointment, Relocation, WithAppointments
from booking.operations.relocations.answer import accept_relocation
from sites.models import AdminRole
from tests.factories import make_administrator, make_district, make_site, sign_in
from tests.operations.relocations.conftest import ClosedDay

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = reverse("admin:booking_relocation_changelist")
DAYS = reverse("admin:booking_relocation_days")


@pytest.fixture(autouse=True)
def clock(now: datetime):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def closed(now: datetime) -> ClosedDay:
    """Nine people of a closed slot; five places at another site, and nothing has been done yet."""
    day = ClosedDay(now)
    day.rows = day.full_of(9)
    day.slot(1, quota=5, site=day.near(1_500))
    day.close()
    return day


def again(closed: ClosedDay) -> str:
    return reverse("admin:booking_relocation_again", args=[closed.site.pk, closed.slots[0].starts_at.date()])


def text_of(response) -> str:
    return response.content.decode()


def test_a_closed_day_says_how_many_got_what(desk: Client, closed: ClosedDay, now: datetime) -> None:
    closed.move(closed.rows[:7])
    for row in closed.rows[:2]:
        accept_relocation(account_id=row.booked_by_id, reference=row.reference, now=now)

    for address in (DAYS, TABLE):
        text = text_of(desk.get(address))
        assert "5 已换号（2 已确认，3 还没答复）、2 无合适号已取消" in text
    assert "<b>9 人：</b>" in text_of(desk.get(DAYS))
    assert "、2 还没有号" in text_of(desk.get(DAYS))
    assert again(closed) in text_of(desk.get(DAYS))


def test_what_was_cancelled_by_choice_is_not_called_a_want_of_places(desk: Client, closed: ClosedDay) -> None:
    closed.move(closed.rows, WithAppointments.CANCEL, change=closed.change(appointments="cancel"))

    assert "、9 按要求取消" in text_of(desk.get(DAYS))
    assert "无合适号" not in text_of(desk.get(DAYS))


def test_the_table_shows_who_has_not_answered_where_from_and_where_to(desk: Client, closed: ClosedDay, now) -> None:
    closed.move(closed.rows)
    first = closed.rows[0]
    accept_relocation(account_id=first.booked_by_id, reference=first.reference, now=now)

    text = text_of(desk.get(TABLE, {"state__exact": "PENDING"}))

    assert first.reference not in text
    assert text.count("… 等本人确认") == 4
    for said in (closed.rows[1].reference, "2026-11-25 09:00", closed.site.name, "1.5 公里"):
        assert said in text


def test_a_row_and_the_appointments_page_show_it_and_change_nothing(desk: Client, closed: ClosedDay) -> None:
    closed.move(closed.rows)
    relocation = Relocation.objects.first()

    row = desk.get(reverse("admin:booking_relocation_change", args=[relocation.pk]))
    page = text_of(desk.get(reverse("admin:booking_appointment_change", args=[relocation.appointment_id])))

    assert row.status_code == 200
    assert 'name="_save"' not in text_of(row)
    assert "停电" in page
    assert f"{closed.site}" in page
    assert (
        desk.post(reverse("admin:booking_relocation_change", args=[relocation.pk]), {"state": "ACCEPTED"}).status_code
        == 403
    )


def test_looking_again_asks_first_then_moves_or_cancels_and_says_so(desk: Client, closed: ClosedDay) -> None:
    asked = text_of(desk.get(again(closed)))
    assert "还有 9 人约在停诊的时段里。" in asked
    assert "找不到合适号的人会被取消" in asked
    assert Relocation.objects.count() == 0

    answer = desk.post(again(closed), {"reason": "停水"}, follow=True)

    assert "5 人已换号，4 人没有合适的号、已取消，都通知了。" in text_of(answer)
    assert set(Relocation.objects.values_list("reason", flat=True)) == {"停水"}
    assert Appointment.objects.filter(slot=closed.slots[0], status="BOOKED").count() == 0
    assert "这一天的人都处理过了。" in text_of(desk.get(again(closed)))


def test_more_than_one_page_can_do_are_done_in_portions(desk: Client, closed: ClosedDay, monkeypatch) -> None:
    monkeypatch.setattr("booking.admin.relocations.MOST_AT_ONCE", 4)

    assert "一次处理 4 人" in text_of(desk.get(again(closed)))
    answer = text_of(desk.post(again(closed), {"reason": ""}, follow=True))

    assert "还有 5 人没有处理，请再点一次。" in answer


def test_nothing_closed_says_what_to_do(desk: Client) -> None:
    assert "停诊请到“时段”里做" in text_of(desk.get(DAYS))


def test_another_district_sees_nothing_of_it_and_may_do_nothing(client: Client, closed: ClosedDay) -> None:
    closed.move(closed.rows[:1])
    relocation = Relocation.objects.get()
    other = make_district("430103")
    make_site(district=other)
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=other))

    assert closed.site.name not in text_of(client.get(DAYS))
    assert closed.rows[0].reference not in text_of(client.get(TABLE))
    assert client.get(reverse("admin:booking_relocation_change", args=[relocation.pk])).status_code == 404
    for answer in (client.get(again(closed)), client.post(again(closed), {"reason": ""})):
        assert answer.status_code == 404
    assert Relocation.objects.count() == 1


@pytest.mark.parametrize(("role", "looks", "acts"), [("auditor", 200, 403), ("site", 200, 200), ("city", 200, 200)])
def test_who_may_look_and_who_may_act(client: Client, closed: ClosedDay, role: str, looks: int, acts: int) -> None:
    sign_in(client, make_administrator(AdminRole(role), site=closed.site if role == "site" else None))

    assert client.get(DAYS).status_code == looks
    assert client.get(again(closed)).status_code == acts
    assert ("再找一次" in text_of(client.get(DAYS))) is (acts == 200)


def test_whoever_has_no_office_for_it_is_refused(client: Client, closed: ClosedDay) -> None:
    person = make_administrator()
    person.offices.all().delete()
    sign_in(client, person)

    assert client.get(DAYS).status_code == 403
    assert client.post(again(closed), {"reason": ""}).status_code == 403


def test_a_day_that_is_none_is_not_there(desk: Client, closed: ClosedDay) -> None:
    assert desk.get(again(closed).replace("2026-11-25", "2026-11-35")).status_code == 404


def test_the_pages_take_few_statements(desk: Client, closed: ClosedDay, django_assert_max_num_queries) -> None:
    closed.move(closed.rows)
    for address in (TABLE, DAYS, again(closed)):
        desk.get(address)
        with django_assert_max_num_queries(12):
            assert desk.get(address).status_code == 200


def test_closed_days_long_ago_are_left_to_the_table(desk: Client, closed: ClosedDay, now: datetime) -> None:
    closed.move(closed.rows)
    closed.slots[0].starts_at, closed.slots[0].ends_at = now - timedelta(days=8, minutes=30), now - timedelta(days=8)
    closed.slots[0].save()

    assert closed.site.name not in text_of(desk.get(DAYS))
    assert closed.site.name in text_of(desk.get(TABLE))
