"""Somebody comes without an appointment: looked up, given a ticket, checked in; and what to do without the network."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from accounts.documents import check_character
from tests.browser import measure
from tests.browser.city import City
from tests.browser.desk_device import Device

NUMBER = "43010219900101002" + check_character("43010219900101002")


@pytest.fixture
def day(city: City) -> dict[str, Any]:
    """A site with two places kept for now and one for later."""
    city.ask("forget_addresses")
    day: dict[str, Any] = city.ask("desk_day", people=1)
    city.ask("kept_places", site=day["site"], now=1, later=1)
    return day


@pytest.fixture
def registration(new_context: Callable[..., BrowserContext], city: City, day: dict[str, Any]) -> Device:
    """A registration desk at its walk-ins."""
    context = new_context(locale="zh-CN", timezone_id=city.zone, viewport={"width": 390, "height": 844})
    device = Device(context, city)
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["registration"]))
    device.open("#/walk-in")
    return device


def look_up(device: Device, number: str, name: str) -> None:
    device.page.get_by_label("证件号", exact=True).fill(number)
    device.page.get_by_label("姓名", exact=True).fill(name)
    device.page.get_by_role("button", name="看今天能不能打").click()


def test_who_comes_without_an_appointment_gets_a_ticket_for_now_and_is_checked_in(
    city: City, registration: Device
) -> None:
    page = registration.page
    look_up(registration, NUMBER, "李梅")
    expect(page.get_by_text("现在就可以")).to_be_visible(timeout=15_000)
    assert measure.wider_than_the_screen(page) == []
    page.get_by_role("button", name="取号").click()

    expect(registration.heading("现场号取好了")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("img", name="签到码")).to_be_visible()
    assert measure.wider_than_the_screen(page) == []
    page.get_by_role("button", name="现在签到").click()
    expect(registration.heading("签到成功")).to_be_visible()
    registration.wait_until_sent()

    # The next one comes back later; the same person is told what she has.
    registration.open("#/walk-in")
    look_up(registration, NUMBER, "李梅")
    expect(page.get_by_text("这个人已经约了这一剂")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="换一个人").click()
    look_up(registration, "43010219900101004" + check_character("43010219900101004"), "赵芳")
    page.get_by_role("button", name="的号").click()
    expect(page.get_by_text("请本人带好证件和这张小票")).to_be_visible(timeout=15_000)


def test_a_wrong_number_is_said_at_its_field(registration: Device) -> None:
    look_up(registration, "430102199001010021", "李梅")

    expect(registration.page.get_by_text("请逐位核对")).to_be_visible(timeout=15_000)
    expect(registration.page.get_by_label("证件号", exact=True)).to_have_attribute("aria-invalid", "true")


def test_without_the_network_it_says_what_to_do_and_keeps_what_was_typed(registration: Device) -> None:
    page = registration.page
    expect(page.get_by_text("今天还有的号")).to_be_visible(timeout=15_000)
    page.get_by_label("姓名", exact=True).fill("李梅")
    registration.context.set_offline(True)

    expect(page.get_by_text("没有网络，现在不能发现场号")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("网通了，按先后在这里取号。")).to_be_visible()
    registration.context.set_offline(False)
    expect(page.get_by_label("姓名", exact=True)).to_have_value("李梅", timeout=30_000)
