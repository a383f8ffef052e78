"""A site has a dose left: the supervisor offers it, one person says no, the next says yes, and the desk sees both."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser import measure
from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.desk_device import Device
from tests.browser.rounds import begin_round, citizen_who_waits


@pytest.fixture
def day(city: City) -> dict[str, Any]:
    city.ask("forget_addresses")
    return dict(city.ask("desk_day", people=1))


@pytest.fixture
def supervisor(new_context: Callable[..., BrowserContext], city: City, day: dict[str, Any]) -> Device:
    """A supervisor's phone, at the leftover doses."""
    context = new_context(locale="zh-CN", timezone_id=city.zone, viewport={"width": 390, "height": 844})
    device = Device(context, city)
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["supervisor"]))
    device.open("#/leftovers")
    return device


def offer_one(supervisor: Device) -> None:
    """Form, question, yes."""
    page = supervisor.page
    expect(page.get_by_text("先通知点名本接种点的")).to_be_visible(timeout=15_000)
    assert measure.wider_than_the_screen(page) == []
    page.get_by_role("button", name="叫余苗 1 剂").click()
    expect(page.get_by_text("每人有 15 分钟答复")).to_be_visible()
    page.get_by_role("button", name="开始问").click()


def test_one_says_no_the_next_says_yes_and_the_desk_sees_it(
    city: City, day: dict[str, Any], supervisor: Device, visitor: NewVisitor, javascript: bool
) -> None:
    first = citizen_who_waits(city, day["site"], "王秀兰", 9)
    second = citizen_who_waits(city, day["site"], "李建国", 8)
    page = supervisor.page
    offer_one(supervisor)
    expect(page.locator(".replies li")).to_have_count(1, timeout=60_000)
    expect(page.locator(".replies li")).to_contain_text("王*兰")
    assert measure.wider_than_the_screen(page) == []

    unwilling = visitor(family=first, javascript=javascript)
    unwilling.open("/")
    unwilling.tap(unwilling.link("去答复"))
    unwilling.tap(unwilling.button("这次不要"))
    expect(unwilling.page.get_by_text("已经让给下一位。您的候补还在。")).to_be_visible()
    expect(page.get_by_text("李*国")).to_be_visible(timeout=60_000)

    willing = visitor(family=second, javascript=javascript)
    willing.open("/appointments/")
    willing.tap(willing.link("去答复"))
    willing.tap(willing.button("要，马上去"))
    expect(willing.page.get_by_role("heading", name="给您留好了")).to_be_visible()
    willing.tap(willing.link("看签到码"))
    expect(willing.page.get_by_role("img", name="签到二维码")).to_be_visible()
    assert unwilling.faults == willing.faults == []

    expect(page.get_by_text("都有人要了")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("有人要 1 / 1 剂")).to_be_visible()
    # Whoever comes is on the list of the day, as everybody.
    expect(page.get_by_role("link", name="李*国")).to_be_visible(timeout=60_000)
    assert supervisor.faults == []


def test_stopping_asks_first_and_the_offer_says_that_it_is_gone(
    city: City, day: dict[str, Any], supervisor: Device, visitor: NewVisitor
) -> None:
    waits = citizen_who_waits(city, day["site"], "王秀兰", 9)
    page = supervisor.page
    offer_one(supervisor)
    expect(page.locator(".replies li")).to_have_count(1, timeout=60_000)
    late = visitor(family=waits)
    late.open("/")
    late.tap(late.link("去答复"))

    page.get_by_role("button", name="停止叫余苗").click()
    expect(page.get_by_text("1 个没答复的通知会收回")).to_be_visible()
    page.get_by_role("button", name="停止", exact=True).click()
    expect(page.get_by_text("已停止")).to_be_visible(timeout=15_000)

    late.tap(late.button("要，马上去"))
    expect(late.page.get_by_role("heading", name="接种点收回了余苗")).to_be_visible()


def test_two_who_press_at_once_get_one_dose_and_one_kind_word(
    city: City, day: dict[str, Any], supervisor: Device, visitor: NewVisitor
) -> None:
    """One dose never has two open offers by itself; a yes that was cancelled and restored can bring it about."""
    names = ("王秀兰", "李建国")
    families = [citizen_who_waits(city, day["site"], name, 9 - n) for n, name in enumerate(names)]
    begin_round(supervisor)
    expect(supervisor.page.locator(".replies li")).to_have_count(1, timeout=60_000)
    city.ask("asked_too", entry=families[1]["wish"])
    citizens = [visitor(family=family) for family in families]
    for citizen in citizens:
        citizen.open("/")
        citizen.tap(citizen.link("去答复"))

    for citizen in citizens:
        citizen.button("要，马上去").click(no_wait_after=True)
    said = {citizen: citizen.page.locator(".done, .notice.wrong") for citizen in citizens}
    for citizen in citizens:
        expect(said[citizen]).to_be_visible(timeout=60_000)

    lucky = [citizen for citizen in citizens if citizen.heading == "给您留好了"]
    assert len(lucky) == 1
    [other] = [citizen for citizen in citizens if citizen not in lucky]
    expect(said[other]).to_contain_text("您的候补还在")
    expect(other.button("要，马上去")).to_have_count(0)
    expect(supervisor.page.get_by_text("有人要 1 / 1 剂")).to_be_visible(timeout=60_000)
    expect(supervisor.page.get_by_text("都有人要了")).to_be_visible(timeout=60_000)
    # Neither is anybody asked again about a dose that is not there.
    other.open("/waitlist/")
    expect(other.link("去答复")).to_have_count(0)


def test_without_the_network_it_says_that_nobody_can_be_asked(supervisor: Device) -> None:
    page = supervisor.page
    expect(page.get_by_text("先通知点名本接种点的")).to_be_visible(timeout=15_000)
    supervisor.context.set_offline(True)

    expect(page.get_by_text("没有网络，叫不了余苗")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="叫余苗 1 剂")).to_be_disabled()
    supervisor.context.set_offline(False)
    expect(page.get_by_role("button", name="叫余苗 1 剂")).to_be_enabled(timeout=30_000)
