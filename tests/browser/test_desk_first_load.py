"""What is there when the desk's page begins, what follows it, and a browser that keeps neither."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.city import City
from tests.browser.conftest import PHONE, NewDevice
from tests.browser.desk_device import PIN, Device


def test_screens_that_come_later_are_there_when_the_network_is_gone(
    at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device = at_work(roles=("supervisor",))
    device.context.set_offline(True)
    # Nothing of what the page has loaded is left in it.
    device.page.reload()

    for screen, heading in (("queue", "待传和要处理的"), ("station", "等问诊"), ("observe", "留观"), ("stock", "库存")):
        device.open(f"#/{screen}")
        expect(device.heading(heading)).to_be_visible()


def test_a_screen_that_does_not_come_says_what_to_do_and_comes_when_it_can(
    city: City, new_context: Callable[..., BrowserContext], desk_day: dict[str, Any]
) -> None:
    device = _device_that_keeps_nothing(new_context, city)
    device.page.route("**/desk/screens/stock*.js", lambda route: route.abort())
    device.begin(city.ask("desk_person", site=desk_day["site"], roles=["supervisor"]))
    device.open("#/stock")
    expect(device.heading("这一页还没有取到")).to_be_visible()
    expect(device.page.get_by_text("待传的都在本机，不会丢")).to_be_visible()

    device.page.unroute("**/desk/screens/stock*.js")
    device.page.get_by_role("button", name="再试一次").click()

    expect(device.heading("库存")).to_be_visible()
    assert device.faults == []


def test_a_browser_that_does_not_keep_the_page_works_and_says_so(
    city: City, new_context: Callable[..., BrowserContext], desk_day: dict[str, Any]
) -> None:
    device = _device_that_keeps_nothing(new_context, city)
    device.begin(city.ask("desk_person", site=desk_day["site"], roles=["registration"]))
    device.context.set_offline(True)

    device.scan(desk_day["people"][0]["code"])
    expect(device.heading("先登记")).to_be_visible()
    device.open("#/queue")
    expect(device.page.get_by_text("待传 1 条")).to_be_visible()

    device.context.set_offline(False)
    device.wait_until_sent()
    assert device.faults == []


class _KeepsNothing(Device):
    """A device whose browser has no service workers."""

    def begin(self, person: dict[str, Any]) -> None:
        """From nothing to the first screen: it says that it is not ready for a break of the network."""
        self.open()
        self.sign_in(person)
        choice = self.page.get_by_role("radio", name="登记", exact=True)
        self.page.get_by_label("几号台").fill("2")
        if choice.count():
            choice.check()
        self.page.get_by_label("四位解锁数字").fill(PIN)
        self.page.get_by_role("button", name="开始当班").click()
        expect(self.page.get_by_text("断网时不要刷新，也不要关掉本页")).to_be_visible()
        self.page.get_by_role("button", name="开始办理").click()


def _device_that_keeps_nothing(new_context: Callable[..., BrowserContext], city: City) -> _KeepsNothing:
    city.ask("forget_addresses")
    context = new_context(locale="zh-CN", timezone_id=city.zone, viewport=PHONE, service_workers="block")
    device = _KeepsNothing(context, city)
    # As in a private window of some browsers.
    device.page.add_init_script("delete Navigator.prototype.serviceWorker")
    return device


def test_the_camera_may_be_tried_before_the_shift_begins(
    city: City, camera: Callable[[str], Browser], new_device: NewDevice, desk_day: dict[str, Any]
) -> None:
    device = new_device(browser=camera(desk_day["people"][0]["code"]))
    device.open()
    device.sign_in(city.ask("desk_person", site=desk_day["site"], roles=["registration"]))

    device.page.get_by_role("button", name="试摄像头（可以不试）").click()

    expect(device.page.get_by_text("摄像头能用，扫到了。")).to_be_visible(timeout=60_000)
    device.page.get_by_role("button", name="关掉摄像头").click()
    expect(device.page.locator("video")).to_have_count(0)
    # It was a trial: nobody was checked in.
    expect(device.heading("开始当班")).to_be_visible()
