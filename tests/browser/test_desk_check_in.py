"""Checking in: by camera, by a scanner that types, by hand; with the network and without it."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import chromium, measure
from tests.browser.city import City
from tests.browser.desk_device import Device

NewDevice = Callable[..., Device]
_PHONE, _TABLET = {"width": 390, "height": 844}, {"width": 1024, "height": 768}
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# As an input method gives what a scanner typed: no keys that say anything, then the text.
_THROUGH_AN_INPUT_METHOD = """(text) => {
  const field = document.activeElement;
  for (const sign of text) {
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Process", bubbles: true }));
    field.dispatchEvent(new InputEvent("beforeinput", { data: sign, inputType: "insertText", bubbles: true }));
    field.value += sign;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.fixture
def new_device(new_context: Callable[..., BrowserContext], city: City) -> Iterator[NewDevice]:
    """A device that has never been at a desk, in any browser; no page of any may fail."""
    city.ask("forget_addresses")
    made: list[Device] = []

    def come(browser: Browser | None = None, viewport: dict[str, int] = _PHONE) -> Device:
        context = (browser.new_context if browser else new_context)(
            locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", viewport=viewport
        )
        made.append(Device(context, city))
        return made[-1]

    yield come
    assert [fault for device in made for fault in device.faults] == []


@pytest.fixture
def day(city: City) -> dict[str, Any]:
    """A site of its own, with five people who are due."""
    return city.ask("desk_day", people=5)  # type: ignore[no-any-return]


@pytest.fixture
def at_work(city: City, new_device: NewDevice, day: dict[str, Any]) -> NewDevice:
    """A device with a shift of somebody with these posts, at the site of the day."""

    def come(roles: tuple[str, ...] = ("registration",), **kind: Any) -> Device:
        device = new_device(**kind)
        device.begin_shift(city.ask("desk_person", site=day["site"], roles=list(roles)))
        return device

    return come


@pytest.fixture
def camera(launch_browser: Callable[..., Browser], tmp_path: Path) -> Iterator[Callable[[str], Browser]]:
    """A browser whose camera sees a code."""
    made: list[Browser] = []

    def look_at(code: str) -> Browser:
        film = tmp_path / "camera.mjpeg"
        film.write_bytes(_picture(code))
        fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
        made.append(launch_browser(args=[*chromium.ARGUMENTS, *fake, f"--use-file-for-fake-video-capture={film}"]))
        return made[-1]

    yield look_at
    for browser in made:
        browser.close()


def _picture(code: str) -> bytes:
    """A grey room, and in it the code on somebody's phone."""
    drawn, picture = io.BytesIO(), io.BytesIO()
    segno.make(code, version=1, error="q", mode="numeric", boost_error=False).save(drawn, kind="png", scale=9, border=4)
    room, phone = Image.new("RGB", (640, 480), "#808080"), Image.open(drawn).convert("RGB")
    room.paste(phone, ((640 - phone.width) // 2, (480 - phone.height) // 2))
    room.save(picture, "JPEG", quality=90)
    return picture.getvalue()


def test_a_code_before_the_camera_checks_in(
    city: City, camera: Callable[[str], Browser], at_work: NewDevice, day: dict[str, Any]
) -> None:
    person = day["people"][0]
    device = at_work(browser=camera(person["code"]))

    expect(device.heading("签到成功")).to_be_visible(timeout=60_000)
    expect(device.page.locator(".who")).to_contain_text(person["name"])
    expect(device.page.locator(".verdict")).to_contain_text("服务器已确认")
    expect(device.page.locator(".verdict")).to_contain_text("A001 号 · 请去问诊区")
    # It is before the camera still, and one scan.
    device.page.wait_for_timeout(3000)
    expect(device.heading("签到成功")).to_be_visible()
    assert city.ask("desk_acts", site=day["site"]) == [["check_in", person["reference"], "done", False]]


@pytest.mark.parametrize("screen", ["today", "find", "queue", "menu"])
def test_a_scanner_that_types_needs_no_field_on_any_screen(
    at_work: NewDevice, day: dict[str, Any], screen: str
) -> None:
    device = at_work()
    device.open(f"#/{screen}")
    device.page.locator("h1").first.wait_for()

    device.scan(day["people"][0]["code"])

    expect(device.heading("签到成功")).to_be_visible()


def test_a_scanner_without_enter_and_a_scanned_reference_count_too(at_work: NewDevice, day: dict[str, Any]) -> None:
    device, people = at_work(), day["people"]

    device.page.keyboard.type(people[0]["code"])
    expect(device.page.locator(".who")).to_contain_text(people[0]["name"])
    device.scan(people[1]["reference"])

    expect(device.page.locator(".who")).to_contain_text(people[1]["name"])
    expect(device.heading("签到成功")).to_be_visible()


def test_full_width_digits_through_an_input_method_are_the_same_code(at_work: NewDevice, day: dict[str, Any]) -> None:
    device = at_work()
    device.open("#/find")
    field = device.page.get_by_label("姓名、证件尾号或预约号")
    field.fill("李")
    # A hand is not as fast as a scanner.
    device.page.wait_for_timeout(300)

    device.page.evaluate(_THROUGH_AN_INPUT_METHOD, day["people"][0]["code"].translate(_FULL_WIDTH))

    expect(device.heading("签到成功")).to_be_visible()


def test_what_somebody_types_by_hand_stays_in_its_field(at_work: NewDevice, day: dict[str, Any]) -> None:
    device, reference = at_work(), day["people"][0]["reference"]
    field = device.page.get_by_label("预约号")

    field.press_sequentially(reference, delay=90)
    device.page.wait_for_timeout(400)

    expect(field).to_have_value(reference)
    expect(device.heading("签到成功")).to_have_count(0)
    field.press("Enter")
    expect(device.heading("签到成功")).to_be_visible()


def test_a_changed_digit_is_not_ours_and_shows_nobody(city: City, at_work: NewDevice, day: dict[str, Any]) -> None:
    device, person = at_work(), day["people"][0]
    code = person["code"]

    for at in (4, 22):
        device.scan(code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :])
        expect(device.heading("不能签到")).to_be_visible()
        expect(device.page.locator(".verdict")).to_contain_text("这不是本市的预约码")
        expect(device.page.get_by_text(person["name"])).to_have_count(0)
        device.open("#/scan")
        expect(device.page.get_by_label("预约号")).to_be_visible()

    assert city.ask("desk_acts", site=day["site"]) == []


def test_without_the_network_people_are_taken_down_and_confirmed_when_it_is_back(
    city: City, at_work: NewDevice, day: dict[str, Any]
) -> None:
    device, person = at_work(), day["people"][0]
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
    acts = city.ask("desk_acts", site=day["site"])
    assert acts[0] == ["check_in", person["reference"], "done", True]
    assert acts[1][2:] == ["conflict", True]


def test_the_second_of_two_devices_is_told_when_and_where(at_work: NewDevice, day: dict[str, Any]) -> None:
    first, second, code = at_work(), at_work(), day["people"][0]["code"]
    first.scan(code)
    expect(first.page.locator(".verdict")).to_contain_text("服务器已确认")

    second.scan(code)

    expect(second.heading("不能签到")).to_be_visible()
    expect(second.page.locator(".verdict")).to_contain_text("已由 登记台 2 签到")
    second.page.get_by_role("button", name="的签到记录").click()
    expect(second.page.locator(".steps")).to_contain_text("登记台 2")


def test_somebody_of_another_site_is_told_where_and_no_more(
    city: City, at_work: NewDevice, day: dict[str, Any]
) -> None:
    device, there = at_work(), city.ask("desk_day", people=1)

    device.scan(there["people"][0]["code"])

    expect(device.heading("不能签到")).to_be_visible()
    expect(device.page.locator(".verdict")).to_contain_text(f"约在 {there['name']}")
    expect(device.page.get_by_text(there["people"][0]["name"])).to_have_count(0)


def test_a_check_in_is_undone_within_its_minute(city: City, at_work: NewDevice, day: dict[str, Any]) -> None:
    device, person = at_work(), day["people"][0]
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


def test_the_undo_is_gone_after_its_minute(at_work: NewDevice, day: dict[str, Any]) -> None:
    device = at_work()
    device.scan(day["people"][0]["code"])
    expect(device.page.get_by_role("button", name="撤销签到")).to_be_visible()

    device.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 61_000; }")

    expect(device.page.get_by_role("button", name="撤销签到")).to_have_count(0)
    expect(device.page.get_by_role("button", name="不是本人")).to_have_count(0)


@pytest.mark.parametrize("viewport", [_PHONE, _TABLET], ids=["phone", "tablet"])
def test_every_screen_is_usable_by_everybody(at_work: NewDevice, day: dict[str, Any], viewport: Any) -> None:
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
    device.scan(day["people"][0]["code"])
    expect(device.page.locator(".verdict")).to_contain_text("服务器已确认")
    look("result")
    main = device.page.locator(".result-screen .button.main").bounding_box()
    assert main is not None
    assert main["y"] >= viewport["height"] / 2
    assert main["y"] + main["height"] <= viewport["height"]
    device.open(f"#/person/{day['people'][0]['reference']}")
    look("person")
    assert faults == {}
