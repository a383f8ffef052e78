"""Quotas, days and closing, as an administrator does them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from booking.models import Appointment, Slot, SlotEvent, SlotEventKind, Status
from booking.operations.book import book
from sites.models import AdminRole
from tests.factories import make_administrator, make_patient, make_programme, make_site, make_slot, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:booking_slot_changelist")


def change(slot: Slot) -> str:
    return reverse("admin:booking_slot_change", args=[slot.pk])


def book_one(slot: Slot, now: datetime) -> None:
    patient = make_patient()
    book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"key-{patient.pk}", now=now)


def test_a_quota_is_set_by_the_operation(desk: Client, administrator: User) -> None:
    slot = make_slot(quota=5)
    response = desk.post(change(slot), {"quota": "8"})
    assert response.status_code == 302
    slot.refresh_from_db()
    assert slot.quota == 8
    event = SlotEvent.objects.get(slot=slot)
    assert (event.kind, event.by, event.facts) == (SlotEventKind.QUOTA_SET, administrator, {"from": 5, "to": 8})


def test_a_quota_below_what_is_taken_is_refused_at_the_field(desk: Client, now: datetime) -> None:
    slot = make_slot(quota=5)
    book_one(slot, now)
    book_one(slot, now)
    response = desk.post(change(slot), {"quota": "1"})
    assert response.status_code == 200
    assert "已经有 2 个号约出去了" in response.content.decode()
    slot.refresh_from_db()
    assert slot.quota == 5


def test_a_booking_between_check_and_change_is_told_and_loses_nothing(
    desk: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = make_slot(quota=5)
    book_one(slot, now)
    # The form's check sees the ledger as it was before the booking.
    monkeypatch.setattr("booking.admin.slots.taken_in", lambda slots: {})
    response = desk.post(change(slot), {"quota": "0"}, follow=True)
    assert "已经有 1 个号约出去了" in response.content.decode()
    slot.refresh_from_db()
    assert slot.quota == 5


@pytest.mark.parametrize("quota", ["", "-1", "many", "100001", "1.5"])
def test_a_quota_that_is_none_changes_nothing(desk: Client, quota: str) -> None:
    slot = make_slot(quota=5)
    response = desk.post(change(slot), {"quota": quota})
    assert response.status_code == 200
    assert response.context["errors"]
    slot.refresh_from_db()
    assert slot.quota == 5


def test_nothing_but_the_quota_can_be_posted(desk: Client, now: datetime) -> None:
    slot = make_slot(quota=5)
    begins = slot.starts_at
    desk.post(change(slot), {"quota": "6", "starts_at_0": "2030-01-01", "starts_at_1": "08:00", "closed_at_0": "x"})
    slot.refresh_from_db()
    assert (slot.quota, slot.starts_at, slot.closed_at) == (6, begins, None)


def test_the_list_says_how_many_are_taken_in_few_statements(
    desk: Client, now: datetime, django_assert_max_num_queries
) -> None:
    site, programme = make_site(), make_programme()
    slots = [make_slot(site, programme, quota=3) for _ in range(20)]
    book_one(slots[0], now)
    desk.get(LIST)
    with django_assert_max_num_queries(14):
        page = desk.get(LIST).content.decode()
    assert "<b>1</b>/3" in page
    assert page.count("<b>0</b>/3") == 19


def test_closing_asks_first_and_keeps_appointments(desk: Client, now: datetime) -> None:
    slot = make_slot(quota=3)
    book_one(slot, now)
    chosen = {"action": "close", "_selected_action": [str(slot.pk)]}
    asked = desk.post(LIST, chosen)
    assert "其中已有 1 个号约出去" in asked.content.decode()
    slot.refresh_from_db()
    assert slot.closed_at is None
    desk.post(LIST, {**chosen, "confirmed": "1"})
    slot.refresh_from_db()
    assert slot.closed_at is not None
    assert Appointment.objects.get(slot=slot).status == Status.BOOKED
    desk.post(LIST, {"action": "reopen", "_selected_action": [str(slot.pk)], "confirmed": "1"})
    slot.refresh_from_db()
    assert slot.closed_at is None
    kinds = list(SlotEvent.objects.filter(slot=slot).order_by("pk").values_list("kind", flat=True))
    assert kinds == [SlotEventKind.CLOSED, SlotEventKind.REOPENED]


def test_closing_too_many_at_once_is_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("booking.admin.slots.MOST_AT_ONCE", 1)
    slots = [make_slot() for _ in range(2)]
    chosen = {"action": "close", "_selected_action": [str(slot.pk) for slot in slots], "confirmed": "1"}
    assert "一次最多 1 个时段" in desk.post(LIST, chosen, follow=True).content.decode()
    assert not Slot.objects.filter(closed_at__isnull=False).exists()


@pytest.fixture
def day(now: datetime) -> dict[str, str]:
    return {
        "site": str(make_site().pk),
        "programme": str(make_programme().pk),
        "first_day": "2026-11-27",  # a Friday
        "last_day": "2026-11-30",
        "begins": "08:00",
        "ends": "10:00",
        "break_begins": "09:00",
        "break_ends": "09:30",
        "minutes": "30",
        "quota": "12",
        "opens_at_0": "2026-11-25",
        "opens_at_1": "09:00",
    }


ADD = reverse("admin:booking_slot_add")


def test_days_are_looked_at_before_they_are_published(desk: Client, day: dict[str, str]) -> None:
    shown = desk.post(ADD, {**day, "look": "1"})
    assert shown.context["preview"]["new"] == 6
    assert shown.context["preview"]["places"] == 72
    assert not Slot.objects.exists()
    desk.post(ADD, {**day, "confirmed": "1"})
    starts = [f"{slot.starts_at.astimezone():%H:%M}" for slot in Slot.objects.order_by("starts_at")]
    assert len(starts) == 6
    assert {slot.quota for slot in Slot.objects.all()} == {12}
    assert {(slot.ends_at - slot.starts_at) for slot in Slot.objects.all()} == {timedelta(minutes=30)}
    again = desk.post(ADD, {**day, "look": "1"})
    assert (again.context["preview"]["new"], again.context["preview"]["there"]) == (0, 6)


def test_weekends_are_published_on_request(desk: Client, day: dict[str, str]) -> None:
    assert desk.post(ADD, {**day, "weekends": "on"}).context["preview"]["new"] == 12


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_day": "2026-12-01"}, "last_day"),
        ({"last_day": "2027-12-01"}, "last_day"),
        ({"first_day": "2026-11-01"}, "first_day"),
        ({"first_day": "tomorrow"}, "first_day"),
        ({"ends": "07:00"}, "ends"),
        ({"break_ends": ""}, "break_ends"),
        ({"minutes": "0"}, "minutes"),
        ({"quota": "-1"}, "quota"),
        ({"site": "999999"}, "site"),
        ({"programme": ""}, "programme"),
        ({"opens_at_1": "9 o'clock"}, "opens_at"),
        ({"begins": "09:45"}, "__all__"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(
    desk: Client, day: dict[str, str], wrong: dict[str, str], field: str
) -> None:
    shown = desk.post(ADD, {**day, **wrong, "confirmed": "1"})
    assert shown.status_code == 200
    assert field in shown.context["form"].errors
    assert not Slot.objects.exists()


def test_who_may_only_look_changes_nothing(client: Client, day: dict[str, str]) -> None:
    sign_in(client, make_administrator(AdminRole.AUDITOR))
    slot = make_slot(quota=5)
    assert client.get(change(slot)).status_code == 200
    assert client.post(change(slot), {"quota": "9"}).status_code == 403
    assert client.post(ADD, {**day, "confirmed": "1"}).status_code == 403
    client.post(LIST, {"action": "close", "_selected_action": [str(slot.pk)], "confirmed": "1"})
    slot.refresh_from_db()
    assert (slot.quota, slot.closed_at) == (5, None)
    assert Slot.objects.count() == 1
