"""What administrators do by pages that are no form of a table stands in the audit trail too."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from booking.models import QuotaChange, Slot
from tests.factories import CLOCK, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slot(db) -> Slot:
    return make_slot(quota=10, starts_at=CLOCK + timedelta(days=1))


def trail() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "what"))


def test_a_pause_and_its_end(desk: Client) -> None:
    switch, words = reverse("admin:booking_bookingpause_switch"), {"text": "检查", "text_en": "Checking"}

    desk.post(switch, {**words, "confirmed": "1"})
    desk.post(switch, {"end": "1"})

    assert [action for action, _ in trail()] == ["pause", "resume"]
    assert AuditEntry.objects.get(action="pause").after == words


def test_cells_that_were_set_and_taken_back(desk: Client, slot: Slot) -> None:
    week = f"{reverse('admin:booking_slot_calendar')}?site={slot.site.code}&first={CLOCK:%Y-%m-%d}"

    saved = desk.post(week, {"act": "save", "cell": f"{slot.pk}-0", "quota": "7"})
    desk.post(week, {"act": "save", "cell": f"{slot.pk}-0", "quota": "7"})

    assert saved.status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.what) == ("change", f"sites.site {slot.site_id}")
    assert entry.after == {"slots": 1, "quota": 7}
    assert entry.origin == "127.0.0.1"
    assert entry.district_code == slot.site.district_id


def test_slots_that_were_closed_from_the_list(desk: Client, slot: Slot) -> None:
    chosen = {"action": "close", "_selected_action": [str(slot.pk)], "confirmed": "1"}

    desk.post(reverse("admin:booking_slot_changelist"), chosen)

    assert trail() == [("close", "booking.slot")]


def test_a_bulk_change_from_its_preview_to_its_undo(desk: Client, slot: Slot) -> None:
    day = f"{slot.starts_at:%Y-%m-%d}"
    asked = {"kind": "set", "sites": [str(slot.site_id)], "first": day, "last": day, "quota": "5"}

    desk.post(reverse("admin:booking_quotachange_new"), asked)
    change = QuotaChange.objects.get()
    desk.post(reverse("admin:booking_quotachange_apply", args=[change.pk]), {"appointments": "keep"})
    desk.post(reverse("admin:booking_quotachange_stop", args=[change.pk]))
    desk.post(reverse("admin:booking_quotachange_undo", args=[change.pk]))

    what = f"booking.quotachange {change.pk}"
    assert trail() == [("preview", what), ("apply", what), ("stop", what), ("undo", what)]
    assert AuditEntry.objects.get(action="apply").after["sites"] == 1


def test_files_that_were_taken_along(desk: Client, slot: Slot) -> None:
    desk.get(reverse("admin:booking_importrun_export", args=["slots", "csv"]) + "?programme__id__exact=1")
    desk.get(reverse("admin:booking_hourfigure_heatmap_csv"))

    assert trail() == [("export", "booking.slots"), ("export", "booking.hourfigure")]
    assert AuditEntry.objects.first().after == {"programme__id__exact": "1"}
