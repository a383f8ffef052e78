"""The second dose: told when it is due and booked with one tap; or after a first dose in another city."""

from playwright.sync_api import expect

from tests.browser.city import City
from tests.browser.conftest import PHONE, TABLET, NewDevice, NewVisitor
from tests.browser.desk_device import Device

PASSPORT = "E55667788"


def test_the_message_leads_to_one_tap(city: City, visitor: NewVisitor, javascript: bool) -> None:
    series = city.ask("series_site")
    family = city.ask("family", people=[{"name": "王秀兰", "relation": "self", "born": "1990-05-01"}])
    told = city.ask("dose_due", person=family["people"][0], **series)
    assert "第 2 剂" in told["text"]
    somebody = visitor(family=family, javascript=javascript)

    somebody.open(told["path"])
    expect(somebody.page.get_by_role("heading", name="王秀兰该打第 2 剂了")).to_be_visible()
    # A site that was made a moment ago is known to every process after a while.
    for _ in range(20):
        if somebody.button("就约这个").count():
            break
        somebody.page.wait_for_timeout(1000)
        somebody.open(told["path"])
    somebody.tap(somebody.button("就约这个"))

    expect(somebody.page.get_by_role("img", name="签到二维码")).to_be_visible()
    expect(somebody.page.get_by_text("第 2 剂").first).to_be_visible()
    assert somebody.taps == 1
    assert somebody.faults == []


def enter_the_first_dose(device: Device) -> None:
    """By the passport, as the booklet says."""
    page = device.page
    device.open("#/menu")
    page.get_by_role("link", name="外地接种记录").click()
    page.get_by_label("证件类型").select_option("passport")
    page.get_by_label("证件号").fill(PASSPORT)
    page.get_by_label("为什么查").fill("本人在场，带了接种证")
    page.get_by_role("button", name="查这个人").click()
    page.get_by_role("button", name="录入一剂").click()


def test_after_a_first_dose_elsewhere_the_second_is_booked_here(
    city: City, visitor: NewVisitor, new_device: NewDevice
) -> None:
    series = city.ask("series_site")
    family = city.ask("family", people=[{"name": "李建国", "relation": "self", "born": "1990-05-01"}])
    (person,) = family["people"]
    city.ask("with_document", person=person, number=PASSPORT)
    device = new_device(viewport=TABLET)
    device.begin_shift(city.ask("desk_person", site=series["site"], roles=["screening"]))
    page = device.page
    enter_the_first_dose(device)

    page.get_by_label("接种项目").select_option(series["programme"])
    page.get_by_text("第 1 剂", exact=True).click()
    page.get_by_label("接种日期").fill("2026-03-01")
    page.get_by_label("在哪里打的").fill("武汉市江岸区疾控中心")
    page.get_by_text("预防接种证", exact=True).click()
    page.get_by_role("button", name="核对").click()
    page.get_by_role("dialog").get_by_role("button", name="录入").click()
    expect(page.get_by_text("已录入，现在就算数。")).to_be_visible(timeout=15_000)

    somebody = visitor(family=family)
    somebody.open("/")
    somebody.tap(somebody.link("就约这一剂"))
    expect(somebody.page.get_by_role("heading", name="李建国该打第 2 剂了")).to_be_visible()
    somebody.tap(somebody.link("看别的接种点"))
    somebody.tap(somebody.page.get_by_role("link", name="望月湖卫生服务中心").first)
    somebody.tap(somebody.page.locator("button.earliest"))
    somebody.tap(somebody.button("确认预约"))
    expect(somebody.page.get_by_text("第 2 剂").first).to_be_visible()
    assert somebody.faults == []


def test_what_was_entered_is_taken_back_at_once(city: City, new_device: NewDevice) -> None:
    series = city.ask("series_site")
    device = new_device(viewport=PHONE)
    device.begin_shift(city.ask("desk_person", site=series["site"], roles=["supervisor"]), station="登记")
    page = device.page
    device.open("#/outside")
    page.get_by_label("证件类型").select_option("passport")
    page.get_by_label("证件号").fill("E99887766")
    page.get_by_label("为什么查").fill("本人在场，带了接种证")
    page.get_by_role("button", name="查这个人").click()
    page.get_by_role("button", name="录入一剂").click()
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_text("请选看了什么凭据")).to_be_visible()
    page.get_by_label("接种项目").select_option(series["programme"])
    page.get_by_label("接种日期").fill("2026-03-01")
    page.get_by_label("在哪里打的").fill("武汉")
    page.get_by_text("外地接种凭证", exact=True).click()
    page.get_by_role("button", name="核对").click()
    page.get_by_role("dialog").get_by_role("button", name="录入").click()

    page.get_by_role("button", name="录错了，撤回").click()

    expect(page.get_by_text("已撤回，就当没有录过。")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("还没有外地接种记录")).to_be_visible()
