"""The city's people judge accounts that look like many in one hand; nobody else sees them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from booking.models import Suspicion, SuspicionState
from booking.operations.touts.appeal import appeal
from booking.rules import bulk
from sites.models import AdminRole
from tests.factories import CLOCK, make_administrator, make_patient, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def _browser(role=AdminRole.CITY):
    client = Client()
    sign_in(client, make_administrator(role))
    return client


@pytest.fixture
def row():
    account = make_patient().user
    return Suspicion.objects.create(account=account, sign=bulk.PEOPLE, evidence={"people": 20}, raised_at=CLOCK)


def _page(row):
    return reverse("admin:booking_suspicion_judge", args=[row.pk])


def _state(row):
    row.refresh_from_db()
    return row.state


def test_the_list_leads_to_the_evidence(row):
    client = _browser()

    listed = client.get(reverse("admin:booking_suspicion_changelist")).content.decode()
    page = client.get(_page(row)).content.decode()

    assert _page(row) in listed
    assert "约过的人 20" in listed
    assert row.account.username in page
    assert "系统自己不会停用任何账号" in page


def test_a_lock_is_confirmed_first_and_stands_in_the_trail(row):
    client = _browser()

    looked = client.post(_page(row), {"lock": "1", "reason": "一天约了二十人"}).content.decode()
    assert "确认停用这个账号的预约" in looked
    assert _state(row) == SuspicionState.OPEN
    client.post(_page(row), {"lock": "1", "sure": "1", "reason": "一天约了二十人"})

    assert _state(row) == SuspicionState.LOCKED
    entry = AuditEntry.objects.get(action="lock")
    assert (entry.reason, entry.label) == ("一天约了二十人", row.account.username)


@pytest.mark.parametrize("act", ["lock", "dismiss"])
def test_without_a_reason_nothing_is_decided(row, act):
    page = _browser().post(_page(row), {act: "1", "sure": "1", "reason": " "})

    assert page.context["form"].errors
    assert _state(row) == SuspicionState.OPEN


@pytest.mark.parametrize(("act", "state"), [("yes", SuspicionState.RESTORED), ("no", SuspicionState.LOCKED)])
def test_an_appeal_is_shown_and_answered(row, act, state):
    client = _browser()
    client.post(_page(row), {"lock": "1", "sure": "1", "reason": "一天约了二十人"})
    appeal(account_id=row.account_id, text="我是社区志愿者 <b>", now=CLOCK)

    assert "我是社区志愿者 &lt;b&gt;" in client.get(_page(row)).content.decode()
    client.post(_page(row), {act: "1", "reason": "已核实情况"})

    assert _state(row) == state
    assert row.answer == "已核实情况"


def test_what_a_colleague_has_decided_is_not_decided_again(row):
    client = _browser()
    client.post(_page(row), {"dismiss": "1", "reason": "没有问题啊"})

    page = client.post(_page(row), {"lock": "1", "sure": "1", "reason": "一天约了二十人"}, follow=True)

    assert "已经有人处理过了" in page.content.decode()
    assert _state(row) == SuspicionState.DISMISSED


@pytest.mark.parametrize("role", [AdminRole.DISTRICT, AdminRole.AUDITOR])
def test_it_is_the_citys_affair_only(row, role):
    if role == AdminRole.DISTRICT:
        from tests.factories import make_district

        client = Client()
        sign_in(client, make_administrator(role, district=make_district()))
    else:
        client = _browser(role)

    assert client.get(_page(row)).status_code == 403
    assert client.post(_page(row), {"dismiss": "1", "reason": "没有问题啊"}).status_code == 403
    assert _state(row) == SuspicionState.OPEN
