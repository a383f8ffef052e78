"""What does not get through stands in red on the first page, until it does; each message says how it stands."""

from datetime import timedelta

import pytest
from django.urls import reverse

from booking.models import Alert, Message
from sites.models import AdminRole
from tests.factories import CLOCK, make_administrator, make_citizen, make_district, make_patient, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert():
    return Alert.objects.create(
        kind="messages_not_sent", began_at=CLOCK, facts={"since": CLOCK.isoformat(), "waiting": 5000}
    )


def test_an_open_alert_is_on_the_first_page(client, alert):
    sign_in(client, make_administrator(AdminRole.CITY))

    page = client.get("/admin/").content.decode()

    assert 'role="alert"' in page
    assert "从 11-24 10:00 起有消息发不出去，已有 5000 条在等" in page


def test_one_that_has_ended_is_in_the_list_only(client, alert):
    sign_in(client, make_administrator(AdminRole.CITY))
    Alert.objects.update(ended_at=CLOCK + timedelta(hours=1))

    assert 'role="alert"' not in client.get("/admin/").content.decode()
    assert "消息发不出去" in client.get(reverse("admin:booking_alert_changelist")).content.decode()


def test_a_sites_administrator_is_not_alarmed(client, alert):
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=make_district()))

    assert 'role="alert"' not in client.get("/admin/").content.decode()
    assert client.get(reverse("admin:booking_alert_changelist")).status_code == 403


@pytest.mark.parametrize(
    ("state", "columns", "words"),
    [
        ("waiting", {}, "等着发"),
        ("failing", {"failing_since": CLOCK}, "没发出去，还会再试"),
        ("held", {"held": "night"}, "夜里不打扰，早上发"),
        ("sent", {"sent_at": CLOCK}, "已发"),
        ("dropped", {"dropped_at": CLOCK, "held": "over"}, "没发：已经过时"),
    ],
)
def test_messages_are_found_by_how_they_stand_and_show_no_number(client, state, columns, words):
    sign_in(client, make_administrator(AdminRole.CITY))
    patient = make_patient(make_citizen(phone="+8613812346621"))
    Message.objects.create(
        key="x", kind="HANDED_OVER", account=patient.user, patient=patient, created_at=CLOCK, due_at=CLOCK, **columns
    )
    address = reverse("admin:booking_message_changelist")

    page = client.get(address, {"state": state}).content.decode()
    others = {name for name in ("waiting", "failing", "held", "sent", "dropped") if name != state}

    assert words in page
    assert "12346621" not in page
    assert page.count('class="field-kind"') == 1
    assert all('class="field-kind"' not in client.get(address, {"state": one}).content.decode() for one in others)
