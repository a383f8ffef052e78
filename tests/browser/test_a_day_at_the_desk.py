"""Days at a desk from the door to the end: who has an appointment, who has none, who comes after all; and the close."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.city import City
from tests.browser.conftest import NewDevice, NewVisitor
from tests.browser.desk_device import Device
from tests.browser.desk_visits import all_no, go, take_batch
from tests.browser.rounds import begin_round, citizen_who_waits
from tests.browser.televisions import pair

# A list that others have changed is fetched within this time, also by a machine that has four browsers to run.
SOON = 45_000


@pytest.fixture
def television(new_context: Callable[..., BrowserContext], city: City) -> Page:
    page = new_context(locale="zh-CN", timezone_id=city.zone, viewport={"width": 1920, "height": 1080}).new_page()
    page.goto(f"{city.address}/screen/")
    return page


def test_one_person_from_the_door_to_the_end(
    city: City, camera: Callable[[str], Browser], at_work: NewDevice, desk_day: dict[str, Any], television: Page
) -> None:
    person = desk_day["people"][0]
    door = at_work(("registration", "supervisor"), browser=camera(person["code"]))
    doctor = at_work(("screening", "observation"), station="问诊")
    nurse = at_work(("vaccination",))

    expect(door.heading("签到成功")).to_be_visible(timeout=60_000)
    expect(door.page.locator(".verdict")).to_contain_text("A001 号 · 请去问诊区")
    go(door.page, "screens")
    pair(television, door)
    expect(television.locator("#for-questions")).to_have_text("1", timeout=SOON)

    doctor.page.get_by_role("button", name=f"叫下一位：A001 {person['name']}").click(timeout=SOON)
    expect(television.locator("#calls li.now")).to_have_text(re.compile("A001王.*问诊台 2"), timeout=SOON)
    all_no(doctor.page)
    doctor.page.get_by_role("button", name="可以接种").click()
    expect(doctor.heading("可以接种")).to_be_visible()

    nurse.page.get_by_role("button", name=f"叫下一位：A001 {person['name']}").click(timeout=SOON)
    expect(television.locator("#calls li.now")).to_have_text(re.compile("A001王.*接种台 2"), timeout=SOON)
    nurse.scan(desk_day["box"])
    expect(nurse.page.locator(".batch-now")).to_contain_text(f"批号 {desk_day['batch']}")
    nurse.page.get_by_label(f"本人说出姓名，是 {person['name']}").check()
    nurse.page.get_by_role("button", name="保存并叫下一位").click()
    expect(nurse.heading("已接种")).to_be_visible()
    nurse.wait_until_sent()

    go(doctor.page, "observe")
    expect(doctor.page.locator(".watched")).to_contain_text("还要 30 分钟", timeout=SOON)
    city.ask("minutes_pass", reference=person["reference"], minutes=31)
    expect(television.locator("#leaving")).to_have_text("A001", timeout=SOON)
    doctor.page.get_by_role("button", name=f"A001 {person['name']} 离开").click(timeout=SOON)
    expect(doctor.page.get_by_text("现在没有人在留观")).to_be_visible()
    doctor.wait_until_sent()

    come_to = city.ask("visit_of", reference=person["reference"])
    assert (come_to["appointment"], come_to["visit"], come_to["left_early"]) == ("FULFILLED", "FINISHED", "")
    assert come_to["records"] == [["COMPLETED", desk_day["batch"], "left_arm", "", ""]]
    assert come_to["stock"] == [[desk_day["batch"], -1]]


def test_somebody_without_an_appointment_and_somebody_who_comes_after_all(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    city.ask("kept_places", site=desk_day["site"], now=1)
    late = city.ask("did_not_come", site=desk_day["site"], name="周强")
    assert late["status"] == "NO_SHOW"
    desk = at_work()
    page = desk.page

    go(page, "walk-in")
    page.get_by_label("证件号", exact=True).fill(city.ask("new_document", born="1985-03-04"))
    page.get_by_label("姓名", exact=True).fill("李梅")
    page.get_by_role("button", name="看今天能不能打").click()
    page.get_by_role("button", name="取号").click(timeout=15_000)
    expect(desk.heading("现场号取好了")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="现在签到").click()
    expect(desk.heading("签到成功")).to_be_visible()
    expect(page.locator(".verdict")).to_contain_text("A001 号")

    go(page, "person", late["reference"])
    expect(page.locator(".state.no_show")).to_be_visible()
    desk.scan(late["code"])
    expect(desk.heading("签到成功")).to_be_visible()
    expect(page.locator(".who")).to_contain_text("周强")
    expect(page.locator(".verdict")).to_contain_text("A002 号")
    desk.wait_until_sent()

    assert city.ask("times_in_the_books", reference=late["reference"]) == {
        "acts": {"check_in": 1}, "visits": 1, "status": "CHECKED_IN",
    }  # fmt: skip
    assert [row[0] for row in city.ask("desk_acts", site=desk_day["site"])].count("check_in") == 2


def test_a_leftover_dose_finds_somebody_who_comes_for_it(
    city: City, at_work: NewDevice, desk_day: dict[str, Any], visitor: NewVisitor
) -> None:
    family = citizen_who_waits(city, desk_day["site"], "郑小雨")
    desk = at_work(("supervisor",))
    go(desk.page, "leftovers")

    begin_round(desk)
    expect(desk.page.locator(".replies .pending")).to_contain_text("等答复", timeout=SOON)
    citizen = visitor(family=family)
    citizen.open("/waitlist/")
    citizen.tap(citizen.link("去答复"))
    assert citizen.heading == "有余苗，轮到郑小雨"
    citizen.tap(citizen.button("要，马上去"))
    assert citizen.heading == "给您留好了"
    citizen.unharmed()

    expect(desk.page.locator(".replies .accepted")).to_contain_text("要 · ", timeout=SOON)
    expect(desk.page.locator(".promised")).to_contain_text("有人要 1 / 1 剂")
    desk.page.locator(".replies .accepted a").click(timeout=SOON)
    expect(desk.page.locator(".who")).to_contain_text("郑小雨")
    desk.page.get_by_role("button", name="签到", exact=True).click()
    expect(desk.heading("签到成功")).to_be_visible()
    expect(desk.page.locator(".verdict")).to_contain_text("服务器已确认")


def test_a_dose_is_taken_back_with_a_trace_and_the_day_is_closed_when_all_is_even(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    (given, undone), batch = desk_day["people"][:2], desk_day["batch"]
    head = at_work(("supervisor",), station="接种")
    page = head.page
    for person in (given, undone):
        head.scan(person["code"])
        page.get_by_role("button", name="核对无误，问健康状况").click()
        all_no(page)
        page.get_by_role("button", name="可以接种").click()
        page.get_by_role("button", name="现在接种").click()
        if person is given:
            take_batch(page, batch)
        page.get_by_label(f"本人说出姓名，是 {person['name']}").check()
        page.get_by_role("button", name="保存并叫下一位").click()
        expect(head.heading("已接种")).to_be_visible()
    head.wait_until_sent()
    assert city.ask("movements", site=desk_day["site"])[batch] == {"received": 100, "used": -2, "left": 98}

    # The second had not been vaccinated at all, and goes home without.
    page.get_by_role("button", name="更正").click()
    page.get_by_label("其实没有打").check()
    page.get_by_label("为什么更正").fill("针头脱落，没有打进去")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator(".differences")).to_contain_text("没有打，退回 1 剂")
    page.get_by_role("button", name="确认更正").click()
    expect(page.get_by_text("已更正。")).to_be_visible()
    head.wait_until_sent()
    told = city.ask("traces", reference=undone["reference"])
    assert [entry[1] for entry in told["audit"]] == ["针头脱落，没有打进去"]
    assert told["audit"][0][2]["batch"] == batch
    assert told["history"] == [told["audit"][0][0]]
    assert [one[0] for one in city.ask("visit_of", reference=undone["reference"])["records"]] == ["ENTERED_IN_ERROR"]
    assert city.ask("movements", site=desk_day["site"])[batch]["left"] == 99

    go(page, "close")
    expect(page.get_by_text("2 人还没离开")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("button", name="日结", exact=True)).to_be_disabled()
    _both_leave(head, city, given, undone)
    go(page, "close")
    expect(page.get_by_text("人都走了，记录都齐了。")).to_be_visible(timeout=SOON)
    page.get_by_label("实际剩几剂").fill("98")
    expect(page.get_by_text("和账上差 -1 剂")).to_be_visible()
    page.get_by_role("button", name="日结", exact=True).click()
    expect(page.get_by_text("和账上不一样，写明原因")).to_be_visible()
    page.get_by_label("为什么不一样").fill("针头脱落的那一剂漏了")
    page.get_by_role("button", name="日结", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="日结").click()

    expect(page.get_by_text("由 刘敏 日结。")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("差额说明：针头脱落的那一剂漏了")).to_be_visible()
    assert city.ask("movements", site=desk_day["site"])[batch]["left"] == 98


def _both_leave(head: Device, city: City, given: dict[str, str], undone: dict[str, str]) -> None:
    """The one when the observation is over, the other without a dose."""
    page = head.page
    city.ask("minutes_pass", reference=given["reference"], minutes=31)
    go(page, "observe")
    page.get_by_role("button", name=f"A001 {given['name']} 离开").click(timeout=SOON)
    expect(page.get_by_text(f"{given['name']} 已离开")).to_be_visible()
    go(page, "ask", undone["reference"])
    page.get_by_role("button", name="重新问").click()
    all_no(page)
    page.get_by_role("button", name="没有“是”，但要暂缓或不接种").click()
    page.get_by_role("radio", name="不接种").check()
    page.get_by_label("说明").fill("本人今天不想再打了")
    page.get_by_role("button", name="不接种").click()
    page.get_by_role("dialog").get_by_role("button", name="不接种").click()
    expect(head.heading("不接种")).to_be_visible()
    head.wait_until_sent()
