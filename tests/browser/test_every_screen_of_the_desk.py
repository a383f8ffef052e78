"""Every screen of the desk, in the middle of a day with everybody in it, is for everybody and for one hand."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import measure
from tests.browser.city import City
from tests.browser.conftest import PHONE, TABLET, NewDevice
from tests.browser.desk_device import PIN, Device
from tests.browser.desk_visits import go

_SCREENS = """async () => {
  const address = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href)
    .find((href) => /screens\\/index(\\.\\w+)?\\.js$/.test(href));
  return Object.keys((await import(address)).SCREENS);
}"""
# By how far somebody is: what the row says about it, as a test in the page's state.
_STATES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "due": lambda row: row["status"] == "booked",
    "cancelled": lambda row: row["status"] == "cancelled" and not row["visit"],
    "no-show": lambda row: row["status"] == "no_show",
    "arrived": lambda row: bool(row["visit"]) and row["visit"]["status"] == "arrived",
    "may": lambda row: bool(row["visit"]) and row["visit"]["status"] == "triaged",
    "observed": lambda row: bool(row["visit"]) and row["visit"]["status"] == "in_progress",
    "gone": lambda row: bool(row["visit"]) and row["visit"]["status"] == "finished" and bool(row["visit"]["dose"]),
    "deferred": lambda row: bool(row["visit"]) and row["visit"]["not_done"],
}


@pytest.fixture(scope="module")
def living_day(city: City) -> dict[str, Any]:
    """A site in the middle of its day, with places for who walks in."""
    day: dict[str, Any] = city.ask("living_day")
    return day


class Looks:
    """Looks at one screen after the other, and keeps what is wrong by its name."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: dict[str, list[str]] = {}
        self.seen: set[str] = set()

    def __call__(self, name: str, screen: str = "", argument: str = "") -> None:
        """At what is shown, or at a screen with this argument."""
        page = self.page
        if screen:
            go(page, screen, argument)
            expect(page.get_by_role("status").filter(has_text="正在")).to_have_count(0, timeout=20_000)
            self.seen.add(screen)
        expect(page.locator("h1:visible")).to_have_count(1)
        page.wait_for_timeout(300)
        found = [
            *measure.main_buttons_out_of_reach(page),
            *measure.wider_than_the_screen(page),
            *measure.small_targets(page, "standard"),
        ]
        size = page.viewport_size
        assert size is not None
        # All of it at once: what lies half behind a button that stays is smaller than it is.
        # Rows are as high as they are once they have been shown, so it is looked at again.
        for _ in range(2):
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({**size, "height": max(4000, whole + 200)})
        found += measure.axe_violations(page)
        page.set_viewport_size(size)
        if found:
            self.faults[name] = found


@pytest.mark.parametrize(
    "viewport", [PHONE, TABLET, {"width": 320, "height": 720}], ids=["phone", "tablet", "small phone"]
)
def test_every_screen_is_for_everybody_and_for_one_hand(
    city: City, new_device: NewDevice, living_day: dict[str, Any], viewport: Any
) -> None:
    device = new_device(viewport=viewport)
    page, look = device.page, Looks(device.page)
    _begin(device, city.ask("desk_person", site=living_day["site"], roles=["supervisor"]), look)
    rows = device.knows("rows")
    people = {state: next((row for row in rows if fits(row)), None) for state, fits in _STATES.items()}
    assert [state for state, row in people.items() if row is None] == []
    of = {state: row["reference"] for state, row in people.items() if row}

    for screen in ("scan", "today", "find", "station", "observe", "leftovers", "walk-in", "outside", "screens", "menu",
                   "close"):  # fmt: skip
        look(screen, screen)
    for state, reference in of.items():
        look(f"person: {state}", "person", reference)
    for state, screen in (("arrived", "ask"), ("may", "ask"), ("may", "dose"), ("observed", "dose"), ("due", "dose"),
                          ("gone", "record"), ("gone", "correct"), ("arrived", "correct")):  # fmt: skip
        look(f"{screen}: {state}", screen, of[state])
    look("outside: nothing yet", "outside", of["due"])
    page.get_by_role("button", name="录入一剂").click()
    look("outside: entering")
    look("stock", "stock")
    page.get_by_role("button", name="报废或退回").first.click()
    look("stock: taken out")
    page.get_by_role("button", name="返回").click()
    page.get_by_role("button", name="登记收货").click()
    look("stock: received")
    go(page, "observe")
    page.get_by_role("button", name="不良反应").first.click()
    look("observe: reaction")
    go(page, "find")
    page.get_by_label("姓名、证件尾号或预约号").fill(people["due"]["name"][:1] if people["due"] else "")
    look("find: found")
    _result(device, of, look)
    _queue(device, look)
    look("shift", "shift")
    go(page, "menu")
    page.get_by_role("button", name="锁屏").click()
    look("lock")

    assert "\n".join(f"{name}: {fault}" for name, found in look.faults.items() for fault in found) == ""
    assert look.seen == set(page.evaluate(_SCREENS))


def _begin(device: Device, person: dict[str, Any], look: Looks) -> None:
    page = device.page
    device.open()
    expect(device.heading("登录服务台")).to_be_visible()
    look("sign-in")
    device.sign_in(person)
    expect(device.heading("开始当班")).to_be_visible(timeout=30_000)
    look("shift: begun")
    page.get_by_role("radio", name="登记", exact=True).check()
    page.get_by_label("几号台").fill("2")
    page.get_by_label("四位解锁数字").fill(PIN)
    page.get_by_role("button", name="开始当班").click()
    expect(page.get_by_text("断网也能打开、能签到")).to_be_visible(timeout=30_000)
    look("shift: ready")
    page.get_by_role("button", name="开始办理").click()


def _result(device: Device, of: dict[str, str], look: Looks) -> None:
    """What comes of a scan: in time, already here, cancelled."""
    for state, word in (("cancelled", "不能签到"), ("arrived", "不能签到")):
        go(device.page, "scan")
        device.scan(of[state])
        expect(device.heading(word)).to_be_visible()
        look(f"result: {state}")
    go(device.page, "scan")
    device.scan(of["due"])
    expect(device.page.locator(".verdict")).to_be_visible()
    look("result: due")
    look.seen.add("result")


def _queue(device: Device, look: Looks) -> None:
    """With something that waits, and with nothing."""
    look("queue", "queue")
    device.context.set_offline(True)
    device.act("call", next(row["reference"] for row in device.knows("rows") if _STATES["arrived"](row)))
    expect(device.page.get_by_text("待传 1 条")).to_be_visible()
    look("queue: waiting")
    device.context.set_offline(False)
    device.wait_until_sent()
