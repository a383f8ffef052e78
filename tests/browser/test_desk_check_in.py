"""Checking in: by camera and by hand; with the network and without it; at two desks; and taking it back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import measure
from tests.browser.city import City
from tests.browser.conftest import PHONE, TABLET, NewDevice


def test_a_code_before_the_camera_checks_in(
    city: City, camera: Callable[[str], Browser], at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    person = desk_day["people"][0]
    device = at_work(browser=camera(person["code"]))

    expect(device.heading("签到成功")).to_be_visible(timeout=60_000)
    expect(device.page.locator(".who")).to_contain_text(person["name"])
    expect(device.page.locator(".verdict")).to_contain_text("服务器已确认")
    expect(device.page.locator(".verdict")).to_contain_text("A001 号 · 请去问诊区")
    # It is before the camera still, and one scan.
    device.page.wait_for_timeout(3000)
    expect(device.heading("签到成功")).to_be_visible()
    assert city.ask("desk_acts", site=desk_day["site"]) == [["check_in", person["reference"], "done", False]]


def test_without_the_network_people_are_taken_down_and_confirmed_when_it_is_back(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, person = at_work(), desk_day["people"][0]
    elsewhere = city.ask("desk_day", people=1)["people"][0]
    device.context.set_offline(True)

    device.scan(person["code"])
    expect(device.heading("先登记")).to_be_visible()
    expect(device.page.locator(".verdict")).to_contain_text("网断了，名单里有此人")
    device.scan(elsewhere["code"])
    expect(device.heading("名单里没有")).to_be_visible()
    device.page.get_by_role("button", name="证件看过了，先登记").click()
    expect(device.page.locator(".verdict")).to_contain_text("号码已记下")

    device.context.set_offline(False)
    expect(device.page.locator(".connection")).to_have_text("在线 · 1 条要处理", timeout=30_000)
    acts = city.ask("desk_acts", site=desk_day["site"])
    assert acts[0] == ["check_in", person["reference"], "done", True]
    assert acts[1][2:] == ["conflict", True]


def test_the_second_of_two_devices_is_told_when_and_where(at_work: NewDevice, desk_day: dict[str, Any]) -> None:
    first, second, code = at_work(), at_work(), desk_day["people"][0]["code"]
    first.scan(code)
    expect(first.page.locator(".verdict")).to_contain_text("服务器已确认")

    second.scan(code)

    expect(second.heading("不能签到")).to_be_visible()
    expect(second.page.get_by_role("alert")).to_contain_text("不能签到")
    expect(second.page.locator(".verdict")).to_contain_text("已由 登记台 2 签到")
    second.page.get_by_role("button", name="的签到记录").click()
    expect(second.page.locator(".steps")).to_contain_text("登记台 2")


def test_somebody_of_another_site_is_told_where_and_no_more(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, there = at_work(), city.ask("desk_day", people=1)

    device.scan(there["people"][0]["code"])

    expect(device.heading("不能签到")).to_be_visible()
    expect(device.page.locator(".verdict")).to_contain_text(f"约在 {there['name']}")
    expect(device.page.get_by_text(there["people"][0]["name"])).to_have_count(0)


def test_a_check_in_is_undone_within_its_minute(city: City, at_work: NewDevice, desk_day: dict[str, Any]) -> None:
    device, person = at_work(), desk_day["people"][0]
    device.scan(person["code"])
    expect(device.page.locator(".verdict")).to_contain_text("服务器已确认")

    device.page.get_by_role("button", name="撤销签到").click()
    expect(device.heading("已撤销签到")).to_be_visible()
    device.wait_until_sent()
    assert [row["status"] for row in city.ask("desk_rows", references=[person["reference"]])] == ["booked"]

    device.scan(person["code"])
    expect(device.heading("签到成功")).to_be_visible()
    device.page.get_by_role("button", name="不是本人").click()
    device.page.get_by_label("说明").fill("家人拿错了码")
    device.page.get_by_role("dialog").get_by_role("button", name="撤销签到").click()
    expect(device.heading("已撤销签到")).to_be_visible()


def test_the_undo_is_gone_after_its_minute(at_work: NewDevice, desk_day: dict[str, Any]) -> None:
    device = at_work()
    device.scan(desk_day["people"][0]["code"])
    expect(device.page.get_by_role("button", name="撤销签到")).to_be_visible()

    device.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 61_000; }")

    expect(device.page.get_by_role("button", name="撤销签到")).to_have_count(0)
    expect(device.page.get_by_role("button", name="不是本人")).to_have_count(0)


@pytest.mark.parametrize("viewport", [PHONE, TABLET], ids=["phone", "tablet"])
def test_every_screen_is_usable_by_everybody(at_work: NewDevice, desk_day: dict[str, Any], viewport: Any) -> None:
    device = at_work(viewport=viewport)
    faults: dict[str, list[str]] = {}

    def look(name: str) -> None:
        device.page.wait_for_timeout(300)
        found = [*measure.axe_violations(device.page), *measure.wider_than_the_screen(device.page)]
        found += measure.small_targets(device.page, "standard")
        faults.update({name: found} if found else {})

    for screen in ("scan", "today", "find"):
        device.open(f"#/{screen}")
        look(screen)
    device.scan(desk_day["people"][0]["code"])
    expect(device.page.locator(".verdict")).to_contain_text("服务器已确认")
    look("result")
    main = device.page.locator(".result-screen .button.main").bounding_box()
    assert main is not None
    assert main["y"] >= viewport["height"] / 2
    assert main["y"] + main["height"] <= viewport["height"]
    device.open(f"#/person/{desk_day['people'][0]['reference']}")
    look("person")
    assert faults == {}
