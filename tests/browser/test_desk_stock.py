"""Batches at a desk: a box is scanned and received, doses are wasted, the day is counted, closed and opened again."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import NewDevice
from tests.browser.desk_device import Device
from tests.browser.desk_visits import go

GTIN = "06935803911014"


def _batch(page: Page, number: str) -> Any:
    return page.locator("ul.stocked > li").filter(has_text=f"批号 {number}")


def _receive(desk: Device, vaccine: str, number: str, doses: str) -> None:
    """By the box, whose code a scanner types."""
    page = desk.page
    page.get_by_role("button", name="登记收货").click()
    expect(desk.heading("登记收货")).to_be_visible()
    desk.scan(f"01{GTIN}1728060010{number}")
    expect(page.get_by_label("批号")).to_have_value(number)
    expect(page.get_by_label("有效期至")).to_have_value("2028-06-30")
    page.locator(f"input[name=vaccine][value='{vaccine}']").check()
    page.get_by_label("收到几剂").fill(doses)
    page.get_by_role("button", name="入库").click()


def test_a_box_is_received_doses_are_wasted_and_the_day_is_counted_closed_and_opened_again(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    desk, old = at_work(("supervisor",)), desk_day["batch"]
    page = desk.page
    go(page, "stock")

    _receive(desk, desk_day["vaccine"], "Q2028A", "40")
    expect(_batch(page, "Q2028A").locator(".batch-left")).to_have_text("40 剂")
    # The same code within a second is a trigger that was pulled twice.
    page.wait_for_timeout(1100)
    _receive(desk, desk_day["vaccine"], "Q2028A", "2")
    expect(_batch(page, "Q2028A").locator(".batch-left")).to_have_text("42 剂")

    _batch(page, "Q2028A").get_by_role("button", name="报废或退回").click()
    page.get_by_label("几剂").fill("43")
    page.get_by_role("button", name="登记这一笔").click()
    expect(page.get_by_text("填 1 到 42 之间的剂数。")).to_be_visible()
    expect(page.get_by_text("写明原因，至少 4 个字。")).to_be_visible()
    page.get_by_label("几剂").fill("3")
    page.get_by_role("button", name="瓶子破损").click()
    page.get_by_role("button", name="登记这一笔").click()
    expect(_batch(page, "Q2028A").locator(".batch-left")).to_have_text("39 剂")
    assert city.ask("movements", site=desk_day["site"]) == {
        old: {"received": 100, "left": 100},
        "Q2028A": {"received": 42, "wasted": -3, "left": 39},
    }

    page.get_by_role("button", name="日结", exact=True).click()
    counts = page.get_by_label("实际剩几剂")
    expect(counts).to_have_count(2)
    page.get_by_role("button", name="日结", exact=True).click()
    expect(page.get_by_text("数一数，填实际剩下的剂数。")).to_have_count(2)
    _count(page, old, "100")
    _count(page, "Q2028A", "38")
    expect(page.get_by_text("和账上差 -1 剂")).to_be_visible()
    page.get_by_label("为什么不一样").fill("一支打翻了没有登记")
    page.get_by_role("button", name="日结", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="日结").click()
    expect(page.get_by_text("由 刘敏 日结。")).to_be_visible()
    expect(page.locator("tr").filter(has_text="Q2028A").locator("td").last).to_have_text("38")

    page.get_by_role("button", name="数错了，重开").click()
    page.get_by_role("button", name="重开日结").click()
    expect(page.get_by_text("写明原因，至少 4 个字。")).to_be_visible()
    page.get_by_label("为什么要重开").fill("又找到了一支")
    page.get_by_role("button", name="重开日结").click()
    expect(page.get_by_label("实际剩几剂")).to_have_count(2)
    _count(page, old, "100")
    _count(page, "Q2028A", "39")
    expect(page.get_by_text("和账上差 +1 剂")).to_be_visible()
    assert city.ask("movements", site=desk_day["site"])["Q2028A"]["left"] == 38


def _count(page: Page, number: str, doses: str) -> None:
    page.locator(".count").filter(has_text=f"批号 {number}").get_by_label("实际剩几剂").fill(doses)


def test_without_the_network_stock_is_for_paper(at_work: NewDevice, desk_day: dict[str, Any]) -> None:
    desk = at_work(("vaccination",))
    desk.context.set_offline(True)
    go(desk.page, "stock")

    expect(desk.page.get_by_text("先写在纸上，联网后补上")).to_be_visible()
    desk.context.set_offline(False)
    desk.page.get_by_role("button", name="再试一次").click()
    expect(_batch(desk.page, desk_day["batch"])).to_be_visible(timeout=15_000)
