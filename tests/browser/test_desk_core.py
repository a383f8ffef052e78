"""A desk without the network: it goes on, loses nothing, and says so when it has."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.city import City
from tests.browser.desk_device import PIN, Device

NewDevice = Callable[[], Device]


@pytest.fixture
def new_device(new_context: Callable[..., BrowserContext], city: City) -> Iterator[NewDevice]:
    """A device that has never been at a desk; no page of any may fail."""
    city.ask("forget_addresses")
    made: list[Device] = []

    def come() -> Device:
        context = new_context(
            locale="zh-CN", timezone_id=city.zone, reduced_motion="reduce", viewport={"width": 390, "height": 844}
        )
        made.append(Device(context, city))
        return made[-1]

    yield come
    assert [fault for device in made for fault in device.faults] == []


@pytest.fixture
def day(city: City) -> dict[str, Any]:
    """A site of its own, with five people who are due."""
    return city.ask("desk_day", people=5)  # type: ignore[no-any-return]


def test_a_desk_goes_on_without_the_network_and_over_a_reload(city: City, new_device: NewDevice, day: Any) -> None:
    device, people = new_device(), day["people"]
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["registration"]))
    device.scan(people[0]["code"])
    expect(device.heading("签到成功")).to_be_visible()
    device.wait_until_sent()

    device.context.set_offline(True)
    device.scan(people[1]["code"])
    expect(device.heading("先登记")).to_be_visible()
    device.page.reload()
    expect(device.page.locator(".connection")).to_have_text("离线 · 1 条待传")
    device.scan(people[2]["code"])
    expect(device.page.locator(".connection")).to_have_text("离线 · 2 条待传")
    expect(device.page.locator(".counters")).to_contain_text("3 / 5")

    device.context.set_offline(False)
    device.wait_until_sent()
    assert city.ask("desk_acts", site=day["site"]) == [
        ["check_in", people[0]["reference"], "done", False],
        ["check_in", people[1]["reference"], "done", True],
        ["check_in", people[2]["reference"], "done", True],
    ]
    assert city.ask("devices", site=day["site"]) == [[0, 3]]


def test_what_a_device_shows_by_itself_is_what_the_server_says_afterwards(
    city: City, new_device: NewDevice, day: Any
) -> None:
    device, people = new_device(), [one["reference"] for one in day["people"]]
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["supervisor"]))
    device.context.set_offline(True)
    may = {"said_yes": [], "decision": "may", "deferred_until": None, "note": ""}
    defer = {**may, "decision": "defer", "deferred_until": "2030-01-01"}
    dose = {"batch": day["batch"], "body_site": "left_arm", "route": "intramuscular", "lift": [], "lift_reason": ""}
    reason, arrived = "同名的人，看错了", ("check_in", {"how": "list"})
    done: list[list[tuple[str, dict[str, Any]]]] = [
        [arrived, ("call", {}), ("answer", may), ("vaccinate", dose), ("leave", {"early": reason})],
        [arrived, ("answer", defer)],
        [arrived, ("undo_check_in", {"reason": "点错"})],
        [arrived, ("answer", may), ("vaccinate", dose),
         ("correct", {"what": "dose", "reason": reason})],
        [arrived, ("answer", defer), ("correct", {"what": "answers", "reason": reason})],
    ]  # fmt: skip
    for reference, acts in zip(people, done, strict=True):
        for kind, data in acts:
            assert device.act(kind, reference, **data)["outcome"] == "offline"
    shown = {row["reference"]: _comparable(row) for row in device.knows("rows")}

    device.context.set_offline(False)
    expect(device.page.locator(".connection")).not_to_contain_text("待传", timeout=30_000)
    assert {row[2] for row in city.ask("desk_acts", site=day["site"])} == {"done"}
    assert shown == {row["reference"]: _comparable(row) for row in city.ask("desk_rows", references=people)}


def _comparable(row: dict[str, Any]) -> dict[str, Any]:
    """What a device can know of a row without the network: no number, and times as the same moment."""
    visit = row["visit"] and {
        name: bool(value) if name.endswith(("_at", "_until")) else value for name, value in row["visit"].items()
    }
    if visit:
        visit.pop("ticket")
        visit["dose"] = visit["dose"] and {name: visit["dose"][name] for name in ("batch", "body_site", "route")}
    return {"reference": row["reference"], "status": row["status"], "visit": visit}


def test_what_was_cancelled_meanwhile_is_kept_for_a_person_to_look_at(
    city: City, new_device: NewDevice, day: Any
) -> None:
    device, person = new_device(), day["people"][0]
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["supervisor"]))
    device.context.set_offline(True)
    device.scan(person["code"])
    expect(device.heading("先登记")).to_be_visible()
    city.ask("give_up", reference=person["reference"])

    device.context.set_offline(False)
    expect(device.page.locator(".connection")).to_have_text("在线 · 1 条要处理", timeout=30_000)
    device.page.reload()
    device.open("#/queue")
    expect(device.page.get_by_text("断网期间这次预约取消了")).to_be_visible()
    device.page.get_by_role("button", name="处理这条").click()
    device.page.get_by_role("radio", name="核对过，没有问题").check()
    device.page.get_by_role("button", name="记下处理").click()
    expect(device.page.get_by_text("没有待传的，也没有要处理的。")).to_be_visible()


def test_a_device_whose_storage_was_cleared_says_what_is_lost(city: City, new_device: NewDevice, day: Any) -> None:
    device, person = new_device(), city.ask("desk_person", site=day["site"], roles=["registration"])
    device.begin_shift(person)
    device.context.set_offline(True)
    for one in day["people"][:2]:
        device.act("check_in", one["reference"], how="list")
    device.page.evaluate("indexedDB.deleteDatabase('desk')")

    device.context.set_offline(False)
    device.page.reload()
    expect(device.page.get_by_text("浏览器清除了本机的数据")).to_be_visible()
    expect(device.page.get_by_text("那时有 2 条还没传到服务器")).to_be_visible()


def test_nothing_is_signed_out_or_forgotten_while_something_waits(city: City, new_device: NewDevice, day: Any) -> None:
    device, one = new_device(), city.ask("desk_person", site=day["site"], roles=["registration"])
    colleague, supervisor = (
        city.ask("desk_person", site=day["site"], roles=[role]) for role in ("registration", "supervisor")
    )
    device.begin_shift(one)
    device.context.set_offline(True)
    device.scan(day["people"][0]["code"])
    expect(device.heading("先登记")).to_be_visible()
    device.open("#/menu")
    device.page.get_by_role("button", name="结束当班").click()
    expect(device.page.get_by_text("还有 1 条没传到服务器")).to_be_visible()
    device.page.get_by_role("button", name="返回").click()

    device.context.clear_cookies()
    device.context.set_offline(False)
    expect(device.heading("请重新登录")).to_be_visible(timeout=30_000)
    device.sign_in(colleague)
    expect(device.page.get_by_text("待传的 1 条是 刘敏 办的")).to_be_visible()
    device.sign_in(supervisor)
    device.wait_until_sent()
    assert city.ask("desk_acts", site=day["site"]) == [["check_in", day["people"][0]["reference"], "done", True]]


def test_a_locked_desk_opens_by_four_digits_and_after_five_wrong_tries_by_the_password(
    city: City, new_device: NewDevice, day: Any
) -> None:
    device, person = new_device(), city.ask("desk_person", site=day["site"], roles=["registration"])
    device.begin_shift(person)
    device.open("#/menu")
    device.page.get_by_role("button", name="锁屏").click()
    device.scan(day["people"][0]["code"])
    _unlock(device, PIN)
    expect(device.heading("菜单")).to_be_visible()
    assert device.knows("pending") == 0

    device.page.get_by_role("button", name="锁屏").click()
    for left in (4, 3, 2, 1):
        _unlock(device, "0000")
        expect(device.page.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    _unlock(device, "0000")
    device.sign_in(person)
    expect(device.heading("菜单")).to_be_visible()


def test_a_shift_that_has_ended_leaves_nothing_on_the_device(city: City, new_device: NewDevice, day: Any) -> None:
    device = new_device()
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["registration"]))
    device.scan(day["people"][0]["code"])
    expect(device.heading("签到成功")).to_be_visible()
    device.wait_until_sent()
    device.open("#/menu")
    device.page.get_by_role("button", name="结束当班").click()
    device.page.get_by_role("dialog").get_by_role("button", name="结束当班").click()

    expect(device.heading("登录服务台")).to_be_visible()
    device.page.reload()
    expect(device.heading("登录服务台")).to_be_visible()
    assert [cookie["name"] for cookie in device.context.cookies() if cookie["name"] == "desk_session"] == []
    assert device.stored() == {"rows": 0, "acts": 0, "conflicts": 0}


def _unlock(device: Device, pin: str) -> None:
    device.page.get_by_label("四位解锁数字").fill(pin)
    device.page.get_by_role("button", name="解锁").click()


def test_two_tabs_of_one_device_do_not_work_at_once(city: City, new_device: NewDevice, day: Any) -> None:
    device = new_device()
    device.begin_shift(city.ask("desk_person", site=day["site"], roles=["registration"]))
    second = device.context.new_page()
    second.goto(f"{city.address}/desk/")
    expect(second.get_by_text("服务台已在另一个标签页打开")).to_be_visible()

    device.page.close()
    expect(second.locator(".connection")).to_have_text("在线")
