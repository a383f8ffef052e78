"""What only the server can say or do: people of other days and sites, and who booked a moment ago."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.city import City
from tests.browser.conftest import NewDevice


def test_somebody_of_another_day_gets_a_place_of_today_and_is_checked_in(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, person = at_work(), city.ask("of_another_day", site=desk_day["site"], days=3)
    city.ask("kept_places", site=desk_day["site"], now=1)
    device.scan(person["code"])
    expect(device.heading("时间不对")).to_be_visible()
    expect(device.page.locator(".verdict")).to_contain_text("有空号可以改到今天")
    assert person["reference"] not in [row["reference"] for row in device.knows("rows")]

    device.page.get_by_role("button", name="改到今天，签到").click()

    expect(device.heading("签到成功")).to_be_visible()
    expect(device.page.locator(".who")).to_contain_text(person["name"])
    device.wait_until_sent()
    acts = city.ask("desk_acts", site=desk_day["site"])
    assert sorted(row[0] for row in acts) == ["bring_forward", "check_in"]
    assert {row[2] for row in acts} == {"done"}
    assert [row["status"] for row in city.ask("desk_rows", references=[person["reference"]])] == ["checked_in"]


def test_without_a_free_place_of_today_it_says_so_and_the_other_day_stays(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, person = at_work(), city.ask("of_another_day", site=desk_day["site"], days=3)
    device.scan(person["code"])

    device.page.get_by_role("button", name="改到今天，签到").click()

    expect(device.page.locator(".actions .notice.error")).to_contain_text("今天没有现场号了")
    expect(device.heading("时间不对")).to_be_visible()
    assert [row["status"] for row in city.ask("desk_rows", references=[person["reference"]])] == ["booked"]


def test_the_whole_city_is_searched_by_document_for_a_reason_that_is_kept(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, there = at_work(), city.ask("desk_day", people=1)
    here = city.ask("of_another_day", site=desk_day["site"], days=3)
    elsewhere = city.ask("of_another_day", site=there["site"], days=2, name="邓超")
    device.open("#/find")
    device.page.get_by_role("button", name="用证件号查全市").click()
    _search(device.page, elsewhere["document"], "")
    expect(device.page.get_by_text("请写明为什么查，至少四个字")).to_be_visible()

    _search(device.page, elsewhere["document"], "本人在场，忘带手机")
    found = device.page.locator(".found li")
    expect(found).to_contain_text(there["name"])
    expect(device.page.get_by_text(elsewhere["name"])).to_have_count(0)
    expect(found.get_by_role("button")).to_have_count(0)
    _search(device.page, "G00000000", "看看有没有预约")
    expect(device.page.get_by_text("没有这个证件的预约")).to_be_visible()

    _search(device.page, here["document"], "本人在场，忘带手机")
    device.page.locator(".found").get_by_role("button", name="签到").click()
    expect(device.heading("时间不对")).to_be_visible()
    expect(device.page.locator(".who")).to_contain_text(here["name"])
    person = device.knows("shift")["user"]["id"]
    assert city.ask("look_ups", person=person) == [
        [1, "本人在场，忘带手机"], [0, "看看有没有预约"], [1, "本人在场，忘带手机"],
    ]  # fmt: skip


def _search(page: Any, document: str, reason: str) -> None:
    kind = page.get_by_label("证件类型", exact=True)
    # A list to choose from, or rows to tap.
    if kind.evaluate_all("(found) => found.some((one) => one.tagName === 'SELECT')"):
        kind.select_option("passport")
    else:
        page.get_by_role("radio", name="护照").check()
    page.get_by_label("证件号", exact=True).fill(document)
    page.get_by_label("为什么查").fill(reason)
    page.get_by_role("button", name="查找", exact=True).click()


def test_who_booked_a_moment_ago_is_checked_in_by_the_server_and_this_can_be_taken_back(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device = at_work()
    # The device asks for what is new and hears nothing yet.
    device.page.route("**/desk/day-list?*", lambda _route: None)
    person = city.ask("comes_now", site=desk_day["site"])
    device.scan(person["code"])
    expect(device.heading("签到成功")).to_be_visible()
    expect(device.page.locator(".verdict")).to_contain_text("服务器核验")

    device.page.get_by_role("button", name="撤销签到").click()

    expect(device.heading("已撤销签到")).to_be_visible()
    rows = city.ask("desk_rows", references=[person["reference"]])
    assert [(row["status"], row["visit"]) for row in rows] == [("booked", None)]
