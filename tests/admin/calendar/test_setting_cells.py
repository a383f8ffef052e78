"""Cells set from the page: what is saved, what is told, and that nothing typed is lost."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from booking.admin.calendar import form as calendar_form
from booking.models import Appointment, Slot, SlotEvent, Status
from booking.operations.quotas.set_quota import close_slot, set_quota
from sites.models import AdminRole
from tests.admin.calendar.conftest import WEDNESDAY, at, book_some, cell_of, week
from tests.factories import make_administrator, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(slot: Slot) -> Slot:
    return make_slot(slot.site, slot.programme, quota=10, starts_at=at(WEDNESDAY, 10))


def save(desk: Client, *slots: Slot, **typed: str):
    cells = [cell_of(slot) for slot in slots]
    return desk.post(week(slots[0].site), {"cell": cells, "act": "save", **typed}, follow=True)


def test_what_was_ticked_gets_the_numbers_and_the_page_says_so(
    desk: Client, administrator: User, slot: Slot, second: Slot
) -> None:
    shown = save(desk, slot, second, quota="12", kept_walk_in="3")

    assert shown.redirect_chain[0][1] == 302
    assert "改了 2 个时段。" in shown.content.decode()
    assert set(Slot.objects.values_list("quota", "kept_walk_in", "kept_community")) == {(12, 3, 0)}
    assert set(SlotEvent.objects.values_list("by", flat=True)) == {administrator.pk}


def test_what_was_so_already_is_counted_apart(desk: Client, slot: Slot, second: Slot) -> None:
    Slot.objects.filter(pk=second.pk).update(quota=12)

    assert "改了 1 个时段，1 个本来就是这样。" in save(desk, slot, second, quota="12").content.decode()


def test_a_quota_below_taken_is_told_at_its_cell_and_what_was_typed_stays(
    desk: Client, slot: Slot, second: Slot, now: datetime
) -> None:
    book_some(slot, 3, now)

    shown = save(desk, slot, second, quota="2", kept_community="8")

    page = shown.content.decode()
    assert "改了 1 个时段，1 个没改。" in page
    assert "已约 3 个，号源数不能比它小" in page
    assert (shown.context["form"]["quota"].value(), shown.context["form"]["kept_community"].value()) == ("2", "8")
    assert shown.context["ticked"] == {slot.pk}
    assert dict(Slot.objects.values_list("pk", "quota")) == {slot.pk: 10, second.pk: 2}


def test_what_a_colleague_changed_meanwhile_is_told_and_a_second_save_is_a_decision(
    desk: Client, slot: Slot, second: Slot, now: datetime
) -> None:
    colleague = make_administrator(AdminRole.SITE, site=slot.site)
    User.objects.filter(pk=colleague.pk).update(last_name="李", first_name="主任")
    stale = [cell_of(slot), cell_of(second)]
    set_quota(slot_id=slot.pk, quota=15, by=colleague.pk, now=now - timedelta(minutes=5))

    shown = desk.post(week(slot.site), {"cell": stale, "quota": "12", "act": "save"})

    page = shown.content.decode()
    assert "李主任 在 09:55 改过，现在号源是 15。" in page
    assert dict(Slot.objects.values_list("pk", "quota")) == {slot.pk: 15, second.pk: 12}
    # The page shows the new version now.
    assert f'value="{cell_of(slot)}" data-programme="{slot.programme_id}" checked' in page
    save(desk, slot, quota="12")
    slot.refresh_from_db()
    assert slot.quota == 12


def test_a_closing_meanwhile_is_told_as_one(desk: Client, slot: Slot, now: datetime) -> None:
    stale = cell_of(slot)
    close_slot(slot_id=slot.pk, by=None, now=now)

    shown = desk.post(week(slot.site), {"cell": stale, "quota": "12", "act": "save"})

    assert "系统 在 10:00 改过，现在是停诊，号源 10" in shown.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "请至少填一个数"),
        ({"quota": "-1"}, "请填 0 到 100000 的整数"),
        ({"quota": "many"}, "请填 0 到 100000 的整数"),
        ({"kept_walk_in": "100001"}, "请填 0 到 100000 的整数"),
    ],
)
def test_numbers_that_are_none_change_nothing_and_the_ticks_stay(
    desk: Client, slot: Slot, typed: dict[str, str], said: str
) -> None:
    shown = save(desk, slot, **typed)

    assert said in shown.content.decode()
    assert shown.context["ticked"] == {slot.pk}
    assert not SlotEvent.objects.exists()


def test_no_cell_and_too_many_cells_are_told(
    desk: Client, slot: Slot, second: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = desk.post(week(slot.site), {"quota": "5", "act": "save"})
    assert "请先选时段" in none.content.decode()
    assert none.context["form"]["quota"].value() == "5"
    monkeypatch.setattr(calendar_form, "MOST_CELLS", 1)
    assert "一次最多 1 个时段" in save(desk, slot, second, quota="5").content.decode()
    assert not SlotEvent.objects.exists()


@pytest.mark.parametrize("cell", ["x", "1", "1-2-3", "-1-0", "999999-0", f"{2**70}-0", "1-x"])
def test_a_cell_that_is_none_is_404(desk: Client, slot: Slot, cell: str) -> None:
    assert desk.post(week(slot.site), {"cell": cell, "quota": "5", "act": "save"}).status_code == 404


def test_an_act_that_is_none_is_404(desk: Client, slot: Slot) -> None:
    assert desk.post(week(slot.site), {"cell": cell_of(slot), "act": "delete"}).status_code == 404


def test_closing_slots_that_nobody_booked_is_done_at_once(desk: Client, slot: Slot) -> None:
    desk.post(week(slot.site), {"cell": cell_of(slot), "act": "close"})
    slot.refresh_from_db()
    assert slot.closed_at is not None

    desk.post(week(slot.site), {"cell": cell_of(slot), "act": "reopen"})
    slot.refresh_from_db()
    assert slot.closed_at is None


def test_closing_slots_with_appointments_asks_first_and_points_to_moving_people(
    desk: Client, slot: Slot, second: Slot, now: datetime
) -> None:
    book_some(slot, 2, now)
    chosen = {"cell": [cell_of(slot), cell_of(second)], "act": "close"}

    asked = desk.post(week(slot.site), chosen).content.decode()

    assert "其中已有 2 人约好" in asked
    assert f"kind=close&amp;sites={slot.site_id}&amp;first=2026-11-25&amp;last=2026-11-25" in asked
    assert not Slot.objects.exclude(closed_at=None).exists()
    desk.post(week(slot.site), {**chosen, "confirmed": "1"})
    assert Slot.objects.exclude(closed_at=None).count() == 2
    assert set(Appointment.objects.values_list("status", flat=True)) == {Status.BOOKED}


def test_a_save_can_be_taken_back_once(desk: Client, slot: Slot, second: Slot) -> None:
    saved = save(desk, slot, second, quota="12")
    assert "撤销刚才的修改" in saved.content.decode()

    undone = desk.post(week(slot.site), {"act": "undo", "undo": saved.context["undo"]}, follow=True)

    assert "撤销了 2 个时段的修改。" in undone.content.decode()
    assert "撤销刚才的修改" not in undone.content.decode()
    assert set(Slot.objects.values_list("quota", "edited_at")) == {(10, None)}


def test_taking_back_leaves_what_others_changed_since_and_says_so(
    desk: Client, slot: Slot, second: Slot, now: datetime
) -> None:
    saved = save(desk, slot, second, quota="12")
    set_quota(slot_id=slot.pk, quota=20, by=None, now=now)

    undone = desk.post(week(slot.site), {"act": "undo", "undo": saved.context["undo"]})

    assert "撤销了 1 个时段的修改，1 个没改。" in undone.content.decode()
    assert dict(Slot.objects.values_list("pk", "quota")) == {slot.pk: 20, second.pk: 10}


def test_undo_is_offered_to_whoever_saved_and_for_an_hour(visitor, slot: Slot, now: datetime) -> None:
    mine = visitor(make_administrator(AdminRole.SITE, site=slot.site))
    undo = save(mine, slot, quota="12").context["undo"]

    assert mine.get(week(slot.site, undo=undo)).context["undo"] == undo
    colleague = visitor(make_administrator(AdminRole.SITE, site=slot.site))
    assert colleague.get(week(slot.site, undo=undo)).context["undo"] == ""
    assert (
        "没有可以撤销的修改了"
        in colleague.post(week(slot.site), {"act": "undo", "undo": undo}, follow=True).content.decode()
    )
    for odd in ("x", "1", "-", "1-x", "9" * 50 + "-1", f"{10**18}-{10**18 + 1}"):
        assert colleague.get(week(slot.site, undo=odd)).context["undo"] == ""
    slot.refresh_from_db()
    assert slot.quota == 12
