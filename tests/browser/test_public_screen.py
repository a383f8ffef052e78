"""The television in a waiting room: paired at the desk, it calls people, says when it lost the link, and is ended."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import measure
from tests.browser.city import City
from tests.browser.desk_device import Device
from tests.browser.televisions import pair

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def day(city: City) -> dict[str, Any]:
    """A site of its own."""
    city.ask("forget_addresses")
    return city.ask("desk_day", people=1)  # type: ignore[no-any-return]


@pytest.fixture
def supervisor(new_context: NewContext, city: City, day: dict[str, Any]) -> Device:
    """A supervisor's device at the list of screens."""
    context = new_context(locale="zh-CN", timezone_id=city.zone, viewport={"width": 390, "height": 844})
    device = Device(context, city)
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["supervisor"]))
    device.open("#/screens")
    return device


@pytest.fixture
def television(new_context: NewContext, city: City) -> Page:
    """A television that has never been here; its clock can be put forward."""
    page = new_context(locale="zh-CN", timezone_id=city.zone, viewport={"width": 1920, "height": 1080}).new_page()
    page.clock.install()
    page.goto(f"{city.address}/screen/")
    return page


def test_a_screen_is_paired_by_its_code_and_shows_who_is_called(
    city: City, day: dict[str, Any], supervisor: Device, television: Page
) -> None:
    assert measure.axe_violations(television) == []
    pair(television, supervisor)
    expect(television.get_by_text("还没有叫号，请坐一会儿。")).to_be_visible()

    city.ask("waiting", site=day["site"], tickets=[81, 82, 83, 84, 85, 86])
    for ticket in (83, 84, 85, 86):
        city.ask("called", site=day["site"], ticket=ticket, desk="3 号台")
    city.ask("observed", site=day["site"], ticket=81)

    expect(television.locator("#calls li")).to_have_count(4, timeout=15_000)
    expect(television.locator("#calls li.now")).to_have_text("A086王*兰3 号台")
    expect(television.locator("#leaving")).to_have_text("A081")
    expect(television.locator("#minutes")).to_have_text(re.compile(r"^\d+$"))
    assert television.evaluate("document.documentElement.scrollHeight") <= 1080
    assert measure.wider_than_the_screen(television) == []
    assert measure.axe_violations(television) == []


def test_without_the_link_it_keeps_what_it_had_and_asks_people_to_listen(
    city: City, day: dict[str, Any], supervisor: Device, television: Page
) -> None:
    pair(television, supervisor)
    city.ask("waiting", site=day["site"], tickets=[7])
    city.ask("called", site=day["site"], ticket=7, desk="3 号台")
    expect(television.get_by_text("A007")).to_be_visible(timeout=15_000)

    television.context.set_offline(True)
    television.clock.fast_forward(31_000)

    expect(television.get_by_text("请听工作人员叫号")).to_be_visible()
    expect(television.get_by_text("A007")).to_be_visible()
    television.context.set_offline(False)
    expect(television.get_by_text("请听工作人员叫号")).to_be_hidden(timeout=15_000)


def test_an_ended_screen_goes_back_to_a_code(supervisor: Device, television: Page) -> None:
    pair(television, supervisor)
    assert measure.wider_than_the_screen(supervisor.page) == []

    supervisor.page.get_by_role("button", name="停用").click()
    supervisor.page.get_by_role("dialog").get_by_role("button", name="停用").click()

    expect(supervisor.page.get_by_text("还没有叫号屏")).to_be_visible(timeout=15_000)
    expect(television.locator("#room")).to_be_hidden(timeout=15_000)
    expect(television.locator("#code")).to_have_text(re.compile(r"^\d{3} \d{3}$"), timeout=15_000)


def test_sound_comes_after_one_touch_and_is_then_not_asked_for_again(supervisor: Device, television: Page) -> None:
    pair(television, supervisor)

    television.get_by_role("button", name="打开声音").click()

    expect(television.get_by_role("button", name="打开声音")).to_be_hidden()
