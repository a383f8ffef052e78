"""The city screen in the admin: by role and district, alerts claimed and handled, and everything left in the trail."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEntry
from booking.models import Alert, CityMinute
from sites.models import AdminRole
from tests.factories import CLOCK, make_administrator, make_district, make_site, sign_in

pytestmark = pytest.mark.django_db
CITY, STATE = "/admin/city/", "/admin/city/state"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(CLOCK, tick=False) as travelled:
        yield travelled


@pytest.fixture
def site():
    return make_site(name="文艺路社区卫生服务中心", phone="0731-85550000")


@pytest.fixture
def alert(site):
    return make_alert(site)


def make_alert(site, kind="long_wait", severity="orange", **more):
    return Alert.objects.create(
        kind=kind, severity=severity, place=f"site {site.pk}", site=site, district=site.district, number=52,
        began_at=CLOCK - timedelta(minutes=10), facts={"waiting": 4}, **more,
    )  # fmt: skip


def act(client, alert, act, **more):
    return client.post(reverse("admin:city_screen_alert", args=[alert.pk]), {"act": act, **more}, follow=True)


def test_the_screen_shows_where_since_how_bad_and_that_nobody_has_it(client, alert):
    sign_in(client, make_administrator())

    page = client.get(CITY).content.decode()

    for words in (
        "文艺路社区卫生服务中心 · 芙蓉区",
        "09:50 起",
        "已等 52 分钟，4 人在等",
        "没有人认领",
        "等得太久",
        "橙色",
    ):
        assert words in page


def test_the_script_gets_the_same_as_json(client, alert):
    sign_in(client, make_administrator())
    CityMinute.objects.create(minute=CLOCK, last_event=0)

    answer = client.get(STATE)

    assert answer["Cache-Control"].startswith("max-age=0")
    state = json.loads(answer.content)
    assert (state["now"], state["told_at"]) == (CLOCK.isoformat(), CLOCK.isoformat())
    assert "已等 52 分钟" in state["html"]
    assert "<html" not in state["html"]


def test_a_district_sees_and_takes_its_own_only(client, alert):
    other = make_site(name="河西接种点", district=make_district("430104"))
    theirs = make_alert(other)
    citys = Alert.objects.create(kind="booking_errors", began_at=CLOCK, number=3, facts={"tries": 99, "errors": 3})
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=alert.district))

    page = client.get(CITY).content.decode()

    assert "文艺路" in page
    assert "河西接种点" not in page
    assert "预约请求没有办成" not in page
    assert [act(client, one, "claim").status_code for one in (alert, theirs, citys)] == [200, 404, 404]


def test_an_auditor_looks_only(client, alert):
    sign_in(client, make_administrator(AdminRole.AUDITOR))

    page = client.get(CITY).content.decode()

    assert "已等 52 分钟" in page
    assert 'value="claim"' not in page
    assert act(client, alert, "claim").status_code == 403
    assert client.get("/admin/city/screens/").status_code == 403


def test_a_sites_manager_has_no_city_screen(client, site):
    sign_in(client, make_administrator(AdminRole.SITE, site=site))

    assert client.get(CITY).status_code == 403
    assert client.get(STATE).status_code == 403


def test_who_claims_stands_there_and_in_the_trail(client, alert):
    somebody = sign_in(client, make_administrator())

    page = act(client, alert, "claim", next=CITY)

    assert page.redirect_chain[-1][0] == CITY
    assert f"{somebody.known_as()} 10:00 认领" in page.content.decode()
    entry = AuditEntry.objects.get(action="claim")
    assert (entry.by, entry.what, entry.district_code) == (somebody, f"booking.alert {alert.pk}", "430102")


def test_whoever_is_second_is_told_who_was_first(client, alert):
    early = make_administrator()
    Alert.objects.update(claimed_by=early, claimed_at=CLOCK)
    sign_in(client, make_administrator())

    page = act(client, alert, "claim").content.decode()

    assert f"这条警报已由 {early.known_as()} 先认领。" in page
    assert AuditEntry.objects.filter(action="claim").count() == 0


def test_handling_wants_a_word_and_can_be_taken_back(client, alert):
    sign_in(client, make_administrator())

    empty = act(client, alert, "handle", note="")
    assert "请写一句做了什么。" in empty.content.decode()
    page = act(client, alert, "handle", note="加了一张登记台").content.decode()
    assert "已处理，还没有好转" in page
    assert "加了一张登记台" in page
    undone = act(client, alert, "undo").content.decode()

    alert.refresh_from_db()
    assert alert.handled_at is None
    assert "加了一张登记台" in undone
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "reason")) == [
        ("handle", "加了一张登记台"),
        ("undo", ""),
    ]


def test_an_alert_that_ended_meanwhile_says_so(client, alert):
    sign_in(client, make_administrator())
    Alert.objects.update(ended_at=CLOCK)

    assert "这条警报已经结束" in act(client, alert, "claim").content.decode()


def test_nobody_is_sent_elsewhere_after_an_act(client, alert):
    sign_in(client, make_administrator())

    page = act(client, alert, "claim", next="https://elsewhere.example/")

    assert page.redirect_chain[-1][0] == reverse("admin:city_screen_alert", args=[alert.pk])


def test_numbers_that_have_stopped_are_not_shown_as_new(client, site):
    sign_in(client, make_administrator())
    CityMinute.objects.create(minute=CLOCK - timedelta(minutes=28), last_event=0)

    assert "数据停在 09:32" in client.get(CITY).content.decode()


def test_a_districts_sites_are_listed(client, site):
    sign_in(client, make_administrator())

    assert "文艺路社区卫生服务中心" in client.get(CITY, {"district": "430102"}).content.decode()
    assert client.get(CITY, {"district": "nowhere"}).status_code == 200


def test_red_alerts_of_ones_own_stand_on_the_first_page_with_the_way_to_the_rest(client, alert):
    make_alert(alert.site, "reactions", "red")
    sign_in(client, make_administrator(AdminRole.DISTRICT, district=alert.district))

    page = client.get("/admin/").content.decode()

    assert page.count('role="alert"') == 1
    assert "今天登记了 52 例" in page
    assert "城市大屏上还有 1 条警报" in page
